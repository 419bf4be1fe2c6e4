"""One call of a payment service on its way: held, sent once, what came recorded.

Before it is sent it stands as "unknown" in the ledger, and whether it goes at all is looked at in that same
transaction: a crash at any point leaves the truth, and of two processes one sends.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from coldtusk_online import services
from coldtusk_online.host import Host
from coldtusk_online.ledger import calls
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.states import CALL_FINAL, CALL_TRANSITIONS, SENDABLE, State
from coldtusk_online.opening import Opener, unsent
from coldtusk_online.sending import Gate, Heard, Ready, Settled, Step, Way, dead, held
from coldtusk_shared.errors import Code, ColdtuskError, OutcomeUnknown, Outside, Refused
from coldtusk_shared.request import Item
from coldtusk_shared.risk import Risk

TOO_LATE = Code("call.too-late", "have the request made and signed again, if it is still wanted")
REJECTED = Code("call.rejected", "the service said no, and nothing happened: `request show ID` has its words")
UNKNOWN = Code(
    "call.outcome-unknown",
    "look at the service's own history, then `request settle ID` says what is so; send nothing new before",
)

_BEGUN = "about to be sent"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one call. *stop*: the calls behind it are not sent."""

    error: ColdtuskError | None = None
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """The calls of one request on their way. Whoever is inside *alone* is the only one who sends."""

    host: Host
    way: Way
    alone: Callable[[], AbstractContextManager[None]]
    opener: Opener

    def one(self, item: Item, call: Call) -> Done:
        """Hold it until its time if it has one, send it, record what came."""
        try:
            while True:
                with self.alone():
                    before, ready, gate = self._decide(item, call)
                    if gate is None:
                        return Done()
                    if gate.step is Step.GO:
                        self.host.checkpoint("intended")
                        return self._send(before, ready)
                if gate.step is not Step.WAIT:
                    return Done(gate.why, stop=gate.step is Step.HELD)
                self._wait(call, gate.until)
        except ColdtuskError as error:
            return Done(error, stop=True)

    def _decide(self, item: Item, call: Call) -> tuple[State, Ready, Gate | None]:
        """Look and, if it goes, say so durably: in one transaction, so that nobody comes between."""
        now = self.host.clock()
        with self.host.ledger.writing() as db:
            current = calls.get(db, call.id)
            ready = Ready(current, item, b"")
            if current.state not in SENDABLE:
                return current.state, ready, None
            gate = self._late(current, item, now)
            if gate is None:
                past = tuple(calls.of_account(db, current.system, current.account))
                doubt = calls.in_doubt_since(db, current.system, current.account)
                ready = replace(ready, output=self._output(current, item), past=past, doubt=doubt)
                gate = honest(services.sender(item).gate(ready, past, now), ready)
            if gate.step is Step.GO:
                calls.step(db, [calls.Step(current.id, State.UNKNOWN, _BEGUN)], now)
            if gate.step is Step.DEAD:
                calls.step(db, [calls.Step(current.id, State.EXPIRED, _note(gate.why))], now)
        return current.state, ready, gate

    def _output(self, current: Call, item: Item) -> bytes:
        """What was released is opened for its first sending only: its key may be gone after that."""
        again = current.state is State.UNKNOWN and item.content.releases
        return b"" if again else self.opener.output(current, item)

    def _late(self, current: Call, item: Item, now: int) -> Gate | None:
        """Nothing is sent for the first time after its deadline."""
        deadline = self.opener.deadline(item)
        if now <= deadline or current.state is State.UNKNOWN:
            return None
        what = f"it was good until {_when(deadline)}: {unsent(current)}"
        return dead(Refused(TOO_LATE, what, where=current.id.hex()))

    def _wait(self, call: Call, until: int) -> None:
        left = until - self.way.clock()
        if left > 0:
            self.way.tell(f"call {call.id.hex()[:12]} is held until {_when(until)}; Ctrl-C sends nothing")
            self.way.sleep(left)

    def _send(self, before: State, ready: Ready) -> Done:
        heard = truthful(self._heard(before, ready), before, ready.call)
        try:
            found = self._record(ready.call, heard)
        except ColdtuskError as error:
            return _stopped(ready.call, f"what came could not be recorded [{error.code.name}]: {heard.note}")
        self.host.checkpoint("recorded")
        if found is not State.UNKNOWN:
            return _stopped(ready.call, f"was called {found.value} meanwhile, and then came: {heard.note}")
        unknown = heard.state is State.UNKNOWN and ready.item.content.risk is not Risk.READS
        return Done(heard.error, stop=unknown or heard.state is State.ANSWERED)

    def _heard(self, before: State, ready: Ready) -> Heard:
        try:
            return services.sender(ready.item).send(ready, self.way)
        except OutcomeUnknown as error:
            return Heard(State.UNKNOWN, _note(error), error=error)
        except Outside as error:  # surely not sent: as it was before
            return Heard(before, _note(error), error=error)
        except ColdtuskError as error:
            what = f"the reply cannot be understood [{error.code.name}]: {error.what}"
            return Heard(State.UNKNOWN, what, error=OutcomeUnknown(UNKNOWN, what, where=ready.call.id.hex()))

    def _record(self, call: Call, heard: Heard) -> State:
        """Record what came, unless somebody settled the call meanwhile; where it stood before that."""
        own = calls.Step(call.id, heard.state, heard.note, reference=heard.reference, reply=heard.reply or None)
        now = self.host.clock()
        with self.host.ledger.writing() as db:
            current = calls.get(db, call.id)
            if not calls.move(db, [calls.Move(State.UNKNOWN, own)], now):
                calls.remark(db, current, f"it was sent before that, and then came: {heard.note}", now)
            moves = [move for one in heard.settles if (move := _settling(db, call, one)) is not None]
            calls.move(db, moves, now)
        return current.state


def _settling(db: Connection, call: Call, one: Settled) -> calls.Move | None:
    """Another call of the same account whose end, or doubt, the reply shows. What is settled already stays."""
    other = calls.find(db, one.payment_id)
    if other is None or other.id == call.id or (other.system, other.account) != (call.system, call.account):
        return None
    if one.state not in CALL_TRANSITIONS[other.state] & {State.UNKNOWN, *CALL_FINAL}:
        return None
    return calls.Move(other.state, calls.Step(other.id, one.state, one.note, reference=one.reference))


def truthful(heard: Heard, before: State, call: Call) -> Heard:
    """What may have happened the first time stays unknown though nothing was sent now; each failure has an error."""
    if before is State.UNKNOWN and heard.state is State.ANSWERED:
        heard = replace(heard, state=State.UNKNOWN)
    if heard.state is State.UNKNOWN and not isinstance(heard.error, OutcomeUnknown):
        return replace(heard, error=OutcomeUnknown(UNKNOWN, heard.note, where=call.id.hex()))
    if heard.state is State.REJECTED and heard.error is None:
        return replace(heard, error=Refused(REJECTED, heard.note, where=call.id.hex()))
    return heard


def honest(gate: Gate, ready: Ready) -> Gate:
    """What may have happened is never dead for a gate's word; what was released never goes again; both are said so."""
    if ready.call.state is not State.UNKNOWN:
        return gate
    if gate.step is Step.DEAD or (not ready.output and gate.step is not Step.HELD):
        return held(_in_doubt(ready.call))
    if gate.why is None or isinstance(gate.why, OutcomeUnknown):
        return gate
    return held(OutcomeUnknown(gate.why.code, gate.why.what, where=gate.why.where))


def _stopped(call: Call, what: str) -> Done:
    return Done(OutcomeUnknown(UNKNOWN, f"it was sent, and {what}", where=call.id.hex()), stop=True)


def _in_doubt(call: Call) -> OutcomeUnknown:
    return OutcomeUnknown(UNKNOWN, "it may have happened, and is not sent again", where=call.id.hex())


def _note(error: ColdtuskError | None) -> str:
    return "" if error is None else f"[{error.code.name}] {error.what}"


def _when(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
