"""Calls are killed around each commit and each step: the operator does the same again, and at most one call is made."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.payments.books import Service
from tests.boundary.source_tree import ROOT
from tests.simulators.call_driver import PAYMENTS
from tests.simulators.call_house import CallHouse, call_house

_KILLED = -9


@pytest.fixture
def home(tmp_path: Path) -> Iterator[CallHouse]:
    """A house."""
    with call_house(tmp_path) as made:
        yield made


def _drive(home: CallHouse, system: str, step: str, where: str = "never", count: int = 1) -> int:
    """Do *step* in a process of its own, killed at the *count*-th *where*; its status."""
    file = home.folder / ("one.request" if step == "build" else "one.response")
    names = [str(home.folder), system, step, where, str(count), str(file)]
    command = [sys.executable, "-m", "tests.simulators.call_driver", *names]
    environment = {"PYTHONPATH": ":".join(str(ROOT / part) for part in ("shared", "online"))}
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode in (0, _KILLED), done.stderr
    return done.returncode


def _answer(home: CallHouse) -> None:
    response = home.folder / "one.response"
    if not response.exists():  # the device gives the same answer again
        response.write_bytes(home.device.answer((home.folder / "one.request").read_bytes()))


def _built(home: CallHouse, system: str) -> None:
    assert 0 == _drive(home, system, "build")
    _answer(home)


def _made(home: CallHouse) -> list[str]:
    """The amounts that were really withdrawn."""
    return [entry.fields["amount"] for entry in home.services.books.of(Service.COINPAYMENTS, "create_withdrawal")]


def _truth(home: CallHouse) -> None:
    """What the ledger calls confirmed was made once; what it calls answered or issued was not made."""
    made = _made(home)
    assert sorted(set(made)) == sorted(made)
    for place, call in enumerate(home.stored()[0].calls):
        amount = f"0.{place + 1}"
        if call.state is State.CONFIRMED:
            assert amount in made
        if call.state in (State.DRAFT, State.ISSUED, State.ANSWERED):
            assert amount not in made


@pytest.mark.parametrize(("where", "count"), [("before-commit", 1), ("after-commit", 1), ("before-commit", 2)])
def test_killed_while_building(home: CallHouse, where: str, count: int) -> None:
    """Draft and issued are one commit each; the payment ids give the one request again."""
    assert _KILLED == _drive(home, "coinpayments", "build", where, count)
    _built(home, "coinpayments")
    assert 0 == _drive(home, "coinpayments", "submit")
    stored = home.stored()
    assert (1, State.CONFIRMED) == (len(stored), stored[0].state)
    assert list(PAYMENTS) == [call.id for call in stored[0].calls]
    assert ["0.1", "0.2", "0.3"] == _made(home)


@pytest.mark.parametrize(
    ("where", "count"),
    [
        *((where, count) for where in ("before-commit", "after-commit") for count in (1, 2, 3)),
        *((where, count) for where in ("intended", "recorded") for count in (2,)),
    ],
)
def test_killed_while_submitting(home: CallHouse, where: str, count: int) -> None:
    """The answer, each intent and each result are one commit each.

    A call whose reply was not recorded stays unknown: the service refuses its bytes the second time, and only its
    history could say more. What comes behind it is not sent.
    """
    _built(home, "coinpayments")
    assert _KILLED == _drive(home, "coinpayments", "submit", where, count)
    _truth(home)
    assert 0 == _drive(home, "coinpayments", "submit")
    _truth(home)
    states = [call.state for call in home.stored()[0].calls]
    if State.UNKNOWN in states:
        place = states.index(State.UNKNOWN)
        assert [State.CONFIRMED] * place + [State.UNKNOWN] + [State.ANSWERED] * (2 - place) == states
        assert place + 1 == len(_made(home))
    else:
        assert [State.CONFIRMED] * 3 == states
        assert ["0.1", "0.2", "0.3"] == _made(home)


def test_there_are_no_other_commits(home: CallHouse) -> None:
    """The counts above are all there are: one more event never comes."""
    assert 0 == _drive(home, "coinpayments", "build", "after-commit", 3)
    _answer(home)
    assert 0 == _drive(home, "coinpayments", "submit", "after-commit", 8)


@pytest.mark.parametrize("where", ["intended", "before-commit"])
def test_killed_with_a_released_result(home: CallHouse, where: str) -> None:
    """A body that was perhaps sent never goes again, and its key is gone with the next command."""
    _built(home, "coinspark")
    count = 3 if where == "before-commit" else 1
    assert _KILLED == _drive(home, "coinspark", "submit", where, count)
    assert 0 == _drive(home, "coinspark", "submit")
    made = len(home.services.books.of(Service.COINSPARK))
    call = home.stored()[0].calls[0]
    assert made <= 1
    assert (call.state, made) in {(State.CONFIRMED, 1), (State.UNKNOWN, 0), (State.UNKNOWN, 1)}
    assert not home.keys.holds(home.stored()[0].id)
