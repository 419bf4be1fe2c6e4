"""Following payments to their end: nodes are asked again and again, and what they say moves the ledger.

Watched are all payments whose end is not known. Waited for are those that were sent; the others (issued, answered,
rejected) are looked at because another host may have sent them, and because they expire, drafts too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from coldtusk_online import http
from coldtusk_online.host import Host
from coldtusk_online.ledger import payments, requests
from coldtusk_online.ledger.payments import Move, Payment, Step
from coldtusk_online.ledger.states import FINAL, TRANSITIONS, WAITING, State
from coldtusk_online.services.warthog.node import Node
from coldtusk_online.services.warthog.sightings import judge, look
from coldtusk_shared.errors import Code, Outside, Refused
from coldtusk_shared.request import Request, RequestId
from coldtusk_shared.services import Content
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.transaction import AssetCreation

TIMEOUT = Code("follow.timeout", "run `follow` again: nothing is lost; send nothing new before it is settled")
FOREIGN_ASSET = Code("warthog.asset.other-owner", "another account made the same asset first: it is not yours")


@dataclass(frozen=True, slots=True)
class Watch:
    """The nodes of each network, and the confirmations that count as done there."""

    nodes: Mapping[Network, Sequence[Node]]
    confirmations: Mapping[Network, int]


@dataclass(slots=True)
class Round:
    """What one round found: *changed* payments as they stand now, nodes that were *down*, what is *foreign*."""

    changed: list[Payment] = field(default_factory=list)
    down: dict[str, Outside] = field(default_factory=dict)
    foreign: list[Refused] = field(default_factory=list)


def follow(
    host: Host,
    watch: Watch,
    chosen: Sequence[RequestId],
    tell: Callable[[Round], None],
    pause: Callable[[], bool],
) -> list[Payment]:
    """Ask until nothing that was sent is left to wait for; *chosen* requests, or all if empty.

    *tell* gets each round. *pause* waits before the next round, or says False when there is to be none.
    What is still waited for then.
    """
    while True:
        tell(follow_once(host, watch, chosen))
        left = [payment for payment in watched(host, chosen) if payment.state in WAITING]
        if not left or not pause():
            return left


def follow_once(host: Host, watch: Watch, chosen: Sequence[RequestId]) -> Round:
    """One round: every watched payment is looked up on every node of its network; all steps in one transaction."""
    result, moves, opened = Round(), [], _Opened(host)
    lengths = {network: _length(nodes, result) for network, nodes in watch.nodes.items()}
    silent = {url: failure for url, failure in result.down.items() if failure.code is http.TIMEOUT}
    for payment in watched(host, chosen):
        sightings = look(watch.nodes.get(payment.network, ()), payment, silent)
        result.down |= {one.url: one.failure for one in sightings if one.failure is not None}
        step = judge(payment, sightings, lengths.get(payment.network), watch.confirmations[payment.network])
        if step is not None and step.state is State.CONFIRMED:
            step = _checked_owner(opened, watch, payment, step, result)
        if step is not None and _is_news(payment, step):
            moves.append(Move(payment.state, step))
    result.changed = _record(host, moves)
    return result


def watched(host: Host, chosen: Sequence[RequestId]) -> list[Payment]:
    """The payments of *chosen* requests, or of all, whose end is not known.

    Of chosen ones those too that were signed and expired: nodes said so, and nodes can be wrong.
    """
    with host.ledger.reading() as db:
        if not chosen:
            return payments.unsettled(db)
        found = [payment for request in chosen for payment in payments.of_request(db, request)]
    return [one for one in found if one.state not in FINAL or _may_return(one)]


def _may_return(payment: Payment) -> bool:
    return payment.state is State.EXPIRED and payment.signature is not None


class _Opened:
    """Requests of one round, each parsed once."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._parsed: dict[RequestId, Request] = {}

    def content(self, payment: Payment) -> Content:
        """The content of *payment*'s item."""
        if payment.request not in self._parsed:
            with self._host.ledger.reading() as db:
                self._parsed[payment.request] = requests.get(db, payment.request).parsed()
        return self._parsed[payment.request].items[payment.place].content


def _record(host: Host, moves: Sequence[Move]) -> list[Payment]:
    """All moves in one transaction; the payments as they stand then."""
    if not moves:
        return []
    with host.ledger.writing() as db:
        moved = payments.move(db, moves, host.clock())
    host.checkpoint("followed")
    with host.ledger.reading() as db:
        found = [payments.find(db, one.step.payment) for one in moves if one.step.payment in moved]
    return [payment for payment in found if payment is not None]


def _is_news(payment: Payment, step: Step) -> bool:
    if step.state not in TRANSITIONS[payment.state]:
        return False
    old = (payment.state, payment.note, payment.height, payment.confirmations)
    return old != (step.state, step.note, step.height, step.confirmations)


def _length(nodes: Sequence[Node], result: Round) -> int | None:
    """The lowest length of the nodes' chains; None unless every node told it."""
    lengths: list[int] = []
    for node in nodes:
        try:
            lengths.append(node.head().length)
        except Outside as error:
            result.down[node.url] = error
    return min(lengths) if lengths and len(lengths) == len(nodes) else None


def _checked_owner(opened: _Opened, watch: Watch, payment: Payment, step: Step, result: Round) -> Step | None:
    """A mined creation counts only if the asset is the sender's: two accounts can share a transaction hash."""
    content = opened.content(payment)
    if not isinstance(content, WarthogContent) or not isinstance(content.transaction.body, AssetCreation):
        return step
    owned = [_owns(node, payment, result) for node in watch.nodes[payment.network]]
    if False in owned:
        what = f"the asset {payment.txid.hex()} is not of {Address(payment.account).text}"
        result.foreign.append(Refused(FOREIGN_ASSET, what, where=payment.request.hex()))
        note = "mined, but the asset belongs to another account"
        return Step(payment.id, State.SEEN, note, height=step.height, confirmations=step.confirmations)
    return step if True in owned else None


def _owns(node: Node, payment: Payment, result: Round) -> bool | None:
    try:
        asset, owner = node.asset(payment.txid), node.account_id(Address(payment.account))
    except Outside as error:
        result.down[node.url] = error
        return None
    return None if asset is None else asset.owner_account_id == owner
