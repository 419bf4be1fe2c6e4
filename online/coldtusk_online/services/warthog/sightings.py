"""What all nodes of a network know of one transaction, and what follows from it: pure but for the asking.

A transaction hash does not commit to the sender, so a sighting is one of *our* transaction only if the sender is
ours too (DESIGN, Evidence).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from coldtusk_online import http
from coldtusk_online.ledger.payments import Payment, Step
from coldtusk_online.ledger.states import State
from coldtusk_online.services.warthog.answers import Seen
from coldtusk_online.services.warthog.node import Node
from coldtusk_shared.errors import Outside
from coldtusk_shared.services.warthog import rules
from coldtusk_shared.services.warthog.address import Address


class Sight(Enum):
    """What one node says of our transaction."""

    FOUND = auto()
    ABSENT = auto()
    MASKED = auto()
    """It shows a transaction of another sender with the same hash: ours may be there or not."""
    DOWN = auto()
    """It gave no proper answer."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One node's word; *height* and *confirmations* as in :class:`Seen`. *failure* is why it is down."""

    url: str
    sight: Sight
    height: int | None = None
    confirmations: int = 0
    failure: Outside | None = None


def look(nodes: Sequence[Node], payment: Payment, silent: dict[str, Outside] | None = None) -> list[Sighting]:
    """Ask every node of *nodes* for *payment*.

    *silent* gets the nodes, by URL, that let a question time out: calls that share it do not wait for them again.
    """
    return [_sighting(node, payment, {} if silent is None else silent) for node in nodes]


def judge(payment: Payment, sightings: Sequence[Sighting], length: int | None, needed: int) -> Step | None:
    """What *sightings* make of *payment*; None if nothing is new.

    *length* is the lowest length of all nodes' chains, or None unless every node told its own. *needed* are the
    confirmations that count as done; as many blocks past the last possible one count as gone for good.
    """
    found = [one for one in sightings if one.sight is Sight.FOUND]
    if found:
        return _found(payment, found, sightings, needed)
    if any(one.sight is not Sight.ABSENT for one in sightings) or not sightings:
        return None
    last = rules.last_block(payment.pin_height)
    if length is not None and length - last >= needed:
        return Step(payment.id, State.EXPIRED, f"no node has it, and its last block was {last}")
    if payment.state in (State.SUBMITTED, State.SEEN):
        return Step(payment.id, _before_seen(payment), "no node shows it any more")
    return None


def _before_seen(payment: Payment) -> State:
    """Seen without a signature of ours, it was sent by another host, or a node lied: the answer may still come."""
    return State.ISSUED if payment.state is State.SEEN and payment.signature is None else State.UNKNOWN


def _found(payment: Payment, found: Sequence[Sighting], sightings: Sequence[Sighting], needed: int) -> Step:
    """The node with the fewest confirmations counts: one that lies upwards changes nothing."""
    least = min(found, key=lambda one: one.confirmations)
    if least.height is None:
        return Step(payment.id, State.SEEN, f"pending{_doubt(found, sightings)}")
    doubt = _doubt(found, sightings)
    state = State.CONFIRMED if least.confirmations >= needed and not doubt else State.SEEN
    return Step(payment.id, state, f"mined{doubt}", height=least.height, confirmations=least.confirmations)


def _doubt(found: Sequence[Sighting], sightings: Sequence[Sighting]) -> str:
    """Why the nodes that answer do not agree on a transaction, or nothing. Not every one needs to have it mined yet."""
    if len({one.height for one in found} - {None}) > 1:
        return ", but the nodes name different blocks"
    if any(one.sight is Sight.ABSENT for one in sightings):
        return ", but not every node shows it"
    return ""


def _sighting(node: Node, payment: Payment, silent: dict[str, Outside]) -> Sighting:
    if node.url in silent:
        return Sighting(node.url, Sight.DOWN, failure=silent[node.url])
    try:
        seen = node.lookup(payment.txid)
        if seen is not None and seen.sender.raw != payment.account:
            return _masked(node, payment)
    except Outside as error:
        if error.code is http.TIMEOUT:
            silent[node.url] = error
        return Sighting(node.url, Sight.DOWN, failure=error)
    return _of(node, seen)


def _masked(node: Node, payment: Payment) -> Sighting:
    """A lookup shows one transaction of two with the same hash: ours may still wait in the mempool."""
    pending = [seen for seen in node.pending_of(Address(payment.account)) if seen.txid == payment.txid]
    return _of(node, pending[0]) if pending else Sighting(node.url, Sight.MASKED)


def _of(node: Node, seen: Seen | None) -> Sighting:
    if seen is None:
        return Sighting(node.url, Sight.ABSENT)
    return Sighting(node.url, Sight.FOUND, seen.height, seen.confirmations)
