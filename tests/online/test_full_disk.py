"""A file system that is really full: nothing is lost, and with room again the operator goes on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from coldtusk_online.ledger.states import State
from tests.boundary.source_tree import ROOT
from tests.simulators.online_house import PAYEE, House, house

_SIZE = 1 << 20


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of one MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_SIZE},mode=0700", "none", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def home(small: Path) -> Iterator[House]:
    """A house in it."""
    with house(small) as made:
        yield made


def _fill(folder: Path, leave: int = 0) -> Path:
    """Take all room but *leave* bytes."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    os.truncate(filler, max(0, filler.stat().st_size - leave))
    return filler


def _transfer(out: Path) -> tuple[str, ...]:
    common = ("--from", "treasury", "--to", PAYEE.text, "--amount", "1", "--payment-id", "ab" * 16)
    return ("warthog", "transfer", *common, "--out", str(out))


@pytest.mark.parametrize("leave", range(0, 180_000, 12_288))
def test_the_operator_goes_on(home: House, tmp_path: Path, leave: int) -> None:
    """Whatever room was left: one error with a hint, one nonce for one payment id, and then everything works."""
    filler = _fill(home.folder, leave)
    built = home.json(*_transfer(home.folder / "a.request"))
    if built.status:
        assert 5 == built.status
        assert built.code in {"ledger.no-space", "request.not-written"}
    filler.unlink()
    before = [payment.nonce_id for stored in home.stored() for payment in stored.payments]
    again = home.json(*_transfer(tmp_path / "b.request"))
    assert 0 == again.status
    after = [payment.nonce_id for stored in home.stored() for payment in stored.payments]
    assert 1 == len(after)
    assert before in ([], after)


@pytest.mark.parametrize("leave", range(0, 120_000, 12_288))
def test_no_signature_is_lost(home: House, tmp_path: Path, leave: int) -> None:
    """A response that could not be stored is not sent; one that was sent is recorded, or in doubt and resolved."""
    request = tmp_path / "a.request"
    assert 0 == home.run(*_transfer(request)).status
    response = home.answered(str(request))
    filler = _fill(home.folder, leave)
    full = home.run("submit", response)
    posts = [one.body for one in home.servers[0].requests if one.method == "POST"]
    filler.unlink()
    payment = home.stored()[0].payments[0]
    if posts:
        assert payment.signature is not None
        assert payment.state in {State.UNKNOWN, State.SUBMITTED}
    assert full.status in {0, 5}
    assert 0 == home.run("submit", response).status
    home.mine(10)
    assert 0 == home.run("follow").status
    assert State.CONFIRMED is home.stored()[0].state
    assert 1 == len({one.body for one in home.servers[0].requests if one.method == "POST"})


def test_the_code_of_a_full_ledger(home: House) -> None:
    """It is named, with what to do."""
    filler = _fill(home.folder)
    ran = home.json("account", "add", "0" * 40 + "de47c9b2", "--network", "main", "--label", "nobody")
    filler.unlink()
    assert (5, "ledger.no-space") == (ran.status, ran.code)


_LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
from coldtusk_online.cli.main import run
sys.exit(run(sys.argv[2:]))
"""


def test_files_that_may_not_grow(tmp_path: Path) -> None:
    """The same for users who are not root: a limit on the size of files instead of a full medium."""
    with house(tmp_path) as home:
        out = tmp_path / "a.request"
        command = [sys.executable, "-c", _LIMITED, "8192", *home.places(), *_transfer(out)]
        environment = {
            "PYTHONPATH": ":".join(str(ROOT / part) for part in ("shared", "online")),
            "PYTHONDONTWRITEBYTECODE": "1",  # a bytecode file cut by the limit would stay behind
        }
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
        assert (5, "") == (done.returncode, done.stdout)
        assert "error [ledger." in done.stderr
        assert 0 == home.run(*_transfer(out)).status
        assert 1 == len(home.stored())
