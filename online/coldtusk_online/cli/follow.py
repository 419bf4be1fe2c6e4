"""``follow``: watch what was sent until it is confirmed, or gone for good."""

import time
from collections.abc import Callable, Sequence

import click

from coldtusk_online.cli import follow_calls, options
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.output import Json, Shown, say
from coldtusk_online.host import Host
from coldtusk_online.ledger import payments, requests
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.payments import Payment
from coldtusk_online.ledger.states import FINAL, WAITING, State
from coldtusk_online.services.warthog import heads
from coldtusk_online.services.warthog.follow import TIMEOUT, Round, Watch, follow, watched
from coldtusk_shared.errors import Code, ColdtuskError, OutcomeUnknown, Outside, Refused
from coldtusk_shared.request import RequestId
from coldtusk_shared.services.warthog.network import Network

ENDED = Code(
    "follow.not-mined",
    "`request show ID` says why. If it was signed, look at an explorer of your own choice before you pay anew",
)
NOT_SENT = Code("follow.not-sent", "`request show ID` says what comes next: so far it is not waited for")

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
        called = follow_calls.look(desk, host, chosen)
        teller = _Teller(quiet=bool(click.get_current_context().params["as_json"]))
        teller.tell_calls(called.ended)
        left = _follow(desk, host, chosen, teller, _pause(interval, timeout, once=once))
        standing = _standing(host, chosen)
    error = _error(left, teller, standing, once=once, chosen=bool(chosen))
    error = error or follow_calls.error(called, chosen=bool(chosen))
    changed: list[Json] = [_facts(payment) for payment in teller.changed.values()]
    waiting: list[Json] = [_facts(payment) for payment in left]
    calls: list[Json] = [follow_calls.facts(call) for call in called.standing]
    data: dict[str, Json] = {"changed": changed, "waiting": waiting, "calls": calls, "down": sorted(teller.down)}
    return Shown(data, _text(left, len(_idle(standing)) + called.idle), error)


def _follow(
    desk: Desk, host: Host, chosen: Sequence[RequestId], teller: "_Teller", pause: Callable[[], bool]
) -> list[Payment]:
    """Nodes are asked for payments; nobody can be asked for a payment service's calls without the gap."""
    found = watched(host, chosen)
    if chosen and not found:
        return []
    watch = _watch(desk)
    _check_nodes(watch, found)
    return follow(host, watch, chosen, teller.tell, pause)


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

    def tell_calls(self, ended: Sequence[Call]) -> None:
        """One line for each call whose time was over."""
        for call in ended:
            self._say(follow_calls.text(call))

    def _say(self, text: str) -> None:
        if not self._quiet:
            say(text)


def _watch(desk: Desk) -> Watch:
    settings = desk.settings()
    return Watch(
        {network: desk.nodes(network) for network in Network},
        {network: settings.network(network).confirmations for network in Network},
    )


def _check_nodes(watch: Watch, found: Sequence[Payment]) -> None:
    """Refuse to wait for what nobody would be asked about."""
    for payment in found:
        if payment.state in WAITING and not watch.nodes[payment.network]:
            what = f"payments on {payment.network.value} are waited for, and no node of it is known"
            raise Refused(heads.NO_NODE, what, where=payment.request.hex())


def _pause(interval: float, timeout: float | None, *, once: bool) -> Callable[[], bool]:
    end = None if timeout is None else time.monotonic() + timeout

    def pause() -> bool:
        if once or (end is not None and time.monotonic() + interval > end):
            return False
        time.sleep(interval)
        return True

    return pause


def _standing(host: Host, chosen: Sequence[RequestId]) -> list[Payment]:
    """The payments of *chosen* requests as they are now; without any, all that are not settled."""
    with host.ledger.reading() as db:
        if not chosen:
            return payments.unsettled(db)
        return [payment for id_ in chosen for payment in payments.of_request(db, id_)]


def _idle(standing: Sequence[Payment]) -> list[Payment]:
    """Neither settled nor waited for: somebody has to do something."""
    return [payment for payment in standing if payment.state not in WAITING | FINAL]


def _text(left: Sequence[Payment], idle: int) -> str:
    if left:
        return f"{len(left)} still waited for."
    return f"Nothing is waited for; {idle} not sent: see `request list`." if idle else "All settled."


def _error(
    left: Sequence[Payment], teller: _Teller, standing: Sequence[Payment], *, once: bool, chosen: bool
) -> ColdtuskError | None:
    if teller.foreign:
        return teller.foreign[0]
    if left and not once:
        unknown = any(payment.state is State.UNKNOWN for payment in left)
        family = OutcomeUnknown if unknown else Outside
        return family(TIMEOUT, f"{len(left)} payments are not settled yet")
    return _not_paid([*teller.changed.values(), *standing], _idle(standing) if chosen else [])


def _not_paid(known: Sequence[Payment], idle: Sequence[Payment]) -> Refused | None:
    """Who asked for a request by its id takes status 0 for "paid"."""
    latest = {payment.id: payment for payment in known}
    ended = [payment for payment in latest.values() if payment.state in (State.EXPIRED, State.REFUSED)]
    if ended:
        return Refused(ENDED, f"expired or refused: {len(ended)}", where=ended[0].request.hex())
    if idle:
        return Refused(NOT_SENT, f"not sent: {len(idle)}, {idle[0].state.value}", where=idle[0].request.hex())
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
