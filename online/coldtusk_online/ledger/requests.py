"""Requests: the bytes that were asked and answered, and their payments or calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from coldtusk_online.ledger import calls, payments
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.payments import Payment, Step
from coldtusk_online.ledger.states import CALL_FINAL, FINAL, State, of_request
from coldtusk_online.ledger.tables import REQUESTS
from coldtusk_shared import request as requests
from coldtusk_shared.envelope import KeyId
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.request import Request, RequestId

UNKNOWN = Code("request.unknown", "`coldtusk-online request list` shows all requests of this host")
AMBIGUOUS = Code("request.ambiguous", "give more digits of the id")
BAD_ID = Code("request.bad-id", "give the id as `coldtusk-online request list` shows it, or its first 6 digits or more")

_HEX = frozenset("0123456789abcdef")
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Stored:
    """A request with its payments, or its *calls* of a payment service.

    *payload* is what is signed; the messages stand as they went and came.
    """

    id: RequestId
    created: int
    device: KeyId
    payload: bytes
    sealed: bytes | None
    response: bytes | None
    payments: tuple[Payment, ...]
    calls: tuple[Call, ...] = ()

    @property
    def state(self) -> State:
        """What its payments or calls make of it."""
        return of_request(self.states)

    @property
    def states(self) -> tuple[State, ...]:
        """Where each of its payments or calls stands, in the order of its items."""
        return (*(payment.state for payment in self.payments), *(call.state for call in self.calls))

    @property
    def settled(self) -> bool:
        """Whether the end of all of it is known."""
        return self.state in (CALL_FINAL if self.calls else FINAL)

    def parsed(self) -> Request:
        """The request that *payload* holds."""
        return requests.parse(self.payload)


def add_draft(db: Connection, draft: Stored) -> None:
    """Insert *draft* with its payments or calls."""
    row = {"id": draft.id, "created": draft.created, "device": draft.device, "payload": draft.payload}
    db.execute(insert(REQUESTS).values(row))
    if draft.payments:
        payments.add(db, draft.payments, draft.created)
    if draft.calls:
        calls.add(db, draft.calls, draft.created)


def issue(db: Connection, draft: Stored, sealed: bytes, at: int) -> None:
    """Store the sealed bytes and take all of *draft* from draft to issued, in one transaction."""
    db.execute(update(REQUESTS).where(REQUESTS.c.id == draft.id).values(sealed=sealed))
    payments.step(db, [Step(payment.id, State.ISSUED) for payment in draft.payments], at)
    calls.step(db, [calls.Step(call.id, State.ISSUED) for call in draft.calls], at)


def answer(
    db: Connection, asked: RequestId, response: bytes, steps: Sequence[Step] | Sequence[calls.Step], at: int
) -> None:
    """Store the *response* and what it says of each payment or call, in one transaction."""
    db.execute(update(REQUESTS).where(REQUESTS.c.id == asked).values(response=response))
    payments.step(db, [one for one in steps if isinstance(one, Step)], at)
    calls.step(db, [one for one in steps if isinstance(one, calls.Step)], at)


def find(db: Connection, id_: RequestId) -> Stored | None:
    """The request with this id."""
    row = db.execute(select(REQUESTS).where(REQUESTS.c.id == id_)).one_or_none()
    return None if row is None else _stored(db, row)


def get(db: Connection, id_: RequestId) -> Stored:
    """The request with this id, which the caller has from the ledger."""
    return _stored(db, db.execute(select(REQUESTS).where(REQUESTS.c.id == id_)).one())


def by_text(db: Connection, text: str, where: str = "ID") -> Stored:
    """The request whose id begins with the hex digits *text*.

    :raises BadInput: ``request.bad-id``, ``request.unknown``, ``request.ambiguous``.
    """
    if not _SHORTEST <= len(text) <= 32 or not _HEX.issuperset(text):
        raise BadInput(BAD_ID, "not 6 to 32 lower-case hex digits", where=where)
    lowest, highest = bytes.fromhex(text.ljust(32, "0")), bytes.fromhex(text.ljust(32, "f"))
    rows = db.execute(select(REQUESTS).where(REQUESTS.c.id.between(lowest, highest)).limit(2)).all()
    if not rows:
        raise BadInput(UNKNOWN, f"no request begins with {text}", where=where)
    if len(rows) > 1:
        raise BadInput(AMBIGUOUS, f"several requests begin with {text}", where=where)
    return _stored(db, rows[0])


def all_of(db: Connection) -> list[Stored]:
    """All requests, oldest first."""
    paid: dict[RequestId, list[Payment]] = {}
    for payment in payments.all_of(db):
        paid.setdefault(payment.request, []).append(payment)
    called: dict[RequestId, list[Call]] = {}
    for call in calls.all_of(db):
        called.setdefault(call.request, []).append(call)
    rows = db.execute(select(REQUESTS).order_by(REQUESTS.c.created, REQUESTS.c.id))
    return [_with(row, tuple(paid.get(row.id, ())), tuple(called.get(row.id, ()))) for row in rows]


def _stored(db: Connection, row: Row[*tuple[Any, ...]]) -> Stored:
    return _with(row, payments.of_request(db, row.id), calls.of_request(db, row.id))


def _with(row: Row[*tuple[Any, ...]], paid: tuple[Payment, ...], called: tuple[Call, ...]) -> Stored:
    id_, created, device, payload, sealed, response = row
    return Stored(RequestId(id_), created, KeyId(device), payload, sealed, response, paid, called)
