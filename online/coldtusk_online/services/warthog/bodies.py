"""From what an operator types to a typed transaction body: exact, or refused with the option's name.

Amounts of an asset are read with its proved decimals, never with what a node says of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from coldtusk_online.services.warthog import proof
from coldtusk_online.services.warthog.node import Node
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.services.warthog import asset as assets
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import (
    LIQUIDITY_DECIMALS,
    AssetUnits,
    WartE8,
    check_decimals,
    parse_units,
    parse_wart,
)
from coldtusk_shared.services.warthog.asset import AssetFacts, AssetHash, check_name, check_supply
from coldtusk_shared.services.warthog.price import limit_for, parse_price_text
from coldtusk_shared.services.warthog.transaction import (
    AssetCreation,
    Body,
    Cancelation,
    LimitSwap,
    LiquidityDeposit,
    LiquidityWithdrawal,
    TokenTransfer,
    WartTransfer,
)
from coldtusk_shared.text import quoted

ASSET_HASH = Code(
    "warthog.asset.bad-hash", "give the asset's 64 lower-case hex digits, as `warthog asset NAME` shows them"
)

_HASH_DIGITS = 64
_HEX = frozenset("0123456789abcdef")
_NONE = "0"


@dataclass(frozen=True, slots=True)
class ProvedAsset:
    """An asset's facts with the 65 bytes that prove them."""

    facts: AssetFacts
    preimage: bytes


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for: a body, and the evidence that goes with it."""

    body: Body
    asset: ProvedAsset | None = None
    limit_asked: str | None = None
    outbid_e8: int = 0
    """The fee must be above this one, to be mined before what it cancels."""


def asset_hash(text: str, where: str = "--asset") -> AssetHash:
    """The asset's hash that *text* writes.

    :raises BadInput: ``warthog.asset.bad-hash``.
    """
    if len(text) != _HASH_DIGITS or not _HEX.issuperset(text):
        raise BadInput(ASSET_HASH, f"{quoted(text)} is not the hash of an asset", where=where)
    return AssetHash(bytes.fromhex(text))


def proved_asset(nodes: Sequence[Node], text: str) -> ProvedAsset:
    """The asset whose hash *text* writes, proved by bytes that one of *nodes* helped to find."""
    wanted = asset_hash(text)
    preimage = proof.asset_preimage(nodes, wanted)
    return ProvedAsset(assets.prove(preimage, wanted), preimage)


def wart_transfer(to: Address, amount: str) -> Ask:
    """Send WART."""
    return Ask(WartTransfer(to, parse_wart(amount, "--amount")))


def token_transfer(asset: ProvedAsset, to: Address, amount: str, *, liquidity: bool) -> Ask:
    """Send an asset, or the liquidity shares of its pool (8 decimals)."""
    decimals = LIQUIDITY_DECIMALS if liquidity else asset.facts.decimals
    return Ask(TokenTransfer(asset.facts.hash, liquidity, to, parse_units(amount, decimals, "--amount")), asset)


def swap(asset: ProvedAsset, amount: str, limit: str, *, buy: bool) -> Ask:
    """Place a limit order: *amount* is what is spent, WART to buy, the asset to sell; *limit* is WART a whole unit."""
    spent = parse_wart(amount, "--amount") if buy else parse_units(amount, asset.facts.decimals, "--amount")
    try:
        price = limit_for(buy, parse_price_text(limit), asset.facts.decimals)
    except BadInput as error:
        raise error.at("--limit") from None
    return Ask(LimitSwap(asset.facts.hash, buy, spent, price), asset, limit)


def deposit(asset: ProvedAsset, amount: str | None, wart: str | None) -> Ask:
    """Deposit into the pool; one of the two may be left out, the shared rules refuse none."""
    units = parse_units(amount or _NONE, asset.facts.decimals, "--amount")
    return Ask(LiquidityDeposit(asset.facts.hash, units, parse_wart(wart or _NONE, "--wart")), asset)


def withdraw(asset: ProvedAsset, amount: str) -> Ask:
    """Redeem liquidity shares (8 decimals)."""
    return Ask(LiquidityWithdrawal(asset.facts.hash, parse_units(amount, LIQUIDITY_DECIMALS, "--amount")), asset)


def cancel(pin_height: int, nonce_id: int, *, outbid_e8: int = 0) -> Ask:
    """Cancel what has this pin height and nonce; if that still waits to be mined, with a fee above its own."""
    return Ask(Cancelation(pin_height, nonce_id), outbid_e8=outbid_e8)


def create_asset(name: str, decimals: int, supply: str) -> Ask:
    """Create an asset; *supply* is in whole units."""
    places = check_decimals(decimals, "--decimals")
    units = check_supply(parse_units(supply, places, "--supply"), "--supply")
    return Ask(AssetCreation(units, places, check_name(name, "--name")))


def spends(body: Body) -> tuple[WartE8, AssetUnits, AssetUnits]:
    """What leaves the sender beside the fee: WART-E8, units of the body's asset, liquidity shares of its pool."""
    wart, units, shares = 0, 0, 0
    match body:
        case WartTransfer(wart_e8=wart) | LimitSwap(is_buy=True, amount_u64=wart):
            pass
        case TokenTransfer(is_liquidity=True, amount_u64=shares) | LiquidityWithdrawal(amount_e8=shares):
            pass
        case TokenTransfer(amount_u64=units) | LimitSwap(amount_u64=units):
            pass
        case LiquidityDeposit(amount_u64=units, wart_e8=wart):
            pass
    return WartE8(wart), AssetUnits(units), AssetUnits(shares)
