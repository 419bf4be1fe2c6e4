"""Addresses: text, checksum, keys."""

import hashlib
import json
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared.errors import BadInput, Outside
from coldtusk_shared.services.warthog.address import Address

_VECTORS = Path(__file__).parents[3] / "vectors" / "warthog"
_ROWS: list[dict[str, Any]] = json.loads((_VECTORS / "addresses.json").read_text())["vectors"]
_KEYS: list[dict[str, Any]] = json.loads((_VECTORS / "keys.json").read_text())["vectors"]
_GOOD = "3661579d61abde5837a8686dc4d65348a2fc61b1fe5f4093"
_BURN = "0000000000000000000000000000000000000000de47c9b2"

addresses = st.builds(Address, st.binary(min_size=20, max_size=20))


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: row["s"])
def test_node_rows(row: dict[str, Any]) -> None:
    """What the node takes in lower case we take, what it refuses we refuse."""
    if row["ok"] and row["s"] == row["address"]:
        assert row["address"] == Address.parse(row["s"]).text
        return
    with pytest.raises(BadInput) as caught:
        Address.parse(row["s"])
    assert ("warthog.address.upper-case" == caught.value.code.name) == row["ok"]


@pytest.mark.parametrize("row", [row for row in _KEYS if "pub" in row], ids=lambda row: row["address"])
def test_node_keys(row: dict[str, Any]) -> None:
    """The address of a public key."""
    assert row["address"] == Address.from_public_key(bytes.fromhex(row["pub"])).text


@given(addresses)
def test_round_trip(address: Address) -> None:
    """Text and back, with a checksum from the facts."""
    assert address == Address.parse(address.text)
    assert hashlib.sha256(address.raw).hexdigest()[:8] == address.text[40:]
    assert address.text == address.grouped.replace(" ", "")


@given(addresses, st.integers(0, 47), st.integers(1, 15))
def test_one_wrong_digit(address: Address, place: int, change: int) -> None:
    """Any one digit that is changed is noticed (a chance of 2**-32 apart)."""
    digit = f"{int(address.text[place], 16) ^ change:x}"
    with pytest.raises(BadInput) as caught:
        Address.parse(address.text[:place] + digit + address.text[place + 1 :])
    assert "warthog.address.checksum" == caught.value.code.name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (_GOOD[:40], "warthog.address.no-checksum"),
        (_GOOD[:40].upper(), "warthog.address.no-checksum"),
        (_GOOD[:47] + "4", "warthog.address.checksum"),
        (_GOOD.upper(), "warthog.address.upper-case"),
        (_GOOD[:47], "warthog.address.length"),
        (_GOOD + "00", "warthog.address.length"),
        ("", "warthog.address.length"),
        ("0x" + _GOOD, "warthog.address.form"),
        (_GOOD[:46] + " 93", "warthog.address.form"),
        (_GOOD[:24] + " " + _GOOD[24:], "warthog.address.form"),
        (_GOOD + "\n", "warthog.address.form"),
        ("\N{FULLWIDTH DIGIT THREE}" + _GOOD[1:], "warthog.address.form"),
        ("\x1b[2J", "warthog.address.form"),
        (bytes.fromhex(_GOOD), "warthog.address.form"),
        (None, "warthog.address.form"),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_texts_refused(text: Any, code: str) -> None:
    """Each kind of bad address has its own code, and the place is named."""
    with pytest.raises(BadInput) as caught:
        Address.parse(text, "--to")
    assert (code, "--to") == (caught.value.code.name, caught.value.where)
    assert caught.value.line().isprintable()


@pytest.mark.parametrize("raw", [b"", bytes(19), bytes(24), bytearray(20), "0" * 20], ids=lambda raw: repr(raw)[:12])
def test_bytes_refused(raw: Any) -> None:
    """An address is 20 bytes that cannot change."""
    with pytest.raises(BadInput) as caught:
        Address(raw)
    assert "warthog.address.length" == caught.value.code.name


def test_grouped() -> None:
    """Groups of four, to be read aloud."""
    assert "3661 579d 61ab de58 37a8 686d c4d6 5348 a2fc 61b1 fe5f 4093" == Address.parse(_GOOD).grouped


def test_burn_address() -> None:
    """All zeros is nobody's address."""
    assert Address.parse(_BURN).is_burn
    assert not Address.parse(_GOOD).is_burn


@pytest.mark.parametrize("key", [b"", bytes(33), b"\x04" + bytes(64), b"\x02" + bytes(31)], ids=len)
def test_other_keys(key: bytes) -> None:
    """Only a compressed public key has an address; anything else is a mistake of ours."""
    with pytest.raises(RuntimeError):
        Address.from_public_key(key)


def test_without_ripemd160(monkeypatch: pytest.MonkeyPatch) -> None:
    """An OpenSSL without RIPEMD-160 is named, with what to do."""

    def refuse(name: str, data: bytes) -> NoReturn:
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashlib, "new", refuse)
    with pytest.raises(Outside) as caught:
        Address.from_public_key(bytes.fromhex(_KEYS[0]["pub"]))
    assert "warthog.no-ripemd160" == caught.value.code.name
