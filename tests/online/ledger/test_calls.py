"""Calls of payment services in the ledger."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from coldtusk_online.ledger import calls, devices, requests, store
from coldtusk_online.ledger.calls import Call, Move, Step
from coldtusk_online.ledger.payments import Event
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.states import State
from coldtusk_online.ledger.store import Ledger
from coldtusk_shared import card, limits
from coldtusk_shared.envelope import KeyId
from coldtusk_shared.request import PaymentId, RequestId
from tests.simulators.device import Device

_KEY = b"public-key"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with a pinned device."""
    made = store.create(store.default_url(tmp_path / "ledger.sqlite"))
    with made.writing() as db:
        devices.pin(db, card.open_device(Device().card()), 1)
    yield made
    made.close()


def _id(number: int) -> PaymentId:
    return PaymentId(number.to_bytes(16))


def _call(request: int, number: int, account: bytes = _KEY) -> Call:
    return Call(
        id=_id(number),
        request=RequestId(request.to_bytes(16)),
        place=number % 10,
        state=State.DRAFT,
        system="coinpayments",
        command="create_withdrawal",
        account=account,
        number=None,
        intent=bytes(32),
    )


def _add(ledger: Ledger, number: int, *own: Call) -> Stored:
    with ledger.writing() as db:
        kid = next(iter(devices.pinned(db)))
        draft = Stored(RequestId(number.to_bytes(16)), 5, KeyId(kid), b"payload", None, None, (), own)
        requests.add_draft(db, draft)
    return draft


def _answer(ledger: Ledger, draft: Stored, *numbers: int | None) -> None:
    pairs = zip(draft.calls, numbers, strict=True)
    steps = [Step(call.id, State.ANSWERED, output=b"output", number=number) for call, number in pairs]
    with ledger.writing() as db:
        requests.issue(db, draft, b"sealed", 6)
        requests.answer(db, draft.id, b"response", steps, 7)


def test_a_request_of_calls(ledger: Ledger) -> None:
    """Draft, issued and answered as a request of payments is; its state is that of its calls."""
    draft = _add(ledger, 1, _call(1, 10), _call(1, 11))
    with ledger.reading() as db:
        assert draft == requests.get(db, draft.id)
    _answer(ledger, draft, 100, 101)
    with ledger.reading() as db:
        found = requests.get(db, draft.id)
        assert [found] == requests.all_of(db)
        assert [Event(5, State.DRAFT, ""), Event(6, State.ISSUED, ""), Event(7, State.ANSWERED, "")] == calls.history(
            db, _id(10)
        )
    assert (State.ANSWERED, False, b"response") == (found.state, found.settled, found.response)
    assert [(100, b"output"), (101, b"output")] == [(call.number, call.output) for call in found.calls]


def test_a_step_keeps_what_it_does_not_say(ledger: Ledger) -> None:
    """Output, number, reference and reply stay; a note is always the last one."""
    draft = _add(ledger, 1, _call(1, 10))
    _answer(ledger, draft, 100)
    with ledger.writing() as db:
        calls.step(db, [Step(_id(10), State.UNKNOWN, "sent", reference="W1", reply=b"{}")], 8)
        calls.step(db, [Step(_id(10), State.CONFIRMED)], 9)
        calls.step(db, [], 10)
        found = calls.get(db, _id(10))
    assert (100, b"output", "W1", b"{}", "") == (found.number, found.output, found.reference, found.reply, found.note)


def test_a_rejected_request_is_settled(ledger: Ledger) -> None:
    """A service that said no is never asked again with the same bytes."""
    draft = _add(ledger, 1, _call(1, 10))
    _answer(ledger, draft, None)
    with ledger.writing() as db:
        calls.step(db, [Step(_id(10), State.UNKNOWN)], 8)
        calls.step(db, [Step(_id(10), State.REJECTED, "no funds")], 9)
        assert requests.get(db, draft.id).settled
        assert [] == calls.unsettled(db)


def test_a_number_belongs_to_one_call_of_an_account(ledger: Ledger) -> None:
    """The database itself refuses a second one; another account counts for itself, and no number is no number."""
    one = _add(ledger, 1, _call(1, 10), _call(1, 11))
    _answer(ledger, one, 100, None)
    with pytest.raises(IntegrityError):
        _answer(ledger, _add(ledger, 2, _call(2, 20)), 100)
    _answer(ledger, _add(ledger, 3, _call(3, 30, b"another")), 100)
    _answer(ledger, _add(ledger, 4, _call(4, 40)), None)
    with ledger.reading() as db:
        found = calls.with_number(db, "coinpayments", _KEY, 100)
        assert calls.with_number(db, "coinrpc", _KEY, 100) is None
    assert found is not None
    assert _id(10) == found.id


def test_a_payment_id_is_taken_once(ledger: Ledger) -> None:
    """In any request."""
    _add(ledger, 1, _call(1, 10))
    with pytest.raises(IntegrityError):
        _add(ledger, 2, _call(2, 10))
    with ledger.reading() as db:
        assert calls.find(db, _id(99)) is None


def test_a_wrong_step_changes_nothing(ledger: Ledger) -> None:
    """The whole transaction is undone."""
    draft = _add(ledger, 1, _call(1, 10), _call(1, 11))
    with pytest.raises(RuntimeError), ledger.writing() as db:
        calls.step(db, [Step(_id(10), State.ISSUED), Step(_id(11), State.CONFIRMED)], 6)
    with ledger.reading() as db:
        assert draft == requests.get(db, draft.id)


def test_a_move_needs_the_old_state(ledger: Ledger) -> None:
    """Of two processes that send one call, one moves it."""
    draft = _add(ledger, 1, _call(1, 10))
    _answer(ledger, draft, 100)
    moves = [Move(State.ANSWERED, Step(_id(10), State.UNKNOWN, "about to be sent"))]
    with ledger.writing() as db:
        assert frozenset({_id(10)}) == calls.move(db, moves, 8)
        assert frozenset() == calls.move(db, moves, 8)


def test_the_calls_of_an_account(ledger: Ledger) -> None:
    """By number, across requests; those without one come last."""
    _answer(ledger, _add(ledger, 1, _call(1, 10)), 300)
    _answer(ledger, _add(ledger, 2, _call(2, 20), _call(2, 21)), 100, 200)
    _add(ledger, 3, _call(3, 30))
    _add(ledger, 4, _call(4, 40, b"another"))
    with ledger.reading() as db:
        assert [_id(20), _id(21), _id(10), _id(30)] == [one.id for one in calls.of_account(db, "coinpayments", _KEY)]


def test_long_replies_stay_in_the_ledger(ledger: Ledger) -> None:
    """A service that answers each call at length does not fill the memory of those that come later."""
    _answer(ledger, _add(ledger, 1, _call(1, 10), _call(1, 11)), 100, 200)
    replies = [bytes(limits.PAST_REPLY_BYTES), bytes(limits.PAST_REPLY_BYTES + 1)]
    with ledger.writing() as db:
        calls.step(
            db, [Step(_id(one), State.UNKNOWN, reply=reply) for one, reply in zip((10, 11), replies, strict=True)], 8
        )
        assert [replies[0], None] == [one.reply for one in calls.of_account(db, "coinpayments", _KEY)]
        assert replies[1] == calls.get(db, _id(11)).reply


def test_when_something_was_last_in_doubt(ledger: Ledger) -> None:
    """Of what is unknown now: sent at 8, heard of at 9; what was settled since does not count."""
    _answer(ledger, _add(ledger, 1, _call(1, 10), _call(1, 11)), 100, 200)
    with ledger.writing() as db:
        assert 0 == calls.in_doubt_since(db, "coinpayments", _KEY)
        calls.step(db, [Step(_id(10), State.UNKNOWN, "about to be sent")], 8)
        calls.step(db, [Step(_id(10), State.UNKNOWN, "timeout")], 9)
        assert 9 == calls.in_doubt_since(db, "coinpayments", _KEY)
        assert 0 == calls.in_doubt_since(db, "coinpayments", b"another")
        calls.step(db, [Step(_id(10), State.CONFIRMED)], 10)
        assert 0 == calls.in_doubt_since(db, "coinpayments", _KEY)


def test_unsettled_calls(ledger: Ledger) -> None:
    """Those whose end is not known, of one intent or of all."""
    _add(ledger, 1, _call(1, 10), _call(1, 11))
    with ledger.writing() as db:
        calls.step(db, [Step(_id(10), State.EXPIRED)], 6)
        assert [_id(11)] == [call.id for call in calls.unsettled(db)]
        assert [_id(11)] == [call.id for call in calls.unsettled(db, bytes(32))]
        assert [] == calls.unsettled(db, b"x" * 32)


def test_no_repr_shows_an_output() -> None:
    """A request body can hold what only the service is to read."""
    shown = repr(Step(_id(1), State.ANSWERED, output=b"canary", reply=b"canary"))
    assert "canary" not in shown
