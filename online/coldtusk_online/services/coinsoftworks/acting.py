"""An action: sent once, then asked for until the service says how it ended.

Whatever leaves it in doubt leaves it unknown: it is never sent again, and the operator settles it with ``request
settle`` (facts: Failure rules).
"""

from dataclasses import dataclass

from coldtusk_online import json_strict
from coldtusk_online.http_reply import OK, Reply
from coldtusk_online.ledger.states import State
from coldtusk_online.sending import Heard, Way
from coldtusk_online.services.coinsoftworks import bearer as bearers
from coldtusk_online.services.coinsoftworks import buying, replies
from coldtusk_online.services.coinsoftworks.asking import REFUSED, SLOW_DOWN, THROTTLED, UNAVAILABLE, Line, slower, wish
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code, ColdtuskError, OutcomeUnknown, Outside
from coldtusk_shared.request import RequestId
from coldtusk_shared.services.coinsoftworks import paths
from coldtusk_shared.services.coinsoftworks.output import Call
from coldtusk_shared.services.coinsoftworks.poll import Poll
from coldtusk_shared.text import quoted

UNCLEAR = Code(
    "coinsoftworks.unclear", "look at the account at the service, then say it with `request settle`; send nothing new"
)
UNDER_WAY = Code(
    "coinsoftworks.under-way", "ask the service for this id later, then say it with `request settle`; send nothing new"
)
FAILED = Code("coinsoftworks.failed", "the service says that the action failed: its own pages say why")
REFUSED_CALL = Code("coinsoftworks.refused", "compare path and fields with the service's library; nothing was done")

_FIRST_PAUSE, _LONGEST_PAUSE = 2, 30
_UNAUTHORIZED = frozenset({401})
WORN = frozenset({401, 500})


@dataclass(frozen=True, slots=True)
class Look:
    """One look at an action: what is *said* of it in a note, its *status* if there is one, the *wait* asked for."""

    said: str
    status: str = ""
    wait: int = 0
    reply: bytes = b""


@dataclass(frozen=True, slots=True)
class Acting:
    """One approved action of *request*, with the *plan* by which it is followed."""

    way: Way
    call: Call
    request: RequestId
    plan: Poll

    def run(self) -> Heard:
        """Send it and follow it to its end.

        :raises Outside: surely nothing was done: ``coinsoftworks.slower``, ``.unauthorized``, ``.no-bearer``, ...
        :raises OutcomeUnknown: ``http.outcome-unknown``, ``coinsoftworks.unclear``.
        """
        line = Line(self.way, self.call)
        reply = buying.under_bearer(self.way, self.request, line.act, _UNAUTHORIZED)
        if reply.status == THROTTLED:
            raise slower(self.way, reply, wish(self.way, reply, _LONGEST_PAUSE))
        if reply.status == UNAVAILABLE:
            what = "status 503: it wants fewer calls, says its document; a proxy says so, too, of what was begun"
            raise OutcomeUnknown(UNCLEAR, what, where=self.way.account.label)
        if reply.status in _UNAUTHORIZED:
            raise buying.unauthorized(self.way, reply)
        if reply.status in REFUSED:
            return self._end(State.REJECTED, f"the service refuses it with status {reply.status}", REFUSED_CALL)
        id_, target = self._begun(reply)
        self.way.tell(f"the action is begun{f', its id is {quoted(id_)}' if id_ else ''}; following it to its end")
        return self._follow(target, id_)

    def _begun(self, reply: Reply) -> tuple[str, str]:
        """The id that the service gave it, and where to ask for it."""
        secrets = bearers.secrets(self.way, self.call)
        try:
            value = json_strict.decode(reply.body)
            id_ = replies.member(value, self.plan.id_member, secrets) if self.plan.id_member else ""
            return id_, paths.fill(self.plan.path, self.call.key, id_)
        except BadInput as error:
            what = f"it was sent, and the reply does not say what became of it [{error.code.name}]"
        raise OutcomeUnknown(UNCLEAR, what, where=self.way.account.label)

    def _follow(self, target: str, id_: str) -> Heard:
        until, pause = self.way.clock() + limits.COINSOFTWORKS_POLL_SECONDS, 0
        look = Look("nothing yet")
        try:
            while self.way.clock() + pause <= until:
                if pause:
                    self.way.sleep(pause)
                look = self._look(target)
                if look.status in self.plan.done:
                    return Heard(State.CONFIRMED, f"done: the service says {look.said}", id_, look.reply)
                if look.status in self.plan.failed:
                    return self._end(State.REJECTED, f"failed: the service says {look.said}", FAILED, id_)
                pause = look.wait or min(max(2 * pause, _FIRST_PAUSE), _LONGEST_PAUSE)
            why = f"it took more than {limits.COINSOFTWORKS_POLL_SECONDS} s"
        except KeyboardInterrupt:
            why = "the operator did not wait"
        named = f"begun as {quoted(id_)}" if id_ else "begun"
        return self._end(State.UNKNOWN, f"{named}, {why}; last heard: {look.said}", UNDER_WAY, id_)

    def _look(self, target: str) -> Look:
        """How it stands. What goes wrong is a matter for another look: asking does no harm."""
        line = Line(self.way, self.call)
        try:
            reply = buying.under_bearer(
                self.way, self.request, lambda bearer: line.poll(bearer, target, self.plan.path), WORN
            )
            if reply.status in SLOW_DOWN:
                return Look(f"status {reply.status}", wait=wish(self.way, reply, _LONGEST_PAUSE))
            if reply.status != OK:
                return Look(f"status {reply.status}")
            secrets = bearers.secrets(self.way, self.call)
            status = replies.member(json_strict.decode(reply.body), self.plan.status_member, secrets)
            return Look(quoted(status), status, reply=replies.kept(reply.body, secrets))
        except ColdtuskError as error:
            return Look(f"[{error.code.name}]")

    def _end(self, state: State, note: str, code: Code, id_: str = "") -> Heard:
        family = OutcomeUnknown if state is State.UNKNOWN else Outside
        return Heard(state, note, id_, error=family(code, note, where=self.way.account.label))
