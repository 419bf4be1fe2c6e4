"""Issuing requests for calls of payment services."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coldtusk_online import issuing_calls
from coldtusk_online.ledger import calls
from coldtusk_online.ledger.calls import Step
from coldtusk_online.ledger.states import State
from coldtusk_shared import command, envelope, request
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.envelope import MessageType, key_id
from coldtusk_shared.errors import BadInput, ColdtuskError
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services import Content
from coldtusk_shared.services.coinpayments import content as payments
from coldtusk_shared.services.coinpayments.commands import COMMANDS
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from tests.simulators.call_house import DAY, CallHouse, call_house, reading, spark, withdrawal
from tests.simulators.online_house import NOW


@pytest.fixture
def home(tmp_path: Path) -> Iterator[CallHouse]:
    """A house."""
    with call_house(tmp_path) as made:
        yield made


class _Stopped(Exception):
    pass


def _stop_at(name: str) -> Callable[[str], None]:
    def checkpoint(step: str) -> None:
        if step == name:
            raise _Stopped

    return checkpoint


def _refused(home: CallHouse, *contents: Content, first: int = 1) -> str:
    with pytest.raises(ColdtuskError) as caught:
        home.issued(*contents, first=first)
    return caught.value.code.name


def test_an_issued_request_is_whole(home: CallHouse) -> None:
    """The sealed bytes open with the host's key and parse to what was asked; each call has a row."""
    stored = home.issued(withdrawal(home.key), reading(home.key))
    assert (State.ISSUED, stored) == (stored.state, home.stored()[0])
    assert stored.sealed is not None
    with home.host() as host:
        key = host.identity.public_key
    opened = envelope.open_sealed(stored.sealed, MessageType.REQUEST, {key_id(key): key})
    asked = request.parse(opened.payload)
    assert (NotAfter(Deadline.UTC, NOW + DAY), "rent", "desk", None) == (
        asked.not_after,
        asked.purpose,
        asked.origin,
        asked.reply_key,
    )
    assert home.device.head == asked.host_head
    assert [("coinpayments", "create_withdrawal"), ("coinpayments", "balances")] == [
        (call.system, call.command) for call in stored.calls
    ]
    assert {home.key.encode()} == {call.account for call in stored.calls}
    assert [None, None] == [call.number for call in stored.calls]


def test_the_earliest_deadline_of_the_contents(home: CallHouse) -> None:
    """What has a deadline of its own is not given the host's."""
    timed = [CoinRpcContent(b"key", "get_balance", (), NOW + at, 30) for at in (600, 60)]
    order = replace(home.order(reading(home.key)), contents=tuple(timed))
    assert NotAfter(Deadline.UTC, NOW + 90) == order.deadline


def test_a_purpose_is_text(home: CallHouse) -> None:
    """What would not be shown on the device is refused here."""
    with home.host() as host, pytest.raises(BadInput) as caught:
        issuing_calls.issue(host, home.keys, replace(home.order(reading(home.key)), purpose="rent\n"))
    assert ("text.character", "--purpose") == (caught.value.code.name, caught.value.where)
    assert [] == home.stored()


def test_what_looks_repeated(home: CallHouse) -> None:
    """The same withdrawal while the first is open, however its amount is written: refused, unless it is meant."""
    first = home.issued(withdrawal(home.key, "0.10"))
    for repeated in (withdrawal(home.key, "0.1"), withdrawal(home.key, "0.1", note="another note")):
        assert "request.looks-repeated" == _refused(home, repeated, first=50)
    assert [first] == home.stored()
    home.issued(withdrawal(home.key, "0.1"), first=50, again=True)
    home.issued(withdrawal(home.key, "0.2"), first=60)
    assert 3 == len(home.stored())


def test_two_reads_are_two_reads(home: CallHouse) -> None:
    """Nothing happens twice when something is asked twice."""
    home.issued(reading(home.key))
    home.issued(reading(home.key), first=2)
    assert 2 == len(home.stored())


@pytest.mark.parametrize("state", [State.EXPIRED, State.REFUSED])
def test_what_is_settled_does_not_look_repeated(home: CallHouse, state: State) -> None:
    """The same withdrawal next month is a withdrawal."""
    stored = home.issued(withdrawal(home.key))
    with home.host() as host, host.ledger.writing() as db:
        calls.step(db, [Step(stored.calls[0].id, state)], 1)
    home.issued(withdrawal(home.key), first=50)


def test_the_same_payment_id_gives_the_same_request(home: CallHouse) -> None:
    """Whoever comes back gets the identical bytes; a draft that an interruption left is sealed."""
    order = home.order(withdrawal(home.key))
    with home.host(_stop_at("draft")) as host, pytest.raises(_Stopped):
        issuing_calls.issue(host, home.keys, order)
    draft = home.stored()[0]
    assert (State.DRAFT, None) == (draft.state, draft.sealed)
    with home.host() as host:
        first, second = (issuing_calls.resume(host, home.keys, order) for _ in range(2))
    assert first is not None
    assert (first, draft.payload, State.ISSUED) == (second, first.payload, first.state)


def test_an_unknown_payment_id_is_new(home: CallHouse) -> None:
    """There is nothing to come back to."""
    with home.host() as host:
        assert issuing_calls.resume(host, home.keys, home.order(withdrawal(home.key))) is None


@pytest.mark.parametrize(
    ("state", "code"),
    [(State.ANSWERED, "payment.under-way"), (State.REFUSED, "payment.settled"), (State.EXPIRED, "payment.settled")],
)
def test_a_payment_id_that_went_on(home: CallHouse, state: State, code: str) -> None:
    """Nobody is given a request again that was answered or is settled."""
    order = home.order(withdrawal(home.key))
    stored = home.issued(withdrawal(home.key))
    with home.host() as host, host.ledger.writing() as db:
        calls.step(db, [Step(stored.calls[0].id, state)], 1)
    with home.host() as host, pytest.raises(ColdtuskError) as caught:
        issuing_calls.resume(host, home.keys, order)
    assert code == caught.value.code.name


def test_a_payment_id_with_other_content(home: CallHouse) -> None:
    """One id is one intent: another amount, and another number of calls, are refused."""
    home.issued(withdrawal(home.key))
    for order in (home.order(withdrawal(home.key, "0.2")), home.order(withdrawal(home.key), reading(home.key))):
        with home.host() as host, pytest.raises(ColdtuskError) as caught:
            issuing_calls.resume(host, home.keys, order)
        assert "payment.other-content" == caught.value.code.name


def test_two_commands_with_one_payment_id(home: CallHouse) -> None:
    """The second one is told that it was taken."""
    home.issued(reading(home.key))
    assert "payment.under-way" == _refused(home, reading(home.key))


def test_a_double_never_becomes_a_draft(home: CallHouse) -> None:
    """What the device would refuse is refused here, and leaves nothing."""
    assert "request.slot-twice" == _refused(home, reading(home.key), reading(home.key))
    assert [] == home.stored()


def test_a_released_result_has_a_key(home: CallHouse) -> None:
    """Its public half is in the request, its private half in a file of this user alone, and not in the ledger."""
    stored = home.issued(spark())
    path = home.folder / "data" / "reply_keys" / stored.id.hex()
    assert (0o700, 0o600) == (path.parent.stat().st_mode & 0o777, path.stat().st_mode & 0o777)
    public = stored.parsed().reply_key
    private = path.read_bytes()[-32:]
    assert public is not None
    ledger = b"".join(one.read_bytes() for one in (home.folder / "data").glob("ledger.sqlite*"))
    assert (True, False) == (public in ledger, private in ledger)


def test_a_key_without_its_request_is_removed(home: CallHouse) -> None:
    """A request that is refused leaves no key."""
    home.issued(spark())
    assert "request.looks-repeated" == _refused(home, spark(), first=2)
    assert "payment.under-way" == _refused(home, spark(name="Another voucher"), first=1)
    assert 1 == len(list((home.folder / "data" / "reply_keys").iterdir()))


def test_a_request_whose_key_is_gone(home: CallHouse) -> None:
    """Its answer could not be opened: nobody is sent to the device with it."""
    order = home.order(spark())
    stored = home.issued(spark())
    home.keys.drop(stored.id)
    with home.host() as host, pytest.raises(ColdtuskError) as caught:
        issuing_calls.resume(host, home.keys, order)
    assert "reply-key.missing" == caught.value.code.name


def test_the_intent_is_what_is_wanted(home: CallHouse) -> None:
    """Equal for what pays the same, another for another account, command or amount."""
    one = withdrawal(home.key)
    other_key = withdrawal("another_key")
    transfer = COMMANDS["create_transfer"]
    given = [("amount", "0.1"), ("currency", "BTC"), ("merchant", "abc"), ("auto_confirm", "no")]
    others = [
        other_key,
        withdrawal(home.key, "0.2"),
        payments.make(home.key.encode(), transfer, command.typed(transfer, given)),
    ]
    digests = {issuing_calls.intent_of(content) for content in (one, *others)}
    assert 4 == len(digests)
    assert issuing_calls.intent_of(one) == issuing_calls.intent_of(withdrawal(home.key, "0.100", note="x"))
    assert {32} == {len(digest) for digest in digests}
    assert PaymentId(bytes(16)) not in digests
