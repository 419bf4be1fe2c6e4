"""``request settle``: the operator's word on a call whose outcome is unknown."""

import click

from coldtusk_online import settling
from coldtusk_online.cli import call_screen, options
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.output import Shown
from coldtusk_online.host import Host
from coldtusk_online.ledger import requests
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.states import State
from coldtusk_online.submitting import drop_key
from coldtusk_shared.errors import BadInput, Code, Refused

NOT_ONE = Code("settle.not-one", "say which with --payment-id: `request show ID` lists them")
NOT_TYPED = Code("settle.not-confirmed", "look at the payment id in `request show ID`, and type its first six digits")

_DIGITS = 6


@options.command("settle", help="Say what became of the unknown call of the request that begins with ID.")
@click.argument("id_", metavar="ID")
@click.option("--happened", is_flag=True, help="The service shows that it happened.")
@click.option("--not-happened", "not_happened", is_flag=True, help="The service shows that it did not happen.")
@click.option("--why", required=True, help="How you know; it is kept for the auditor.")
@click.option("--payment-id", "digits", default="", metavar="HEX", help="Which call, if the request has several.")
@click.option("--confirm", metavar="DIGITS", help="The payment id's first six digits, instead of being asked for them.")
def command(
    desk: Desk, id_: str, *, happened: bool, not_happened: bool, why: str, digits: str, confirm: str | None
) -> Shown:
    """Nothing is sent. A call that is settled wrongly can be paid twice: hence the digits."""
    if happened is not_happened:
        raise click.UsageError("give either --happened or --not-happened")
    with desk.host() as host:
        with host.ledger.reading() as db:
            stored = requests.by_text(db, id_)
        call = _chosen(stored, digits)
        _confirm(call, confirm, happened=happened)
        with desk.alone():
            settled = settling.settle(host, call.id, happened=happened, why=why)
        drop_key(host, desk.reply_keys(), stored)
        return _shown(host, stored, settled)


def _chosen(stored: Stored, digits: str) -> Call:
    found = [call for call in stored.calls if call.state is State.UNKNOWN and call.id.hex().startswith(digits)]
    if not found:
        raise Refused(settling.NOT_UNKNOWN, "no such call of it has an unknown outcome", where=stored.id.hex())
    if len(found) > 1:
        raise BadInput(NOT_ONE, f"{len(found)} calls of it have an unknown outcome", where="--payment-id")
    return found[0]


def _confirm(call: Call, typed: str | None, *, happened: bool) -> None:
    if typed is None:
        word = "happened" if happened else "did not happen"
        click.echo(f"{call.system} {call.command}, payment {call.id.hex()}: you say that it {word}.", err=True)
        typed = str(click.prompt(f"Type the payment id's first {_DIGITS} digits", err=True))
    if typed.strip().lower() != call.id.hex()[:_DIGITS]:
        raise Refused(NOT_TYPED, "these are not the first six digits of its payment id", where="--confirm")


def _shown(host: Host, stored: Stored, call: Call) -> Shown:
    with host.ledger.reading() as db:
        current = requests.get(db, stored.id)
    item = current.parsed().items[call.place]
    text = f"{call_screen.standing(call)}\n  {call.note}"
    return Shown({"request": stored.id.hex(), "call": call_screen.facts(call, item)}, text)
