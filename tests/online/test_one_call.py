"""What may be believed of a gate and of a leaf: the decisions as tables, whatever a system's leaf says."""

from dataclasses import replace

import pytest

from coldtusk_online import one_call
from coldtusk_online.http import HttpClient
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.ledger.states import State
from coldtusk_online.sending import GO, Gate, Heard, Ready, Step, Way, dead, held, wait
from coldtusk_online.settings import Settings
from coldtusk_shared.envelope import KeyId
from coldtusk_shared.errors import Code, OutcomeUnknown, Outside, Refused
from coldtusk_shared.request import Item, PaymentId, RequestId
from tests.simulators.call_house import reading

_CODE = Code("test.any", "do something")
_REFUSED = Refused(_CODE, "no", where="here")
_CALL = Call(
    PaymentId(bytes(16)), RequestId(bytes(16)), 0, State.ANSWERED, "coinpayments", "balances", b"key", 1, bytes(32)
)


def _ready(state: State, output: bytes = b"output") -> Ready:
    return Ready(replace(_CALL, state=state), Item(_CALL.id, b"key", reading("key")), output)


@pytest.mark.parametrize("gate", [GO, wait(9), dead(_REFUSED), held(_REFUSED)])
def test_a_first_sending_is_the_gates_to_decide(gate: Gate) -> None:
    """Nothing can have happened yet."""
    assert gate is one_call.honest(gate, _ready(State.ANSWERED))


@pytest.mark.parametrize(
    ("gate", "output", "step", "code"),
    [
        (GO, b"output", Step.GO, None),
        (wait(9), b"output", Step.WAIT, None),
        (dead(_REFUSED), b"output", Step.HELD, "call.outcome-unknown"),
        (held(_REFUSED), b"output", Step.HELD, "test.any"),
        (held(OutcomeUnknown(_CODE, "x")), b"output", Step.HELD, "test.any"),
        (GO, b"", Step.HELD, "call.outcome-unknown"),
        (wait(9), b"", Step.HELD, "call.outcome-unknown"),
        (dead(_REFUSED), b"", Step.HELD, "call.outcome-unknown"),
        (held(_REFUSED), b"", Step.HELD, "test.any"),
    ],
)
def test_what_may_have_happened(gate: Gate, output: bytes, step: Step, code: str | None) -> None:
    """It is never dead, what was released never goes again, and whatever is held has an unknown outcome: status 6."""
    found = one_call.honest(gate, _ready(State.UNKNOWN, output))
    assert step is found.step
    if code is not None:
        assert isinstance(found.why, OutcomeUnknown)
        assert code == found.why.code.name


@pytest.mark.parametrize(
    ("before", "said", "state", "error", "code"),
    [
        (State.ANSWERED, State.CONFIRMED, State.CONFIRMED, None, None),
        (State.ANSWERED, State.ANSWERED, State.ANSWERED, Outside, "test.any"),
        (State.ANSWERED, State.REJECTED, State.REJECTED, None, "call.rejected"),
        (State.ANSWERED, State.REJECTED, State.REJECTED, Refused, "test.any"),
        (State.ANSWERED, State.UNKNOWN, State.UNKNOWN, None, "call.outcome-unknown"),
        (State.ANSWERED, State.UNKNOWN, State.UNKNOWN, Outside, "call.outcome-unknown"),
        (State.ANSWERED, State.UNKNOWN, State.UNKNOWN, OutcomeUnknown, "test.any"),
        (State.UNKNOWN, State.ANSWERED, State.UNKNOWN, Outside, "call.outcome-unknown"),
        (State.UNKNOWN, State.CONFIRMED, State.CONFIRMED, None, None),
    ],
)
def test_what_a_leaf_heard(
    before: State,
    said: State,
    state: State,
    error: type[Outside] | type[Refused] | None,
    code: str | None,
) -> None:
    """A doubt is left by knowledge alone, and each failure has an error with a status."""
    heard = Heard(said, "note", error=None if error is None else error(_CODE, "what"))
    found = one_call.truthful(heard, before, _CALL)
    assert state is found.state
    assert code == (None if found.error is None else found.error.code.name)
    assert (state is State.UNKNOWN) is isinstance(found.error, OutcomeUnknown)


def test_nothing_that_holds_a_secret_shows_it() -> None:
    """Neither what is sent, nor what is kept in memory, nor what came back."""
    account = ServiceAccount("coinpayments", b"key", "trading", KeyId(bytes(16)))
    way = Way(HttpClient(), Settings("desk"), account, int, lambda _: None, print, {"bearer": "canary"})
    for one in (_ready(State.ANSWERED, b"canary"), way, Heard(State.CONFIRMED, "", reply=b"canary")):
        assert "canary" not in repr(one)
