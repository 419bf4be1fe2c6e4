"""The online half is killed around each step of a call of a payment service: at most one payment, nothing is lost.

Real processes, real kills, the stand-ins on real sockets. Afterwards the operator does the same again, and what is
unknown then is settled as the failure rules say: by CoinPayments' history, else by a look at the service's own books.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.states import CALL_FINAL, State
from coldtusk_online.rehearsal.payments import Service
from coldtusk_shared.services.coinpayments.commands import HISTORY
from tests.boundary.source_tree import ROOT
from tests.simulators.services_driver import AHEAD, CALLS, payment_ids
from tests.simulators.services_house import ServicesHouse, prepare

_KILLED, _FAILED = -9, 1
_ENVIRONMENT: Final = {"PYTHONPATH": ":".join(str(ROOT / part) for part in ("shared", "online", "offline"))}
_COMMITS: Final = ("before-commit", "after-commit")
ASKING: Final = (("draft", 1), *((where, count) for where in _COMMITS for count in (1, 2)))
"""A draft and its seal are one commit each."""
SUBMITTING: Final = (
    *((where, 1) for where in ("answered", "intended", "sending", "replied", "recorded")),
    *((where, count) for where in _COMMITS for count in (1, 2, 3)),
)
"""The answer, the intent and the result are one commit each."""
BETWEEN: Final = (
    *((where, 2) for where in ("intended", "sending", "replied", "recorded")),
    *((where, count) for where in _COMMITS for count in (4, 5)),
)
"""The same of a second call in the request, behind ``authenticate``."""


@dataclass(frozen=True)
class Scene:
    """A house whose services run, one call of it, and the files in which its messages stand."""

    house: ServicesHouse
    call: str

    @property
    def effects(self) -> int:
        """What the service's books show."""
        return len(self.house.services.books.of(Service(CALLS[self.call][0])))

    @property
    def last(self) -> Call:
        """The call in question, as the ledger has it."""
        return self.house.stored()[0].calls[-1]

    def file(self, step: str) -> Path:
        """The request that is asked, or the response that is submitted."""
        return self.house.folder / {"ask": "call.request", "submit": "call.response"}[step]

    def drive(self, step: str, where: str = "never", count: int = 1) -> int:
        """Do *step* in a process of its own, killed at the *count*-th *where*; its status."""
        command = self.command(step, where, count)
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, env=_ENVIRONMENT)
        assert done.returncode in (0, _KILLED), done.stderr
        return done.returncode

    def command(self, step: str, where: str = "never", count: int = 1) -> list[str]:
        """The process that :meth:`drive` runs."""
        what = [str(self.house.folder), str(self.house.clock()), step, self.call, str(self.file(step))]
        return [sys.executable, "-m", "tests.simulators.services_driver", *what, where, str(count)]

    def events(self, step: str) -> list[str]:
        """What came in the last process that did *step*."""
        return Path(f"{self.file(step)}.events").read_text(encoding="utf-8").split()

    def ask(self) -> None:
        """Ask, or go on with what was asked."""
        system, command, fields = CALLS[self.call]
        self.house.ask(system, command, fields, ahead=AHEAD, payment_ids=payment_ids(self.call))

    def answer(self) -> None:
        """The device's response, in its file; the same one again if it answered before. Then the send time comes."""
        (stored,) = self.house.stored()
        self.file("submit").write_bytes(self.house.answer(stored))
        self.house.clock.sleep(AHEAD)

    def settle(self) -> None:
        """What the operator does: submit again, then what the failure rules say."""
        self.house.submit(self.file("submit").read_bytes())
        if self.last.state is not State.UNKNOWN:
            return
        if self.call == "withdrawal":
            self.house.call("coinpayments", HISTORY.name)
        else:
            self.house.settle(self.house.stored()[0], happened=self.effects == 1)

    def check(self) -> None:
        """One request, the ids that were meant, the ledger and the books agree, and never two payments."""
        first, last = self.house.stored()[0], self.last
        assert payment_ids(self.call) == tuple(one.id for one in first.calls)
        assert self.effects <= 1
        assert (last.state is State.CONFIRMED) is (self.effects == 1)
        assert last.output is not None
        unsent = last.state is State.ANSWERED
        assert last.state in CALL_FINAL or unsent
        assert self.house.keys.holds(first.id) is (first.parsed().reply_key is not None and unsent)


Scenes = Callable[[str], ServicesHouse]


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    """For each call the house whose device has answered it, made once; "" is one of which nothing was asked."""

    @cache
    def of(call: str) -> ServicesHouse:
        folder = tmp_path_factory.mktemp("house") / "house"
        if not call:
            return prepare(folder)
        house = of("").copied(folder)
        with house.serve():
            scene = Scene(house, call)
            scene.ask()
            scene.answer()
        return house

    return of


@pytest.fixture
def unasked(answered: Scenes, tmp_path: Path, call: str) -> Iterator[Scene]:
    """Nothing was asked yet."""
    with _served(answered(""), tmp_path) as house:
        yield Scene(house, call)


@pytest.fixture
def scene(answered: Scenes, tmp_path: Path, call: str) -> Iterator[Scene]:
    """The device has answered the call, and the send time is there."""
    with _served(answered(call), tmp_path) as house:
        yield Scene(house, call)


@contextmanager
def _served(house: ServicesHouse, folder: Path) -> Iterator[ServicesHouse]:
    copied = house.copied(folder / "house")
    with copied.serve():
        yield copied


@pytest.mark.parametrize("call", ["withdrawal", "asset"])
@pytest.mark.parametrize(("where", "count"), ASKING)
def test_killed_while_asking(unasked: Scene, where: str, count: int) -> None:
    """The same command with the same payment id goes on with the same request."""
    assert _KILLED == unasked.drive("ask", where, count)
    unasked.ask()
    unasked.answer()
    unasked.settle()
    unasked.check()
    assert State.CONFIRMED is unasked.last.state


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(("where", "count"), SUBMITTING)
def test_killed_while_submitting(scene: Scene, where: str, count: int) -> None:
    """Before the intent nothing was sent; from it on it may have been, and is never blindly repeated."""
    assert _KILLED == scene.drive("submit", where, count)
    scene.settle()
    scene.check()


@pytest.mark.parametrize("call", ["action"])
@pytest.mark.parametrize(("where", "count"), BETWEEN)
def test_killed_at_the_second_call(scene: Scene, where: str, count: int) -> None:
    """Behind an ``authenticate`` that is done: its bearer went with the process."""
    assert _KILLED == scene.drive("submit", where, count)
    scene.settle()
    scene.check()


@pytest.mark.parametrize("call", CALLS)
def test_two_processes_at_once(scene: Scene, call: str) -> None:
    """One of them sends; the other one waits for it, or is told that it may not."""
    started = [subprocess.Popen(scene.command("submit"), cwd=ROOT, env=_ENVIRONMENT) for _ in range(2)]
    assert {one.wait(timeout=60) for one in started} <= {0, _FAILED}
    scene.settle()
    scene.check()
    assert (State.CONFIRMED, 1) == (scene.last.state, scene.effects)


@pytest.mark.parametrize("call", CALLS)
def test_there_are_no_other_events(unasked: Scene, call: str) -> None:
    """The counts above are all there are before the call is through."""
    assert 0 == unasked.drive("ask")
    unasked.answer()
    assert 0 == unasked.drive("submit")
    asked, sent = unasked.events("ask"), unasked.events("submit")
    calls = len(payment_ids(call))
    assert 2 == asked.count("before-commit") == asked.count("after-commit")
    assert 1 + 2 * calls == sent.count("before-commit") == sent.count("after-commit")
    assert [calls, calls] == [sent.count("intended"), sent.count("recorded")]
    unasked.check()
    assert State.CONFIRMED is unasked.last.state
