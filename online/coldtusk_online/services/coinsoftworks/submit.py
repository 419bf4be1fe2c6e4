"""Sending the calls of a request in their order: authenticate first, and the rest under the bearer that it buys.

``authenticate``, ``settings``, ``actions`` and ``user`` only ask, and so does an action that the device's table calls
harmless: what goes wrong with them leaves them as they were. Any other action is sent once (:mod:`.acting`).
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from coldtusk_online.http_reply import OK, Reply
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.states import State
from coldtusk_online.sending import GO, Gate, Heard, Ready, Way, held
from coldtusk_online.services.coinsoftworks import bearer as bearers
from coldtusk_online.services.coinsoftworks import buying, replies, signature
from coldtusk_online.services.coinsoftworks.acting import REFUSED_CALL, WORN, Acting
from coldtusk_online.services.coinsoftworks.asking import REFUSED, Line, patiently
from coldtusk_online.services.coinsoftworks.build import content_of
from coldtusk_shared.errors import BadInput, Code, Outside, Refused
from coldtusk_shared.services.coinsoftworks import output
from coldtusk_shared.services.coinsoftworks.commands import AUTHENTICATE

FIRST = Code(
    "coinsoftworks.authenticate-first", "have both asked again: the authenticate before this call got no bearer"
)
NEVER_AGAIN = Code(
    "coinsoftworks.never-again",
    "look at the account at the service, then say it with `request settle`: it is sent once",
)


def gate(ready: Ready, past: Sequence[Call], _now: int) -> Gate:
    """A call is sent once, and not when the ``authenticate`` in front of it bought nothing."""
    call = ready.call
    if call.state is State.UNKNOWN:
        return held(Refused(NEVER_AGAIN, "it was sent, or about to be", where=call.id.hex()))
    before = [one for one in past if one.request == call.request and one.place < call.place]
    if any(one.command == AUTHENTICATE.name and one.state is not State.CONFIRMED for one in before):
        return held(Refused(FIRST, "the service gave no bearer token for it", where=call.id.hex()))
    return GO


def send(ready: Ready, way: Way) -> Heard:
    """Send it.

    :raises Outside: surely nothing happened: ``coinsoftworks.slower``, ``.unauthorized``, ``.no-bearer``,
        ``.bearer-short``, ``.reply``, and what HTTP raises. :raises OutcomeUnknown: as :meth:`Acting.run`.
    """
    call = signature.call_of(ready.item, ready.output)
    if content_of(ready.item).command is AUTHENTICATE:
        return _authenticate(ready, way, call)
    if _is_late(ready, way):
        what = "the bearer token that its request bought went with its process; it was never sent"
        return Heard(State.EXPIRED, what, error=Outside(bearers.NONE, what, where=ready.call.id.hex()))
    if call.poll is not None:
        return Acting(way, call, ready.call.request, call.poll).run()
    return _ask(ready, way, call)


def _is_late(ready: Ready, way: Way) -> bool:
    """Whether its own ``authenticate`` is used up. Under another one's bearer it could pay beside its successor."""
    own = [one for one in ready.past if one.request == ready.call.request and one.place < ready.call.place]
    bought = any(one.command == AUTHENTICATE.name and one.state is State.CONFIRMED for one in own)
    return bought and not bearers.is_of(way, ready.call.request)


def _authenticate(ready: Ready, way: Way, call: output.Call) -> Heard:
    try:
        bought = buying.buy(way, call, ready.call.request)
    except Outside as error:
        if error.code is not buying.DENIED:
            raise
        return Heard(State.REJECTED, error.what, error=error)
    until = datetime.fromtimestamp(bought.bearer.until, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    return Heard(State.CONFIRMED, f"a bearer token until {until}, in this process alone")


def _ask(ready: Ready, way: Way, call: output.Call) -> Heard:
    line = Line(way, call)
    reply = buying.under_bearer(way, ready.call.request, lambda bearer: patiently(way, lambda: line.ask(bearer)), WORN)
    if reply.status in REFUSED:
        what = f"the service refuses the call with status {reply.status}"
        return Heard(State.REJECTED, what, error=Outside(REFUSED_CALL, what, where=way.account.label))
    if reply.status != OK:
        raise buying.unauthorized(way, reply)
    return Heard(
        State.CONFIRMED, _summary(ready, way, reply), reply=replies.kept(reply.body, bearers.secrets(way, call))
    )


def _summary(ready: Ready, way: Way, reply: Reply) -> str:
    """Nothing of the reply comes into an error, not even as its cause."""
    try:
        return replies.summary(content_of(ready.item).command.name, reply.body)
    except BadInput as error:
        what = f"the reply cannot be relied on [{error.code.name}]"
    raise Outside(replies.UNFIT, what, where=way.account.label)
