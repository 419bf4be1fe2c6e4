"""From what is typed to typed bodies."""

import pytest

from coldtusk_online.services.warthog import bodies
from coldtusk_online.services.warthog.bodies import Ask, ProvedAsset
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.warthog import asset as assets
from coldtusk_shared.services.warthog.amount import AssetUnits, WartE8
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.preimage import preimage
from coldtusk_shared.services.warthog.price import LimitPrice
from coldtusk_shared.services.warthog.transaction import (
    AssetCreation,
    Body,
    Cancelation,
    LimitSwap,
    LiquidityDeposit,
    LiquidityWithdrawal,
    TokenTransfer,
    Transaction,
    WartTransfer,
)
from tests.simulators.device import address_of

PAYEE = address_of("payee")


def _asset(decimals: int) -> ProvedAsset:
    body = AssetCreation(AssetUnits(10**10), decimals, "TOK")
    creation = preimage(Transaction(Network.DEFI, bytes(32), 32, 1, FeeE8(1_000_448), body))
    return ProvedAsset(assets.parse_preimage(creation), creation)


TOK = _asset(4)
HASH = TOK.facts.hash


@pytest.mark.parametrize(
    ("ask", "body"),
    [
        (bodies.wart_transfer(PAYEE, "1.5"), WartTransfer(PAYEE, WartE8(150_000_000))),
        (
            bodies.token_transfer(TOK, PAYEE, "1.5", liquidity=False),
            TokenTransfer(HASH, False, PAYEE, AssetUnits(15_000)),
        ),
        (
            bodies.token_transfer(TOK, PAYEE, "1.5", liquidity=True),
            TokenTransfer(HASH, True, PAYEE, AssetUnits(150_000_000)),
        ),
        (bodies.swap(TOK, "2", "0.57", buy=True), LimitSwap(HASH, True, 200_000_000, LimitPrice(45_600, 76))),
        (bodies.swap(TOK, "2", "0.57", buy=False), LimitSwap(HASH, False, 20_000, LimitPrice(45_600, 76))),
        (bodies.deposit(TOK, "1", "2"), LiquidityDeposit(HASH, AssetUnits(10_000), WartE8(200_000_000))),
        (bodies.deposit(TOK, None, "2"), LiquidityDeposit(HASH, AssetUnits(0), WartE8(200_000_000))),
        (bodies.deposit(TOK, "1", None), LiquidityDeposit(HASH, AssetUnits(10_000), WartE8(0))),
        (bodies.withdraw(TOK, "1"), LiquidityWithdrawal(HASH, AssetUnits(100_000_000))),
        (bodies.cancel(32, 7), Cancelation(32, 7)),
        (bodies.create_asset("TOK", 4, "1000000"), AssetCreation(AssetUnits(10**10), 4, "TOK")),
    ],
)
def test_every_type(ask: Ask, body: Body) -> None:
    """Amounts of an asset have its decimals, liquidity shares always 8."""
    assert body == ask.body


def test_the_proof_goes_along() -> None:
    """What names an asset brings its proof; a swap brings the price that was asked."""
    assert (TOK, "0.57") == (
        bodies.swap(TOK, "2", "0.57", buy=True).asset,
        bodies.swap(TOK, "2", "0.57", buy=True).limit_asked,
    )
    assert bodies.wart_transfer(PAYEE, "1").asset is None


@pytest.mark.parametrize(
    ("make", "code", "where"),
    [
        (lambda: bodies.wart_transfer(PAYEE, "1.000000001"), "warthog.amount.too-precise", "--amount"),
        (lambda: bodies.wart_transfer(PAYEE, "-1"), "decimal.form", "--amount"),
        (lambda: bodies.wart_transfer(PAYEE, "1e3"), "decimal.form", "--amount"),
        (
            lambda: bodies.token_transfer(TOK, PAYEE, "1.00001", liquidity=False),
            "warthog.amount.too-precise",
            "--amount",
        ),
        (lambda: bodies.swap(TOK, "1", "1e-3", buy=True), "decimal.form", "--limit"),
        (lambda: bodies.swap(TOK, "1", "0", buy=True), "warthog.price.range", "--limit"),
        (lambda: bodies.deposit(TOK, "1", "x"), "decimal.form", "--wart"),
        (lambda: bodies.create_asset("SIXSIX", 4, "1"), "warthog.asset.name", "--name"),
        (lambda: bodies.create_asset("TOK", 19, "1"), "warthog.decimals", "--decimals"),
        (lambda: bodies.create_asset("TOK", 0, "0"), "warthog.asset.supply", "--supply"),
        (lambda: bodies.create_asset("TOK", 0, str(limits.ASSET_SUPPLY_U64 + 1)), "warthog.asset.supply", "--supply"),
        (lambda: bodies.asset_hash("00" * 31), "warthog.asset.bad-hash", "--asset"),
        (lambda: bodies.asset_hash("AB" * 32), "warthog.asset.bad-hash", "--asset"),
    ],
)
def test_what_is_refused(make: object, code: str, where: str) -> None:
    """Each with the option that was wrong."""
    assert callable(make)
    with pytest.raises(BadInput) as caught:
        make()
    assert code == caught.value.code.name
    assert caught.value.where.startswith(where)


def test_what_leaves_the_sender() -> None:
    """WART, the asset, its shares: each type spends what it says, an order what it locks."""
    spent = [
        bodies.spends(ask.body)
        for ask in (
            bodies.wart_transfer(PAYEE, "1"),
            bodies.token_transfer(TOK, PAYEE, "1", liquidity=False),
            bodies.token_transfer(TOK, PAYEE, "1", liquidity=True),
            bodies.swap(TOK, "1", "1", buy=True),
            bodies.swap(TOK, "1", "1", buy=False),
            bodies.deposit(TOK, "1", "1"),
            bodies.withdraw(TOK, "1"),
            bodies.cancel(32, 7),
            bodies.create_asset("TOK", 4, "1"),
        )
    ]
    wart, units = 100_000_000, 10_000
    expected = [(wart, 0, 0), (0, units, 0), (0, 0, wart), (wart, 0, 0), (0, units, 0), (wart, units, 0), (0, 0, wart)]
    assert [*expected, (0, 0, 0), (0, 0, 0)] == spent
