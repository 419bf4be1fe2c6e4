"""The lines of the review, from the field tables: every field that reaches the signed bytes.

Units are those a person uses. What is proved says so, what is the host's word says so.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from coldtusk_shared.screen import Line, grouped, line
from coldtusk_shared.services.warthog import rules
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import (
    LIQUIDITY_DECIMALS,
    WART_DECIMALS,
    format_units,
    format_wart,
    parse_wart,
)
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.layout import Unit
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.price import LimitPrice
from coldtusk_shared.services.warthog.transaction import LimitSwap, LiquidityDeposit, TokenTransfer, WartTransfer

NETWORK_NAMES = {Network.MAIN: "Warthog MAIN network", Network.DEFI: "Warthog DEFI test network"}
_BLOCKS_AN_HOUR = 180  # a block each 20 s
_BLOCKS_A_MINUTE = 3


def describe(content: WarthogContent, names: Mapping[bytes, str]) -> list[Line]:
    """All lines of one item; *names* are labels that this half trusts, by the 20 bytes of an address."""
    transaction, layout = content.transaction, content.layout
    lines = [
        line("Do", f"{layout.title} ({layout.name})"),
        line("Network", NETWORK_NAMES[transaction.network]),
        line("From", *_address(content.sender, names)),
    ]
    for field, value in zip(layout.fields, layout.values(transaction.body), strict=True):
        lines.append(line(field.label, *_SHOW[field.unit](value, content, names)))
    lines.append(line("Fee", *_fee(content)))
    spent = wart_spent(content)
    if spent:
        lines.append(line("Total", f"{format_wart(spent + transaction.fee_e8)} WART with the fee"))
    lines.append(line("Pin", *_pin(content)))
    lines.append(line("Nonce", str(transaction.nonce_id)))
    lines.append(line("Txid", content.txid.hex()))
    return lines


def wart_spent(content: WarthogContent) -> int:
    """WART-E8 that leave the sender beside the fee; 0 where the type moves none."""
    match content.transaction.body:
        case WartTransfer(wart_e8=wart_e8) | LiquidityDeposit(wart_e8=wart_e8):
            return wart_e8
        case LimitSwap(is_buy=True, amount_u64=amount):
            return amount
        case _:
            return 0


def fee_share(content: WarthogContent) -> int | None:
    """The fee in hundredths of a percent of the WART that is moved, rounded up; None where none is."""
    spent = wart_spent(content)
    return -(-content.transaction.fee_e8 * 10_000 // spent) if spent else None


def blocks_left(content: WarthogContent) -> int | None:
    """Blocks that can still include it, by the host's word of the chain's length; None without it."""
    length = content.proof.chain_length
    return None if length is None else rules.last_block(content.transaction.pin_height) - length


def _address(address: Address, names: Mapping[bytes, str]) -> tuple[str, ...]:
    name = names.get(address.raw)
    return (address.grouped,) if name is None else (address.grouped, f'own account "{name}"')


def _recipient(value: Any, _content: WarthogContent, names: Mapping[bytes, str]) -> tuple[str, ...]:
    return _address(value, names)


def _wart(value: Any, _content: WarthogContent, _names: Mapping[bytes, str]) -> tuple[str, ...]:
    return (f"{format_wart(value)} WART",)


def _units(value: Any, content: WarthogContent, names: Mapping[bytes, str]) -> tuple[str, ...]:
    body, asset = content.transaction.body, content.proof.asset
    if isinstance(body, TokenTransfer) and body.is_liquidity:
        return _shares(value, content, names)
    if asset is None:
        return (
            f"{value} smallest units of the asset",
            "its decimals are not proved: the amount in whole units is unknown",
        )
    return (f'{format_units(value, asset.decimals)} of asset "{asset.name}"',)


def _shares(value: Any, content: WarthogContent, _names: Mapping[bytes, str]) -> tuple[str, ...]:
    asset = content.proof.asset
    pool = f'the pool of "{asset.name}"' if asset else "the asset's pool"
    return (f"{format_units(value, LIQUIDITY_DECIMALS)} liquidity shares of {pool}",)


def _spent(value: Any, content: WarthogContent, names: Mapping[bytes, str]) -> tuple[str, ...]:
    body = content.transaction.body
    buying = isinstance(body, LimitSwap) and body.is_buy
    return _wart(value, content, names) if buying else _units(value, content, names)


def _asset(value: Any, content: WarthogContent, _names: Mapping[bytes, str]) -> tuple[str, ...]:
    asset = content.proof.asset
    if asset is None:
        return (*grouped(value), "NOT PROVED: name, decimals and supply are unknown")
    supply = format_units(asset.supply, asset.decimals)
    facts = f'proved: named "{asset.name}", {asset.decimals} decimals, supply {supply}'
    return (*grouped(value), facts, "not proved: who made it; anyone can use the name")


def _liquidity(value: Any, _content: WarthogContent, _names: Mapping[bytes, str]) -> tuple[str, ...]:
    return ("LIQUIDITY SHARES of the asset's pool",) if value else ("the asset itself",)


def _side(value: Any, _content: WarthogContent, _names: Mapping[bytes, str]) -> tuple[str, ...]:
    return ("BUY the asset, spend WART",) if value else ("SELL the asset, receive WART",)


def _price(value: Any, content: WarthogContent, _names: Mapping[bytes, str]) -> tuple[str, ...]:
    body, proof = content.transaction.body, content.proof
    buying = isinstance(body, LimitSwap) and body.is_buy
    bound = "at most" if buying else "at least"
    raw = f"limit bytes {value.to_bytes().hex()}"
    if proof.asset is None:
        shown = value.display(WART_DECIMALS)  # at 8 decimals a price in WART a unit is one in E8 a smallest unit
        claim = () if proof.limit_asked is None else (f"{_asked(proof.limit_asked)} for a whole unit: not checked",)
        return (f"{bound} {shown} WART-E8 for a smallest unit", *claim, raw)
    name, decimals = proof.asset.name, proof.asset.decimals
    price = f'{bound} {value.display(decimals)} WART for one "{name}"'
    return (price, *_price_rounding(value, content, buying), raw)


def _price_rounding(value: LimitPrice, content: WarthogContent, buying: bool) -> tuple[str, ...]:
    proof = content.proof
    if proof.limit_asked is None or proof.asset is None:
        return ()
    if value.per_unit(proof.asset.decimals) == Fraction(proof.limit_asked):
        return (f"{_asked(proof.limit_asked)}: exact",)
    return (f"{_asked(proof.limit_asked)}: rounded {'down' if buying else 'up'} to 3 bytes",)


def _height(value: Any, _content: WarthogContent, _names: Mapping[bytes, str]) -> tuple[str, ...]:
    return (f"block {value}",)


def _plain(value: Any, _content: WarthogContent, _names: Mapping[bytes, str]) -> tuple[str, ...]:
    return (str(value),)


def _supply(value: Any, content: WarthogContent, _names: Mapping[bytes, str]) -> tuple[str, ...]:
    decimals = getattr(content.transaction.body, "decimals")  # noqa: B009 - only a creation has a supply
    return (format_units(value, decimals), f"{value} smallest units")


def _fee(content: WarthogContent) -> tuple[str, ...]:
    fee_e8, hundredths = content.transaction.fee_e8, fee_share(content)
    share = "" if hundredths is None else f", {share_text(hundredths)} of the amount"
    asked = content.proof.fee_asked
    if asked is None:
        return (f"{format_wart(fee_e8)} WART{share}", "the host chose it: it names no fee that was asked for")
    added = fee_e8 - parse_wart(asked)
    how = f"rounded up by {format_wart(added)} WART" if added else "exact"
    return (f"{format_wart(fee_e8)} WART{share}", f"{_asked(asked)}: {how}")


def _asked(text: str) -> str:
    """What was asked for is known by the host's word alone."""
    return f"the host says {text} WART was asked"


def share_text(hundredths: int) -> str:
    """Hundredths of a percent as text."""
    return f"{hundredths // 100}.{hundredths % 100:02d} %"


def _pin(content: WarthogContent) -> tuple[str, ...]:
    transaction = content.transaction
    return _pin_texts(transaction.pin_height, transaction.pin_hash, content.proof.chain_length)


@lru_cache(maxsize=16)  # the payments of a request nearly always share a pin
def _pin_texts(pin_height: int, pin_hash: bytes, chain_length: int | None) -> tuple[str, ...]:
    last = rules.last_block(pin_height)
    texts = (f"block {pin_height}, can be mined up to block {last}", *grouped(pin_hash))
    if chain_length is None:
        return (*texts, "time left unknown: the host did not say the chain's length")
    left = last - chain_length
    hours, minutes = left // _BLOCKS_AN_HOUR, left % _BLOCKS_AN_HOUR // _BLOCKS_A_MINUTE
    claim = f"the host says that the chain has {chain_length} blocks;"
    return (*texts, claim, f"by that, blocks left: {left}, about {hours} h {minutes:02d} min")


_SHOW: dict[Unit, Callable[[Any, WarthogContent, Mapping[bytes, str]], tuple[str, ...]]] = {
    Unit.ADDRESS: _recipient,
    Unit.WART: _wart,
    Unit.ASSET: _units,
    Unit.SHARES: _shares,
    Unit.SPENT: _spent,
    Unit.ASSET_HASH: _asset,
    Unit.LIQUIDITY: _liquidity,
    Unit.SIDE: _side,
    Unit.PRICE: _price,
    Unit.HEIGHT: _height,
    Unit.NONCE: _plain,
    Unit.SUPPLY: _supply,
    Unit.DECIMALS: _plain,
    Unit.NAME: _plain,
}
