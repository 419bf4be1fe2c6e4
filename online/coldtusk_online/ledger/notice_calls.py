"""What notices say of calls: a line in the history of the call that made what they speak of, and nothing more.

A notice moves no call. What a service's history, or the operator, says of a call settles it; a notice is proved by a
secret that rests online, so it informs people and stops there.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select

from coldtusk_online.ledger.call_tables import CALL_HISTORY, CALLS
from coldtusk_online.ledger.notices import NoticeId
from coldtusk_online.webhooks.notice import Notice

_SHOWN_DIGITS = 12


def tell(db: Connection, news: Mapping[NoticeId, Notice], at: int) -> None:
    """Write what *news* say into the histories of the calls that have what they speak of as their reference.

    A mass withdrawal has several ids as its reference, with blanks between.
    """
    told = {id_: notice for id_, notice in news.items() if notice.reference is not None}
    if not told:
        return
    wanted = {notice.reference for notice in told.values() if notice.reference is not None}
    named = or_(*(CALLS.c.reference.contains(one, autoescape=True) for one in sorted(wanted)))
    found = db.execute(select(CALLS.c.id, CALLS.c.state, CALLS.c.system, CALLS.c.reference).where(named)).all()
    rows = [_event(call, id_, notice, at) for call in found for id_, notice in told.items() if _is_of(call, notice)]
    if rows:
        db.execute(insert(CALL_HISTORY), rows)


def _is_of(call: Row[*tuple[Any, ...]], notice: Notice) -> bool:
    return call.system == notice.service.value and notice.reference in call.reference.split(" ")


def _event(call: Row[*tuple[Any, ...]], id_: NoticeId, notice: Notice, at: int) -> dict[str, Any]:
    standing = f"status {notice.status}, {notice.standing.words} ({notice.state.value})"
    return {"call": call.id, "at": at, "state": call.state, "note": f"notice {id_.hex()[:_SHOWN_DIGITS]}: {standing}"}
