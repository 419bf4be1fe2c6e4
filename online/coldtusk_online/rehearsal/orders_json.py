"""Open orders and the market of an asset (defi; recorded shapes). Nothing is matched here."""

from collections.abc import Callable, Mapping

from coldtusk_online.rehearsal import forms
from coldtusk_online.rehearsal.forms import Json
from coldtusk_online.rehearsal.node import RehearsalNode
from coldtusk_online.rehearsal.numbers import read_hex
from coldtusk_online.rehearsal.reasons import Reason, Rejection
from coldtusk_online.rehearsal.state import Asset, Order
from coldtusk_online.rehearsal.targets import account_of
from coldtusk_online.rehearsal.transaction_json import open_order
from coldtusk_online.rehearsal.transactions import LimitSwap


def _open_orders(node: RehearsalNode, path: Mapping[str, str]) -> Json:
    mine = _orders_of(node, path)
    assets = {order.asset.hash: order.asset for order in mine}
    return [_sides(asset, mine) for asset in assets.values()]


def _open_orders_of_asset(node: RehearsalNode, path: Mapping[str, str]) -> Json:
    return _sides(_asset(node, path), _orders_of(node, path))


def _market(node: RehearsalNode, path: Mapping[str, str]) -> Json:
    asset = _asset(node, path)
    pool = node.state.pool(asset)
    liquidity: dict[str, Json] = {
        "asset": forms.units(pool.base, asset.decimals),
        "wart": forms.wart(pool.quote),
        "shares": forms.shares(pool.shares),
    }
    nothing = forms.units(0, asset.decimals)
    match: dict[str, Json] = {
        "filled": {"base": nothing, "quote": forms.wart(0)},
        "toPool": {"isQuote": False, "amount": nothing},
    }
    orders = sorted(node.state.orders.values(), key=lambda order: (order.limit.exponent, order.limit.mantissa))
    return {**_sides(asset, orders), "liquidityPool": liquidity, "match": match}


def _orders_of(node: RehearsalNode, path: Mapping[str, str]) -> list[Order]:
    account = account_of(node.state, path["account"])
    if account is None:
        raise Rejection(Reason.UNKNOWN_ADDRESS)
    return [order for order in node.state.orders.values() if order.txid.account == account]


def _asset(node: RehearsalNode, path: Mapping[str, str]) -> Asset:
    return node.state.asset(read_hex(path["asset"], 32, Reason.BAD_ARGUMENTS))


def _sides(asset: Asset, orders: list[Order]) -> dict[str, Json]:
    return {
        "baseAsset": forms.short_asset(asset),
        "wartToAssetSwaps": _side(asset, orders, buy=True),
        "assetToWartSwaps": _side(asset, orders, buy=False),
    }


def _side(asset: Asset, orders: list[Order], *, buy: bool) -> list[Json]:
    return [_shown(order) for order in orders if order.asset == asset and order.buy == buy]


def _shown(order: Order) -> Json:
    swap = LimitSwap(order.asset.hash, order.buy, order.units, order.limit)
    return open_order(order.tx_hash, swap, order.asset, waiting=False)


ROUTES: dict[str, Callable[[RehearsalNode, Mapping[str, str]], Json]] = {
    "/account/:account/open_orders": _open_orders,
    "/account/:account/open_orders/:asset": _open_orders_of_asset,
    "/dex/market/:asset": _market,
}
