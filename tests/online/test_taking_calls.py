"""Taking the answer to a request for calls: outputs, numbers, what is released."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coldtusk_online import taking
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.states import State
from coldtusk_shared import cbor, request
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.response import Released, Response, Result, Signed
from coldtusk_shared.services.coinpayments import output as outputs
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent
from tests.simulators.call_device import FIRST_NONCE, CallDevice, in_place_of
from tests.simulators.call_house import CallHouse, call_house, reading, spark, withdrawal


@pytest.fixture
def home(tmp_path: Path) -> Iterator[CallHouse]:
    """A house."""
    with call_house(tmp_path) as made:
        yield made


def _refused(home: CallHouse, stored: Stored, change: Callable[[Response], Response] = lambda given: given) -> str:
    before = home.stored()
    with pytest.raises(ColdtuskError) as caught:
        home.taken(stored, change=change)
    assert before == home.stored()
    return caught.value.code.name


def _output(stored: Stored, nonce: int, place: int = 0) -> Result:
    item = stored.parsed().items[place]
    assert isinstance(item.content, CoinPaymentsContent)
    made = outputs.Output(nonce, item.content.body(nonce), bytes(64))
    return Signed(item.payment_id, outputs.encode(made))


def test_outputs_and_numbers_are_stored(home: CallHouse) -> None:
    """In the order of the items."""
    stored = home.ready(withdrawal(home.key), reading(home.key))
    assert [(State.ANSWERED, FIRST_NONCE), (State.ANSWERED, FIRST_NONCE + 1)] == [
        (call.state, call.number) for call in stored.calls
    ]
    first = stored.calls[0].output
    assert first is not None
    assert b"cmd=create_withdrawal" in outputs.parse(first).body


def test_the_same_again_changes_nothing(home: CallHouse) -> None:
    """A response replayed; another one for the same request is refused."""
    stored = home.issued(withdrawal(home.key))
    assert stored.sealed is not None
    response = home.device.answer(stored.sealed)
    with home.host() as host:
        first = taking.take(host, response)
        assert first == taking.take(host, response)
    assert "response.already-answered" == _refused(home, stored)


def test_a_refusal_is_an_answer(home: CallHouse) -> None:
    """With the device's code and reason as a note; the other item goes on."""
    stored = home.taken(home.issued(withdrawal(home.key), reading(home.key)), refuse=(0,))
    assert [State.REFUSED, State.ANSWERED] == [call.state for call in stored.calls]
    assert 'the device refused [review.refused]: "the operator said no"' == stored.calls[0].note


def test_a_number_is_used_once(home: CallHouse) -> None:
    """A device that counts two calls alike lost its journal: nothing of its answer is stored."""
    home.ready(withdrawal(home.key))
    second = home.issued(withdrawal(home.key, "0.2"), first=2)
    assert "response.number-twice" == _refused(home, second, in_place_of(_output(second, FIRST_NONCE)))


def test_numbers_rise_in_one_answer(home: CallHouse) -> None:
    """The service would take the first and refuse the others."""
    stored = home.issued(withdrawal(home.key), reading(home.key))
    for second in (FIRST_NONCE, FIRST_NONCE - 1):
        change = in_place_of(_output(stored, second, 1), 1)
        assert "response.number-order" == _refused(home, stored, change)


def test_another_body(home: CallHouse) -> None:
    """What the device MACed is rebuilt here from what was asked."""
    stored, other = home.issued(withdrawal(home.key)), home.issued(withdrawal(home.key, "9"), first=2)
    wrong = _output(other, FIRST_NONCE)
    assert isinstance(wrong, Signed)
    change = in_place_of(Signed(stored.calls[0].id, wrong.output))
    assert "coinpayments.other-body" == _refused(home, stored, change)


def test_what_is_released_stays_encrypted(home: CallHouse) -> None:
    """The ledger has the encapsulated key and the ciphertext, and nothing of the secret."""
    stored = home.ready(spark())
    output = stored.calls[0].output
    assert output is not None
    match cbor.decode(output):
        case [bytes() as enc, bytes() as ciphertext]:
            assert len(ciphertext) > len(enc) == 32
        case other:
            pytest.fail(repr(other))
    files = b"".join(path.read_bytes() for path in (home.folder / "data").rglob("*") if path.is_file())
    assert home.services.credentials.coinspark_key.encode() not in files


def test_released_and_signed_are_not_the_same(home: CallHouse) -> None:
    """Neither may stand where the other belongs."""
    signed, secret = home.issued(withdrawal(home.key)), home.issued(spark(), first=2)
    one, other = signed.calls[0].id, secret.calls[0].id
    assert "response.results" == _refused(home, signed, in_place_of(Released(one, bytes(32), b"x")))
    assert "response.results" == _refused(home, secret, in_place_of(Signed(other, b"x")))


def test_the_device_sees_what_was_asked(home: CallHouse) -> None:
    """The simulator answers the request's own digest."""
    stored = home.issued(spark())
    home.taken(stored)
    assert isinstance(home.device, CallDevice)
    assert request.digest(stored.payload) == request.digest(home.device.payload)
