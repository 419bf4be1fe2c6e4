"""``request list|show|export|settle``: what was asked, where it stands, what to do next."""

from pathlib import Path

import click
from sqlalchemy import Connection

from coldtusk_online import issuing
from coldtusk_online.cli import call_screen, light, options, replies, request_file, reviewing, settle
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.options import PATH
from coldtusk_online.cli.output import Json, Shown, table, when
from coldtusk_online.host import Host
from coldtusk_online.ledger import accounts, calls, payments, requests, service_accounts
from coldtusk_online.ledger.payments import Event, Payment
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.states import State
from coldtusk_shared.request import PaymentId

_NEXT = {
    State.DRAFT: "`request export` seals and writes it",
    State.ISSUED: "have the device answer it, then `submit`; `request export` writes it again",
    State.ANSWERED: "`submit` the response again: it was not sent yet",
    State.UNKNOWN: "`follow`: it may have been sent; send nothing new. `submit` repeats the same bytes",
    State.SUBMITTED: "`follow`",
    State.SEEN: "`follow`",
    State.CONFIRMED: "nothing: done",
    State.REFUSED: "nothing: the device refused; a new request is a new payment",
    State.REJECTED: "see the note; `submit` repeats the same bytes. It stays valid until its last block",
    State.EXPIRED: "nothing: no node has it; `follow ID` asks again; a new request is a new payment",
}
_SHORT = 12


@click.group("request", help="List, show, export and settle requests.")
def group() -> None:
    """The requests of this host's ledger."""


@options.command("list", help="List the requests, oldest first: those that are not settled, or all of them.")
@click.option("--all", "everything", is_flag=True, help="Settled ones too.")
@click.option("--state", type=click.Choice([state.value for state in State]), help="Those in this state only.")
def list_(desk: Desk, everything: bool, state: str | None) -> Shown:
    """The state is that of the payment which needs most attention."""
    with desk.host() as host, host.ledger.reading() as db:
        found = requests.all_of(db)
        names = {(one.network.value, one.address.raw): one.label for one in accounts.all_of(db)}
        names |= {(one.system, one.account): one.label for one in service_accounts.all_of(db)}
    chosen = [one for one in found if _wanted(one, everything=everything, state=state)]
    rows = [("id", "state", "created", "from", "payments", "next")]
    rows += [_row(one, names) for one in chosen]
    listed: list[Json] = [
        {"id": one.id.hex(), "state": one.state.value, "created": one.created, "payments": len(one.states)}
        for one in chosen
    ]
    empty = "No request" if everything else "No open request; --all lists the settled ones"
    return Shown({"requests": listed}, table(rows) if chosen else f"{empty}.")


@options.command("show", help="Show the request whose id begins with ID: every field, its state and its history.")
@click.argument("id_", metavar="ID")
@light.QR
@light.FPS
def show(desk: Desk, id_: str, live: bool, fps: int) -> Shown:
    """Times are this host's, in UTC."""
    if live:
        _show_codes(desk, id_, fps)
    with desk.host() as host:
        with host.ledger.reading() as db:
            stored = requests.by_text(db, id_)
            history = _history(db, stored)
        lines = [reviewing.review(host, stored), ""]
        facts = reviewing.facts(stored)
    for payment in stored.payments:
        lines += [_standing(payment), *_steps(history[payment.id])]
    for call in stored.calls:
        lines += [call_screen.standing(call), *_steps(history[call.id]), *replies.lines(call.reply)]
    told: dict[str, Json] = {
        id_.hex(): [{"at": one.at, "state": one.state.value, "note": one.note} for one in events]
        for id_, events in history.items()
    }
    return Shown({**facts, "history": told}, "\n".join([*lines, f"Next: {_next(stored)}."]))


@options.command("export", help="Write the request whose id begins with ID again: the identical bytes.")
@click.argument("id_", metavar="ID")
@click.option("--out", type=PATH, help="The file to write (default: REQUESTID.request in this folder).")
def export(desk: Desk, id_: str, out: Path | None) -> Shown:
    """A draft that an interruption left is sealed first, with the nonceIds that it has."""
    with desk.host() as host:
        return _exported(host, id_, out)


def _show_codes(desk: Desk, id_: str, fps: int) -> None:
    """The sealed request on the terminal; as for `export`, a draft is sealed first."""
    light.check_terminal()
    with desk.host() as host:
        with host.ledger.reading() as db:
            stored = requests.by_text(db, id_)
        sealed = issuing.sealed(host, stored).sealed
    if sealed is None:
        raise RuntimeError("only a sealed request is shown")
    light.show(sealed, f"request {stored.id.hex()[:_SHORT]}", fps)


def _exported(host: Host, id_: str, out: Path | None) -> Shown:
    with host.ledger.reading() as db:
        stored = requests.by_text(db, id_)
    stored = issuing.sealed(host, stored)
    return reviewing.issued(host, stored, request_file.write(stored, out))


def _history(db: Connection, stored: Stored) -> dict[PaymentId, list[Event]]:
    paid = {payment.id: payments.history(db, payment.id) for payment in stored.payments}
    return paid | {call.id: calls.history(db, call.id) for call in stored.calls}


def _steps(events: list[Event]) -> list[str]:
    return [f"  {when(one.at)}  {one.state.value:<9}  {one.note}".rstrip() for one in events]


def _wanted(stored: Stored, *, everything: bool, state: str | None) -> bool:
    if state is not None:
        return stored.state.value == state
    return everything or not stored.settled


def _row(stored: Stored, names: dict[tuple[str, bytes], str]) -> tuple[str, str, str, str, str, str]:
    scope, account = _sender(stored)
    sender = names.get((scope, account), account.hex()[:8])
    asked = stored.parsed()
    kinds = sorted({item.content.kind.partition("/")[2] for item in asked.items})
    counted = f"{len(asked.items)} {', '.join(kinds)}"
    return stored.id.hex()[:_SHORT], stored.state.value, when(stored.created), sender, counted, _next(stored)


def _sender(stored: Stored) -> tuple[str, bytes]:
    if stored.calls:
        return stored.calls[0].system, stored.calls[0].account
    return stored.payments[0].network.value, stored.payments[0].account


def _next(stored: Stored) -> str:
    return call_screen.NEXT[stored.state] if stored.calls else _NEXT[stored.state]


def _standing(payment: Payment) -> str:
    mined = "" if payment.height is None else f", block {payment.height}"
    count = "" if payment.confirmations is None else f", {payment.confirmations} confirmations"
    return f"Payment {payment.id.hex()}: {payment.state.value}{mined}{count}, txid {payment.txid.hex()}"


for _command in (list_, show, export, settle.command):
    group.add_command(_command)
