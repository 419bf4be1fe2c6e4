"""The device's own caps (``limits.py``): what lies on each is taken, what lies beyond is refused."""

from collections.abc import Callable
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from random import Random

import pytest

from coldtusk_offline import attempts, contents, entropy, kdf, passphrase
from coldtusk_offline.contents import Account, Host, Raw, Seed, SeedId, VaultContents
from coldtusk_offline.guard import GuardReport, Layer, State
from coldtusk_offline.kdf import Cost
from coldtusk_offline.secret import Secret
from coldtusk_shared import limits
from coldtusk_shared.services.warthog.network import Network
from tests.offline.payments import code_of
from tests.simulators.crash_fs import CrashFs

EMPTY = VaultContents(device_seed=Secret(bytes(32)))


def of(length: int, different: int) -> str:
    """A passphrase of *length* characters, *different* of them different."""
    return "".join(islice(cycle("abcdefghijklmnopqrstuvwxyz"[:different]), length))


def test_passphrase_of_the_least_length() -> None:
    """And one character less."""
    least, faces = limits.PASSPHRASE_CHARACTERS, limits.PASSPHRASE_DISTINCT
    assert least == len(passphrase.chosen(of(least, faces), of(least, faces)))
    for text in (of(least - 1, faces), of(least, faces - 1)):
        assert code_of(passphrase.chosen, text, text) == "passphrase.weak"


def test_passphrase_of_the_greatest_length() -> None:
    """In bytes, not in characters."""
    most = limits.PASSPHRASE_BYTES
    assert most == len(passphrase.typed(of(most, 26)))
    for text in (of(most + 1, 26), "\u7d66" * (most // 3 + 1)):
        assert code_of(passphrase.typed, text) == "passphrase.too-long"


def test_rolls_of_a_die() -> None:
    """At least so many, at most so many."""
    least, most = limits.DICE_ROLLS
    rolls = "".join(Random(3).choices("123456", k=most + 1))
    assert [least, most] == [len(entropy.check_rolls(rolls[:count])) for count in (least, most)]
    assert code_of(entropy.check_rolls, rolls[: least - 1]) == "dice.too-few"
    assert code_of(entropy.check_rolls, rolls) == "dice.too-many"


@pytest.mark.parametrize(
    ("cap", "cost"),
    [
        (limits.ARGON2_MEMORY_KIB, lambda value: Cost(value, 3, 4)),
        (limits.ARGON2_PASSES, lambda value: Cost(64 * 1024, value, 4)),
        (limits.ARGON2_LANES, lambda value: Cost(64 * 1024, 3, value)),
    ],
    ids=["memory", "passes", "lanes"],
)
def test_cost_of_a_derivation(cap: tuple[int, int], cost: Callable[[int], Cost]) -> None:
    """Floor and ceiling."""
    least, most = cap
    for value in (least, most):
        kdf.check_cost(cost(value))
    for value in (least - 1, most + 1):
        assert code_of(kdf.check_cost, cost(value)) == "kdf.cost"


def test_count_of_wrong_passphrases() -> None:
    """It stops, and so does the wait."""
    fs, path = CrashFs(), Path("/x/vault.attempts")
    fs.put(path, b"%d\n" % (limits.UNLOCK_FAILURES - 1))
    for _ in range(2):
        assert limits.UNLOCK_DELAY_SECONDS == attempts.begin(path, fs)
        assert b"%d\n" % limits.UNLOCK_FAILURES == fs.tree()[str(path)]


def _seeds(count: int) -> VaultContents:
    made = (Seed(SeedId(n.to_bytes(16)), f"words {n}", Secret(bytes(16))) for n in range(count))
    return replace(EMPTY, seeds=tuple(made))


def _hosts(count: int) -> VaultContents:
    return replace(EMPTY, hosts=tuple(Host(n.to_bytes(32), f"host {n}", 0) for n in range(count)))


def _accounts(count: int) -> VaultContents:
    made = (
        Account(Network.DEFI, n.to_bytes(20), f"account {n}", Secret(bytes(32)), bytes(33), Raw()) for n in range(count)
    )
    return replace(EMPTY, accounts=tuple(made))


@pytest.mark.parametrize(
    ("most", "made"),
    [(limits.VAULT_SEEDS, _seeds), (limits.VAULT_HOSTS, _hosts), (limits.ACCOUNTS, _accounts)],
    ids=["seeds", "hosts", "accounts"],
)
def test_contents_of_a_vault(most: int, made: Callable[[int], VaultContents]) -> None:
    """A full vault is read again; nothing is kept that could not be, and the card names every account."""
    contents.check(made(most))
    encoded = contents.encode(made(most))
    assert made(most) == contents.decode(encoded)
    assert len(encoded) < limits.VAULT_BYTES
    assert code_of(contents.check, made(most + 1)) == "vault.full"


def test_no_secret_without_the_guard() -> None:
    """Where a layer is missing, the vault is not opened; one that nobody asked for is not missing."""
    layers = {state: Layer("system call filter", state, "") for state in State}
    assert code_of(GuardReport((layers[State.MISSING],), ()).require) == "guard.not-locked-in"
    GuardReport((layers[State.HOLDS], layers[State.NOT_ASKED]), ()).require()
