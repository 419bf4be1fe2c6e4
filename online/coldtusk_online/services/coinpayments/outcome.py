"""What a success means: the service's id of what it made, row by row for many, and what it tells of other calls."""

from collections.abc import Callable

from coldtusk_online.json_strict import Json
from coldtusk_online.ledger.states import State
from coldtusk_online.sending import Heard, Ready, Settled
from coldtusk_online.services.coinpayments import replies, settling
from coldtusk_online.services.coinpayments.replies import RowAnswer
from coldtusk_online.services.coinpayments.signature import content_of
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.services.coinpayments import mass
from coldtusk_shared.text import quoted

SOME_ROWS = Code(
    "coinpayments.rows-refused", "the other rows are under way: have those refused made again, and only them"
)

_SHOWN = 10
"""Refused rows that are named."""


def of_success(ready: Ready, result: Json, reply: bytes, tell: Callable[[str], None]) -> Heard:
    """What to record of a call to which the service said ok."""
    settles = settling.by_reply(ready, result, tell)
    names = [mass.name(number) for number, _ in enumerate(content_of(ready.item).rows, 1)]
    if names:
        return _of_rows(ready, replies.rows(result, names), reply, settles)
    return Heard(State.CONFIRMED, "the service said ok", replies.reference(result), reply, settles=settles)


def _of_rows(ready: Ready, rows: list[RowAnswer], reply: bytes, settles: tuple[Settled, ...]) -> Heard:
    refused = [row for row in rows if row.error]
    ids = " ".join(row.reference for row in rows if row.reference)
    if not refused:
        return Heard(State.CONFIRMED, f"the service said ok to {len(rows)} rows", ids, reply, settles=settles)
    words = ", ".join(f"{row.name}: {quoted(row.error)}" for row in refused[:_SHOWN])
    what = f"{len(refused)} of {len(rows)} rows were refused: {words}" + (" ..." if len(refused) > _SHOWN else "")
    error = Refused(SOME_ROWS, what, where=ready.call.id.hex())
    state = State.REJECTED if len(refused) == len(rows) else State.CONFIRMED
    return Heard(state, what, ids, reply, error=error, settles=settles)
