"""Submitting what a device signed: one durable intent for all of it, the posts, the results in groups.

Before anything is sent, every payment of it stands as "unknown" in the ledger: a crash at any point leaves the truth.
What was sent in doubt before is looked up first; if no node has it, the identical bytes are posted again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from coldtusk_online.host import Host
from coldtusk_online.ledger import payments
from coldtusk_online.ledger.payments import Move, Payment, Step
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.states import POSTABLE, State
from coldtusk_online.services.warthog.node import Node
from coldtusk_online.services.warthog.posting import UNANSWERED, Posted, Poster
from coldtusk_online.services.warthog.sightings import Sight, Sighting, look
from coldtusk_shared.errors import Code, ColdtuskError, OutcomeUnknown, Outside, Refused
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services.warthog import rules
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.node_json import node_json

TOO_LATE = Code("warthog.submit.too-late", "no block can include it any more: `follow` settles it")
NOT_ASKED = Code("warthog.submit.lookup-failed", "it was sent in doubt before, and no node could say what became of it")

GROUP = 100
"""Results recorded in one transaction: two commits a payment would cost more than the post (facts: Database)."""
_BEGUN = "about to be sent"


@dataclass(frozen=True, slots=True)
class Submitted:
    """The request as it stands after the posts, and the worst that happened; None if every node took everything."""

    stored: Stored
    failed: ColdtuskError | None


def submit(host: Host, nodes: Sequence[Node], stored: Stored) -> Submitted:
    """Post what of *stored* is signed and not known to be under way. A second call repeats only what is in doubt.

    :raises Outside: when no node can be reached; nothing was sent then.
    """
    if not any(payment.state in POSTABLE for payment in stored.payments):
        return Submitted(stored, None)
    length = _shortest(nodes)
    kept = _resolve(host, nodes, stored.payments)
    current = _read(host, stored)
    bodies = _bodies(current)
    batch = []
    for payment in current.payments:
        if payment.state not in POSTABLE or payment.id in kept:
            continue
        if length >= rules.last_block(payment.pin_height):
            what = f"its last block was {rules.last_block(payment.pin_height)}, the chain has {length}"
            kept[payment.id] = Refused(TOO_LATE, what, where=payment.id.hex())
        else:
            batch.append(payment)
    failures = {**kept, **_post_all(host, nodes, batch, bodies)}
    return _result(host, nodes, stored, failures)


def _post_all(
    host: Host, nodes: Sequence[Node], batch: Sequence[Payment], bodies: Mapping[PaymentId, bytes]
) -> dict[PaymentId, ColdtuskError]:
    if not batch:
        return {}
    intents = [Move(one.state, Step(one.id, State.UNKNOWN, one.note or _BEGUN)) for one in batch]
    with host.ledger.writing() as db:
        ours = payments.move(db, intents, host.clock())
    host.checkpoint("intended")
    poster, rest = Poster(nodes), iter([payment for payment in batch if payment.id in ours])
    failures: dict[PaymentId, ColdtuskError] = {}
    while group := list(islice(rest, GROUP)):
        posted = [_post(host, poster, payment, bodies[payment.id]) for payment in group]
        with host.ledger.writing() as db:
            payments.move(db, [Move(State.UNKNOWN, one.step) for one in posted], host.clock())
        host.checkpoint("recorded")
        failures |= {one.step.payment: one.failed for one in posted if one.failed is not None}
    return failures


def _post(host: Host, poster: Poster, payment: Payment, body: bytes) -> Posted:
    posted = poster.post(payment, body)
    host.checkpoint("posted")
    return posted


def _resolve(host: Host, nodes: Sequence[Node], found: Iterable[Payment]) -> dict[PaymentId, ColdtuskError]:
    """Look up what was sent before in doubt or refused: what a node has is not posted again.

    The errors of those of which no node could say anything: they are not posted either.
    """
    moves: list[Move] = []
    unanswered: dict[PaymentId, ColdtuskError] = {}
    silent: dict[str, Outside] = {}
    for payment in found:
        if payment.state not in (State.UNKNOWN, State.REJECTED):
            continue
        sightings = look(nodes, payment, silent)
        seen = next((one for one in sightings if one.sight is Sight.FOUND), None)
        if seen is not None:
            moves.append(Move(payment.state, _seen(payment, seen)))
        elif not _surely_absent(sightings):
            what = f"no node could say what became of {payment.txid.hex()}"
            unanswered[payment.id] = OutcomeUnknown(NOT_ASKED, what, where=payment.id.hex())
    if moves:
        with host.ledger.writing() as db:
            payments.move(db, moves, host.clock())
    return unanswered


def _seen(payment: Payment, sighting: Sighting) -> Step:
    note = "pending" if sighting.height is None else "mined"
    return Step(payment.id, State.SEEN, note, height=sighting.height, confirmations=sighting.confirmations)


def _surely_absent(sightings: Sequence[Sighting]) -> bool:
    sights = {one.sight for one in sightings}
    return Sight.ABSENT in sights and Sight.MASKED not in sights


def _result(host: Host, nodes: Sequence[Node], stored: Stored, failures: dict[PaymentId, ColdtuskError]) -> Submitted:
    """A reply that was lost is looked up at once: what a node then shows was no failure."""
    lost = [one for one in _read(host, stored).payments if _is_lost(failures.get(one.id))]
    _resolve(host, nodes, lost)
    current = _read(host, stored)
    states = {payment.id: payment.state for payment in current.payments}
    left = [error for id_, error in failures.items() if not (_is_lost(error) and states[id_] is State.SEEN)]
    unknown = [error for error in left if isinstance(error, OutcomeUnknown)]
    return Submitted(current, next(iter(unknown or left), None))


def _is_lost(error: ColdtuskError | None) -> bool:
    return error is not None and error.code is UNANSWERED


def _shortest(nodes: Sequence[Node]) -> int:
    """The lowest length that any node tells: one that lies upwards does not keep a payment from the others."""
    lengths: list[int] = []
    failure: Outside | None = None
    for node in nodes:
        try:
            lengths.append(node.head().length)
        except Outside as error:
            failure = error
    if failure is not None and not lengths:
        raise failure
    return min(lengths)


def _bodies(stored: Stored) -> dict[PaymentId, bytes]:
    """The exact JSON of each signed payment, in the dialect of its network."""
    made: dict[PaymentId, bytes] = {}
    for item, payment in zip(stored.parsed().items, stored.payments, strict=True):
        if payment.signature is None:
            continue
        if not isinstance(item.content, WarthogContent):
            raise RuntimeError("not a Warthog payment")
        made[payment.id] = node_json(item.content.transaction, payment.signature)
    return made


def _read(host: Host, stored: Stored) -> Stored:
    with host.ledger.reading() as db:
        return replace(stored, payments=payments.of_request(db, stored.id))
