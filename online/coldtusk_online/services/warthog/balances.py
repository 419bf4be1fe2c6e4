"""Whether the sender can pay: asked before anybody signs.

A node takes a payment that is only partly covered into its mempool and never mines it (facts: Node behaviour).
Of several nodes the one that leaves the least free counts.
"""

from collections.abc import Iterable, Sequence

from coldtusk_online.services.warthog import heads
from coldtusk_online.services.warthog.bodies import Ask, ProvedAsset, spends
from coldtusk_online.services.warthog.node import Node
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import LIQUIDITY_DECIMALS, format_units, format_wart

UNKNOWN_SENDER = Code("warthog.sender-unknown", "the chain does not know the account yet: send WART to it first")
TOO_LITTLE_WART = Code("warthog.too-little-wart", "send less, or fund the account; the fee counts too")
TOO_FEW_UNITS = Code("warthog.too-little-asset", "send less, or fund the account with the asset")
TOO_FEW_SHARES = Code("warthog.too-few-shares", "redeem or send less: so many shares are not free")


def check(nodes: Sequence[Node], sender: Address, asks: Sequence[Ask], fee_e8: int) -> None:
    """Refuse unless *sender* is on the chain and has what all *asks* spend, each with *fee_e8*.

    :raises Refused: ``warthog.sender-unknown``, ``warthog.too-little-wart``, ``warthog.too-little-asset``,
        ``warthog.too-few-shares``.
    """
    for node in nodes:
        if node.account_id(sender) is None:
            raise Refused(UNKNOWN_SENDER, f"{node.url} does not know {sender.text}", where="--from")
    _check_wart(nodes, sender, sum(spends(ask.body)[0] for ask in asks) + fee_e8 * len(asks))
    for asset in _assets(asks):
        own = [spends(ask.body) for ask in asks if ask.asset == asset]
        _check_token(nodes, sender, asset, sum(units for _, units, _ in own), liquidity=False)
        _check_token(nodes, sender, asset, sum(shares for _, _, shares in own), liquidity=True)


def _check_wart(nodes: Sequence[Node], sender: Address, needed: int) -> None:
    free = heads.wart_balance(nodes, sender).free
    if free < needed:
        what = f"{format_wart(needed)} WART with the fee, {format_wart(free)} are free"
        raise Refused(TOO_LITTLE_WART, what, where="--amount")


def _check_token(nodes: Sequence[Node], sender: Address, asset: ProvedAsset, needed: int, *, liquidity: bool) -> None:
    if not needed:
        return
    free = heads.token_balance(nodes, sender, asset.facts.hash, liquidity).free
    if free >= needed:
        return
    decimals = LIQUIDITY_DECIMALS if liquidity else asset.facts.decimals
    name = f"liquidity shares of {asset.facts.name}" if liquidity else asset.facts.name
    what = f"{format_units(needed, decimals)} {name}, {format_units(free, decimals)} are free"
    raise Refused(TOO_FEW_SHARES if liquidity else TOO_FEW_UNITS, what, where="--amount")


def _assets(asks: Iterable[Ask]) -> list[ProvedAsset]:
    return list(dict.fromkeys(ask.asset for ask in asks if ask.asset is not None))
