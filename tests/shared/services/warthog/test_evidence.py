"""Evidence: what can be recomputed must agree, what proves must prove, and the rest is a claim."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import limits
from coldtusk_shared.cbor import Value
from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.warthog import evidence, fee, rules
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.amount import format_wart
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.evidence import Evidence
from coldtusk_shared.services.warthog.price import limit_for, parse_price_text
from tests.shared.samples import BODIES, FEE, PIN_HEIGHT, TOK, TOK_PREIMAGE, transaction
from tests.shared.services.warthog import strategies as some

_TRANSFER = transaction(BODIES["wartTransfer"])
_BUY = transaction(BODIES["limitSwap-buy"])


def _code(value: Any, of: tx.Transaction) -> str:
    """The code that refuses the evidence *value* of the transaction *of*, or ""."""
    try:
        evidence.parse(value, of, "evidence")
    except BadInput as error:
        assert error.where.startswith("evidence")
        return error.code.name
    return ""


@given(some.contents())
def test_what_agrees_is_taken(content: WarthogContent) -> None:
    """Over the whole range: on the wire and back, with the proof's facts."""
    wire: Any = content.proof.wire()
    assert content.proof == evidence.parse(wire, content.transaction, "evidence")


def test_none_is_taken() -> None:
    """Evidence is optional, whole and in parts."""
    assert Evidence() == evidence.parse({}, _TRANSFER, "evidence")


@given(st.integers(1, limits.WART_SUPPLY_E8))
def test_an_asked_fee_is_recomputed(asked: int) -> None:
    """It is taken if and only if it rounds up to the fee."""
    right, low = fee.ceil(asked), fee.floor(asked)
    assert "" == _code({2: format_wart(asked)}, replace(_TRANSFER, fee_e8=right))
    for wrong in {low, fee.ceil(min(right + 1, limits.WART_SUPPLY_E8)), fee.floor(max(low - 1, 1))} - {right}:
        assert "warthog.evidence.fee" == _code({2: format_wart(asked)}, replace(_TRANSFER, fee_e8=wrong))


@pytest.mark.parametrize(
    ("length", "code"),
    [
        (PIN_HEIGHT - 1, "warthog.evidence.pin-above-chain"),
        (PIN_HEIGHT, ""),
        (PIN_HEIGHT + rules.LIFETIME_BLOCKS - 1, ""),
        (PIN_HEIGHT + rules.LIFETIME_BLOCKS, "warthog.pin-expired"),
        (limits.U32, "warthog.pin-expired"),
    ],
)
def test_the_chain_and_the_pin(length: int, code: str) -> None:
    """The pin stands in the chain, and at least one block can still include the transaction."""
    assert code == _code({4: length}, _TRANSFER)


def test_each_bit_of_a_proof() -> None:
    """Any bit of the 65 bytes changed: another asset, or none."""
    token = transaction(BODIES["tokenTransfer"])
    proof: dict[int, Value] = {1: TOK_PREIMAGE}
    assert TOK == evidence.parse(proof, token, "evidence").asset
    for bit in range(8 * len(TOK_PREIMAGE)):
        changed = bytearray(TOK_PREIMAGE)
        changed[bit // 8] ^= 1 << bit % 8
        assert _code({1: bytes(changed)}, token)


def test_a_proof_fits_every_type_with_an_asset() -> None:
    """And no other type."""
    with_asset = [name for name, body in BODIES.items() if not _code({1: TOK_PREIMAGE}, transaction(body))]
    assert [name for name, body in BODIES.items() if hasattr(body, "asset_hash")] == with_asset
    assert "warthog.evidence.no-asset" == _code({1: TOK_PREIMAGE}, _TRANSFER)


def test_a_price_is_checked_where_it_can_be() -> None:
    """With proved decimals it must give the limit, without them it is a claim, and a transfer has none."""
    assert "" == _code({1: TOK_PREIMAGE, 3: "0.07"}, _BUY)
    assert "warthog.evidence.price" == _code({1: TOK_PREIMAGE, 3: "0.0700001"}, transaction(BODIES["limitSwap-sell"]))
    assert "warthog.evidence.price" == _code({1: TOK_PREIMAGE, 3: "0.0699999"}, _BUY)
    assert "warthog.price.range" == _code({1: TOK_PREIMAGE, 3: "0"}, _BUY)
    assert "" == _code({3: "9"}, _BUY)
    assert "decimal.form" == _code({3: "nine"}, _BUY)
    assert "warthog.evidence.price" == _code({3: "0.07"}, _TRANSFER)


def test_the_buyer_gets_the_floor_and_the_seller_the_ceil() -> None:
    """A price between two limits: each side has its own limit, and the other's is refused."""
    asked = "0.0700001"
    for is_buy in (True, False):
        limit = limit_for(is_buy, parse_price_text(asked), TOK.decimals)
        order = transaction(tx.LimitSwap(TOK.hash, is_buy, 125_000, limit))
        other = transaction(tx.LimitSwap(TOK.hash, not is_buy, 125_000, limit))
        assert "" == _code({1: TOK_PREIMAGE, 3: asked}, order)
        assert "warthog.evidence.price" == _code({1: TOK_PREIMAGE, 3: asked}, other)


def test_the_wire_holds_what_is_there() -> None:
    """Only what was given is sent; the facts of the asset are never sent, they follow from the proof."""
    assert {} == Evidence().wire()
    assert {2: "0.01", 4: 1} == Evidence(fee_asked="0.01", chain_length=1).wire()
    assert {1: TOK_PREIMAGE} == Evidence(preimage=TOK_PREIMAGE, asset=TOK).wire()
    assert "" == _code({2: format_wart(FEE)}, _TRANSFER)
