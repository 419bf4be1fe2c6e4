"""One exchange with the service, and patience where it wants to be asked more slowly.

429 and 503 both mean that (facts: coinsoftworks). What only asks is sent again after the wait that Retry-After names, a
few times; what does something is never sent again by itself.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from coldtusk_online.http_dates import retry_after
from coldtusk_online.http_reply import OK, Reply
from coldtusk_online.sending import Way
from coldtusk_online.services.coinsoftworks.bearer import Bearer
from coldtusk_shared import limits
from coldtusk_shared.errors import Code, OutcomeUnknown, Outside
from coldtusk_shared.services.coinsoftworks.output import METHODS, Call

SLOWER = Code(
    "coinsoftworks.slower",
    "come back then and `submit` again: what waited to authenticate goes; any other call is over, and to be asked anew",
)

UNAUTHORIZED, FAULT = 401, 500
THROTTLED, UNAVAILABLE = 429, 503
SLOW_DOWN = frozenset({THROTTLED, UNAVAILABLE})
REFUSED = frozenset({400, 403, 404, 405})
"""The service did not take the call (RFC 9110 15.5): nothing was done."""
ASKED = SLOW_DOWN | REFUSED | {OK, UNAUTHORIZED, FAULT}
TAKEN = frozenset({OK, 201, 202})
SURELY_NOT = REFUSED | {UNAUTHORIZED, THROTTLED}
"""An action was surely not begun. Not so 500: the document calls it Unauthorized, and others a fault half way; nor 503,
which also a proxy says when the service behind it does not come back."""
Headers = tuple[tuple[str, str], ...]
_GET = METHODS[1]
_FIRST_WAIT = 5
_JSON = ("Content-Type", "application/json")


@dataclass(frozen=True, slots=True)
class Line:
    """The way to the service for one *call*; errors name paths without the key in them."""

    way: Way
    call: Call

    def authenticate(self) -> Reply:
        """The reply to the token, which may be asked again at will."""
        token = ("X-SIMPLE-API-ACCESS-TOKEN", self.call.token)
        return self._send(self._own((token,)), ASKED, Outside)

    def ask(self, bearer: Bearer) -> Reply:
        """The reply to a call that only reads."""
        return self._send(self._own((_authorized(bearer),)), ASKED, Outside)

    def act(self, bearer: Bearer) -> Reply:
        """The reply to an action, sent once: :class:`OutcomeUnknown` if none comes, or one that says nothing sure."""
        return self._send(self._own((_authorized(bearer),)), TAKEN | SURELY_NOT | {UNAVAILABLE}, OutcomeUnknown)

    def poll(self, bearer: Bearer, target: str, shown: str) -> Reply:
        """How the action stands; *shown* is *target* without the key."""
        return self._send(_Sent(_GET, target, shown, (_authorized(bearer),)), ASKED, Outside)

    def _own(self, headers: Headers) -> "_Sent":
        """The very call that was approved."""
        call = self.call
        typed = (*headers, _JSON) if call.body else headers
        return _Sent(call.method, call.target, call.path, typed, call.body or None)

    def _send(self, sent: "_Sent", statuses: Collection[int], failure: type[Outside]) -> Reply:
        base, path = self.way.settings.endpoint(self.way.account)
        prefix = path.rstrip("/")
        return self.way.http.call(
            base,
            prefix + sent.target,
            method=sent.method,
            headers=sent.headers,
            body=sent.body,
            statuses=statuses,
            failure=failure,
            shown_path=prefix + sent.shown,
        )


@dataclass(frozen=True, slots=True)
class _Sent:
    """One request; *shown* is its *target* without the key."""

    method: str
    target: str = field(repr=False)
    shown: str
    headers: Headers = field(repr=False)
    body: bytes | None = None


def patiently(way: Way, exchange: Callable[[], Reply]) -> Reply:
    """The reply of *exchange* that is not a wish for fewer calls; it is asked ``limits.COINSOFTWORKS_TRIES`` times.

    :raises Outside: ``coinsoftworks.slower``, and what *exchange* raises.
    """
    for tried in range(limits.COINSOFTWORKS_TRIES):
        reply = exchange()
        if reply.status not in SLOW_DOWN:
            return reply
        seconds = wish(way, reply, _FIRST_WAIT << tried)
        if seconds > limits.COINSOFTWORKS_WAIT_SECONDS or tried == limits.COINSOFTWORKS_TRIES - 1:
            raise slower(way, reply, seconds)
        way.tell(f"the service wants fewer calls: waiting {seconds} s")
        _wait(way, reply, seconds)
    raise RuntimeError("the last try has an end")


def slower(way: Way, reply: Reply, seconds: int) -> Outside:
    """The error that says when to come back; nothing was done."""
    until = datetime.fromtimestamp(way.clock() + seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    return Outside(SLOWER, f"status {reply.status}: nothing was done, not before {until}", where=way.account.label)


def wish(way: Way, reply: Reply, otherwise: int) -> int:
    """The wait that Retry-After names in any of its forms, at least a second; *otherwise* where it names none."""
    seconds = retry_after(reply, way.clock())
    return otherwise if seconds is None else max(seconds, 1)


def _wait(way: Way, reply: Reply, seconds: int) -> None:
    """Ctrl-C while nothing is under way: the call goes back to where it was."""
    try:
        way.sleep(seconds)
    except KeyboardInterrupt:
        raise slower(way, reply, seconds) from None


def _authorized(bearer: Bearer) -> tuple[str, str]:
    return ("Authorization", f"Bearer {bearer.token}")
