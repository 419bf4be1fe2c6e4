"""What the journal tells: which requests were answered, which payments were signed and by which entry."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from coldtusk_offline import entries, services
from coldtusk_offline.entries import AnswerEntry
from coldtusk_offline.journal import Entry
from coldtusk_offline.session import MarkKey
from coldtusk_shared import request
from coldtusk_shared.request import Item, JournalHead, PaymentId, Request, RequestId
from coldtusk_shared.response import RefusedItem, Released, Signed


@dataclass(frozen=True, slots=True)
class Answered:
    """An answered request: where its entry stands, the digest of its payload, and what the entry says."""

    head: JournalHead
    digest: bytes
    entry: AnswerEntry
    request_id: RequestId


@dataclass(frozen=True, slots=True)
class SignedPayment:
    """A payment that was signed or released. *identity* names exactly what was, and for which account."""

    sequence: int
    identity: bytes
    item: Item
    output: bytes | None = None
    """What was given, if it holds a number that is given once only: a retry gets the same."""


@dataclass(slots=True)
class History:
    """Derived from the journal alone, entry by entry; never stored."""

    answered: dict[RequestId, Answered] = field(default_factory=dict)
    payments: dict[PaymentId, SignedPayment] = field(default_factory=dict)
    latest: dict[str, int] = field(default_factory=dict)
    """The latest deadline that was signed, by scope: of Warthog the last block of the highest pin."""
    intents: dict[Hashable, SignedPayment] = field(default_factory=dict)
    """Of the payments of each intent (the same account, recipient and amounts) the one that can be mined longest."""

    parts: dict[Hashable, SignedPayment] = field(default_factory=dict)
    """By the intent of one payment of several, the first that held it."""
    released: dict[Hashable, SignedPayment] = field(default_factory=dict)
    """By slot, the first payment for which a secret was released."""
    marks: dict[MarkKey, int] = field(default_factory=dict)
    """The highest number that was given, by system and account."""
    last_utc: int = 0
    """The latest time that an operator confirmed."""

    @classmethod
    def of(cls, journal: Iterable[Entry]) -> "History":
        """The history in all entries of a journal."""
        history = cls()
        for entry in journal:
            content = entries.parse(entry.body)
            if isinstance(content, AnswerEntry):
                history.take(JournalHead(entry.seq, entry.head), content, request.parse(content.payload))
        return history

    def take(self, head: JournalHead, entry: AnswerEntry, asked: Request) -> Answered:
        """Add the answer to *asked* that *entry* records, *head* being the journal's after it."""
        answered = Answered(head, request.digest(entry.payload), entry, asked.id)
        self.answered[asked.id] = answered
        for item, result in zip(asked.items, entry.results, strict=True):
            if not isinstance(result, RefusedItem):
                self._take_payment(item, head.sequence, result)
        self.last_utc = max(self.last_utc, entry.utc or 0)
        return answered

    def _take_payment(self, item: Item, sequence: int, result: Signed | Released) -> None:
        leaf = services.signer(item.content.kind)
        number = leaf.mark(item, result.output) if isinstance(result, Signed) else None
        output = result.output if number is not None and isinstance(result, Signed) else None
        payment = SignedPayment(sequence, leaf.identity(item), item, output)
        if number is not None:
            key = (item.content.kind.partition("/")[0], item.account)
            self.marks[key] = max(number, self.marks.get(key, 0))
        self.payments.setdefault(item.payment_id, payment)
        for part in leaf.parts(item):
            self.parts.setdefault(part, payment)
        if isinstance(result, Released):
            self.released.setdefault(item.content.slot, payment)
        deadline, scope = _deadline(item), item.content.scope
        before = self.intents.setdefault(leaf.intent(item), payment)
        if deadline > _deadline(before.item):
            self.intents[leaf.intent(item)] = payment
        self.latest[scope] = max(deadline, self.latest.get(scope, 0))


def _deadline(item: Item) -> int:
    deadline = item.content.not_after
    return 0 if deadline is None else deadline.value
