"""Entropy of keys: both sources are asked and needed, bad dice are refused, anyone can recompute the mix."""

import hmac
import random
import subprocess
from typing import Any

import pytest

from coldtusk_offline import entropy
from coldtusk_shared.errors import ColdtuskError
from tests.simulators.programs import program

OS = bytes(range(32))
ROLLS = "".join(random.Random(7).choices("123456", k=60))


def _code(act: Any, *arguments: object) -> str:
    with pytest.raises(ColdtuskError) as caught:
        act(*arguments)
    return caught.value.code.name


def test_asks_both_sources_and_mixes_both() -> None:
    """Each is called once; a change of either changes the key."""
    asked = []

    def os_random(size: int) -> bytes:
        asked.append(f"os {size}")
        return OS

    def ask_rolls() -> str:
        asked.append("rolls")
        return ROLLS

    gathered = entropy.gather(os_random, ask_rolls)
    assert asked == ["os 32", "rolls"]
    other_rolls = entropy.gather(os_random, lambda: ROLLS[::-1])
    other_os = entropy.gather(lambda _size: OS[::-1], ask_rolls)
    assert len({g.entropy.reveal() for g in (gathered, other_rolls, other_os)}) == 3
    assert gathered.entropy == entropy.mix(gathered.os_bytes.reveal(), gathered.rolls.reveal())


@pytest.mark.parametrize("delivered", [b"", OS[:31], OS + b"x", bytes(32), b"\xff" * 32])
def test_no_key_without_the_operating_system(delivered: bytes) -> None:
    """Too little, too much or a constant: fail closed, before dice are asked for."""

    def never() -> str:
        raise AssertionError

    assert _code(entropy.gather, lambda _size: delivered, never) == "entropy.source"


def test_a_source_that_fails_gives_no_key() -> None:
    """Its error comes out; there is no fallback."""

    def broken(_size: int) -> bytes:
        raise OSError("no random device")

    with pytest.raises(OSError, match="no random device"):
        entropy.gather(broken, lambda: ROLLS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "dice.too-few"),
        (ROLLS[:49], "dice.too-few"),
        (ROLLS[:50] * 20 + "1", "dice.too-many"),
        (ROLLS + "7", "dice.characters"),
        (ROLLS + "0", "dice.characters"),
        (ROLLS + "-", "dice.characters"),
        (ROLLS + "\u0661", "dice.characters"),
        ("6" * 60, "dice.not-rolled"),
        ("123456" * 10, "dice.not-rolled"),
        ("123456" * 9 + "1234", "dice.not-rolled"),
        ("654321" * 10, "dice.not-rolled"),
        (ROLLS[:25] * 2, "dice.not-rolled"),
        (ROLLS.replace("5", "1").replace("6", "2"), "dice.not-rolled"),
        ("1" * 40 + ROLLS[:20], "dice.not-rolled"),
    ],
)
def test_no_key_of_bad_dice(text: str, code: str) -> None:
    """Too few, too many, other characters, cycles, missing faces, one face all the time."""
    assert _code(entropy.gather, lambda _size: OS, lambda: text) == code


def test_takes_honest_dice_with_any_blanks() -> None:
    """Fifty rolls of any seed, in groups and lines."""
    for seed in range(300):
        rolls = "".join(random.Random(seed).choices("123456", k=50))
        spaced = "\n".join(rolls[start : start + 5] for start in range(0, 50, 5))
        assert entropy.check_rolls(f" {spaced}\t") == rolls.encode()


def test_anyone_can_recompute_it_by_hand() -> None:
    """By the two HMACs of the module's docstring."""
    prk = hmac.digest(b"coldtusk/key-entropy/v1", OS + ROLLS.encode(), "sha256")
    assert hmac.digest(prk, b"bip39\x01", "sha256") == entropy.mix(OS, ROLLS.encode()).reveal()


def test_anyone_can_recompute_it_with_openssl() -> None:
    """By the command of the module's docstring."""
    options = [
        "digest:SHA256",
        f"hexkey:{(OS + ROLLS.encode()).hex()}",
        "salt:coldtusk/key-entropy/v1",
        "info:bip39",
    ]
    command = [program("openssl"), "kdf", "-keylen", "32", *(part for o in options for part in ("-kdfopt", o)), "HKDF"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert bytes.fromhex(printed.strip().replace(":", "")) == entropy.mix(OS, ROLLS.encode()).reveal()


def test_the_transcript_shows_in_no_repr() -> None:
    """All of it is as secret as the key."""
    gathered = entropy.gather(lambda _size: OS, lambda: ROLLS)
    assert (
        repr(gathered)
        == "Gathered(os_bytes=<secret of 32 bytes>, rolls=<secret of 60 bytes>, entropy=<secret of 32 bytes>)"
    )


def test_another_size_is_our_mistake() -> None:
    """The layout is unambiguous only because the first part has a fixed length."""
    with pytest.raises(RuntimeError):
        entropy.mix(b"short", ROLLS.encode())
