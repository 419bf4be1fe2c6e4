"""Requests and payments in the ledger."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from coldtusk_online.ledger import devices, payments, requests, store
from coldtusk_online.ledger.payments import Event, Move, Payment, Step
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.states import State
from coldtusk_online.ledger.store import Ledger
from coldtusk_shared import card
from coldtusk_shared.envelope import KeyId
from coldtusk_shared.errors import BadInput
from coldtusk_shared.request import PaymentId, RequestId
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.preimage import Txid
from tests.simulators.device import Device


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with a pinned device."""
    made = store.create(store.default_url(tmp_path / "ledger.sqlite"))
    with made.writing() as db:
        devices.pin(db, card.open_device(Device().card()), 1)
    yield made
    made.close()


def _payment(request: int, number: int, nonce_id: int = 0) -> Payment:
    return Payment(
        id=PaymentId(number.to_bytes(16)),
        request=RequestId(request.to_bytes(16)),
        place=number % 10,
        state=State.DRAFT,
        network=Network.DEFI,
        account=bytes(20),
        pin_height=32,
        nonce_id=nonce_id or number,
        txid=Txid(number.to_bytes(32)),
        intent=bytes(32),
    )


def _draft(ledger: Ledger, number: int, *own: Payment, created: int = 5) -> Stored:
    with ledger.reading() as db:
        kid = next(iter(devices.pinned(db)))
    return Stored(RequestId(number.to_bytes(16)), created, KeyId(kid), b"payload", None, None, own)


def _add(ledger: Ledger, draft: Stored) -> None:
    with ledger.writing() as db:
        requests.add_draft(db, draft)


def test_a_draft_becomes_issued_with_its_bytes(ledger: Ledger) -> None:
    """The sealed bytes and the step are one transaction, and the history has both times."""
    draft = _draft(ledger, 1, _payment(1, 10), _payment(1, 11))
    _add(ledger, draft)
    with ledger.writing() as db:
        assert draft == requests.find(db, draft.id)
        requests.issue(db, draft, b"sealed", 6)
    with ledger.reading() as db:
        issued = requests.get(db, draft.id)
        assert (State.ISSUED, b"sealed") == (issued.state, issued.sealed)
        assert [Event(5, State.DRAFT, ""), Event(6, State.ISSUED, "")] == payments.history(db, draft.payments[0].id)


def test_an_answer_is_one_transaction(ledger: Ledger) -> None:
    """The response and what it says of each payment."""
    draft = _draft(ledger, 1, _payment(1, 10), _payment(1, 11))
    _add(ledger, draft)
    one, other = (payment.id for payment in draft.payments)
    steps = [Step(one, State.ANSWERED, signature=b"s" * 65), Step(other, State.REFUSED, "no")]
    with ledger.writing() as db:
        requests.issue(db, draft, b"sealed", 6)
        requests.answer(db, draft.id, b"response", steps, 7)
        answered = requests.get(db, draft.id)
    assert b"response" == answered.response
    assert [(State.ANSWERED, b"s" * 65, ""), (State.REFUSED, None, "no")] == [
        (payment.state, payment.signature, payment.note) for payment in answered.payments
    ]


def test_a_signature_stays(ledger: Ledger) -> None:
    """Steps that bring none keep the one that is stored."""
    draft = _draft(ledger, 1, _payment(1, 10))
    _add(ledger, draft)
    with ledger.writing() as db:
        requests.issue(db, draft, b"sealed", 6)
        payments.step(db, [Step(draft.payments[0].id, State.ANSWERED, signature=b"s" * 65)], 7)
        payments.step(db, [Step(draft.payments[0].id, State.UNKNOWN)], 8)
        found = payments.find(db, draft.payments[0].id)
    assert found is not None
    assert (State.UNKNOWN, b"s" * 65) == (found.state, found.signature)


def test_a_wrong_step_changes_nothing(ledger: Ledger) -> None:
    """The whole transaction is undone."""
    draft = _draft(ledger, 1, _payment(1, 10), _payment(1, 11))
    _add(ledger, draft)
    steps = [Step(draft.payments[0].id, State.ISSUED), Step(draft.payments[1].id, State.CONFIRMED)]
    with pytest.raises(RuntimeError), ledger.writing() as db:
        payments.step(db, steps, 6)
    with ledger.reading() as db:
        assert draft == requests.get(db, draft.id)


def test_the_history_has_changes_only(ledger: Ledger) -> None:
    """More confirmations in the same state are not news for it; a new note is."""
    draft = _draft(ledger, 1, _payment(1, 10))
    _add(ledger, draft)
    id_ = draft.payments[0].id
    with ledger.writing() as db:
        payments.step(db, [Step(id_, State.ISSUED)], 6)
        payments.step(db, [Step(id_, State.SEEN, "mined", height=9, confirmations=1)], 7)
        payments.step(db, [Step(id_, State.SEEN, "mined", height=9, confirmations=2)], 8)
        payments.step(db, [Step(id_, State.SEEN, "pending")], 9)
        payments.step(db, [], 10)
        assert [5, 6, 7, 9] == [event.at for event in payments.history(db, id_)]
        found = payments.find(db, id_)
    assert found is not None
    assert (None, None) == (found.height, found.confirmations)


def test_a_payment_id_and_a_nonce_are_taken_once(ledger: Ledger) -> None:
    """The database itself refuses both; another pin or network has nonces of its own."""
    _add(ledger, _draft(ledger, 1, _payment(1, 10, nonce_id=7)))
    for taken in (_payment(2, 10, nonce_id=8), _payment(2, 11, nonce_id=7)):
        with pytest.raises(IntegrityError):
            _add(ledger, _draft(ledger, 2, taken))
    with ledger.reading() as db:
        assert [1] == [int.from_bytes(one.id) for one in requests.all_of(db)]
        assert payments.by_triple(db, Network.DEFI, 32, 7) is not None
        assert payments.by_triple(db, Network.MAIN, 32, 7) is None
        assert payments.by_triple(db, Network.DEFI, 64, 7) is None


def test_unsettled_payments(ledger: Ledger) -> None:
    """Those whose end is not known, of one intent or of all."""
    draft = _draft(ledger, 1, _payment(1, 10), _payment(1, 11))
    _add(ledger, draft)
    with ledger.writing() as db:
        payments.step(db, [Step(draft.payments[0].id, State.EXPIRED)], 6)
        assert [draft.payments[1].id] == [payment.id for payment in payments.unsettled(db)]
        assert [draft.payments[1].id] == [payment.id for payment in payments.unsettled(db, bytes(32))]
        assert [] == payments.unsettled(db, b"x" * 32)


def test_requests_are_listed_oldest_first(ledger: Ledger) -> None:
    """With their payments."""
    _add(ledger, _draft(ledger, 2, _payment(2, 20), created=9))
    _add(ledger, _draft(ledger, 3, _payment(3, 30), _payment(3, 31), created=8))
    with ledger.reading() as db:
        found = requests.all_of(db)
    assert [(3, 2), (2, 1)] == [(int.from_bytes(one.id), len(one.payments)) for one in found]


def test_finding_by_the_first_digits(ledger: Ledger) -> None:
    """As many as needed, odd or even; fewer than six, others and unknown ones are refused."""
    one, other = 0xABCDEF << 104, (0xABCDEF << 104) + (1 << 100)
    _add(ledger, _draft(ledger, one, _payment(one, 10)))
    _add(ledger, _draft(ledger, other, _payment(other, 20)))
    with ledger.reading() as db:
        assert one == int.from_bytes(requests.by_text(db, "abcdef0").id)
        assert other == int.from_bytes(requests.by_text(db, other.to_bytes(16).hex()).id)
        for text, code in (
            ("abcdef", "request.ambiguous"),
            ("abcdee", "request.unknown"),
            ("abcde", "request.bad-id"),
            ("ABCDEF", "request.bad-id"),
            ("a" * 33, "request.bad-id"),
        ):
            with pytest.raises(BadInput) as caught:
                requests.by_text(db, text)
            assert code == caught.value.code.name


def test_nothing_is_found_in_an_empty_ledger(ledger: Ledger) -> None:
    """Unknown ids give nothing."""
    with ledger.reading() as db:
        assert requests.find(db, RequestId(bytes(16))) is None
        assert payments.find(db, PaymentId(bytes(16))) is None


def test_a_move_needs_the_old_state(ledger: Ledger) -> None:
    """What another process moved meanwhile is left where it is."""
    draft = _draft(ledger, 1, _payment(1, 10), _payment(1, 11))
    _add(ledger, draft)
    one, other = (payment.id for payment in draft.payments)
    with ledger.writing() as db:
        payments.step(db, [Step(other, State.EXPIRED)], 6)
        moves = [Move(State.DRAFT, Step(id_, State.ISSUED)) for id_ in (one, other)]
        assert frozenset({one}) == payments.move(db, moves, 7)
        assert [State.ISSUED, State.EXPIRED] == [payment.state for payment in payments.of_request(db, draft.id)]
