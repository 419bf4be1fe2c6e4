"""What ``follow`` does for calls of payment services: there is nobody to ask without the gap, but time goes on."""

from collections.abc import Sequence
from dataclasses import dataclass

from coldtusk_online import one_call, settling
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.output import Json
from coldtusk_online.host import Host
from coldtusk_online.ledger import calls
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.states import CALL_FINAL, State
from coldtusk_online.submitting import drop_key
from coldtusk_shared.errors import Code, ColdtuskError, OutcomeUnknown, Refused
from coldtusk_shared.request import RequestId

ENDED = Code("follow.call-ended", "`request show ID` says why; a new request is a new call")
UNSENT = Code("follow.call-not-sent", "`request show ID` says what comes next: so far nothing was sent")


@dataclass(frozen=True, slots=True)
class Standing:
    """Calls as they are now; *ended* are those whose time was over in this round."""

    standing: Sequence[Call]
    ended: Sequence[Call]

    @property
    def idle(self) -> int:
        """How many are not settled and not unknown: somebody has to do something."""
        return sum(call.state not in CALL_FINAL | {State.UNKNOWN} for call in self.standing)


def look(desk: Desk, host: Host, chosen: Sequence[RequestId]) -> Standing:
    """End what was not sent in time; the calls of *chosen* requests, or all that are not settled."""
    expired = settling.expire(host, chosen)
    for stored in expired:
        drop_key(host, desk.reply_keys(), stored)
    with host.ledger.reading() as db:
        own = [call for id_ in chosen for call in calls.of_request(db, id_)] if chosen else calls.unsettled(db)
    return Standing(own, [call for stored in expired for call in stored.calls if call.state is State.EXPIRED])


def error(found: Standing, *, chosen: bool) -> ColdtuskError | None:
    """Who asked for a request by its id takes status 0 for "done"."""
    states = {call.state: call for call in found.standing}
    if State.UNKNOWN in states:
        count = sum(call.state is State.UNKNOWN for call in found.standing)
        return OutcomeUnknown(one_call.UNKNOWN, f"calls in doubt: {count}", where=_where(states[State.UNKNOWN]))
    over = next((states[one] for one in (State.EXPIRED, State.REJECTED, State.REFUSED) if one in states), None)
    if chosen and over is not None:
        return Refused(ENDED, f"{over.command} is {over.state.value}", where=_where(over))
    if chosen and found.idle:
        waiting = next(call for call in found.standing if call.state not in CALL_FINAL)
        return Refused(UNSENT, f"{waiting.command} is {waiting.state.value}", where=_where(waiting))
    return None


def text(call: Call) -> str:
    """One line of what changed."""
    return f"{call.request.hex()[:12]}  {call.state.value:<9}  {call.system} {call.command}  {call.note}"


def facts(call: Call) -> dict[str, Json]:
    """A call for --json."""
    return {
        "request": call.request.hex(),
        "payment_id": call.id.hex(),
        "state": call.state.value,
        "kind": f"{call.system}/{call.command}",
        "reference": call.reference,
        "note": call.note,
    }


def _where(call: Call) -> str:
    return call.request.hex()
