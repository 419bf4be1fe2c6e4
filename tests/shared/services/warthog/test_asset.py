"""The proof of an asset's facts by the bytes that created it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.warthog import asset, fee

_VECTORS = Path(__file__).parents[3] / "vectors" / "warthog"
_CREATIONS: list[dict[str, Any]] = [
    row for row in json.loads((_VECTORS / "transactions.json").read_text())["vectors"] if row["type"] == "assetCreation"
]
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

names = st.text(_LETTERS, min_size=1, max_size=5)


def _preimage(
    name: bytes = b"TOK\0\0",
    decimals: int = 4,
    supply: int = 10**9,
    fee_e8: int = 1000448,
    reserved: bytes = bytes(3),
    pin_height: int = 96,
) -> bytes:
    """The bytes of an assetCreation, put together by hand (facts: Signing)."""
    head = bytes(range(32)) + pin_height.to_bytes(4, "big") + (77).to_bytes(4, "big") + reserved
    return head + fee_e8.to_bytes(8, "big") + supply.to_bytes(8, "big") + bytes([decimals]) + name


@pytest.mark.parametrize("row", _CREATIONS, ids=lambda row: row["json"]["name"])
def test_node_rows(row: dict[str, Any]) -> None:
    """The node's own creations give its own hash; where its random values could not be mined, we refuse."""
    preimage, fields = bytes.fromhex(row["toSign"]), row["json"]
    if fields["feeE8"] > limits.FEE_MAX_E8 or row["pinHeight"] % 32:
        with pytest.raises(BadInput):
            asset.parse_preimage(preimage)
        return
    facts = asset.prove(preimage, bytes.fromhex(row["sha256"]))
    expected = (fields["name"], fields["decimals"], fields["supplyU64"], row["pinHeight"], fields["nonceId"])
    assert expected == (facts.name, facts.decimals, facts.supply, facts.pin_height, facts.nonce_id)
    assert (fields["feeE8"], row["sha256"]) == (facts.fee_e8, facts.hash.hex())


def test_some_rows_prove() -> None:
    """The vectors hold at least one creation that could be mined."""
    assert [row for row in _CREATIONS if row["json"]["feeE8"] <= limits.FEE_MAX_E8]


@given(names, st.integers(0, 18), st.integers(1, 2**63 - 1), st.integers(1, 10**15), st.integers(0, 2**27 - 1))
def test_what_is_built_is_proved(name: str, decimals: int, supply: int, fee_e8: int, step: int) -> None:
    """Every asset that a chain can hold is proved."""
    paid = fee.floor(fee_e8)
    preimage = _preimage(name.encode().ljust(5, b"\0"), decimals, supply, paid, pin_height=32 * step)
    digest = hashlib.sha256(preimage).digest()
    facts = asset.prove(preimage, digest)
    expected = asset.AssetFacts(
        asset.AssetHash(digest), name, decimals, asset.check_supply(supply), 32 * step, 77, paid
    )
    assert expected == facts


@given(st.integers(0, 65 * 8 - 1))
def test_any_bit_flipped_is_no_proof(bit: int) -> None:
    """Whatever is changed, the hash is another or the bytes are refused."""
    preimage = _preimage()
    changed = bytearray(preimage)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadInput):
        asset.prove(bytes(changed), hashlib.sha256(preimage).digest())


def test_the_proof_of_another_asset() -> None:
    """Good bytes prove only their own hash."""
    with pytest.raises(BadInput) as caught:
        asset.prove(_preimage(), bytes(32))
    assert "warthog.asset.other-hash" == caught.value.code.name


@pytest.mark.parametrize(
    ("preimage", "code"),
    [
        (b"", "warthog.asset.preimage"),
        (_preimage()[:-1], "warthog.asset.preimage"),
        (_preimage() + b"\0", "warthog.asset.preimage"),
        (_preimage(reserved=b"\0\0\1"), "warthog.asset.preimage"),
        (_preimage(pin_height=97), "warthog.asset.preimage"),
        (_preimage(name=bytes(5)), "warthog.asset.name"),
        (_preimage(name=b"\0TOK\0"), "warthog.asset.name"),
        (_preimage(name=b"TO\0K\0"), "warthog.asset.name"),
        (_preimage(name=b"TO K\0"), "warthog.asset.name"),
        (_preimage(name=b"TO-\0\0"), "warthog.asset.name"),
        (_preimage(name=b"T\xc3\x96\0\0"), "warthog.asset.name"),
        (_preimage(name=b"T\x1b[2J"), "warthog.asset.name"),
        (_preimage(decimals=19), "warthog.decimals"),
        (_preimage(decimals=255), "warthog.decimals"),
        (_preimage(supply=0), "warthog.asset.supply"),
        (_preimage(supply=2**63), "warthog.asset.supply"),
        (_preimage(supply=2**64 - 1), "warthog.asset.supply"),
        (_preimage(fee_e8=0), "warthog.fee.range"),
        (_preimage(fee_e8=2**63), "warthog.fee.range"),
        (_preimage(fee_e8=1000449), "warthog.fee.inexact"),
    ],
)
def test_bytes_refused(preimage: bytes, code: str) -> None:
    """What no chain can hold proves nothing, even under its own hash."""
    with pytest.raises(BadInput) as caught:
        asset.prove(preimage, hashlib.sha256(preimage).digest())
    assert code == caught.value.code.name


@given(names)
def test_names(name: str) -> None:
    """One to five letters and digits."""
    assert name == asset.check_name(name)


@pytest.mark.parametrize("name", ["", "ABCDEF", "A B", "A-B", "\u00c4", "A\n", "\u0663", None, b"TOK"], ids=ascii)
def test_names_refused(name: Any) -> None:
    """Anything else has no place in 5 bytes, or is none of the node's characters."""
    with pytest.raises(BadInput) as caught:
        asset.check_name(name, "--name")
    assert ("warthog.asset.name", "--name") == (caught.value.code.name, caught.value.where)


@pytest.mark.parametrize("supply", [0, -1, 2**63, True, 1.0, "1"], ids=repr)
def test_supplies_refused(supply: Any) -> None:
    """Zero stops a test node's blocks, and above 2^63-1 it crashes."""
    with pytest.raises(BadInput) as caught:
        asset.check_supply(supply, "--supply")
    assert ("warthog.asset.supply", "--supply") == (caught.value.code.name, caught.value.where)


def test_the_highest_supply() -> None:
    """The cap itself is taken."""
    assert limits.ASSET_SUPPLY_U64 == asset.check_supply(2**63 - 1)
