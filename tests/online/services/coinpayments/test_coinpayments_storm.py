"""Many payments, faults at random, responses submitted in any order: each paid once at most, and the ledger knows."""

import random
from collections import Counter
from pathlib import Path

import pytest

from coldtusk_online.ledger import calls
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.payments import FaultKind, Service
from coldtusk_online.services.coinpayments.build import note
from tests.online.services.coinpayments.test_coinpayments_submit import LOST, PATH, history, own
from tests.simulators.call_house import CallHouse, call_house, reading

STEPS = 24
SEEDS = (1, 2, 3)
"""With each of these something expires and something is paid."""
UNPAID = {State.EXPIRED, State.REJECTED, State.ANSWERED}


def step(home: CallHouse, chance: random.Random, waiting: list[Stored], number: int) -> None:
    """Make a payment, a burn or a history, or submit one of *waiting*; sometimes the service fails."""
    if chance.random() < 0.4:
        home.services.faults.arm(chance.choice([*LOST, FaultKind.CHUNKED]), PATH)
    if chance.random() < 0.5 or not waiting:
        amount = f"1000.{number}" if chance.random() < 0.1 else f"0.0{number:03d}1"
        waiting.append(home.ready(own(home, number, amount), first=number))
    elif chance.random() < 0.3:
        name = chance.choice(["get_withdrawal_history", "get_basic_info"])
        waiting.append(home.ready(reading(home.key, name), first=number))
    home.submit(chance.choice(waiting))


def check(home: CallHouse, *, all_known: bool) -> Counter[State]:
    """What the ledger says is so; how many calls stand where."""
    notes = Counter(entry.fields["note"] for entry in home.services.books.of(Service.COINPAYMENTS))
    with home.host() as host, host.ledger.reading() as db:
        known = calls.all_of(db)
    for one in known:
        paid = notes[note(one.id)]
        assert paid <= 1
        assert one.state not in UNPAID or paid == 0, one
        assert one.state is not State.CONFIRMED or paid == 1 or one.command != "create_withdrawal", one
        assert not all_known or one.state is not State.UNKNOWN, one
    return Counter(one.state for one in known)


@pytest.mark.parametrize("seed", SEEDS)
def test_paid_once_at_most_whatever_happens(seed: int, tmp_path: Path) -> None:
    """At every step; and after a last history nothing is in doubt."""
    chance = random.Random(seed)
    waiting: list[Stored] = []
    with call_house(tmp_path) as home:
        for _ in range(STEPS):
            step(home, chance, waiting, len(waiting) + 1)
            check(home, all_known=False)
        home.services.faults.clear()
        history(home, len(waiting) + 1)
        states = check(home, all_known=True)
    assert {State.CONFIRMED, State.EXPIRED} <= states.keys()
