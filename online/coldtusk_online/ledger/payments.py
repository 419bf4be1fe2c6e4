"""Payments: the rows that the state machine moves, each step with its time in the history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from coldtusk_online.ledger.states import FINAL, State, check_step
from coldtusk_online.ledger.tables import HISTORY, PAYMENTS
from coldtusk_shared.request import PaymentId, RequestId
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.preimage import Txid

_NOTE_CHARACTERS = 512


@dataclass(frozen=True, slots=True)
class Payment:
    """One intent. *height* and *confirmations* are what a node last said; *note* what was last heard."""

    id: PaymentId
    request: RequestId
    place: int
    state: State
    network: Network
    account: bytes
    pin_height: int
    nonce_id: int
    txid: Txid
    intent: bytes
    signature: bytes | None = None
    height: int | None = None
    confirmations: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Where a payment goes, and what was learnt. *signature* None keeps the one that is stored."""

    payment: PaymentId
    state: State
    note: str = ""
    signature: bytes | None = None
    height: int | None = None
    confirmations: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A step that holds only if the payment still stands where it stood when the step was thought of."""

    old: State
    step: Step


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the history: *at* in Unix seconds."""

    at: int
    state: State
    note: str


def add(db: Connection, payments: Sequence[Payment], at: int) -> None:
    """Insert *payments* as drafts; the database refuses a payment id or a nonceId that is taken."""
    db.execute(insert(PAYMENTS), [_row(payment) for payment in payments])
    db.execute(insert(HISTORY), [_event(payment.id, at, payment.state, "") for payment in payments])


def step(db: Connection, steps: Sequence[Step], at: int) -> None:
    """Take all *steps*, each allowed by the table of states; what changed goes into the history."""
    if not steps:
        return
    old = _standing(db, [one.payment for one in steps])
    for one in steps:
        check_step(old[one.payment][0], one.state)
    db.execute(_UPDATE, [_parameters(one) for one in steps])
    news = [one for one in steps if old[one.payment] != (one.state, one.note[:_NOTE_CHARACTERS])]
    if news:
        db.execute(insert(HISTORY), [_event(one.payment, at, one.state, one.note) for one in news])


def of_request(db: Connection, request: RequestId) -> tuple[Payment, ...]:
    """The payments of *request*, in the order of its items."""
    query = select(PAYMENTS).where(PAYMENTS.c.request == request).order_by(PAYMENTS.c.place)
    return tuple(_payment(row) for row in db.execute(query))


def move(db: Connection, moves: Sequence[Move], at: int) -> frozenset[PaymentId]:
    """Take those of *moves* whose payment was not moved by another process meanwhile; which they are."""
    now = _standing(db, [one.step.payment for one in moves])
    steps = [one.step for one in moves if now[one.step.payment][0] is one.old]
    step(db, steps, at)
    return frozenset(one.payment for one in steps)


def all_of(db: Connection) -> list[Payment]:
    """Every payment, by request and place."""
    query = select(PAYMENTS).order_by(PAYMENTS.c.request, PAYMENTS.c.place)
    return [_payment(row) for row in db.execute(query)]


def find(db: Connection, payment: PaymentId) -> Payment | None:
    """The payment with this id."""
    row = db.execute(select(PAYMENTS).where(PAYMENTS.c.id == payment)).one_or_none()
    return None if row is None else _payment(row)


def unsettled(db: Connection, intent: bytes | None = None) -> list[Payment]:
    """The payments whose end is not known yet, of one *intent* if it is given."""
    query = select(PAYMENTS).where(PAYMENTS.c.state.not_in([state.value for state in FINAL]))
    if intent is not None:
        query = query.where(PAYMENTS.c.intent == intent)
    return [_payment(row) for row in db.execute(query.order_by(PAYMENTS.c.request, PAYMENTS.c.place))]


def by_triple(db: Connection, network: Network, pin_height: int, nonce_id: int) -> Payment | None:
    """The payment that holds this nonceId of this pin."""
    query = select(PAYMENTS).where(
        PAYMENTS.c.network == network.value, PAYMENTS.c.pin_height == pin_height, PAYMENTS.c.nonce_id == nonce_id
    )
    row = db.execute(query).one_or_none()
    return None if row is None else _payment(row)


def history(db: Connection, payment: PaymentId) -> list[Event]:
    """Every step of *payment*, oldest first."""
    query = select(HISTORY.c.at, HISTORY.c.state, HISTORY.c.note).where(HISTORY.c.payment == payment)
    return [Event(at, State(state), note) for at, state, note in db.execute(query.order_by(HISTORY.c.id))]


_UPDATE = (
    update(PAYMENTS)
    .where(PAYMENTS.c.id == bindparam("of_id"))
    .values(
        state=bindparam("new_state"),
        note=bindparam("new_note"),
        signature=func.coalesce(bindparam("new_signature"), PAYMENTS.c.signature),
        height=bindparam("new_height"),
        confirmations=bindparam("new_confirmations"),
    )
)


def _parameters(one: Step) -> dict[str, object]:
    return {
        "of_id": one.payment,
        "new_state": one.state.value,
        "new_note": one.note[:_NOTE_CHARACTERS],
        "new_signature": one.signature,
        "new_height": one.height,
        "new_confirmations": one.confirmations,
    }


def _standing(db: Connection, ids: Iterable[PaymentId]) -> dict[PaymentId, tuple[State, str]]:
    """State and note of each, locked until the transaction ends (SQLite has locked everything already)."""
    query = select(PAYMENTS.c.id, PAYMENTS.c.state, PAYMENTS.c.note).where(PAYMENTS.c.id.in_(list(ids)))
    return {PaymentId(id_): (State(state), note) for id_, state, note in db.execute(query.with_for_update())}


def _event(payment: PaymentId, at: int, state: State, note: str) -> dict[str, object]:
    return {"payment": payment, "at": at, "state": state.value, "note": note[:_NOTE_CHARACTERS]}


def _row(payment: Payment) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(payment, name) for name in Payment.__slots__}
    return {**values, "state": payment.state.value, "network": payment.network.value}


def _payment(row: Row[*tuple[Any, ...]]) -> Payment:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Payment(**{**values, "state": State(values["state"]), "network": Network(values["network"])})
