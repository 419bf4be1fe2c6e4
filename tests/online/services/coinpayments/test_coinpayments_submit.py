"""Calls on real sockets to the stand-in: in order, at most once, and what is told after each fault."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from coldtusk_online import settling
from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.payments import FaultKind, Service
from coldtusk_online.services.coinpayments import asking
from coldtusk_online.services.coinpayments.asking import Question
from coldtusk_online.services.coinpayments.build import note
from coldtusk_online.submitting import Sent
from coldtusk_shared.errors import OutcomeUnknown, Outside, Refused
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services import Content
from coldtusk_shared.services.coinpayments import content
from coldtusk_shared.services.coinpayments.commands import COMMANDS
from tests.shared.services.coinpayments.call_samples import wire
from tests.simulators.call_device import FIRST_NONCE
from tests.simulators.call_house import PAYEE, CallHouse, call_house, reading, withdrawal
from tests.simulators.node_hmac import Mac, node_hmacs

LOST = [
    FaultKind.REPLY_LOST,
    FaultKind.CUT,
    FaultKind.GARBAGE,
    FaultKind.HTML,
    FaultKind.DUPLICATE_KEYS,
    FaultKind.SERVER_ERROR,
    FaultKind.REDIRECT,
    FaultKind.TOO_MANY,
    FaultKind.UNAVAILABLE,
    FaultKind.RESET_BEFORE_BODY,
    FaultKind.RESET_AFTER_BODY,
]
PATH = "/api.php"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[CallHouse]:
    """An online half, a device, and the service."""
    with call_house(tmp_path) as made:
        yield made


def paid(home: CallHouse) -> int:
    """How many withdrawals the service really made."""
    return len(home.services.books.of(Service.COINPAYMENTS))


def code_of(sent: Sent) -> str:
    """The code that the operator is told; "" if all is well."""
    return "" if sent.failed is None else sent.failed.code.name


def own(home: CallHouse, number: int, amount: str = "0.1") -> Content:
    """A withdrawal that carries the payment id *number* in its note."""
    return withdrawal(home.key, amount, note=note(PaymentId(number.to_bytes(16))))


def rows(home: CallHouse, *amounts: str) -> Content:
    """A mass withdrawal."""
    fields: Any = {1: [wire("row", {"amount": one, "currency": "BTC", "address": PAYEE}) for one in amounts]}
    return content.parse("coinpayments/create_mass_withdrawal", home.key.encode(), fields, {}, "test")


def history(home: CallHouse, first: int) -> Sent:
    """Have the history asked by the signing key, with payment id *first*."""
    return home.submit(home.ready(reading(home.key, "get_withdrawal_history", limit="100"), first=first))


def test_a_withdrawal(home: CallHouse) -> None:
    """The device's exact bytes with the HMAC that Node computes, once; the service's id is kept."""
    sent = home.submit(home.ready(own(home, 1)))
    assert "" == code_of(sent)
    (entry,) = home.services.books.of(Service.COINPAYMENTS)
    (received,) = home.services.received_at(PATH)
    assert [State.CONFIRMED, entry.identity] == [home.call(1).state, home.call(1).reference]
    secret = home.services.credentials.coinpayments_private.encode()
    assert node_hmacs([Mac("sha512", secret, received.body)]) == [received.header("HMAC")]
    assert "application/x-www-form-urlencoded" == received.header("Content-Type")
    assert ("0", str(FIRST_NONCE)) == tuple(
        dict(parse_qsl(received.body.decode()))[name] for name in ("auto_confirm", "nonce")
    )


def test_a_refusal_is_final(home: CallHouse) -> None:
    """The service's own words; nothing happened."""
    sent = home.submit(home.ready(own(home, 1, "1000")))
    assert ("coinpayments.refused", State.REJECTED, 0) == (code_of(sent), home.call(1).state, paid(home))
    assert "larger than your balance" in home.call(1).note


@pytest.mark.parametrize("kind", LOST, ids=lambda kind: kind.value)
def test_a_lost_reply_is_settled_by_the_same_bytes_or_the_history(kind: FaultKind, home: CallHouse) -> None:
    """Unknown; the identical bytes again; if the nonce was used, the history. Paid once, and never twice."""
    stored = home.ready(own(home, 1))
    home.services.faults.arm(kind, PATH)
    first = home.submit(stored)
    assert isinstance(first.failed, OutcomeUnknown)
    assert State.UNKNOWN is home.call(1).state
    arrived = paid(home)
    again = home.submit(stored)
    bodies = home.bodies()
    assert 1 == len(set(bodies))
    assert 1 == paid(home)
    if not arrived:
        assert ("", State.CONFIRMED) == (code_of(again), home.call(1).state)
        return
    assert ("coinpayments.nonce-used", State.UNKNOWN) == (code_of(again), home.call(1).state)
    assert "" == code_of(history(home, 2))
    (entry,) = home.services.books.of(Service.COINPAYMENTS)
    assert (State.CONFIRMED, entry.identity) == (home.call(1).state, home.call(1).reference)
    assert "it arrived" in home.call(1).note
    assert 1 == paid(home)


@pytest.mark.parametrize("kind", [FaultKind.RESET_BEFORE_BODY, FaultKind.RESET_AFTER_BODY, FaultKind.UNAVAILABLE])
def test_what_never_arrived_is_burned_by_the_history(kind: FaultKind, home: CallHouse) -> None:
    """The history's nonce is higher: expired, and the same bytes are never sent again."""
    stored = home.ready(own(home, 1))
    home.services.faults.arm(kind, PATH)
    home.submit(stored)
    assert "" == code_of(history(home, 2))
    assert (State.EXPIRED, 0) == (home.call(1).state, paid(home))
    assert "burned: it never arrived" in home.call(1).note
    before = len(home.bodies())
    assert "" == code_of(home.submit(stored))
    assert (before, 0) == (len(home.bodies()), paid(home))


def test_after_a_higher_nonce_nothing_is_sent_again(home: CallHouse) -> None:
    """A burn went past it; the service's list reaches back, so the history settles it."""
    stored = home.ready(own(home, 1))
    home.services.faults.arm(FaultKind.RESET_AFTER_BODY, PATH)
    home.submit(stored)
    assert "" == code_of(home.submit(home.ready(reading(home.key, "get_basic_info"), first=2)))
    assert any("still unknown" in text for text in home.told)
    again = home.submit(stored)
    assert ("coinpayments.never-again", State.UNKNOWN) == (code_of(again), home.call(1).state)
    assert isinstance(again.failed, OutcomeUnknown)
    assert "" == code_of(history(home, 3))
    assert (State.EXPIRED, 0) == (home.call(1).state, paid(home))


def test_successors_wait_for_one_in_doubt(home: CallHouse) -> None:
    """They are not sent before it is settled, in the same request and in another one."""
    stored = home.ready(own(home, 1), own(home, 2, "0.2"))
    other = home.ready(own(home, 3, "0.3"), first=3)
    home.services.faults.arm(FaultKind.REPLY_LOST, PATH)
    home.submit(stored)
    assert [State.UNKNOWN, State.ANSWERED] == [home.call(one).state for one in (1, 2)]
    waits = home.submit(other)
    assert ("coinpayments.in-doubt", State.ANSWERED, 1) == (code_of(waits), home.call(3).state, paid(home))
    assert isinstance(waits.failed, OutcomeUnknown)


def test_the_history_gives_up_what_waits_behind_one_in_doubt(home: CallHouse) -> None:
    """Its nonce is higher than theirs: they expire, and were never sent."""
    stored = home.ready(own(home, 1), own(home, 2, "0.2"))
    home.services.faults.arm(FaultKind.REPLY_LOST, PATH)
    home.submit(stored)
    history(home, 3)
    assert [State.CONFIRMED, State.EXPIRED, 1] == [home.call(1).state, home.call(2).state, paid(home)]
    assert "burned: it was never sent" in home.call(2).note


def test_responses_out_of_order(home: CallHouse) -> None:
    """The one with the higher nonce waits for the lower one; then both go."""
    lower, higher = home.ready(own(home, 1)), home.ready(own(home, 2, "0.2"), first=2)
    early = home.submit(higher)
    assert ("coinpayments.not-first", State.ANSWERED, 0) == (code_of(early), home.call(2).state, paid(home))
    assert isinstance(early.failed, Refused)
    assert ["", ""] == [code_of(home.submit(one)) for one in (lower, higher)]
    assert 2 == paid(home)


def test_a_burn_gives_up_what_was_not_sent(home: CallHouse) -> None:
    """Its response can be submitted for ever after: nothing is sent."""
    stored = home.ready(own(home, 1))
    assert "" == code_of(home.submit(home.ready(reading(home.key, "get_basic_info"), first=2)))
    assert (State.EXPIRED, ["issued", "answered", "expired"]) == (home.call(1).state, home.history(1)[1:])
    home.submit(stored)
    assert (1, 0) == (len(home.bodies()), paid(home))


def test_a_key_with_a_past(home: CallHouse) -> None:
    """The service knows a higher nonce: a read says so; a payment stays unknown, since it may be its own."""
    home.services.coinpayments.remember_nonce(home.key, FIRST_NONCE + 5)
    read = home.submit(home.ready(reading(home.key)))
    assert ("coinpayments.nonce", State.REJECTED) == (code_of(read), home.call(1).state)
    pays = home.submit(home.ready(own(home, 2), first=2))
    assert ("coinpayments.nonce-used", State.UNKNOWN) == (code_of(pays), home.call(2).state)
    home.device.nonces[home.key.encode()] = FIRST_NONCE + 100  # type: ignore[attr-defined]  # a CallDevice
    history(home, 3)
    assert (State.EXPIRED, 0) == (home.call(2).state, paid(home))


def test_sent_again_and_refused_otherwise(home: CallHouse) -> None:
    """A refusal of the second sending says nothing of the first."""
    stored = home.ready(own(home, 1))
    home.services.faults.arm(FaultKind.RESET_AFTER_BODY, PATH)
    home.submit(stored)
    home.services.coinpayments.payments.account.balances["BTC"] = 0
    again = home.submit(stored)
    assert ("coinpayments.refused-again", State.UNKNOWN) == (code_of(again), home.call(1).state)
    history(home, 2)
    assert (State.EXPIRED, 0) == (home.call(1).state, paid(home))


def test_a_service_that_cannot_be_reached(home: CallHouse) -> None:
    """Nothing was sent: it stands as before, and goes later."""
    stored = home.ready(own(home, 1))
    home.services.stop()
    sent = home.submit(stored)
    assert (Outside, State.ANSWERED) == (type(sent.failed), home.call(1).state)


def test_a_mass_withdrawal_with_a_refused_row(home: CallHouse) -> None:
    """The good rows are paid; those refused are named, and only they are to be made again."""
    sent = home.submit(home.ready(rows(home, "0.1", "1000", "0.2")))
    assert ("coinpayments.rows-refused", State.CONFIRMED, 2) == (code_of(sent), home.call(1).state, paid(home))
    assert "1 of 3 rows were refused: wd2" in home.call(1).note
    ids = [entry.identity for entry in home.services.books.of(Service.COINPAYMENTS)]
    assert ids == home.call(1).reference.split()


def test_a_mass_withdrawal_that_is_refused_whole(home: CallHouse) -> None:
    """Row by row: nothing happened."""
    sent = home.submit(home.ready(rows(home, "1000", "2000")))
    assert ("coinpayments.rows-refused", State.REJECTED, 0) == (code_of(sent), home.call(1).state, paid(home))


def test_a_mass_withdrawal_whole(home: CallHouse) -> None:
    """All rows."""
    sent = home.submit(home.ready(rows(home, "0.1", "0.2")))
    assert ("", State.CONFIRMED, 2) == (code_of(sent), home.call(1).state, paid(home))


@pytest.mark.parametrize("kind", [FaultKind.CHUNKED, FaultKind.NO_LENGTH])
def test_other_forms_of_a_whole_reply(kind: FaultKind, home: CallHouse) -> None:
    """A reply in chunks is a reply; one whose end nobody can tell is none."""
    home.services.faults.arm(kind, PATH)
    home.submit(home.ready(own(home, 1)))
    expected = State.CONFIRMED if kind is FaultKind.CHUNKED else State.UNKNOWN
    assert (expected, 1) == (home.call(1).state, paid(home))


def test_a_lost_answer_of_a_read(home: CallHouse) -> None:
    """In nobody's way; the next call that is answered ends it."""
    home.services.faults.arm(FaultKind.REPLY_LOST, PATH)
    home.submit(home.ready(reading(home.key)))
    assert State.UNKNOWN is home.call(1).state
    assert "" == code_of(home.submit(home.ready(own(home, 2), first=2)))
    assert [State.EXPIRED, State.CONFIRMED] == [home.call(one).state for one in (1, 2)]


def test_a_key_that_reads_settles_without_burning(home: CallHouse) -> None:
    """What is in the history is confirmed; what is not can still be sent again."""
    lost, cut = home.ready(own(home, 1)), home.ready(own(home, 2, "0.2"), first=2)
    home.services.faults.arm(FaultKind.REPLY_LOST, PATH)
    home.submit(lost)
    assert [State.CONFIRMED] == asked(home, 1)
    home.services.faults.arm(FaultKind.RESET_AFTER_BODY, PATH)
    home.submit(cut)
    assert [State.UNKNOWN] == asked(home, 2)
    assert any("could still arrive: submit its response again" in text for text in home.told)
    assert "" == code_of(home.submit(cut))
    assert [State.CONFIRMED, 2] == [home.call(2).state, paid(home)]


def asked(home: CallHouse, number: int) -> list[State]:
    """The state of call *number* after the history was asked by a key that reads."""
    shown: Any = home.services.coinpayments._answers.answer("get_withdrawal_history", {})
    question = Question(COMMANDS["get_withdrawal_history"], {"limit": 100})
    with home.host() as host:
        account = home.order(own(home, 99), first=99).account
        asking.settle(host, account, question, shown, home.told.append)
        assert [] == asking.settle(host, account, Question(COMMANDS["balances"], {}), {}, home.told.append)
    return [home.call(number).state]


def test_a_restored_backup(home: CallHouse) -> None:
    """It knows of the second withdrawal only that it was answered: the history knows better than to call it burned."""
    ledger = home.folder / "data" / "ledger.sqlite"
    home.services.faults.arm(FaultKind.REPLY_LOST, PATH)
    home.submit(home.ready(own(home, 1)))
    second = home.ready(own(home, 2, "0.2"), first=2)
    backup = ledger.read_bytes()
    with home.host() as host:
        settling.settle(host, PaymentId((1).to_bytes(16)), happened=True, why="by hand")
    assert "" == code_of(home.submit(second))
    ledger.write_bytes(backup)
    history(home, 3)
    assert (State.CONFIRMED, State.UNKNOWN, 2) == (home.call(1).state, home.call(2).state, paid(home))
    assert "though this ledger never sent it" in home.call(2).note
    history(home, 4)
    assert State.CONFIRMED is home.call(2).state
