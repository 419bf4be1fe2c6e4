"""What all payments of one request come to: how many of each type, and what leaves the accounts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from coldtusk_shared.screen import Line, line
from coldtusk_shared.services.warthog import describe
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.amount import LIQUIDITY_DECIMALS, format_units, format_wart
from coldtusk_shared.services.warthog.content import WarthogContent


@dataclass(frozen=True, slots=True)
class _Token:
    """An asset or its shares; *decimals* is None where they are not proved."""

    asset_hash: bytes
    name: str
    decimals: int | None

    def text(self, units: int) -> str:
        """*units* of it as people say it."""
        return f"{units if self.decimals is None else format_units(units, self.decimals)} {self.name}"


def lines(contents: Sequence[WarthogContent]) -> list[Line]:
    """The types, the WART with the fees, and each asset and its shares, by hash."""
    kinds = Counter(content.layout.name for content in contents)
    wart = sum(describe.wart_spent(content) for content in contents)
    fees = sum(content.transaction.fee_e8 for content in contents)
    tokens: Counter[_Token] = Counter()
    for content in contents:
        _count_token(content, tokens)
    return [
        line("All items", *(f"{count} x {name}" for name, count in kinds.items())),
        line("All WART", f"{format_wart(wart)} WART, and {format_wart(fees)} WART of fees"),
        *(line("All tokens", token.text(units), token.asset_hash.hex()) for token, units in tokens.items()),
    ]


def _count_token(content: WarthogContent, tokens: Counter[_Token]) -> None:
    match content.transaction.body:
        case tx.TokenTransfer(asset_hash, is_liquidity, amount_u64=units):
            tokens[_shares(asset_hash) if is_liquidity else _asset(asset_hash, content)] += units
        case tx.LimitSwap(asset_hash, is_buy=False, amount_u64=units) | tx.LiquidityDeposit(asset_hash, units):
            tokens[_asset(asset_hash, content)] += units
        case tx.LiquidityWithdrawal(asset_hash, units):
            tokens[_shares(asset_hash)] += units
        case _:
            pass


def _asset(asset_hash: bytes, content: WarthogContent) -> _Token:
    asset = content.proof.asset
    if asset is None:
        return _Token(asset_hash, "smallest units of the asset", None)
    return _Token(asset_hash, f'of asset "{asset.name}"', asset.decimals)


def _shares(asset_hash: bytes) -> _Token:
    return _Token(asset_hash, "liquidity shares of the asset's pool", LIQUIDITY_DECIMALS)
