"""What may be built: the edges that are taken, and one step past each that is refused.

The refusals on the wire are in ``tests/vectors/messages/reject.json``; here both halves' own check is called.
"""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.warthog import rules
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.amount import AssetUnits, WartE8
from coldtusk_shared.services.warthog.asset import AssetHash
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.price import LimitPrice
from tests.shared.samples import BODIES, BURN, PAYEE, PIN_HEIGHT, SENDER, TOK, transaction
from tests.shared.services.warthog import strategies as some

_LIMIT = tx.LimitSwap(TOK.hash, True, limits.WART_SUPPLY_E8, LimitPrice(0x8000, 64))

_TAKEN: dict[str, tx.Body] = {
    "to nobody": tx.WartTransfer(BURN, WartE8(1)),
    "all WART": tx.WartTransfer(PAYEE, WartE8(limits.WART_SUPPLY_E8)),
    "the most of an asset": tx.TokenTransfer(TOK.hash, False, PAYEE, AssetUnits(limits.ASSET_SUPPLY_U64)),
    "all WART for an asset": _LIMIT,
    "the most of an asset for WART": replace(_LIMIT, is_buy=False, amount_u64=limits.ASSET_SUPPLY_U64),
    "only an asset deposited": tx.LiquidityDeposit(TOK.hash, AssetUnits(1), WartE8(0)),
    "only WART deposited": tx.LiquidityDeposit(TOK.hash, AssetUnits(0), WartE8(1)),
    "one share withdrawn": tx.LiquidityWithdrawal(TOK.hash, AssetUnits(1)),
    "the same pin cancelled": tx.Cancelation(PIN_HEIGHT, 0),
    "the first pin cancelled": tx.Cancelation(0, limits.U32),
    "an asset of one unit": tx.AssetCreation(AssetUnits(1), 18, "A"),
    "the largest asset": tx.AssetCreation(AssetUnits(limits.ASSET_SUPPLY_U64), 0, "WART"),
}

_REFUSED: dict[str, tuple[tx.Body, str]] = {
    "to the sender": (tx.WartTransfer(SENDER, WartE8(1)), "warthog.self-transfer"),
    "nothing": (tx.WartTransfer(PAYEE, WartE8(0)), "warthog.amount-range"),
    "less than nothing": (tx.WartTransfer(PAYEE, WartE8(-1)), "warthog.amount-range"),
    "more WART than there is": (tx.WartTransfer(PAYEE, WartE8(limits.WART_SUPPLY_E8 + 1)), "warthog.amount-range"),
    "shares to the sender": (tx.TokenTransfer(TOK.hash, True, SENDER, AssetUnits(1)), "warthog.self-transfer"),
    "no asset": (
        tx.LiquidityWithdrawal(AssetHash(bytes(32)), AssetUnits(1)),
        "warthog.zero-asset",
    ),
    "more WART spent than there is": (
        replace(_LIMIT, amount_u64=limits.WART_SUPPLY_E8 + 1),
        "warthog.amount-range",
    ),
    "nothing deposited": (tx.LiquidityDeposit(TOK.hash, AssetUnits(0), WartE8(0)), "warthog.nothing-deposited"),
    "a height between pins": (tx.Cancelation(PIN_HEIGHT - 31, 0), "warthog.cancel-height"),
    "a later pin": (tx.Cancelation(PIN_HEIGHT + 32, 0), "warthog.cancel-future"),
    "itself": (tx.Cancelation(PIN_HEIGHT, 2_718_281_828), "warthog.cancel-itself"),
    "no supply": (tx.AssetCreation(AssetUnits(0), 4, "TOK"), "warthog.asset.supply"),
    "too large a supply": (tx.AssetCreation(AssetUnits(limits.ASSET_SUPPLY_U64 + 1), 4, "TOK"), "warthog.asset.supply"),
    "too many decimals": (tx.AssetCreation(AssetUnits(1), 19, "TOK"), "warthog.decimals"),
    "too long a name": (tx.AssetCreation(AssetUnits(1), 4, "TOKENS"), "warthog.asset.name"),
}

_COMMON: dict[str, tuple[dict[str, Any], str]] = {
    "a height between pins": ({"pin_height": PIN_HEIGHT + 16}, "warthog.pin-height"),
    "a height below zero": ({"pin_height": -32}, "warthog.pin-height"),
    "a height of 33 bits": ({"pin_height": 1 << 32}, "warthog.pin-height"),
    "no fee": ({"fee_e8": FeeE8(0)}, "warthog.fee.range"),
    "a fee of 12 bits": ({"fee_e8": FeeE8(2049)}, "warthog.fee.inexact"),
    "a fee above all WART": ({"fee_e8": FeeE8(limits.FEE_MAX_E8 + (1 << 40))}, "warthog.fee.range"),
}


@given(some.contents())
def test_everything_in_range_is_taken(content: WarthogContent) -> None:
    """No rule refuses what a node would take."""
    rules.check(content.transaction, content.sender)


@pytest.mark.parametrize("body", _TAKEN.values(), ids=_TAKEN)
def test_edges_are_taken(body: tx.Body) -> None:
    """The last value of each range."""
    rules.check(transaction(body), SENDER)


@pytest.mark.parametrize(("body", "code"), _REFUSED.values(), ids=_REFUSED)
def test_past_the_edges(body: tx.Body, code: str) -> None:
    """The first value outside."""
    with pytest.raises(BadInput) as refusal:
        rules.check(transaction(body), SENDER, "fields")
    assert code == refusal.value.code.name
    assert refusal.value.where.startswith("fields.")


@pytest.mark.parametrize(("change", "code"), _COMMON.values(), ids=_COMMON)
def test_the_common_fields(change: dict[str, Any], code: str) -> None:
    """Pin height and fee, whatever the type."""
    for body in BODIES.values():
        with pytest.raises(BadInput) as refusal:
            rules.check(replace(transaction(body), **change), SENDER)
        assert code == refusal.value.code.name


def test_the_main_network_knows_transfers_only() -> None:
    """Six types are refused there."""
    refused = []
    for name, body in BODIES.items():
        try:
            rules.check(transaction(body, Network.MAIN), SENDER)
        except BadInput as error:
            assert "warthog.type-not-on-network" == error.code.name
            refused.append(name)
    assert set(BODIES) - {"wartTransfer"} == set(refused)


def test_the_highest_pins() -> None:
    """Both ends of the heights, and the last block of each."""
    highest = limits.U32 // 32 * 32
    for height in (0, highest):
        rules.check(replace(transaction(BODIES["wartTransfer"]), pin_height=height), SENDER)
    assert (8191, highest + 8191) == (rules.last_block(0), rules.last_block(highest))
