"""``submit``: a device's responses, checked, stored, and what they hold sent to a node or to a payment service."""

from contextlib import suppress
from pathlib import Path

import click

from coldtusk_online import taking
from coldtusk_online.cli import call_screen, light, options, replies, reviewing
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.options import PATH
from coldtusk_online.cli.output import Json, Shown
from coldtusk_online.host import Host
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.states import WAITING
from coldtusk_online.services.warthog import heads
from coldtusk_online.services.warthog.submit import submit
from coldtusk_online.submitting import submit_calls
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import ColdtuskError, OutcomeUnknown, Refused


@options.command("submit", help="Check a device's RESPONSE and send what it signed. The same one again does no harm.")
@click.argument("responses", metavar="[RESPONSE...]", type=PATH, nargs=-1)
@light.SCAN
def command(desk: Desk, responses: tuple[Path, ...], source: str | None) -> Shown:
    """All files are checked and stored before the first payment is sent."""
    if bool(responses) is (source is not None):
        raise click.UsageError("give either RESPONSE... or --scan SOURCE")
    desk.settings()  # before anybody holds a camera
    messages = [light.message(path, source, MessageType.RESPONSE) for path in responses or (None,)]
    with desk.host() as host:
        taken = {stored.id: stored for stored in [taking.take(host, message) for message in messages]}
        results = [_sent(desk, host, stored) for stored in taken.values()]
    failed = [error for _, error in results if error is not None]
    unknown = [error for error in failed if isinstance(error, OutcomeUnknown)]
    requests: list[Json] = [reviewing.facts(stored) for stored, _ in results]
    text = "\n".join(_lines(stored) for stored, _ in results)
    return Shown({"requests": requests}, text, next(iter(unknown or failed), None))


def _sent(desk: Desk, host: Host, stored: Stored) -> tuple[Stored, ColdtuskError | None]:
    if stored.calls:
        return _called(desk, host, stored)
    nodes = desk.nodes(stored.payments[0].network)
    if not nodes:
        return stored, Refused(heads.NO_NODE, "the answer is stored, but no node of its network is known")
    try:
        done = submit(host, nodes, stored)
    except ColdtuskError as error:
        return stored, error
    return done.stored, done.failed


def _called(desk: Desk, host: Host, stored: Stored) -> tuple[Stored, ColdtuskError | None]:
    try:
        sent = submit_calls(host, stored, desk.means(_tell))
    except ColdtuskError as error:
        return stored, error
    return sent.stored, sent.failed


def _tell(text: str) -> None:
    """A line on stderr, if that takes it: what a service answered is recorded whoever listens."""
    with suppress(OSError):
        click.echo(text, err=True)


def _call_lines(stored: Stored) -> str:
    lines = [f"Request {stored.id.hex()}: {stored.state.value}"]
    for call in stored.calls:
        lines += [call_screen.sent(call), *replies.lines(call.reply)]
    next_ = [] if stored.settled else [f"Next: {call_screen.NEXT[stored.state]}."]
    return "\n".join([*lines, *next_])


def _lines(stored: Stored) -> str:
    if stored.calls:
        return _call_lines(stored)
    lines = [f"  {one.state.value:<9}  txid {one.txid.hex()}  {one.note}".rstrip() for one in stored.payments]
    waiting = any(payment.state in WAITING for payment in stored.payments)
    next_ = [f"Next: `coldtusk-online follow {stored.id.hex()[:12]}`."] if waiting else []
    return "\n".join([f"Request {stored.id.hex()}: {stored.state.value}", *lines, *next_])
