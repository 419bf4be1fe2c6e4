"""Calls of payment services: the rows that the state machine moves, each step with its time in the history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, func, insert, select, update

from coldtusk_online.ledger.call_tables import CALL_HISTORY, CALLS
from coldtusk_online.ledger.payments import Event
from coldtusk_online.ledger.states import CALL_FINAL, State, check_call_step
from coldtusk_shared import limits
from coldtusk_shared.request import PaymentId, RequestId

_NOTE_CHARACTERS = 512
_REFERENCE_CHARACTERS = 128


@dataclass(frozen=True, slots=True)
class Call:
    """One intent at a payment service.

    *number* is what the device counted it with, if the system counts; *output* what the device gave, for a released
    result still encrypted; *reference* the service's own id of it; *reply* the service's words, without any secret.
    """

    id: PaymentId
    request: RequestId
    place: int
    state: State
    system: str
    command: str
    account: bytes
    number: int | None
    intent: bytes
    output: bytes | None = field(default=None, repr=False)
    reference: str = ""
    reply: bytes | None = field(default=None, repr=False)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Where a call goes, and what was learnt. What is None or "" here keeps what is stored, but for the *note*."""

    call: PaymentId
    state: State
    note: str = ""
    output: bytes | None = field(default=None, repr=False)
    number: int | None = None
    reference: str = ""
    reply: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Move:
    """A step that holds only if the call still stands where it stood when the step was thought of."""

    old: State
    step: Step


def add(db: Connection, calls: Sequence[Call], at: int) -> None:
    """Insert *calls* as drafts; the database refuses a payment id that is taken."""
    db.execute(insert(CALLS), [_row(call) for call in calls])
    db.execute(insert(CALL_HISTORY), [_event(call.id, at, call.state, "") for call in calls])


def step(db: Connection, steps: Sequence[Step], at: int) -> None:
    """Take all *steps*, each allowed by the table of states; what changed goes into the history."""
    if not steps:
        return
    old = _standing(db, [one.call for one in steps])
    for one in steps:
        check_call_step(old[one.call][0], one.state)
    db.execute(_UPDATE, [_parameters(one) for one in steps])
    news = [one for one in steps if old[one.call] != (one.state, one.note[:_NOTE_CHARACTERS])]
    if news:
        db.execute(insert(CALL_HISTORY), [_event(one.call, at, one.state, one.note) for one in news])


def move(db: Connection, moves: Sequence[Move], at: int) -> frozenset[PaymentId]:
    """Take those of *moves* whose call was not moved by another process meanwhile; which they are."""
    now = _standing(db, [one.step.call for one in moves])
    steps = [one.step for one in moves if now[one.step.call][0] is one.old]
    step(db, steps, at)
    return frozenset(one.call for one in steps)


def remark(db: Connection, call: Call, note: str, at: int) -> None:
    """Write *note* into the history of *call*, which stays where it stands."""
    db.execute(insert(CALL_HISTORY), [_event(call.id, at, call.state, note)])


def find(db: Connection, call: PaymentId) -> Call | None:
    """The call with this id."""
    row = db.execute(select(CALLS).where(CALLS.c.id == call)).one_or_none()
    return None if row is None else _call(row)


def get(db: Connection, call: PaymentId) -> Call:
    """The call with this id, which the caller has from the ledger."""
    return _call(db.execute(select(CALLS).where(CALLS.c.id == call)).one())


def of_request(db: Connection, request: RequestId) -> tuple[Call, ...]:
    """The calls of *request*, in the order of its items."""
    query = select(CALLS).where(CALLS.c.request == request).order_by(CALLS.c.place)
    return tuple(_call(row) for row in db.execute(query))


def of_account(db: Connection, system: str, account: bytes) -> list[Call]:
    """Every call of this account, by number; those that have none yet come last. Long replies stay in the ledger."""
    query = select(*_WITHOUT_REPLY, _SHORT_REPLY).where(CALLS.c.system == system, CALLS.c.account == account)
    order = (CALLS.c.number.is_(None), CALLS.c.number, CALLS.c.request, CALLS.c.place)
    return [_call(row) for row in db.execute(query.order_by(*order))]


def unsettled(db: Connection, intent: bytes | None = None) -> list[Call]:
    """The calls whose end is not known yet, of one *intent* if it is given."""
    query = select(CALLS).where(CALLS.c.state.not_in([state.value for state in CALL_FINAL]))
    if intent is not None:
        query = query.where(CALLS.c.intent == intent)
    return [_call(row) for row in db.execute(query.order_by(CALLS.c.request, CALLS.c.place))]


def with_number(db: Connection, system: str, account: bytes, number: int) -> Call | None:
    """The call that this account counted with *number*."""
    query = select(CALLS).where(CALLS.c.system == system, CALLS.c.account == account, CALLS.c.number == number)
    row = db.execute(query).one_or_none()
    return None if row is None else _call(row)


def in_doubt_since(db: Connection, system: str, account: bytes) -> int:
    """When a call of this account that is unknown now was last sent, or heard of, in doubt; 0 if there is none."""
    unknown = State.UNKNOWN.value
    query = select(func.max(CALL_HISTORY.c.at)).join(CALLS, CALLS.c.id == CALL_HISTORY.c.call)
    query = query.where(CALLS.c.system == system, CALLS.c.account == account, CALLS.c.state == unknown)
    return db.execute(query.where(CALL_HISTORY.c.state == unknown)).scalar() or 0


def all_of(db: Connection) -> list[Call]:
    """Every call, by request and place."""
    return [_call(row) for row in db.execute(select(CALLS).order_by(CALLS.c.request, CALLS.c.place))]


def history(db: Connection, call: PaymentId) -> list[Event]:
    """Every step of *call*, oldest first."""
    query = select(CALL_HISTORY.c.at, CALL_HISTORY.c.state, CALL_HISTORY.c.note).where(CALL_HISTORY.c.call == call)
    return [Event(at, State(state), note) for at, state, note in db.execute(query.order_by(CALL_HISTORY.c.id))]


_WITHOUT_REPLY = [column for column in CALLS.c if column is not CALLS.c.reply]
_SHORT_REPLY = case((func.length(CALLS.c.reply) <= limits.PAST_REPLY_BYTES, CALLS.c.reply)).label("reply")
_UPDATE = (
    update(CALLS)
    .where(CALLS.c.id == bindparam("of_id"))
    .values(
        state=bindparam("new_state"),
        note=bindparam("new_note"),
        output=func.coalesce(bindparam("new_output"), CALLS.c.output),
        number=func.coalesce(bindparam("new_number"), CALLS.c.number),
        reference=func.coalesce(bindparam("new_reference"), CALLS.c.reference),
        reply=func.coalesce(bindparam("new_reply"), CALLS.c.reply),
    )
)


def _parameters(one: Step) -> dict[str, object]:
    return {
        "of_id": one.call,
        "new_state": one.state.value,
        "new_note": one.note[:_NOTE_CHARACTERS],
        "new_output": one.output,
        "new_number": one.number,
        "new_reference": one.reference[:_REFERENCE_CHARACTERS] or None,
        "new_reply": one.reply,
    }


def _standing(db: Connection, ids: Iterable[PaymentId]) -> dict[PaymentId, tuple[State, str]]:
    """State and note of each, locked until the transaction ends (SQLite has locked everything already)."""
    query = select(CALLS.c.id, CALLS.c.state, CALLS.c.note).where(CALLS.c.id.in_(list(ids)))
    return {PaymentId(id_): (State(state), note) for id_, state, note in db.execute(query.with_for_update())}


def _event(call: PaymentId, at: int, state: State, note: str) -> dict[str, object]:
    return {"call": call, "at": at, "state": state.value, "note": note[:_NOTE_CHARACTERS]}


def _row(call: Call) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(call, name) for name in Call.__slots__}
    return {**values, "state": call.state.value}


def _call(row: Row[*tuple[Any, ...]]) -> Call:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Call(**{**values, "state": State(values["state"])})
