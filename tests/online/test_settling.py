"""The operator's word on what is unknown, and time for what was never sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_online import settling
from coldtusk_online.ledger import calls
from coldtusk_online.ledger.calls import Step
from coldtusk_online.ledger.states import State
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.request import PaymentId
from tests.simulators.call_house import DAY, CallHouse, call_house, reading, spark, withdrawal


@pytest.fixture
def home(tmp_path: Path) -> Iterator[CallHouse]:
    """A house."""
    with call_house(tmp_path) as made:
        yield made


def _unknown(home: CallHouse) -> PaymentId:
    stored = home.ready(withdrawal(home.key))
    with home.host() as host, host.ledger.writing() as db:
        calls.step(db, [Step(stored.calls[0].id, State.UNKNOWN, "lost")], 1)
    return stored.calls[0].id


@pytest.mark.parametrize(("happened", "state"), [(True, State.CONFIRMED), (False, State.EXPIRED)])
def test_the_operators_word(home: CallHouse, happened: bool, state: State) -> None:
    """It ends the call, and its reason stands in the history."""
    payment_id = _unknown(home)
    with home.host() as host:
        settled = settling.settle(host, payment_id, happened=happened, why="support ticket 17")
        with host.ledger.reading() as db:
            last = calls.history(db, payment_id)[-1]
    word = "it happened" if happened else "it did not happen"
    assert (state, f"the operator says {word}: support ticket 17") == (settled.state, settled.note)
    assert (state, settled.note) == (last.state, last.note)


@pytest.mark.parametrize(
    ("why", "code"), [("", "call.no-reason"), ("  ", "call.no-reason"), ("a\nb", "text.character")]
)
def test_a_reason_is_needed(home: CallHouse, why: str, code: str) -> None:
    """A text that an auditor can read."""
    payment_id = _unknown(home)
    with home.host() as host, pytest.raises(ColdtuskError) as caught:
        settling.settle(host, payment_id, happened=True, why=why)
    assert code == caught.value.code.name
    assert State.UNKNOWN is home.call(1).state


def test_only_what_is_unknown(home: CallHouse) -> None:
    """What was not sent, and what is known, is not for anybody to say."""
    home.ready(withdrawal(home.key))
    with home.host() as host, pytest.raises(ColdtuskError) as caught:
        settling.settle(host, PaymentId((1).to_bytes(16)), happened=False, why="x")
    assert "call.not-unknown" == caught.value.code.name


def test_what_was_not_sent_in_time(home: CallHouse) -> None:
    """Whether it was answered or not; what may have happened stays unknown."""
    first = home.ready(withdrawal(home.key))
    second = home.issued(reading(home.key), first=2)
    third = home.ready(spark(), first=3)
    with home.host() as host, host.ledger.writing() as db:
        calls.step(db, [Step(third.calls[0].id, State.UNKNOWN)], 1)
    home.now += DAY + 1
    with home.host() as host:
        ended = settling.expire(host)
        assert [] == settling.expire(host)
    assert {first.id, second.id} == {stored.id for stored in ended}
    assert {State.EXPIRED} == {stored.state for stored in ended}
    assert "stays good at the service until" in home.call(1).note  # signed, with a number: only a later call ends it
    assert "not sent in time" == home.call(2).note
    assert State.UNKNOWN is home.call(3).state


def test_what_still_has_time(home: CallHouse) -> None:
    """Until its last second; and only of the requests that were asked for."""
    first, second = home.ready(withdrawal(home.key)), home.issued(reading(home.key), first=2)
    home.now += DAY
    with home.host() as host:
        assert [] == settling.expire(host)
    home.now += 1
    with home.host() as host:
        assert [second.id] == [stored.id for stored in settling.expire(host, [second.id])]
    assert State.ANSWERED is home.call(1).state
    assert first.id != second.id
