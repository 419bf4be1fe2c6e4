"""``coinrpc call`` and ``coinrpc get-balance``: requests for calls with a send time."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from coldtusk_online.cli import calling, options
from coldtusk_online.cli.calling import Building
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.output import Shown
from coldtusk_online.host import Host
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.services.coinrpc import build
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from coldtusk_shared.services.coinrpc.methods import GET_BALANCE
from coldtusk_shared.services.coinrpc.safe_json import Params
from coldtusk_shared.services.coinrpc.values import SYSTEM

_IN: Callable[[Any], Any] = click.option(
    "--in",
    "ahead",
    metavar="TIME",
    default="10m",
    show_default=True,
    help="When it is sent, from now on: 90s, 10m, 1h. Until then it crosses the gap and back, and is held.",
)


@options.command("call", help="Request to call METHOD. The device knows what its operator enrolled of it.")
@calling.building_options
@click.argument("method", metavar="METHOD")
@click.option("--param", "given", metavar="NAME=VALUE", multiple=True, help="A parameter; in the order of the table.")
@_IN
def call(desk: Desk, held: Building, method: str, given: tuple[str, ...], ahead: str) -> Shown:
    """All values are texts, as the service gets them."""
    return _issue(desk, held, method, build.params(given), ahead)


@options.command("get-balance", help="Request that reads: get_balance.")
@calling.building_options
@click.option("--currency", metavar="CODE", help="A currency as the service writes it, such as BTC.")
@_IN
def get_balance(desk: Desk, held: Building, currency: str | None, ahead: str) -> Shown:
    """The one method that is documented."""
    given: Params = () if currency is None else (("currency", currency),)
    return _issue(desk, held, GET_BALANCE.name, given, ahead)


def _issue(desk: Desk, held: Building, method: str, given: Params, ahead: str) -> Shown:
    window, seconds = desk.settings().service(SYSTEM).window, build.ahead(ahead)

    def make(
        host: Host, account: ServiceAccount, ids: Sequence[PaymentId], _not_after: int
    ) -> Sequence[CoinRpcContent]:
        send_at = host.clock() + seconds
        return [build.content(account.account, method, given, send_at, window) for _ in ids]

    return calling.issue(desk, held, SYSTEM, make)
