"""The commands of CoinPayments that have a note, and the mass withdrawal: each payment's note names it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from coldtusk_online.cli import calling, coinpayments_fields, options
from coldtusk_online.cli.calling import Building
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.options import PATH
from coldtusk_online.cli.output import Shown
from coldtusk_online.services.coinpayments import build, rows_file
from coldtusk_shared.command import Command
from coldtusk_shared.services.coinpayments import mass
from coldtusk_shared.services.coinpayments.payments import MASS_WITHDRAWAL, TRANSFER, WITHDRAWAL
from coldtusk_shared.services.coinpayments.values import SYSTEM

_DEFAULT = {"auto_confirm": False}
"""What is in the request whether it was typed or not: nothing is confirmed unless the operator says so."""


def _paying(command: Command) -> click.Command:
    optional = tuple(replace(one, required=one.required and one.name not in _DEFAULT) for one in command.fields)
    open_ = replace(command, fields=optional)

    def body(desk: Desk, held: Building, **given: str | None) -> Shown:
        fields = {**_DEFAULT, **coinpayments_fields.typed(open_, given)}
        return calling.issue(
            desk, held, SYSTEM, lambda _host, account, ids, _until: [build.payment(account, command, fields, ids[0])]
        )

    body.__click_params__ = coinpayments_fields.parameters(open_)  # type: ignore[attr-defined] # click's own
    name = command.name.replace("_", "-")
    return options.command(name, help=f"Request that MOVES MONEY: {command.name}.")(_built(body))


def _built(body: Callable[..., Shown]) -> Callable[..., Shown]:
    return calling.building_options(body)


_ROW: Callable[[Any], Any] = click.option(
    "--row", "typed", metavar="FIELDS", multiple=True, help='One withdrawal: "amount=0.1 currency=LTC address=...".'
)
_FILE: Callable[[Any], Any] = click.option("--file", type=PATH, help="CSV or TOML with the withdrawals.")


@options.command("create-mass-withdrawal", help="Request that MOVES MONEY: create_mass_withdrawal. Confirmed at once.")
@calling.building_options
@_ROW
@_FILE
def mass_withdrawal(desk: Desk, held: Building, typed: tuple[str, ...], file: Path | None) -> Shown:
    """All rows are in one call, which the service confirms by itself."""
    if bool(typed) is (file is not None):
        raise click.UsageError("give either --row, once or more, or --file")
    rows = mass.typed([rows_file.typed(text) for text in typed] if file is None else rows_file.read(file))
    return calling.issue(
        desk, held, SYSTEM, lambda _host, account, ids, _until: [build.mass_withdrawal(account, rows, ids[0])]
    )


COMMANDS = {
    WITHDRAWAL.name: _paying(WITHDRAWAL),
    TRANSFER.name: _paying(TRANSFER),
    MASS_WITHDRAWAL.name: mass_withdrawal,
}
