"""What the commands that build calls of payment services have in common: options, and the flow to a sealed request.

A service's table of commands gives click commands of itself: an option for each field, with the field's own rules.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from coldtusk_online import issuing, issuing_calls
from coldtusk_online.cli import building, light, options, request_file, reviewing
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.options import PATH
from coldtusk_online.cli.output import Shown
from coldtusk_online.host import Host
from coldtusk_online.issuing_calls import CallOrder
from coldtusk_online.ledger import service_accounts
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_shared import command as commands
from coldtusk_shared import limits
from coldtusk_shared.command import Command, Field, Fields
from coldtusk_shared.request import PaymentId
from coldtusk_shared.risk import Risk
from coldtusk_shared.services import Content

_VALID_MINUTES = 24 * 60
_RISKS = {
    Risk.READS: "Request that reads",
    Risk.CHANGES: "Request that changes something",
    Risk.MOVES_MONEY: "Request that MOVES MONEY",
    Risk.RELEASES_SECRET: "Request that releases a secret",
}


@dataclass(frozen=True, slots=True)
class Building:
    """The options that every building command of a service has. *valid* is in minutes."""

    label: str | None
    purpose: str
    out: Path | None
    live: bool
    fps: int
    again: bool
    payment_ids: tuple[str, ...]
    valid: int


Make = Callable[[Host, ServiceAccount, Sequence[PaymentId], int], Sequence[Content]]
"""Makes the contents, one for each payment id; the number is the request's not-after, in Unix seconds."""
MakeOne = Callable[[ServiceAccount, Fields], Content]
"""Makes the content of a command of a table from its typed fields."""


def building_options(body: Callable[..., Shown]) -> Callable[..., Shown]:
    """Give *body* (desk, building, its own options by name) the options that all have; under ``options.command``."""

    def run(desk: Desk, **given: Any) -> Shown:
        held = Building(**{name: given.pop(name) for name in Building.__slots__})
        return body(desk, held, **given)

    light.QR(light.FPS(run))  # it collects its parameters on the function
    parameters: list[click.Parameter] = run.__click_params__  # type: ignore[attr-defined] # click's own
    parameters += [*_common(), *getattr(body, "__click_params__", [])]
    return run


def from_table(system: str, command: Command, make: MakeOne) -> click.Command:
    """The click command of a table's *command*: ``--field-name VALUE`` for each field, parsed by the field's form.

    A field whose name is that of an option that all have is ``--field-NAME``.
    """

    def body(desk: Desk, held: Building, **given: str | None) -> Shown:
        pairs = [(field.name, text) for field in command.fields if (text := given[_parameter(field)]) is not None]
        typed = commands.typed(command, pairs, "--")
        return issue(desk, held, system, lambda _host, account, _ids, _until: [make(account, typed)])

    body.__click_params__ = [_option(command, field) for field in reversed(command.fields)]  # type: ignore[attr-defined] # click's
    name = command.name.replace("_", "-")
    return options.command(name, help=f"{_RISKS[command.risk]}: {command.name}.")(building_options(body))


def issue(desk: Desk, held: Building, system: str, make: Make, items: int = 1) -> Shown:
    """From options to a sealed request of *items* calls, in the ledger and in a file or on the screen."""
    request_file.check_out(held.out)
    if held.live:
        light.check_terminal()
    if held.payment_ids and len(held.payment_ids) != items:
        raise click.UsageError(f"give --payment-id {items} times or not at all")
    with desk.host() as host:
        stored = _stored(desk, host, held, system, make, items)
        return _handed_out(host, stored, held)


def _stored(desk: Desk, host: Host, held: Building, system: str, make: Make, items: int) -> Stored:
    with host.ledger.reading() as db:
        account = service_accounts.find(db, system, held.label)
    ids = tuple(map(building.payment_id, held.payment_ids)) or tuple(issuing.new_id(host) for _ in range(items))
    not_after = host.clock() + 60 * held.valid
    contents = tuple(make(host, account, ids, not_after))
    order = CallOrder(account, contents, ids, held.purpose, not_after, held.again)
    keys = desk.reply_keys()
    known = issuing_calls.resume(host, keys, order)
    if known is None:
        return issuing_calls.issue(host, keys, order)
    building.check_purpose(known, held.purpose)
    return known


def _handed_out(host: Host, stored: Stored, held: Building) -> Shown:
    if not held.live:
        return reviewing.issued(host, stored, request_file.write(stored, held.out))
    out = None if held.out is None else request_file.write(stored, held.out)
    if stored.sealed is None:
        raise RuntimeError("only a sealed request is shown")
    light.show(stored.sealed, f"request {stored.id.hex()[:12]}", held.fps)
    return reviewing.issued(host, stored, out)


def _option(command: Command, field: Field) -> click.Option:
    grouped = any(field.name in group for group in command.one_of)
    need = " Required." if field.required else " One of its group is required." if grouped else ""
    hint = field.form.hint if "://" in field.form.hint else field.form.hint[:1].upper() + field.form.hint[1:]
    return click.Option([_flag(field), _parameter(field)], metavar="VALUE", help=f"{hint}.{need}")


def _flag(field: Field) -> str:
    name = field.name.replace("_", "-")
    return f"--field-{name}" if name in _TAKEN else f"--{name}"


def _parameter(field: Field) -> str:
    return f"field_{field.key}"


def _common() -> list[click.Parameter]:
    """In reverse, as click's decorators collect them."""
    return [
        click.Option(["--again"], is_flag=True, help="A second call like one that is under way is meant."),
        click.Option(
            ["--payment-id", "payment_ids"], metavar="HEX", multiple=True, help="An intent that was begun: go on."
        ),
        click.Option(
            ["--valid"],
            type=click.IntRange(1, limits.REQUEST_VALID_MINUTES),
            metavar="MINUTES",
            default=_VALID_MINUTES,
            show_default=True,
            help="How long the device may sign it and this host may send it.",
        ),
        click.Option(["--out"], type=PATH, help="The file to write (default: REQUESTID.request in this folder)."),
        click.Option(["--purpose"], default="", help="What it is for; the device's operator reads it."),
        click.Option(["--from", "label"], metavar="LABEL", help="The account, if the service has several here."),
    ]


_TAKEN = frozenset(
    {"from", "purpose", "out", "qr", "fps", "again", "payment-id", "valid", "json", "config", "data", "help"}
)
