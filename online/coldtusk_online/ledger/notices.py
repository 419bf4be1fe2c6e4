"""Notices of the services: rows that are added and never changed, but for the state that a signed query confirms."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NewType, TypeAlias

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from coldtusk_online.ledger.tables import NOTICES
from coldtusk_online.webhooks.notice import STANDINGS, Notice, Service, Standing, State, judge
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code, Refused

UNKNOWN = Code("webhooks.unknown", "`coldtusk-online webhooks list` shows the notices of this host")
AMBIGUOUS = Code("webhooks.ambiguous", "give more digits of the id")
BAD_ID = Code("webhooks.bad-id", "give the id as `webhooks list` shows it, or its first 6 digits or more")
NOT_OPEN = Code("webhooks.not-open", "only an unconfirmed notice is confirmed; `webhooks show` says where it stands")

NoticeId = NewType("NoticeId", bytes)
"""16 bytes of this host's own."""

_ID_BYTES = 16
_HEX = frozenset("0123456789abcdef")
_SHORTEST = 6
_Subject: TypeAlias = tuple[Service, str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a notice: the *state* that it has in the ledger, and whether it is *new* there."""

    id: NoticeId
    state: State
    new: bool


@dataclass(frozen=True, slots=True)
class Stored:
    """A notice as the ledger has it; *received_at* in Unix seconds."""

    id: NoticeId
    received_at: int
    notice: Notice


def store(db: Connection, notices: Sequence[Notice], at: int, random: Callable[[int], bytes]) -> list[Kept]:
    """Store those of *notices* that are not there yet, in their order; what became of each.

    An older status that comes late is stored as superseded, an end that contradicts another as disputed.
    """
    kept, standings = _known(db, notices)
    rows, results = [], []
    for notice in notices:
        if (before := kept.get(notice.dedupe)) is not None:
            results.append(before)
            continue
        known = standings[_subject(notice)]
        fresh = Kept(NoticeId(random(_ID_BYTES)), judge(notice, known), new=True)
        known.append(notice.standing)
        kept[notice.dedupe] = Kept(fresh.id, fresh.state, new=False)
        rows.append(_row(notice, fresh, at))
        results.append(fresh)
    if rows:
        db.execute(_INSERT, rows)
    return results


def confirm(db: Connection, notice: NoticeId) -> None:
    """A signed query over the gap agrees with *notice*.

    :raises Refused: ``webhooks.not-open`` unless it is unconfirmed.
    """
    changed = update(NOTICES).where(NOTICES.c.id == notice, NOTICES.c.state == State.UNCONFIRMED.value)
    if db.execute(changed.values(state=State.CONFIRMED.value)).rowcount != 1:
        raise Refused(NOT_OPEN, "this notice is not unconfirmed", where=notice.hex())


def latest(db: Connection, service: Service | None = None, most: int = limits.WEBHOOKS_LISTED) -> list[Stored]:
    """The *most* newest notices, of one *service* if it is given; oldest first."""
    query = select(NOTICES).order_by(NOTICES.c.received_at.desc(), NOTICES.c.id).limit(most)
    if service is not None:
        query = query.where(NOTICES.c.service == service.value)
    return [_stored(row) for row in reversed(db.execute(query).all())]


def about(db: Connection, service: Service, account: str, subject: str) -> list[Stored]:
    """All notices about one *subject*, in the order of their coming."""
    query = select(NOTICES).where(
        NOTICES.c.service == service.value, NOTICES.c.account == account, NOTICES.c.subject == subject
    )
    return [_stored(row) for row in db.execute(query.order_by(NOTICES.c.received_at, NOTICES.c.id))]


def by_text(db: Connection, text: str) -> Stored:
    """The notice whose id begins with the hex digits *text*, 6 or more.

    :raises BadInput: ``webhooks.bad-id``, ``webhooks.unknown``, ``webhooks.ambiguous``.
    """
    if not _SHORTEST <= len(text) <= 2 * _ID_BYTES or not _HEX.issuperset(text):
        raise BadInput(BAD_ID, f"not {_SHORTEST} to {2 * _ID_BYTES} hex digits", where="ID")
    first = bytes.fromhex(text.ljust(2 * _ID_BYTES, "0"))
    last = bytes.fromhex(text.ljust(2 * _ID_BYTES, "f"))
    found = db.execute(select(NOTICES).where(NOTICES.c.id.between(first, last)).limit(2)).all()
    if not found:
        raise BadInput(UNKNOWN, "no notice has this id", where="ID")
    if len(found) > 1:
        raise BadInput(AMBIGUOUS, "several notices begin so", where="ID")
    return _stored(found[0])


_INSERT = insert(NOTICES)
_SAME_SUBJECTS = select(
    NOTICES.c.service,
    NOTICES.c.account,
    NOTICES.c.subject,
    NOTICES.c.status,
    NOTICES.c.dedupe,
    NOTICES.c.id,
    NOTICES.c.state,
).where(
    NOTICES.c.service.in_(bindparam("services", expanding=True)),
    NOTICES.c.account.in_(bindparam("accounts", expanding=True)),
    NOTICES.c.subject.in_(bindparam("subjects", expanding=True)),
)
"""More than is wanted where a group is about several accounts, in one statement and by the index."""


def _known(db: Connection, notices: Sequence[Notice]) -> tuple[dict[bytes, Kept], dict[_Subject, list[Standing]]]:
    """What the ledger has about the subjects of *notices*: a repeated one is about the same subject."""
    asked = {
        "services": sorted({one.service.value for one in notices}),
        "accounts": sorted({one.account for one in notices}),
        "subjects": sorted({one.subject for one in notices}),
    }
    kept: dict[bytes, Kept] = {}
    standings: dict[_Subject, list[Standing]] = defaultdict(list)
    for name, account, subject, status, key, id_, state in db.execute(_SAME_SUBJECTS, asked):
        service = Service(name)
        standings[service, account, subject].append(STANDINGS[service][status])
        kept[key] = Kept(NoticeId(id_), State(state), new=False)
    return kept, standings


def _subject(notice: Notice) -> _Subject:
    return notice.service, notice.account, notice.subject


def _row(notice: Notice, kept: Kept, at: int) -> dict[str, Any]:
    return {
        "id": kept.id,
        "received_at": at,
        "service": notice.service.value,
        "account": notice.account,
        "dedupe": notice.dedupe,
        "subject": notice.subject,
        "status": notice.status,
        "state": kept.state.value,
        "proof": notice.proof,
        "body": notice.body,
    }


def _stored(row: Row[*tuple[Any, ...]]) -> Stored:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    notice = Notice(
        service=Service(values["service"]),
        account=values["account"],
        subject=values["subject"],
        status=values["status"],
        state=State(values["state"]),
        dedupe=values["dedupe"],
        proof=values["proof"],
        body=values["body"],
    )
    return Stored(NoticeId(values["id"]), values["received_at"], notice)
