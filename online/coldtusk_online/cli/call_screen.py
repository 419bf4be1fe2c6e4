"""Calls of payment services on a screen and for --json."""

from collections.abc import Sequence

from coldtusk_online import services
from coldtusk_online.cli import replies
from coldtusk_online.cli.output import Json
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.service_accounts import ServiceAccount, shown
from coldtusk_online.ledger.states import State
from coldtusk_shared.request import Item
from coldtusk_shared.screen import COLUMNS, Line, line, render

NEXT = {
    State.DRAFT: "`request export` seals and writes it",
    State.ISSUED: "have the device answer it, then `submit`; `request export` writes it again",
    State.ANSWERED: "`submit` the response again: it was not sent yet",
    State.UNKNOWN: "it may have happened: send nothing new. `submit` the response again, or `request settle`",
    State.CONFIRMED: "nothing: done",
    State.REFUSED: "nothing: the device refused; a new request is a new call",
    State.REJECTED: "nothing: the service said no, see the note",
    State.EXPIRED: "nothing: it was not carried out; a new request is a new call",
}


def review(item: Item, call: Call, known: Sequence[ServiceAccount]) -> str:
    """Every field of *item*, as the device will show it; names are this host's labels."""
    lines = [line("Payment", call.id.hex()), *_label(call, known), *services.lines(item)]
    return f"{'-' * COLUMNS}\n{render(lines)}"


def facts(call: Call, item: Item) -> dict[str, Json]:
    """One call for --json; *fields* are the lines of the screen."""
    fields: dict[str, Json] = {label: " ".join(texts) for label, texts in services.lines(item)}
    return {
        "payment_id": call.id.hex(),
        "kind": item.content.kind,
        "risk": item.content.risk.value,
        "account": shown(call.account),
        "state": call.state.value,
        "number": call.number,
        "reference": call.reference,
        "note": call.note,
        "fields": fields,
        "reply": replies.data(call.reply),
    }


def sent(call: Call) -> str:
    """One line after a submission."""
    reference = f"  {call.reference}" if call.reference else ""
    return f"  {call.state.value:<9}  {call.system} {call.command}{reference}  {call.note}".rstrip()


def standing(call: Call) -> str:
    """Where *call* stands, in one line."""
    number = "" if call.number is None else f", number {call.number}"
    reference = f", the service calls it {call.reference}" if call.reference else ""
    return f"Call {call.id.hex()}: {call.state.value}{number}{reference}"


def _label(call: Call, known: Sequence[ServiceAccount]) -> list[Line]:
    """What this host calls the account."""
    names = [one.label for one in known if (one.system, one.account) == (call.system, call.account)]
    return [line("From", f'"{names[0]}" in the accounts of this host')] if names else []
