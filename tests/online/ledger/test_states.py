"""The table of states."""

import pytest

from coldtusk_online.ledger.states import (
    CALL_FINAL,
    CALL_TRANSITIONS,
    FINAL,
    POSTABLE,
    SENDABLE,
    TRANSITIONS,
    WAITING,
    State,
    check_call_step,
    check_step,
    of_request,
)


def test_every_state_is_in_the_table() -> None:
    """Nothing was forgotten."""
    assert set(State) == set(TRANSITIONS)


def test_what_is_final() -> None:
    """A payment that is confirmed, refused or expired goes nowhere; a rejected one may still be mined."""
    assert {State.CONFIRMED, State.REFUSED, State.EXPIRED} == FINAL


def test_every_state_can_end() -> None:
    """From every state a final one can be reached, and from draft every state."""
    reached = {State.DRAFT}
    for _ in State:
        reached |= {after for state in reached for after in TRANSITIONS[state]}
    assert set(State) == reached
    for state in set(State) - FINAL:
        assert TRANSITIONS[state] & (FINAL | WAITING | {State.ISSUED})


def test_nothing_is_sent_without_a_durable_intent() -> None:
    """Whatever is posted was unknown before: there is no way around it to submitted or rejected."""
    assert [State.UNKNOWN] == [state for state in State if State.SUBMITTED in TRANSITIONS[state]]
    assert [State.UNKNOWN] == [state for state in State if State.REJECTED in TRANSITIONS[state]]
    assert all(State.UNKNOWN in TRANSITIONS[state] for state in POSTABLE)


def test_a_step_outside_the_table() -> None:
    """It is our own mistake."""
    check_step(State.DRAFT, State.ISSUED)
    with pytest.raises(RuntimeError, match="confirmed to issued"):
        check_step(State.CONFIRMED, State.ISSUED)


@pytest.mark.parametrize(
    ("payments", "expected"),
    [
        ([State.CONFIRMED], State.CONFIRMED),
        ([State.CONFIRMED, State.REFUSED], State.REFUSED),
        ([State.CONFIRMED, State.SEEN, State.UNKNOWN], State.UNKNOWN),
        ([State.REFUSED, State.ANSWERED], State.ANSWERED),
        ([State.CONFIRMED, State.REJECTED], State.REJECTED),
    ],
)
def test_a_request_has_the_state_that_needs_attention(payments: list[State], expected: State) -> None:
    """Confirmed only if all are."""
    assert expected == of_request(payments)


def test_a_request_has_payments() -> None:
    """None at all is our own mistake."""
    with pytest.raises(RuntimeError):
        of_request([])


def test_the_states_of_a_call() -> None:
    """From draft every one can be reached; those that are final lead nowhere, and nothing else is."""
    reached = {State.DRAFT}
    for _ in State:
        reached |= {after for state in reached for after in CALL_TRANSITIONS[state]}
    assert set(CALL_TRANSITIONS) == reached
    assert {state for state, after in CALL_TRANSITIONS.items() if not after} == CALL_FINAL


def test_no_call_is_sent_without_a_durable_intent() -> None:
    """Whatever the service said yes or no to was unknown before; unknown is only left by what somebody knows."""
    assert {State.UNKNOWN} == {state for state, after in CALL_TRANSITIONS.items() if State.CONFIRMED in after}
    assert {State.UNKNOWN} == {state for state, after in CALL_TRANSITIONS.items() if State.REJECTED in after}
    assert all(State.UNKNOWN in CALL_TRANSITIONS[state] for state in SENDABLE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (State.CONFIRMED, State.UNKNOWN),
        (State.ANSWERED, State.CONFIRMED),
        (State.EXPIRED, State.ANSWERED),
        (State.UNKNOWN, State.ISSUED),
        (State.SUBMITTED, State.CONFIRMED),
        (State.ISSUED, State.SEEN),
    ],
)
def test_a_step_of_a_call_outside_the_table(old: State, new: State) -> None:
    """It is our own mistake, as is a state that only a chain's payment has."""
    with pytest.raises(RuntimeError, match="a call never goes"):
        check_call_step(old, new)
