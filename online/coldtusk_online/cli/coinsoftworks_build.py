"""``coinsoftworks settings|actions|user|execute``: a call behind the ``authenticate`` that it needs."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from coldtusk_online.cli import calling, options
from coldtusk_online.cli.calling import Building
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.output import Shown
from coldtusk_online.host import Host
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.services.coinsoftworks import build
from coldtusk_shared.command import Command
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services import Content
from coldtusk_shared.services.coinsoftworks import commands
from coldtusk_shared.services.coinsoftworks.content import SYSTEM, CoinsoftworksContent

_WITHOUT = click.option(
    "--without-authenticate",
    is_flag=True,
    help="Do not release the token: another request, submitted by the same command, buys the bearer token.",
)


def _reads(command: Command) -> click.Command:
    def body(desk: Desk, held: Building, without_authenticate: bool) -> Shown:
        return _issue(desk, held, lambda account: build.call(account, command), alone=without_authenticate)

    named = options.command(command.name, help=f"Request that reads: {command.name}.")
    return named(calling.building_options(_WITHOUT(body)))


def _execute(desk: Desk, held: Building, action: str, fields: tuple[str, ...], without_authenticate: bool) -> Shown:
    return _issue(desk, held, lambda account: build.execute(account, action, fields), alone=without_authenticate)


def _issue(desk: Desk, held: Building, make: Callable[[ServiceAccount], CoinsoftworksContent], *, alone: bool) -> Shown:
    def contents(_host: Host, account: ServiceAccount, _ids: Sequence[PaymentId], _until: int) -> Sequence[Content]:
        return build.with_authentication(account, make(account), authenticate=not alone)

    return calling.issue(desk, held, SYSTEM, contents, 1 if alone else 2)


_ACTION: Callable[[Any], Any] = click.argument("action", metavar="ACTION")
_FIELDS: Callable[[Any], Any] = click.option(
    "--field", "fields", metavar="NAME=TEXT", multiple=True, help="A field of the action, as the service gets it."
)

settings = _reads(commands.SETTINGS)
actions = _reads(commands.ACTIONS)
user = _reads(commands.USER)
execute = options.command("execute", help="Request to execute ACTION, which the device's table must have.")(
    calling.building_options(_ACTION(_FIELDS(_WITHOUT(_execute))))
)
