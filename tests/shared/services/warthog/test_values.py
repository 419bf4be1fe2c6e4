"""What a transaction moves in the model of all systems: exact amounts, the fee last; its risk; what is wanted."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given

from coldtusk_shared import cbor
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.amount import WartE8
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.evidence import Evidence
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.layout import BY_BODY
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.value import Currency, Value
from tests.shared.samples import BODIES, BURN, CONTENTS, EVIDENCE, NONCE, PAYEE, PIN_HEIGHT, SENDER, TOK, transaction
from tests.shared.services.warthog import strategies as some

_WART = Currency("warthog/defi", "WART")
_TOK = Currency("warthog/defi", TOK.hash.hex())
_UNPROVED = Currency("warthog/defi", TOK.hash.hex(), raw=True)
_SHARES = Currency("warthog/defi", f"{TOK.hash.hex()}/liquidity")
_FEE = Value(_WART, Fraction(1_000_448, 10**8), None)

_MOVED: dict[str, tuple[Value, ...]] = {
    "wartTransfer": (Value(_WART, Fraction("1.5"), PAYEE.text),),
    "tokenTransfer": (Value(_TOK, Fraction("12.5"), PAYEE.text),),
    "tokenTransfer-liquidity": (Value(_SHARES, Fraction("1.25"), PAYEE.text),),
    "limitSwap-buy": (Value(_WART, Fraction("2.5"), None),),
    "limitSwap-sell": (Value(_TOK, Fraction("12.5"), None),),
    "liquidityDeposit": (Value(_TOK, Fraction("12.5"), None), Value(_WART, Fraction("1.5"), None)),
    "liquidityWithdrawal": (Value(_SHARES, Fraction("1.25"), None),),
    "cancelation": (),
    "assetCreation": (),
}
"""TOK has 4 decimals, shares have 8 like WART."""
_WITH_ASSET = [name for name, values in _MOVED.items() if any(one.currency == _TOK for one in values)]


def test_all_types_are_here() -> None:
    """The samples are of the seven types."""
    assert set(_MOVED) == set(BODIES)
    assert set(BY_BODY) == {type(body) for body in BODIES.values()}


@pytest.mark.parametrize("name", _MOVED)
def test_what_each_type_moves(name: str) -> None:
    """The amounts of the body in whole units, then the fee, which nobody in particular gets."""
    assert (*_MOVED[name], _FEE) == CONTENTS[name].values()


@pytest.mark.parametrize("name", _WITH_ASSET)
def test_an_asset_that_nobody_proved(name: str) -> None:
    """Without its decimals an amount counts smallest units, and its currency says so; all else stays."""
    bare = WarthogContent(SENDER, transaction(BODIES[name]), Evidence())
    expected = [
        replace(one, currency=_UNPROVED, amount=Fraction(125_000)) if one.currency == _TOK else one
        for one in CONTENTS[name].values()
    ]
    assert expected == list(bare.values())
    assert _UNPROVED != _TOK


@pytest.mark.parametrize("name", sorted(set(_MOVED) - set(_WITH_ASSET)))
def test_what_needs_no_proof(name: str) -> None:
    """WART and shares have 8 decimals whatever was sent along."""
    bare = WarthogContent(SENDER, transaction(BODIES[name]), Evidence())
    assert CONTENTS[name].values() == bare.values()


def test_the_smallest_and_the_largest() -> None:
    """Nothing is rounded: one E8, and the supply less one E8."""
    for e8 in (1, 1_892_160_000_000_000 - 1):
        body = tx.WartTransfer(PAYEE, WartE8(e8))
        moved = WarthogContent(SENDER, transaction(body), Evidence()).values()[0]
        assert moved.amount is not None
        assert e8 == moved.amount * 10**8


def test_networks_are_apart() -> None:
    """WART of the main network is another currency than WART of defi."""
    main = WarthogContent(SENDER, transaction(BODIES["wartTransfer"], Network.MAIN), EVIDENCE["wartTransfer"])
    assert {Currency("warthog/main", "WART")} == {one.currency for one in main.values()}


@given(some.contents())
def test_amounts_are_exact(content: WarthogContent) -> None:
    """No amount is a float or negative, the fee stands last, and what moves has the item's scope."""
    values = content.values()
    assert Value(Currency(content.scope, "WART"), Fraction(content.transaction.fee_e8, 10**8), None) == values[-1]
    for one in values:
        assert type(one.amount) is Fraction
        assert one.amount >= 0
        assert content.scope == one.currency.scope


@given(some.contents())
def test_the_risk(content: WarthogContent) -> None:
    """A fee is paid at least, so each type moves money, and a signature is no secret."""
    assert (Risk.MOVES_MONEY, False) == (content.risk, content.releases)


@pytest.mark.parametrize("name", _MOVED)
def test_what_is_wanted(name: str) -> None:
    """Pin, nonce, fee and evidence may change at a retry; who wants what may not."""
    content = CONTENTS[name]
    moved = transaction(BODIES[name], nonce_id=NONCE + 1)
    again = WarthogContent(SENDER, replace(moved, pin_height=PIN_HEIGHT + 32, fee_e8=FeeE8(1)), Evidence())
    assert cbor.encode(content.intent()) == cbor.encode(again.intent())
    assert content.slot != again.slot
    assert cbor.encode(content.intent()) != cbor.encode(replace(content, sender=BURN).intent())


def test_wants_are_told_apart() -> None:
    """No two samples want the same: types, sides, recipients, amounts and networks count."""
    main = WarthogContent(SENDER, transaction(BODIES["wartTransfer"], Network.MAIN), EVIDENCE["wartTransfer"])
    more = WarthogContent(SENDER, transaction(tx.WartTransfer(PAYEE, WartE8(150_000_001))), Evidence())
    other = WarthogContent(SENDER, transaction(tx.WartTransfer(SENDER, WartE8(150_000_000))), Evidence())
    all_ = [*CONTENTS.values(), main, more, other]
    assert len(all_) == len({cbor.encode(one.intent()) for one in all_})
