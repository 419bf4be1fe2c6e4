"""``follow``: watch what was sent until it is confirmed, or gone for good."""

import time
from collections.abc import Callable, Sequence

import click

from coldtusk_online.cli import options
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.output import Json, Shown
from coldtusk_online.ledger import requests
from coldtusk_online.ledger.payments import Payment
from coldtusk_online.ledger.states import State
from coldtusk_online.services.warthog.follow import TIMEOUT, Round, Watch, follow
from coldtusk_shared.errors import Code, ColdtuskError, OutcomeUnknown, Outside, Refused
from coldtusk_shared.services.warthog.network import Network

ENDED = Code("follow.not-mined", "it was not paid: `request show ID` says why; a new request is a new payment")

_INTERVAL = 5.0


@options.command("follow", help="Watch what was sent (of the requests that begin with ID, or all) until it is settled.")
@click.argument("ids", metavar="[ID...]", nargs=-1)
@click.option("--once", is_flag=True, help="Ask once and stop.")
@click.option("--timeout", type=click.FloatRange(0), metavar="SECONDS", help="Stop waiting after so long.")
@click.option("--interval", type=click.FloatRange(0.05, 3600), default=_INTERVAL, show_default=True, help="Seconds.")
def command(desk: Desk, ids: tuple[str, ...], once: bool, timeout: float | None, interval: float) -> Shown:
    """Every change is a line, as it happens."""
    with desk.host() as host:
        with host.ledger.reading() as db:
            chosen = [requests.by_text(db, id_).id for id_ in ids]
        teller = _Teller(quiet=bool(click.get_current_context().params["as_json"]))
        left = follow(host, _watch(desk), chosen, teller.tell, _pause(interval, timeout, once=once))
    error = _error(left, teller, once=once)
    changed: list[Json] = [_facts(payment) for payment in teller.changed.values()]
    waiting: list[Json] = [_facts(payment) for payment in left]
    text = f"{len(left)} still waited for." if left else "Nothing is waited for."
    return Shown({"changed": changed, "waiting": waiting, "down": sorted(teller.down)}, text, error)


class _Teller:
    """Prints what each round brings, and remembers it for the end."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self.changed: dict[bytes, Payment] = {}
        self.down: set[str] = set()
        self.foreign: list[Refused] = []

    def tell(self, found: Round) -> None:
        """One line for each change; a node that goes down or comes back is said once."""
        for payment in found.changed:
            self.changed[payment.id] = payment
            self._say(_line(payment))
        for url, failure in found.down.items():
            if url not in self.down:
                self._say(f"node {url} is down, going on with the others: {failure}")
        for url in self.down - set(found.down):
            self._say(f"node {url} answers again")
        self.down = set(found.down)
        self.foreign = found.foreign or self.foreign

    def _say(self, text: str) -> None:
        if not self._quiet:
            click.echo(text)


def _watch(desk: Desk) -> Watch:
    settings = desk.settings()
    return Watch(
        {network: desk.nodes(network) for network in Network},
        {network: settings.network(network).confirmations for network in Network},
    )


def _pause(interval: float, timeout: float | None, *, once: bool) -> Callable[[], bool]:
    end = None if timeout is None else time.monotonic() + timeout

    def pause() -> bool:
        if once or (end is not None and time.monotonic() + interval > end):
            return False
        time.sleep(interval)
        return True

    return pause


def _error(left: Sequence[Payment], teller: _Teller, *, once: bool) -> ColdtuskError | None:
    if teller.foreign:
        return teller.foreign[0]
    if left and not once:
        unknown = any(payment.state is State.UNKNOWN for payment in left)
        family = OutcomeUnknown if unknown else Outside
        return family(TIMEOUT, f"{len(left)} payments are not settled yet")
    ended = [payment for payment in teller.changed.values() if payment.state is State.EXPIRED]
    if ended:
        return Refused(ENDED, f"{len(ended)} payments expired", where=ended[0].request.hex())
    return None


def _line(payment: Payment) -> str:
    block = "" if payment.height is None else f" in block {payment.height}, {payment.confirmations} confirmations"
    return f"{payment.request.hex()[:12]}  {payment.state.value:<9}  {payment.note}{block}  txid {payment.txid.hex()}"


def _facts(payment: Payment) -> dict[str, Json]:
    return {
        "request": payment.request.hex(),
        "payment_id": payment.id.hex(),
        "state": payment.state.value,
        "txid": payment.txid.hex(),
        "height": payment.height,
        "confirmations": payment.confirmations,
        "note": payment.note,
    }
