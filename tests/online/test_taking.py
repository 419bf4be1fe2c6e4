"""Taking a response into the ledger."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_online import taking
from coldtusk_online.ledger import devices, payments
from coldtusk_online.ledger.payments import Step
from coldtusk_online.ledger.states import State
from coldtusk_shared.errors import ColdtuskError, Refused
from tests.simulators.device import Device
from tests.simulators.online_house import House, house


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """A house with one issued request."""
    with house(tmp_path) as made:
        assert made.transfer().status == 0
        yield made


def _message(home: House, place: int = 0) -> bytes:
    sealed = home.stored()[place].sealed
    assert sealed is not None
    return sealed


def _take(home: House, message: bytes) -> State:
    with home.host() as host:
        return taking.take(host, message).state


def _refused(home: House, message: bytes) -> str:
    with pytest.raises(ColdtuskError) as caught:
        _take(home, message)
    return caught.value.code.name


def test_an_answer_is_stored_with_the_heads(home: House) -> None:
    """Signature, response and the journal's new head, at once."""
    response = home.device.answer(_message(home))
    assert State.ANSWERED is _take(home, response)
    stored = home.stored()[0]
    assert response == stored.response
    assert stored.payments[0].signature is not None
    with home.host() as host, host.ledger.reading() as db:
        assert home.device.head == devices.get(db, stored.device).head


def test_the_same_again_does_no_harm(home: House) -> None:
    """The ledger stands as it stood."""
    response = home.device.answer(_message(home))
    _take(home, response)
    before = home.stored()
    assert State.ANSWERED is _take(home, response)
    assert before == home.stored()


def test_a_refusal_is_an_answer(home: House) -> None:
    """With the device's code and reason as a note."""
    assert State.REFUSED is _take(home, home.device.answer(_message(home), refuse=(0,)))
    assert 'the device refused [review.refused]: "the operator said no"' == home.stored()[0].payments[0].note


def test_another_answer(home: House) -> None:
    """Two different answers of one device are suspicious: the first stands."""
    _take(home, home.device.answer(_message(home)))
    before = home.stored()
    assert "response.already-answered" == _refused(home, home.device.answer(_message(home)))
    assert before == home.stored()


def test_an_answer_to_what_nobody_asked(home: House, tmp_path: Path) -> None:
    """A request of another host, or of another ledger of this one."""
    message = _message(home)
    (tmp_path / "other").mkdir()
    with house(tmp_path / "other") as other:
        assert "response.unknown-request" == _refused(other, other.device.answer(message))


def test_an_answer_that_came_too_late(home: House) -> None:
    """A request that expired is not pending any more."""
    with home.host() as host, host.ledger.writing() as db:
        payments.step(db, [Step(payment.id, State.EXPIRED) for payment in home.stored()[0].payments], 9)
    assert "response.not-pending" == _refused(home, home.device.answer(_message(home)))


def test_a_forked_journal_stores_nothing(home: House) -> None:
    """Neither the answer nor the heads."""
    home.transfer("--again")
    _take(home, home.device.answer(_message(home)))
    before = home.stored()
    copy = Device()
    assert "response.journal-fork" == _refused(home, copy.answer(_message(home, 1)))
    assert before == home.stored()


def test_a_seal_of_another_type(home: House) -> None:
    """A request is no response."""
    with pytest.raises(ColdtuskError) as caught:
        _take(home, _message(home))
    assert "message.wrong-type" == caught.value.code.name
    assert not isinstance(caught.value, Refused)
