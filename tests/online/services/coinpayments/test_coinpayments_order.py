"""Strictly by nonce: what goes, what waits for which call, what is dead, and what is never sent again."""

from dataclasses import replace

import pytest

from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.states import State
from coldtusk_online.sending import Step
from coldtusk_online.services.coinpayments import order, submit
from coldtusk_online.services.coinpayments.order import SETTLING
from coldtusk_shared.errors import OutcomeUnknown
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.coinpayments.commands import COMMANDS
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent
from tests.online.services.coinpayments.doubt_samples import made, ready
from tests.shared.services.coinpayments.call_samples import call, withdrawal

READ, BURN, HISTORY = call("balances"), call("get_basic_info"), call("get_withdrawal_history")
S = State


def said(own: Call, *others: Call, content: CoinPaymentsContent | None = None) -> str:
    """What the gate says of *own* beside *others*: the step, and the code of the reason."""
    gate = submit.gate(ready(own, content), [own, *others], 0)
    return gate.step.value if gate.why is None else f"{gate.step.value} {gate.why.code.name}"


def answered(number: int, content: CoinPaymentsContent | None = None) -> Call:
    """A call that was not sent."""
    return made(number, content, S.ANSWERED)


def uncounted(state: State) -> Call:
    """A call that has no nonce yet."""
    return replace(made(9, state=state), number=None)


@pytest.mark.parametrize("state", [S.ANSWERED, S.UNKNOWN])
def test_alone_it_goes(state: State) -> None:
    """For the first time, and the identical bytes again."""
    assert "go" == said(made(5, state=state))


@pytest.mark.parametrize("state", [S.CONFIRMED, S.REJECTED, S.EXPIRED])
def test_what_is_settled_below_is_in_nobodys_way(state: State) -> None:
    """Whatever its end was."""
    assert "go" == said(answered(5), made(4, state=state))


@pytest.mark.parametrize("state", [S.ANSWERED, S.EXPIRED])
def test_what_is_above_and_unsent_is_in_nobodys_way(state: State) -> None:
    """Nor what is not answered by the device yet."""
    waiting = uncounted(S.ISSUED)
    assert "go" == said(answered(5), made(6, state=state), waiting)
    assert "go" == said(made(5, state=S.UNKNOWN), made(6, state=state), waiting)


@pytest.mark.parametrize("state", [S.UNKNOWN, S.CONFIRMED, S.REJECTED])
def test_a_higher_nonce_ends_what_is_below(state: State) -> None:
    """Never sent: it is dead. Sent in doubt: never sent again, and nobody says that it is dead."""
    higher = made(6, state=state)
    assert "dead coinpayments.burned" == said(answered(5), higher)
    assert "held coinpayments.never-again" == said(made(5), higher)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_what_was_not_sent_comes_first(name: str) -> None:
    """Only a burn passes it."""
    content = withdrawal() if name == "create_mass_withdrawal" else call(name)
    expected = "go" if name == "get_basic_info" else "held coinpayments.not-first"
    assert expected == said(answered(5, content), answered(4), content=content)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_what_is_in_doubt_comes_first(name: str) -> None:
    """Only what settles it, or burns, passes it."""
    content = withdrawal() if name == "create_mass_withdrawal" else call(name)
    expected = "go" if name in SETTLING else "held coinpayments.in-doubt"
    assert expected == said(answered(5, content), made(4), content=content)


def test_only_the_history_and_a_burn_give_up_what_was_not_sent() -> None:
    """One in doubt and one that waits for it: neither can move before the history."""
    doubtful, waiting = made(4), answered(5)
    assert "held coinpayments.in-doubt" == said(waiting, doubtful)
    assert "go" == said(answered(6, HISTORY), doubtful, waiting, content=HISTORY)
    assert "go" == said(answered(6, BURN), doubtful, waiting, content=BURN)
    ids = call("get_tx_ids")
    assert "held coinpayments.in-doubt" == said(answered(6, ids), doubtful, waiting, content=ids)


def test_a_lost_answer_of_a_read_is_in_nobodys_way() -> None:
    """Nothing can have happened by it."""
    lost = made(4, READ)
    assert order.is_lost_read(lost)
    assert "go" == said(answered(5), lost)


def test_a_read_in_doubt_goes_again() -> None:
    """As any other call, as long as no higher nonce was used."""
    lost = made(4, READ)
    assert "go" == said(lost, content=READ)
    assert "held coinpayments.never-again" == said(lost, made(5, state=S.CONFIRMED), content=READ)


@pytest.mark.parametrize(("now", "expected"), [(1000, "wait"), (1059, "wait"), (1060, "go"), (999, "go")])
@pytest.mark.parametrize("content", [None, HISTORY, BURN], ids=["again", "history", "burn"])
def test_the_service_may_still_work_on_what_is_in_doubt(
    content: CoinPaymentsContent | None, now: int, expected: str
) -> None:
    """Its nonce is not looked at atomically: neither the same bytes nor a history go at once."""
    doubtful = made(4)
    own = doubtful if content is None else answered(5, content)
    gate = submit.gate(replace(ready(own, content), doubt=1000), [doubtful, own], now)
    assert (expected, 1060 if expected == "wait" else 0) == (gate.step.value, gate.until)


def test_a_lost_answer_of_a_read_is_not_waited_for() -> None:
    """The service may work on it for ever."""
    lost = made(4, READ)
    assert "go" == submit.gate(replace(ready(answered(5)), doubt=1000), [lost], 1001).step.value


def test_in_doubt_is_an_unknown_outcome() -> None:
    """So the command ends with status 6."""
    gate = submit.gate(ready(answered(5)), [made(4)], 0)
    assert (Step.HELD, OutcomeUnknown) == (gate.step, type(gate.why))
    assert gate.why is not None
    assert "create_withdrawal with nonce 4, request 000000000000, has no known outcome" == gate.why.what


def test_settling_calls_only_read() -> None:
    """Nothing that moves or changes passes one in doubt."""
    assert {Risk.READS} == {COMMANDS[name].risk for name in SETTLING}


def test_a_call_without_a_nonce_is_our_mistake() -> None:
    """Only what a device answered has a gate."""
    with pytest.raises(RuntimeError, match="not counted"):
        said(uncounted(S.ANSWERED))
