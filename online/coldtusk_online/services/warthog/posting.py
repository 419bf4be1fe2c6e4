"""Posting signed transactions: exact bytes, once each, node by node; what came of each as a step for the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass

from coldtusk_online.ledger.payments import Payment, Step
from coldtusk_online.ledger.states import State
from coldtusk_online.services.warthog.answers import Accepted, Rejected
from coldtusk_online.services.warthog.node import Node
from coldtusk_online.services.warthog.sightings import Sight, look
from coldtusk_shared.errors import Code, ColdtuskError, OutcomeUnknown, Outside, Refused
from coldtusk_shared.services.warthog.node_errors import Meaning, NodeError

OTHER_TXID = Code(
    "warthog.submit.other-txid",
    "trust this node no more: remove it, add others, then run `follow`",
)
DUPLICATE = Code("warthog.submit.duplicate-nonce", "`follow` finds out which payment has the nonceId; send nothing new")
REJECTED = Code("warthog.submit.rejected", "see the node's words; `submit` again sends the same bytes")
UNANSWERED = Code("warthog.submit.unknown", "it may have happened: run `follow`, and send nothing new before you know")

_NOT_SENT = "not sent this time"


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of one post; *failed* is None when the node took it."""

    step: Step
    failed: ColdtuskError | None = None


class Poster:
    """Posts to the first of *nodes* that can be reached; one that failed goes to the end of the row.

    After as many failures in a row as there are nodes it gives up: :attr:`lost`. What is not posted then
    was certainly not sent.
    """

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = list(nodes)
        self._failures = 0
        self.lost: ColdtuskError | None = None

    def post(self, payment: Payment, body: bytes) -> Posted:
        """Send *body*, the JSON of *payment*, once."""
        while self.lost is None:
            node = self._nodes[0]
            try:
                reply = node.add(body)
            except OutcomeUnknown as error:
                self._rotate(error)
                return Posted(Step(payment.id, State.UNKNOWN, f"no reply from {node.url}"), _unanswered(error))
            except Outside as error:
                self._rotate(error)
                continue
            self._failures = 0
            return self._judged(node, payment, reply)
        return Posted(Step(payment.id, payment.state, _NOT_SENT), self.lost)

    def _judged(self, node: Node, payment: Payment, reply: Accepted | Rejected) -> Posted:
        if isinstance(reply, Rejected):
            return _refused(self._nodes, payment, reply.error)
        if reply.txid == payment.txid:
            return Posted(Step(payment.id, State.SUBMITTED, f"taken by {node.url}"))
        note = f"{node.url} named another transaction: {reply.txid.hex()}"
        error = OutcomeUnknown(OTHER_TXID, f"its hash is {reply.txid.hex()}, ours {payment.txid.hex()}", where=node.url)
        self.lost = error
        return Posted(Step(payment.id, State.UNKNOWN, note), error)

    def _rotate(self, error: ColdtuskError) -> None:
        self._nodes.append(self._nodes.pop(0))
        self._failures += 1
        if self._failures >= len(self._nodes):
            self.lost = error


def _refused(nodes: Sequence[Node], payment: Payment, error: NodeError) -> Posted:
    if error.meaning is Meaning.DUPLICATE_NONCE:
        return _duplicate(nodes, payment, error)
    if payment.state is State.UNKNOWN:  # what was sent in doubt before is not undone by this refusal
        return Posted(Step(payment.id, State.UNKNOWN, str(error)), OutcomeUnknown(UNANSWERED, str(error)))
    return Posted(Step(payment.id, State.REJECTED, str(error)), Refused(REJECTED, str(error)))


def _duplicate(nodes: Sequence[Node], payment: Payment, error: NodeError) -> Posted:
    """The triple is taken, by our own transaction if all is well: the lookup tells."""
    found = [one for one in look(nodes, payment) if one.sight is Sight.FOUND]
    if found:
        return Posted(Step(payment.id, State.SEEN, "the node has it already", height=found[0].height))
    unknown = OutcomeUnknown(DUPLICATE, "the nonceId is taken, and no node shows our transaction")
    return Posted(Step(payment.id, State.UNKNOWN, str(error)), unknown)


def _unanswered(error: OutcomeUnknown) -> OutcomeUnknown:
    return OutcomeUnknown(UNANSWERED, f"[{error.code.name}] {error.what}", where=error.where)
