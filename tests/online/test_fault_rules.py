"""The failure rules of CoinPayments and CoinRPC, followed to their end in a whole house (facts: Failure rules)."""

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import update

from coldtusk_online.ledger.call_tables import CALL_HISTORY
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.payments import FaultKind, Service
from coldtusk_online.rehearsal.payments.coinrpc import DuplicateId, Window
from coldtusk_shared import limits
from coldtusk_shared.services.coinpayments.commands import BURN, HISTORY
from tests.simulators.house_clock import HouseClock
from tests.simulators.services_house import ServicesHouse, code_of, services_house
from tests.simulators.services_orders import ACTION, SEND, WITHDRAWAL


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ServicesHouse]:
    """A house whose services run."""
    with services_house(tmp_path / "house") as made:
        yield made


def state(house: ServicesHouse, stored: Stored) -> State:
    """Where the last call of *stored* stands now."""
    return house.read(stored).calls[-1].state


def paid(house: ServicesHouse) -> int:
    """Withdrawals that were carried out."""
    return len(house.services.books.of(Service.COINPAYMENTS, "create_withdrawal"))


def lost_withdrawal(house: ServicesHouse, *, done: bool) -> tuple[Stored, bytes]:
    """A withdrawal whose reply was lost, and its answer."""
    stored = house.ask("coinpayments", "create_withdrawal", WITHDRAWAL)
    message = house.answer(stored)
    house.services.faults.arm(FaultKind.REPLY_LOST, commits=done)
    assert "http.outcome-unknown" == code_of(house.submit(message).failed)
    return stored, message


@pytest.mark.parametrize("done", [True, False])
def test_lost_then_identical_bytes(house: ServicesHouse, done: bool) -> None:
    """The same bytes again: the service takes them once, or says that their nonce was used."""
    stored, message = lost_withdrawal(house, done=done)
    again = house.submit(message)
    first, second = house.services.received
    assert first.body == second.body and first.header("HMAC") == second.header("HMAC")
    assert 1 == paid(house)
    assert (State.UNKNOWN if done else State.CONFIRMED) is state(house, stored)
    assert ("coinpayments.nonce-used" if done else "") == code_of(again.failed)


@pytest.mark.parametrize("done", [True, False])
def test_lost_then_history(house: ServicesHouse, done: bool) -> None:
    """The history of a higher nonce shows it by its note, or burns it: then nothing of it is ever sent."""
    stored, message = lost_withdrawal(house, done=done)
    assert "" == code_of(house.call("coinpayments", HISTORY.name).failed)
    assert (State.CONFIRMED if done else State.EXPIRED) is state(house, stored)
    if done:
        (booked,) = house.services.books.of(Service.COINPAYMENTS)
        assert booked.identity == house.read(stored).calls[0].reference
    seen = len(house.services.received)
    house.submit(message)
    assert seen == len(house.services.received)
    assert int(done) == paid(house)


def test_lost_refused_and_history(house: ServicesHouse) -> None:
    """Again, refused as used, then the history: the whole way that the errors' hints name."""
    stored, message = lost_withdrawal(house, done=True)
    house.submit(message)
    house.call("coinpayments", HISTORY.name)
    assert (State.CONFIRMED, 1) == (state(house, stored), paid(house))


def test_nothing_passes_one_in_doubt(house: ServicesHouse) -> None:
    """A second payment waits until the first is settled; a harmless answer that was lost is in nobody's way."""
    lost_withdrawal(house, done=False)
    second = house.ask("coinpayments", "create_withdrawal", {**WITHDRAWAL, "amount": "0.2"})
    message = house.answer(second)
    assert "coinpayments.in-doubt" == code_of(house.submit(message).failed)
    assert (State.ANSWERED, 0) == (state(house, second), paid(house))
    house.call("coinpayments", HISTORY.name)
    # The history has a higher nonce than the second, too, and so burned it: it is asked for anew.
    assert "" == code_of(house.submit(message).failed)
    assert (State.EXPIRED, 0) == (state(house, second), paid(house))


@pytest.mark.parametrize("taken", [True, False])
def test_burn_of_what_was_never_sent(house: ServicesHouse, taken: bool) -> None:
    """A call of a higher nonce gives up a signed one for ever, whether its answer had come or comes later."""
    stored = house.ask("coinpayments", "create_withdrawal", WITHDRAWAL)
    message = house.answer(stored)
    if taken:
        house.take(message)
    house.call("coinpayments", BURN.name)
    assert (State.EXPIRED if taken else State.ISSUED) is state(house, stored)
    assert ("" if taken else "coinpayments.burned") == code_of(house.submit(message).failed)
    assert (State.EXPIRED, 0) == (state(house, stored), paid(house))
    assert 1 == len(house.services.received)


@pytest.mark.parametrize("done", [True, False])
def test_burn_of_one_in_doubt(house: ServicesHouse, done: bool) -> None:
    """Its bytes are never sent again; whether it had arrived, the burn does not tell, and the history does."""
    stored, message = lost_withdrawal(house, done=done)
    house.call("coinpayments", BURN.name)
    assert State.UNKNOWN is state(house, stored)
    assert "coinpayments.never-again" == code_of(house.submit(message).failed)
    assert 2 == len(house.services.received)
    house.call("coinpayments", HISTORY.name)
    assert (State.CONFIRMED if done else State.EXPIRED) is state(house, stored)
    assert int(done) == paid(house)


def test_operators_word(house: ServicesHouse) -> None:
    """What nothing settles, a person does; after that the call is over."""
    stored, message = lost_withdrawal(house, done=True)
    house.settle(stored, happened=True)
    assert State.CONFIRMED is state(house, stored)
    house.submit(message)
    assert 1 == len(house.services.received)


_RPC = tuple(product((Window.STRICT, Window.LOOSE, Window.NONE), (True, False), (True, False)))


@pytest.mark.parametrize(("window", "cache", "done"), _RPC, ids=lambda value: str(getattr(value, "value", value)))
def test_coinrpc_sends_once(house: ServicesHouse, window: Window, cache: bool, done: bool) -> None:
    """Whatever the service would take twice, it gets it once."""
    house.services.coinrpc.modes = replace(
        house.services.coinrpc.modes, window=window, replay_cache=cache, duplicate_id=DuplicateId.EXECUTE
    )
    stored = house.ask("coinrpc", "send", SEND)
    message = house.answer(stored)
    house.services.faults.arm(FaultKind.REPLY_LOST, commits=done)
    for _ in range(4):
        house.submit(message)
        house.clock.sleep(10)
    assert State.UNKNOWN is state(house, stored)
    assert 1 == len(house.services.received)
    assert int(done) == len(house.services.books.of(Service.COINRPC))


@pytest.mark.parametrize("window", [Window.STRICT, Window.LOOSE])
def test_coinrpc_is_held(house: ServicesHouse, window: Window) -> None:
    """It leaves at its time, not before: the clock stands there when the service gets it."""
    house.services.coinrpc.modes = replace(house.services.coinrpc.modes, window=window)
    start = house.clock.seconds()
    sent = house.submit(house.answer(house.ask("coinrpc", "send", SEND, ahead=600)))
    assert ("", State.CONFIRMED) == (code_of(sent.failed), sent.stored.state)
    assert start + 600 == house.services.books.of(Service.COINRPC)[0].at


class Impatient(HouseClock):
    """A clock at which the operator presses Ctrl-C instead of waiting."""

    def sleep(self, seconds: float) -> None:
        """Not a second of *seconds*."""
        raise KeyboardInterrupt


def test_coinrpc_interrupted_while_held(house: ServicesHouse) -> None:
    """Nothing was sent, and the same answer is sent at its time all the same."""
    stored = house.ask("coinrpc", "send", SEND)
    message, patient = house.answer(stored), house.clock
    house.clock = Impatient(patient())
    with pytest.raises(KeyboardInterrupt):
        house.submit(message)
    assert (State.ANSWERED, 0) == (state(house, stored), len(house.services.received))
    house.clock = patient
    house.submit(message)
    assert (State.CONFIRMED, 1) == (state(house, stored), len(house.services.received))


def test_coinrpc_is_dead_after_its_window(house: ServicesHouse) -> None:
    """Nothing is sent, nothing is stamped anew."""
    stored = house.ask("coinrpc", "send", SEND)
    message = house.answer(stored)
    house.clock.sleep(60 + house.settings().service("coinrpc").window)
    sent = house.submit(message)
    assert sent.failed is not None
    assert State.EXPIRED is state(house, stored)
    assert not house.services.received


def test_coinrpc_after_a_refused_connection(house: ServicesHouse) -> None:
    """What surely was not sent may go once more while its window lasts."""
    stored = house.ask("coinrpc", "send", SEND)
    message = house.answer(stored)
    address = house.places.config.read_text(encoding="utf-8")
    house.places.config.write_text(address.replace(house.services.url, "https://127.0.0.1:1"), encoding="utf-8")
    assert "http.connect" == code_of(house.submit(message).failed)
    assert State.ANSWERED is state(house, stored)
    house.places.config.write_text(address, encoding="utf-8")
    house.submit(message)
    assert (State.CONFIRMED, 1) == (state(house, stored), len(house.services.received))


def test_coinsoftworks_follows_to_the_end(house: ServicesHouse) -> None:
    """An action is begun once and polled; what goes wrong with a poll is a matter for the next one."""
    for kind in (FaultKind.REPLY_LOST, FaultKind.HTML, FaultKind.UNAVAILABLE):
        house.services.faults.arm(kind, "/_functions/poll")
    sent = house.call("coinsoftworks", "execute send_btc", ACTION)
    assert ("", State.CONFIRMED) == (code_of(sent.failed), sent.stored.state)
    assert 1 == len(house.services.books.of(Service.COINSOFTWORKS))


def test_the_command_says_what_to_do(tmp_path: Path) -> None:
    """The exit status for "unknown", the error with its hint in one line, and what comes next."""
    with services_house(tmp_path / "house", clock=HouseClock(time.time())) as house:
        stored = house.ask("coinpayments", "create_withdrawal", WITHDRAWAL)
        response = tmp_path / "one.response"
        response.write_bytes(house.answer(stored))
        house.services.faults.arm(FaultKind.REPLY_LOST)
        lost = house.run("submit", str(response))
        assert 6 == lost.status
        assert "error [http.outcome-unknown]" in lost.err and "send nothing new" in lost.err
        assert "Next: it may have happened" in lost.out
        with house.host() as host, host.ledger.writing() as db:  # a minute later: so long it would be held
            db.execute(update(CALL_HISTORY).values(at=CALL_HISTORY.c.at - limits.COINPAYMENTS_DOUBT_SECONDS))
        again = house.run("submit", str(response))
        assert (6, True) == (again.status, "error [coinpayments.nonce-used]" in again.err)
        assert 1 == paid(house)


def test_coinsoftworks_action_and_its_successor(tmp_path: Path) -> None:
    """One that was slowed down, and the one that was asked in its place, submitted by one command: one is done."""
    with services_house(tmp_path / "house", clock=HouseClock(time.time())) as house:
        responses = [tmp_path / "old.response", tmp_path / "new.response"]
        responses[0].write_bytes(house.answer(house.ask("coinsoftworks", "execute send_btc", ACTION)))
        house.services.faults.arm(FaultKind.TOO_MANY, "/_functions/execute")
        assert "coinsoftworks.slower" in house.run("submit", str(responses[0])).err
        again = house.ask("coinsoftworks", "execute send_btc", ACTION, again=True)
        responses[1].write_bytes(house.answer(again))
        ran = house.run("submit", str(responses[1]), str(responses[0]))
        assert (5, True) == (ran.status, "coinsoftworks.no-bearer" in ran.err)
        assert 1 == len(house.services.books.of(Service.COINSOFTWORKS))
        assert [State.EXPIRED, State.CONFIRMED] == [
            house.read(one).calls[-1].state for one in sorted(house.stored(), key=lambda one: one.id == again.id)
        ]
