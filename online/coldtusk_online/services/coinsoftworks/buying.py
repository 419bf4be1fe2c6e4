"""A bearer token for the token, and calls under it: authenticated again once, then it is the operator's turn."""

from collections.abc import Callable, Collection
from dataclasses import replace

from coldtusk_online.http_reply import OK, Reply
from coldtusk_online.sending import Way
from coldtusk_online.services.coinsoftworks import bearer as bearers
from coldtusk_online.services.coinsoftworks import replies
from coldtusk_online.services.coinsoftworks.asking import REFUSED, UNAUTHORIZED, Line, patiently
from coldtusk_online.services.coinsoftworks.bearer import NONE, Bearer, Held
from coldtusk_shared.errors import BadInput, Code, Outside
from coldtusk_shared.request import RequestId
from coldtusk_shared.services.coinsoftworks.output import Call

DENIED = Code(
    "coinsoftworks.denied", "check token, API key and paths at the service and on the device; then have it asked again"
)
UNAUTHORIZED_TWICE = Code(
    "coinsoftworks.unauthorized",
    "check API key, plan and clock; then `submit` an authenticate again, and have any other call asked again with it",
)
SHORT = Code(
    "coinsoftworks.bearer-short", "compare this machine's clock with the time of day: the bearer is over at once"
)


def buy(way: Way, call: Call, request: RequestId) -> Held:
    """Authenticate with the approved *call* of *request*, and keep what it gives in memory.

    :raises Outside: ``coinsoftworks.denied`` if the service says no, ``coinsoftworks.unauthorized`` for its 500,
        ``coinsoftworks.reply``, ``coinsoftworks.bearer-short``, ``coinsoftworks.slower``, and what HTTP raises.
    """
    bearers.drop(way)
    reply = patiently(way, Line(way, call).authenticate)
    if reply.status in REFUSED | {UNAUTHORIZED}:
        raise Outside(DENIED, f"the service refuses the token with status {reply.status}", where=way.account.label)
    if reply.status != OK:
        what = f"status {reply.status}: no bearer token was given"
        raise Outside(UNAUTHORIZED_TWICE, what, where=way.account.label)
    held = Held(_read(way, reply), request, call)
    if not held.bearer.is_good(way.clock()):
        raise Outside(SHORT, "it expires in less than a minute, or did already", where=way.account.label)
    bearers.keep(way, held)
    return held


def under_bearer(way: Way, request: RequestId, exchange: Callable[[Bearer], Reply], worn: Collection[int]) -> Reply:
    """The reply of *exchange*. One of the statuses *worn* buys a new bearer, once, and it is exchanged again.

    That needs the token of *request* in memory, and only its first bearer: else the reply counts as it is.

    :raises Outside: ``coinsoftworks.no-bearer``, and what :func:`buy` and *exchange* raise.
    """
    found = bearers.held(way)
    if not found.bearer.is_good(way.clock()):
        found = _again(way, found, request)
    reply = exchange(found.bearer)
    if reply.status not in worn or found.request != request or found.is_second:
        return reply
    way.tell(f"status {reply.status}: authenticating again, once")
    fresh = replace(_again(way, found, request), is_second=True)
    bearers.keep(way, fresh)
    return exchange(fresh.bearer)


def unauthorized(way: Way, reply: Reply) -> Outside:
    """The error when that did not help."""
    what = f"status {reply.status}: the bearer token is not taken; nothing was done"
    return Outside(UNAUTHORIZED_TWICE, what, where=way.account.label)


def _again(way: Way, found: Held, request: RequestId) -> Held:
    if found.request != request:
        raise Outside(NONE, "the bearer token is over, and this request brings no token for another one")
    bought = replace(buy(way, found.bought_by, request), is_second=found.is_second)
    bearers.keep(way, bought)
    return bought


def _read(way: Way, reply: Reply) -> Bearer:
    """Nothing of the reply comes into an error, not even as its cause."""
    try:
        return replies.bearer_of(reply.body)
    except BadInput as error:
        what = f"the reply to authenticate cannot be relied on [{error.code.name}]"
    raise Outside(replies.UNFIT, what, where=way.account.label)
