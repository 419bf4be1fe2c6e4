"""The online half is killed around each commit and each post: the operator does the same again, and all is well."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.node import Mined
from tests.boundary.source_tree import ROOT
from tests.simulators.online_driver import PAYMENTS
from tests.simulators.online_house import PAYEE, WART, House, house

_KILLED = -9


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """A house."""
    with house(tmp_path) as made:
        yield made


def _drive(home: House, step: str, file: Path, where: str = "never", count: int = 1) -> int:
    """Do *step* in a process of its own, killed at the *count*-th *where*; its status."""
    command = [
        sys.executable,
        "-m",
        "tests.simulators.online_driver",
        str(home.folder),
        step,
        where,
        str(count),
        str(file),
    ]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, env=_environment())
    assert done.returncode in (0, _KILLED), done.stderr
    return done.returncode


def _environment() -> dict[str, str]:
    return {"PYTHONPATH": ":".join(str(ROOT / part) for part in ("shared", "online", "offline"))}


def _answer(home: House, request: Path) -> Path:
    response = home.folder / "pay.response"
    if not response.exists():  # the device gives the same answer again
        response.write_bytes(home.device.answer(request.read_bytes()))
    return response


def _finish(home: House) -> None:
    """What the operator does: the same commands from the start, until all is confirmed."""
    request = home.folder / "pay.request"
    if (
        all(payment.state is State.DRAFT for stored in home.stored() for payment in stored.payments)
        or not request.exists()
    ):
        assert 0 == _drive(home, "build", request)
    assert 0 == _drive(home, "submit", _answer(home, request))
    home.mine()
    assert 0 == _drive(home, "follow", request)


def _check(home: House) -> None:
    """One request, one nonce a payment id, every signature in the ledger, every payment mined once."""
    stored = home.stored()
    assert 1 == len(stored)
    payments = stored[0].payments
    assert list(PAYMENTS) == [payment.id for payment in payments]
    assert [State.CONFIRMED] * 3 == [payment.state for payment in payments]
    assert all(payment.signature is not None for payment in payments)
    mined = [home.node.find(payment.txid) for payment in payments]
    assert all(isinstance(one, Mined) for one in mined)
    assert 3 == len(home.node.mined)
    account = home.node.state.account(PAYEE.raw)
    assert account is not None
    assert 6 * WART == home.node.state.total(account, 0)  # type: ignore[arg-type] # WART's token
    posts = Counter(request.body for request in home.servers[0].requests if request.method == "POST")
    assert 3 == len(posts)


@pytest.mark.parametrize("where", ["before-commit", "after-commit"])
@pytest.mark.parametrize("count", [1, 2])
def test_killed_while_building(home: House, where: str, count: int) -> None:
    """Draft and issued are one commit each."""
    assert _KILLED == _drive(home, "build", home.folder / "pay.request", where, count)
    _finish(home)
    _check(home)


@pytest.mark.parametrize(
    ("where", "count"),
    [
        *(("before-commit", count) for count in (1, 2, 3)),
        *(("after-commit", count) for count in (1, 2, 3)),
        *(("posted", count) for count in (1, 2, 3)),
    ],
)
def test_killed_while_submitting(home: House, where: str, count: int) -> None:
    """The answer, the intent and the results are one commit each; and between any two posts."""
    request = home.folder / "pay.request"
    _drive(home, "build", request)
    assert _KILLED == _drive(home, "submit", _answer(home, request), where, count)
    _finish(home)
    _check(home)


@pytest.mark.parametrize("where", ["before-commit", "after-commit"])
def test_killed_while_following(home: House, where: str) -> None:
    """What the nodes said is asked again."""
    request = home.folder / "pay.request"
    _drive(home, "build", request)
    _drive(home, "submit", _answer(home, request))
    home.mine()
    assert _KILLED == _drive(home, "follow", request, where)
    _drive(home, "follow", request)
    _check(home)


def test_there_are_no_other_commits(home: House) -> None:
    """The counts above are all there are: one more event never comes."""
    request = home.folder / "pay.request"
    assert 0 == _drive(home, "build", request, "after-commit", 3)
    assert 0 == _drive(home, "submit", _answer(home, request), "after-commit", 4)
    home.mine()
    assert 0 == _drive(home, "follow", request, "after-commit", 2)
    _check(home)


def test_killed_and_forgotten(home: House) -> None:
    """An operator who does not know the payment id is told of the draft, and exports it."""
    _drive(home, "build", home.folder / "pay.request", "after-commit", 1)
    repeated = home.transfer(amount="2")
    draft = home.stored()[0]
    assert "request.looks-repeated" == repeated.code
    assert draft.id.hex() in repeated.json["error"]["what"]
    assert 0 == home.run("request", "export", draft.id.hex(), "--out", str(home.folder / "pay.request")).status
    _finish(home)
    _check(home)
