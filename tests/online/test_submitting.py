"""Submitting calls: in order, once, every doubt kept, over real sockets to the stand-ins."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from coldtusk_online.ledger import calls
from coldtusk_online.ledger.calls import Step
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.payments.books import Service
from coldtusk_online.rehearsal.payments.faults import FaultKind
from coldtusk_online.settling import settle
from coldtusk_online.submitting import submit_calls
from coldtusk_shared import limits
from coldtusk_shared.envelope import KeyId
from coldtusk_shared.errors import ColdtuskError, OutcomeUnknown, Outside, Refused
from coldtusk_shared.request import PaymentId
from tests.simulators.call_house import DAY, CallHouse, call_house, reading, spark, timed, withdrawal


@pytest.fixture
def home(tmp_path: Path) -> Iterator[CallHouse]:
    """A house."""
    with call_house(tmp_path) as made:
        yield made


def _paid(home: CallHouse) -> int:
    return len(home.services.books.of(Service.COINPAYMENTS, "create_withdrawal"))


def _code(failed: ColdtuskError | None) -> str:
    assert failed is not None
    return failed.code.name


def test_calls_go_in_order(home: CallHouse) -> None:
    """Each reply is waited for, stored, and what the service calls it is kept."""
    stored = home.ready(withdrawal(home.key, "0.1"), reading(home.key), withdrawal(home.key, "0.2"))
    sent = home.submit(stored)
    assert (None, State.CONFIRMED, True) == (sent.failed, sent.stored.state, sent.stored.settled)
    assert ["create_withdrawal", "balances", "create_withdrawal"] == [
        body.split(b"cmd=")[1].split(b"&")[0].decode() for body in home.bodies()
    ]
    assert 2 == _paid(home)
    assert all(call.reply for call in sent.stored.calls)
    entries = home.services.books.of(Service.COINPAYMENTS, "create_withdrawal")
    assert [entry.identity for entry in entries] == [sent.stored.calls[place].reference for place in (0, 2)]
    assert ["draft", "issued", "answered", "unknown", "confirmed"] == home.history(1)


def test_again_sends_nothing(home: CallHouse) -> None:
    """What is settled stays settled."""
    stored = home.ready(withdrawal(home.key))
    home.submit(stored)
    again = home.submit(stored)
    assert (None, 1, 1) == (again.failed, _paid(home), len(home.bodies()))


def test_the_service_says_no(home: CallHouse) -> None:
    """Final: the rest of the request goes on."""
    stored = home.ready(withdrawal(home.key, "1000000"), withdrawal(home.key, "0.1"))
    sent = home.submit(stored)
    assert [State.REJECTED, State.CONFIRMED] == [call.state for call in sent.stored.calls]
    assert (Refused, 1) == (type(sent.failed), _paid(home))


def test_nobody_listens(home: CallHouse) -> None:
    """Surely nothing was sent: everything is as it was, and can be submitted again."""
    stored = home.ready(withdrawal(home.key), reading(home.key))
    home.services.stop()
    sent = home.submit(stored)
    assert isinstance(sent.failed, Outside)
    assert not isinstance(sent.failed, OutcomeUnknown)
    assert "http.connect" == _code(sent.failed)
    assert [State.ANSWERED, State.ANSWERED] == [call.state for call in sent.stored.calls]
    assert "[http.connect]" in sent.stored.calls[0].note
    assert ["draft", "issued", "answered", "unknown", "answered"] == home.history(1)


def test_a_lost_reply_stops_the_rest(home: CallHouse) -> None:
    """The withdrawal may have happened: what comes behind it is not sent, and the operator is told."""
    home.services.faults.arm(FaultKind.REPLY_LOST)
    stored = home.ready(withdrawal(home.key), withdrawal(home.key, "0.2"))
    sent = home.submit(stored)
    assert isinstance(sent.failed, OutcomeUnknown)
    assert [State.UNKNOWN, State.ANSWERED] == [call.state for call in sent.stored.calls]
    assert (1, 1) == (_paid(home), len(home.bodies()))
    assert ["1 more of this request not sent: first this one is to be settled"] == home.told


def test_identical_bytes_go_again(home: CallHouse) -> None:
    """Where the gate says that this is safe; the service refuses the number, and nothing happens twice."""
    home.services.faults.arm(FaultKind.REPLY_LOST)
    stored = home.ready(withdrawal(home.key))
    home.submit(stored)
    began = home.now
    again = home.submit(stored)
    assert limits.COINPAYMENTS_DOUBT_SECONDS == home.now - began
    assert any("is held until" in line for line in home.told)
    first, second = home.bodies()
    assert (first, 1, State.UNKNOWN) == (second, _paid(home), again.stored.state)
    assert isinstance(again.failed, OutcomeUnknown)


def test_a_resent_call_that_never_left(home: CallHouse) -> None:
    """Nobody listens at the second attempt: what was unknown stays unknown, whatever surely did not happen now."""
    home.services.faults.arm(FaultKind.REPLY_LOST, commits=False)
    stored = home.ready(withdrawal(home.key))
    home.submit(stored)
    home.services.stop()
    again = home.submit(stored)
    assert (State.UNKNOWN, "call.outcome-unknown") == (again.stored.state, _code(again.failed))
    assert "[http.connect]" in again.stored.calls[0].note


def test_a_reply_that_nobody_understands(home: CallHouse) -> None:
    """A page with status 200: unknown, whatever it was about."""
    home.services.faults.arm(FaultKind.HTML)
    sent = home.submit(home.ready(withdrawal(home.key)))
    assert (State.UNKNOWN, OutcomeUnknown) == (sent.stored.state, type(sent.failed))
    assert "[coinpayments.reply]" in sent.stored.calls[0].note
    assert b"html" in (sent.stored.calls[0].reply or b"").lower()


def test_a_call_whose_time_is_over(home: CallHouse) -> None:
    """It was never sent and never will be."""
    stored = home.ready(withdrawal(home.key))
    home.now += DAY + 1
    sent = home.submit(stored)
    assert (State.EXPIRED, "call.too-late", 0) == (sent.stored.state, _code(sent.failed), len(home.bodies()))
    assert "it was good until 2026-11-19" in sent.stored.calls[0].note


def test_an_earlier_call_of_the_account_comes_first(home: CallHouse) -> None:
    """A request that is submitted before its predecessor waits for it."""
    first, second = home.ready(withdrawal(home.key)), home.ready(withdrawal(home.key, "0.2"), first=2)
    held = home.submit(second)
    assert ("coinpayments.not-first", State.ANSWERED, 0) == (_code(held.failed), held.stored.state, _paid(home))
    assert home.submit(first).failed is None
    assert home.submit(second).failed is None
    assert 2 == _paid(home)


def test_a_released_result_is_opened_and_sent_once(home: CallHouse) -> None:
    """The key of its request is gone afterwards, and so it is after a lost reply: it never goes again."""
    stored = home.ready(spark())
    assert home.keys.holds(stored.id)
    sent = home.submit(stored)
    assert (None, State.CONFIRMED, False) == (sent.failed, sent.stored.state, home.keys.holds(stored.id))
    lost = home.ready(spark(name="Another", asset_url="http://www.example.com/another/"), first=2)
    home.services.faults.arm(FaultKind.REPLY_LOST, "/coinspark")
    assert isinstance(home.submit(lost).failed, OutcomeUnknown)
    assert not home.keys.holds(lost.id)
    again = home.submit(lost)
    assert (6, "coinspark.submit.never-again") == (again.failed and again.failed.exit_status, _code(again.failed))
    assert 2 == len(home.services.received_at("/coinspark"))


def test_a_key_that_is_gone(home: CallHouse) -> None:
    """What was released cannot be opened: nothing is sent, and the state says so."""
    stored = home.ready(spark())
    home.keys.drop(stored.id)
    sent = home.submit(stored)
    assert ("reply-key.missing", State.ANSWERED) == (_code(sent.failed), sent.stored.state)


def test_an_answer_for_another_key(home: CallHouse) -> None:
    """A ciphertext of another request: it does not open, and nothing is sent."""
    one = home.ready(spark())
    other = home.ready(spark(name="Another", asset_url="http://www.example.com/another/"), first=2)
    with home.host() as host, host.ledger.writing() as db:
        db.exec_driver_sql(
            "UPDATE calls SET output = (SELECT output FROM calls WHERE id = ?) WHERE id = ?",
            (other.calls[0].id, one.calls[0].id),
        )
    sent = home.submit(one)
    assert ("released.not-opened", State.ANSWERED) == (_code(sent.failed), sent.stored.state)


def test_no_secret_is_left_in_the_files(home: CallHouse) -> None:
    """Neither of a released body nor of anything else, whatever was sent; the positive control finds a public one."""
    home.submit(home.ready(spark()))
    home.submit(home.ready(withdrawal(home.key), first=2))
    files = b"".join(path.read_bytes() for path in (home.folder / "data").rglob("*") if path.is_file())
    held = home.services.credentials
    assert home.key.encode() in files
    assert held.coinspark_key.encode() not in files
    assert held.coinpayments_private.encode() not in files


def test_nowhere_to_send_to(tmp_path: Path) -> None:
    """A service whose address nobody said: refused before anything is said to be on its way."""
    with call_house(tmp_path, spark_url=False) as home:
        stored = home.ready(spark())
        with pytest.raises(Refused) as caught:
            home.submit(stored)
        assert "settings.no-service-url" == caught.value.code.name
        assert ["draft", "issued", "answered"] == home.history(1)
        assert home.keys.holds(stored.id)


def test_an_account_that_nobody_has(home: CallHouse) -> None:
    """The ledger lost it: the device's card brings it again."""
    stored = home.ready(reading(home.key))
    with home.host() as host, host.ledger.writing() as db:
        db.exec_driver_sql("DELETE FROM service_accounts")
    with pytest.raises(Refused) as caught:
        home.submit(stored)
    assert "call.no-account" == caught.value.code.name


def test_one_process_sends_at_a_time(home: CallHouse) -> None:
    """Another one that is sending just now: refused at once, and nothing changes."""
    stored = home.ready(withdrawal(home.key))
    with home.alone():
        sent = home.submit(stored)
    assert ("file.busy", State.ANSWERED, 0) == (_code(sent.failed), sent.stored.state, _paid(home))


def test_two_submissions_at_once(home: CallHouse) -> None:
    """Of two processes with one answer, one sends it; what the other finds is the truth."""
    stored = home.ready(withdrawal(home.key))
    home.services.faults.arm(FaultKind.LATENCY, seconds=0.2)
    threads = [threading.Thread(target=home.submit, args=(stored,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (1, State.CONFIRMED) == (_paid(home), home.call(1).state)
    assert 1 == len(home.bodies())


def test_calls_are_held_until_their_time(home: CallHouse) -> None:
    """Each is sent at its own, in order, though the request's deadline is that of the first; the operator is told."""
    key, start = home.services.credentials.coinrpc_key, home.now
    stored = home.ready(timed(key, start + 600), timed(key, start + 1200))
    sent = home.submit(stored)
    assert (None, State.CONFIRMED, start + 1200) == (sent.failed, sent.stored.state, home.now)
    held = [text for text in home.told if "is held until" in text]
    assert 2 == len(held)
    assert "is held until 2026-11-18 11:16:40Z; Ctrl-C sends nothing" in held[0]


def test_interrupted_while_it_is_held(home: CallHouse) -> None:
    """Nothing was sent, and nobody else is kept from sending meanwhile."""
    stored = home.ready(timed(home.services.credentials.coinrpc_key, home.now + 600))

    def interrupted(_seconds: float) -> None:
        with home.alone():
            raise KeyboardInterrupt

    home.pause = interrupted
    with pytest.raises(KeyboardInterrupt):
        home.submit(stored)
    assert ["draft", "issued", "answered"] == home.history(1)


def test_a_window_that_is_over(home: CallHouse) -> None:
    """The first call is dead, the second still has its time."""
    key, start = home.services.credentials.coinrpc_key, home.now
    stored = home.ready(timed(key, start + 60), timed(key, start + 600))
    home.now = start + 120
    sent = home.submit(stored)
    assert [State.EXPIRED, State.CONFIRMED] == [call.state for call in sent.stored.calls]
    assert isinstance(sent.failed, Refused)


def _die(name: str) -> Callable[[str], None]:
    def checkpoint(step: str) -> None:
        if step == name:
            raise KeyboardInterrupt

    return checkpoint


def test_interrupted_before_it_was_sent(home: CallHouse) -> None:
    """The ledger says unknown, though nothing left: the same bytes go again, once."""
    stored = home.ready(withdrawal(home.key))
    with pytest.raises(KeyboardInterrupt):
        home.submit(stored, _die("intended"))
    assert (State.UNKNOWN, "about to be sent", 0) == (home.call(1).state, home.call(1).note, _paid(home))
    assert (None, 1) == (home.submit(stored).failed, _paid(home))


def test_a_ledger_that_fails_after_the_call(home: CallHouse) -> None:
    """What came cannot be recorded: unknown, and said so."""
    stored = home.ready(withdrawal(home.key))

    def break_it(step: str) -> None:
        if step == "intended":
            with home.host() as host, host.ledger.writing() as db:
                db.exec_driver_sql("CREATE TRIGGER broken BEFORE UPDATE ON calls BEGIN SELECT * FROM nowhere; END")

    sent = home.submit(stored, break_it)
    assert (6, "call.outcome-unknown") == (sent.failed and sent.failed.exit_status, _code(sent.failed))
    assert (State.UNKNOWN, 1) == (home.call(1).state, _paid(home))


@pytest.mark.parametrize("happened", [True, False])
def test_settled_while_it_is_sent(home: CallHouse, happened: bool) -> None:
    """By the operator, from elsewhere: the word stays, and what came is kept beside it and said."""
    stored = home.ready(withdrawal(home.key))

    def settle_it(step: str) -> None:
        if step == "intended":
            with home.host() as host:
                settle(host, stored.calls[0].id, happened=happened, why="by hand")

    sent = home.submit(stored, settle_it)
    assert (6, "call.outcome-unknown") == (sent.failed and sent.failed.exit_status, _code(sent.failed))
    assert (State.CONFIRMED if happened else State.EXPIRED, 1) == (home.call(1).state, _paid(home))
    with home.host() as host, host.ledger.reading() as db:
        last = calls.history(db, stored.calls[0].id)[-1]
    assert "it was sent before that, and then came: the service said ok" == last.note


def test_what_is_not_answered_is_not_sent(home: CallHouse) -> None:
    """An issued request has nothing to send; its key is kept for its answer."""
    stored = home.issued(spark())
    sent = home.submit(stored)
    assert (None, State.ISSUED, True) == (sent.failed, sent.stored.state, home.keys.holds(stored.id))


def test_a_part_that_the_device_refused(home: CallHouse) -> None:
    """The other part is sent; the key goes when nothing is left to send."""
    stored = home.taken(home.issued(withdrawal(home.key), reading(home.key)), refuse=(0,))
    sent = home.submit(stored)
    assert (None, [State.REFUSED, State.CONFIRMED]) == (sent.failed, [call.state for call in sent.stored.calls])
    refused = home.taken(home.issued(spark(), first=5), refuse=(0,))
    home.submit(refused)
    assert not home.keys.holds(refused.id)


def test_a_lost_read_stops_nothing(home: CallHouse) -> None:
    """Only its answer is missing."""
    home.services.faults.arm(FaultKind.REPLY_LOST)
    sent = home.submit(home.ready(reading(home.key), withdrawal(home.key)))
    assert State.CONFIRMED is sent.stored.calls[1].state
    assert 1 == _paid(home)


def test_history_settles_what_is_in_doubt(home: CallHouse) -> None:
    """A reply that resolves other calls moves them in the same transaction, and no others."""
    home.services.faults.arm(FaultKind.REPLY_LOST)
    noted = f"coldtusk {PaymentId((1).to_bytes(16)).hex()}"
    home.submit(home.ready(withdrawal(home.key, note=noted)))
    assert State.UNKNOWN is home.call(1).state
    home.submit(home.ready(reading(home.key, "get_withdrawal_history", limit="100"), first=2))
    assert [State.CONFIRMED, State.CONFIRMED] == [home.call(number).state for number in (1, 2)]


def test_the_same_request_of_another_house(home: CallHouse) -> None:
    """An account of another system has nothing to do with it."""
    account = ServiceAccount("coinspark", bytes(range(16)), "assets", KeyId(bytes(16)))
    assert home.services.coinspark_url.endswith(home.way(account).settings.endpoint(account)[1])


def test_steps_of_the_operator_stay(home: CallHouse) -> None:
    """A call that was settled meanwhile is not sent."""
    stored: Stored = home.ready(withdrawal(home.key))
    with home.host() as host, host.ledger.writing() as db:
        calls.step(db, [Step(stored.calls[0].id, State.EXPIRED, "given up")], 1)
    with home.host() as host, closing(host.ledger):
        sent: Any = submit_calls(host, stored, home.means())
    assert (None, State.EXPIRED, 0) == (sent.failed, sent.stored.state, _paid(home))
