"""Sending a signed call: held until its time, once, inside its window, and never again.

The service may carry out what it gets more than once, and nobody documents whether it remembers (facts: CoinRPC). So
the bytes leave this machine once at most; what became of a lost reply is for the service's history and the operator.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from coldtusk_online.http_reply import Reply
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.states import State
from coldtusk_online.sending import GO, Gate, Heard, Ready, Way, dead, held, wait
from coldtusk_online.services.coinrpc import clock, replies, signature
from coldtusk_online.services.coinrpc.build import content_of
from coldtusk_online.services.coinrpc.replies import Failure, Result
from coldtusk_shared.errors import Code, OutcomeUnknown, Outside, Refused
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from coldtusk_shared.services.coinrpc.describe import moment
from coldtusk_shared.services.coinrpc.output import Output

NEVER_AGAIN = Code(
    "coinrpc.submit.never-again", "look at the wallet's history at the service, then say it with `request settle`"
)
OVER = Code("coinrpc.submit.window-over", "nothing was sent: make a new request, if it is still wanted")
REJECTED = Code("coinrpc.submit.rejected", "the service did nothing: its words say why; a new request is a new call")
READ_LOST = Code("coinrpc.submit.read-lost", "nothing was at stake: make a new request to ask again")

LAST_SECONDS: Final = 2
"""In the last seconds of a window nothing is sent: it would arrive when the window is over."""


def gate(ready: Ready, _past: Sequence[Call], now: int) -> Gate:
    """Held until its time, sent inside its window, dead after it; what may have been sent stays where it is."""
    content, where = content_of(ready.item), ready.call.id.hex()
    if ready.call.state is State.UNKNOWN:
        return held(OutcomeUnknown(NEVER_AGAIN, "it was sent, or about to be, and is never sent again", where=where))
    if now < content.send_at:
        return wait(content.send_at)
    if _is_over(content, now):
        return dead(Refused(OVER, f"its window ended {moment(content.not_after.value)}", where=where))
    return GO


def send(ready: Ready, way: Way) -> Heard:
    """Send it.

    :raises Outside: nothing was sent.
    """
    made = signature.output_of(ready.item, ready.output)
    try:
        reply = _sent(ready, made, way)
    except OutcomeUnknown as error:
        return _in_doubt(ready, error)
    try:
        return _heard(replies.read(reply, ready.item.payment_id), reply, ready)
    except OutcomeUnknown as error:
        return _in_doubt(ready, error, reply.body)


def _in_doubt(ready: Ready, error: OutcomeUnknown, reply: bytes = b"") -> Heard:
    """What only read is over. A *reply* that nobody understood is kept for the operator."""
    if content_of(ready.item).risk is not Risk.READS:
        return Heard(State.UNKNOWN, f"[{error.code.name}] {error.what}", reply=reply, error=error)
    what = f"there is no answer to rely on [{error.code.name}]: {error.what}"
    return Heard(State.EXPIRED, what, reply=reply, error=Outside(READ_LOST, what, where=ready.call.id.hex()))


def _sent(ready: Ready, made: Output, way: Way) -> Reply:
    base, path = way.settings.endpoint(way.account)
    headers = (
        ("Content-Type", "application/json"),
        ("x-api-key", content_of(ready.item).key),
        ("x-timestamp", str(made.timestamp)),
        ("x-signature", made.mac.hex()),
    )
    before = way.clock()
    in_time = partial(_in_time, ready, way)  # connecting took its time, too
    reply = way.http.call(
        base, path, headers=headers, body=made.body, statuses=replies.STATUSES, before_sending=in_time
    )
    offset = clock.of_reply(reply, before, way.clock())
    if offset is not None and offset.notable:
        way.tell(f"Hint: {offset.words}. {clock.advice(offset, content_of(ready.item).window)}")
    return reply


def _in_time(ready: Ready, way: Way) -> None:
    content = content_of(ready.item)
    if _is_over(content, way.clock()):
        what = f"the connection stood when its window was over, {moment(content.not_after.value)}"
        raise Outside(OVER, what, where=ready.call.id.hex())


def _is_over(content: CoinRpcContent, now: int) -> bool:
    return now >= content.not_after.value - LAST_SECONDS


def _heard(found: Result | Failure, reply: Reply, ready: Ready) -> Heard:
    if isinstance(found, Failure):
        what = f"the service refuses: {found.words}"
        error = Refused(REJECTED, what, where=ready.call.id.hex())
        return Heard(State.REJECTED, what, reply=reply.body, error=error)
    return Heard(State.CONFIRMED, f"result {found.words}", found.reference, reply.body)
