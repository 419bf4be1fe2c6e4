"""Issuing requests: nonceIds, payment ids, drafts and seals."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coldtusk_online import issuing
from coldtusk_online.host import Host
from coldtusk_online.issuing import Order
from coldtusk_online.ledger import payments, requests
from coldtusk_online.ledger.accounts import Account
from coldtusk_online.ledger.payments import Step
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.states import State
from coldtusk_online.services.warthog import bodies, build
from coldtusk_online.services.warthog.build import Plan
from coldtusk_shared import envelope, limits, request
from coldtusk_shared.envelope import MessageType, key_id
from coldtusk_shared.errors import BadInput, ColdtuskError, Outside
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services.warthog.amount import WartE8
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.network import Network
from tests.simulators.online_house import PAYEE, House, house


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """A house."""
    with house(tmp_path) as made:
        yield made


def _id(number: int) -> PaymentId:
    return PaymentId(number.to_bytes(16))


def _order(home: House, *numbers: int, again: bool = False) -> Order:
    asks = tuple(bodies.wart_transfer(PAYEE, str(number)) for number in numbers)
    return Order(home.account(), tuple(map(_id, numbers)), asks, "rent", again)


def _plan(home: House, order: Order) -> Plan:
    return build.plan(home.nodes(), order.account.address, order.asks, None, WartE8(10_000_000))


def _issue(home: House, order: Order) -> Stored:
    with home.host() as host:
        return issuing.issue(host, order, _plan(home, order))


class Scripted:
    """A random source whose 4-byte draws are given; ids count."""

    def __init__(self, *nonces: int) -> None:
        self.nonces = list(nonces)
        self.ids = 0

    def __call__(self, size: int) -> bytes:
        """A scripted nonce, or a new id."""
        if size == 4:
            return self.nonces.pop(0).to_bytes(4)
        self.ids += 1
        return self.ids.to_bytes(size)


def test_an_issued_request_is_whole(home: House) -> None:
    """The sealed bytes open with the host's key and parse to what was asked."""
    stored = _issue(home, _order(home, 1, 2))
    assert (State.ISSUED, stored) == (stored.state, home.stored()[0])
    assert stored.sealed is not None
    with home.host() as host:
        key = host.identity.public_key
    opened = envelope.open_sealed(stored.sealed, MessageType.REQUEST, {key_id(key): key})
    asked = request.parse(opened.payload)
    assert (stored.payload, "rent", "desk") == (opened.payload, asked.purpose, asked.origin)
    assert [(_id(1), PAYEE), (_id(2), PAYEE)] == [
        (item.payment_id, item.content.transaction.body.to_addr)  # type: ignore[union-attr] # a transfer
        for item in asked.items
        if isinstance(item.content, WarthogContent)
    ]
    assert home.device.head == asked.host_head


def test_a_nonce_that_is_taken_is_drawn_again(home: House) -> None:
    """The constraint refuses it, the next number is taken: within a batch and across requests."""
    home.random = Scripted(7)
    _issue(home, _order(home, 1))
    home.random = Scripted(7, 7, 8)
    home.random.ids = 100
    second = _issue(home, _order(home, 2))
    assert 8 == second.payments[0].nonce_id
    home.random = Scripted(9, 9, 9, 10)
    home.random.ids = 200
    batch = _issue(home, _order(home, 3, 4))
    assert [9, 10] == [payment.nonce_id for payment in batch.payments]


def test_a_broken_random_source(home: House) -> None:
    """After so many tries it is given up, and nothing was made."""
    home.random = Scripted(7)
    _issue(home, _order(home, 1))
    home.random = Scripted(*[7] * limits.NONCE_TRIES)
    home.random.ids = 100
    with pytest.raises(Outside) as caught:
        _issue(home, _order(home, 2))
    assert "request.no-nonce" == caught.value.code.name
    assert [] == home.random.nonces
    assert 1 == len(home.stored())


def test_a_second_pin_has_its_own_nonces(home: House) -> None:
    """The same number under another pin height is another nonce."""
    home.random = Scripted(7, 7)
    _issue(home, _order(home, 1))
    home.mine(32)
    assert 7 == _issue(home, _order(home, 2)).payments[0].nonce_id


def test_what_looks_repeated(home: House) -> None:
    """The same payee and amount, while the first is open: refused, unless it is meant."""
    _issue(home, _order(home, 1))
    repeated = replace(_order(home, 1), payment_ids=(_id(50),))
    with pytest.raises(ColdtuskError) as caught:
        _issue(home, repeated)
    assert "request.looks-repeated" == caught.value.code.name
    assert home.stored()[0].id.hex() in caught.value.what
    assert 1 == len(home.stored())
    _issue(home, replace(repeated, again=True))
    assert 2 == len(home.stored())


@pytest.mark.parametrize("state", [State.CONFIRMED, State.EXPIRED])
def test_what_is_settled_does_not_look_repeated(home: House, state: State) -> None:
    """The same payment next month is a payment."""
    stored = _issue(home, _order(home, 1))
    with home.host() as host, host.ledger.writing() as db:
        payments.step(db, [Step(stored.payments[0].id, state)], 1)
    _issue(home, replace(_order(home, 1), payment_ids=(_id(50),)))


def test_the_same_payment_id_gives_the_same_request(home: House) -> None:
    """Whoever comes back gets the identical bytes; a draft is sealed with the nonce that it has."""
    order = _order(home, 1)
    with home.host(_stop_at("draft")) as host, pytest.raises(_Stopped):
        issuing.issue(host, order, _plan(home, order))
    draft = home.stored()[0]
    assert (State.DRAFT, None) == (draft.state, draft.sealed)
    with home.host() as host:
        first, second = issuing.resume(host, order), issuing.resume(host, order)
    assert first is not None
    assert first == second
    assert draft.payload == first.payload
    assert State.ISSUED is first.state


def test_an_unknown_payment_id_is_new(home: House) -> None:
    """There is nothing to come back to."""
    with home.host() as host:
        assert issuing.resume(host, _order(home, 1)) is None


def test_a_payment_id_with_other_content(home: House) -> None:
    """One id is one intent: another amount, and another number of payments, are refused."""
    _issue(home, _order(home, 1))
    for order in (replace(_order(home, 2), payment_ids=(_id(1),)), _order(home, 1, 2)):
        with home.host() as host, pytest.raises(ColdtuskError) as caught:
            issuing.resume(host, order)
        assert "payment.other-content" == caught.value.code.name


def test_a_payment_id_that_went_on(home: House) -> None:
    """Once answered there is nothing to hand out again: its request says how to go on."""
    stored = _issue(home, _order(home, 1))
    with home.host() as host, host.ledger.writing() as db:
        payments.step(db, [Step(stored.payments[0].id, State.ANSWERED)], 1)
    with home.host() as host, pytest.raises(ColdtuskError) as caught:
        issuing.resume(host, _order(home, 1))
    assert "payment.under-way" == caught.value.code.name


@pytest.mark.parametrize("state", [State.CONFIRMED, State.EXPIRED])
def test_a_payment_id_that_is_used_up(home: House, state: State) -> None:
    """Nobody is sent back to a request that is settled."""
    stored = _issue(home, _order(home, 1))
    with home.host() as host, host.ledger.writing() as db:
        payments.step(db, [Step(stored.payments[0].id, state)], 1)
    with home.host() as host, pytest.raises(ColdtuskError) as caught:
        issuing.resume(host, _order(home, 1))
    assert "payment.settled" == caught.value.code.name


def test_two_commands_with_one_payment_id(home: House) -> None:
    """The second one's insert fails: it was no nonce that was taken, and it is said so."""
    order = _order(home, 1, again=True)
    _issue(home, order)
    with pytest.raises(ColdtuskError) as caught:
        _issue(home, order)
    assert "payment.under-way" == caught.value.code.name


def test_a_watch_only_account_pays_nothing(home: House) -> None:
    """No device signs for it."""
    order = replace(_order(home, 1), account=Account("nobody's", Network.DEFI, home.account().address, None))
    with pytest.raises(ColdtuskError) as caught:
        _issue(home, order)
    assert "account.no-device" == caught.value.code.name


def test_a_purpose_is_text(home: House) -> None:
    """What would not be shown on the device is refused here."""
    with pytest.raises(BadInput) as caught:
        _issue(home, replace(_order(home, 1), purpose="rent\n"))
    assert ("text.character", "--purpose") == (caught.value.code.name, caught.value.where)
    assert [] == home.stored()


def test_sealing_twice_gives_the_same(home: House) -> None:
    """Two commands that seal one draft store one message."""
    order = _order(home, 1)
    with home.host(_stop_at("draft")) as host, pytest.raises(_Stopped):
        issuing.issue(host, order, _plan(home, order))
    draft = home.stored()[0]
    with home.host() as host:
        assert issuing.sealed(host, draft) == issuing.sealed(host, draft)
        with host.ledger.reading() as db:
            assert requests.get(db, draft.id).sealed is not None


class _Stopped(Exception):
    pass


def _stop_at(name: str) -> Callable[[str], None]:
    def checkpoint(step: str) -> None:
        if step == name:
            raise _Stopped

    return checkpoint


def test_the_host_shows_no_secret(home: House) -> None:
    """Its repr names keys, not seeds."""
    with home.host() as host:
        assert isinstance(host, Host)
        assert "HostIdentity(" in repr(host)
