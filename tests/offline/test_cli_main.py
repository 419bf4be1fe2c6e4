"""The command itself: version, help, wrong use, faults, `inspect` and `self-check`, and what no line of it may hold."""

import sys
from pathlib import Path
from types import ModuleType

import click
import pytest

from coldtusk_offline.cli import main
from coldtusk_offline.guard import GuardReport
from coldtusk_offline.home import Home
from coldtusk_shared import card
from coldtusk_shared.card import HostCard
from coldtusk_shared.errors import BadInput, Code
from tests.offline.commands import Place, error_of, make_place
from tests.offline.payments import NAMES, give, item, sealed, transfer
from tests.simulators.host import HostSigner

REPORT = GuardReport((), ())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A device and its host."""
    return make_place(tmp_path)


class TestCommandLine:
    """What click does for us, and what we do for it."""

    def test_version_and_help(self, place: Place) -> None:
        """Status 0; every command with what it does."""
        assert (0, f"coldtusk-offline, version {main.VERSION}\n") == (
            (ended := place.piped("--version")).status,
            ended.shown,
        )
        ended = place.piped("--help")
        assert ended.status == 0
        assert all(name in ended.shown for name in main.COMMANDS)

    def test_every_command_of_the_table_is_one(self, capsys: pytest.CaptureFixture[str]) -> None:
        """And has a help of its own."""
        for name in main.COMMANDS:
            assert main.run([name, "--help"], lambda: REPORT) == 0
            assert f"coldtusk-offline {name}" in capsys.readouterr().out

    @pytest.mark.parametrize("arguments", [["nonsense"], ["sign"], ["sign", "a", "--yes"], ["--nonsense"], []])
    def test_wrong_use(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        """Status 2, and how to use it; there is no option that skips the review."""
        assert main.run(arguments, lambda: REPORT) == 2
        assert "Usage: coldtusk-offline" in capsys.readouterr().err

    def test_guard_is_up_before_a_command_is_imported(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Once a run."""
        monkeypatch.delitem(sys.modules, "coldtusk_offline.cli.inspect", raising=False)
        locked: list[bool] = []

        def lock() -> GuardReport:
            locked.append("coldtusk_offline.cli.inspect" in sys.modules)
            return REPORT

        assert main.run(["inspect", "/nowhere"], lock) == 3
        assert [False] == locked

    def test_home_is_an_option_or_the_environment(self, place: Place, tmp_path: Path) -> None:
        """The option is nearer."""
        missing = str(tmp_path / "missing")
        assert (4, "vault.missing") == error_of(place.at_terminal("--home", missing, "account", "list").ends())
        session = place.at_terminal("--home", str(place.home), "account", "list", COLDTUSK_OFFLINE_HOME=missing)
        assert session.unlocks().ends().status == 0
        assert Home.default().path.name == "coldtusk-offline"


class TestFaults:
    """Whatever else comes out: one line, its kind and place, never its text."""

    def run(self, error: BaseException, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
        """The status and the line of a run in which *error* is raised."""

        def raising() -> GuardReport:
            raise error

        status = main.run(["inspect", "x"], raising)
        return status, capsys.readouterr().err

    def test_unexpected_error_is_a_fault(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Its message may hold a secret, so it is not shown."""
        for error in (ValueError("abandon about"), RuntimeError("abandon"), MemoryError(), RecursionError("abandon")):
            status, line = self.run(error, capsys)
            assert status == 1
            assert line.startswith(f"error [coldtusk.fault] {type(error).__name__} at test_cli_main.py:")
            assert "abandon" not in line

    def test_error_without_a_place(self, capsys: pytest.CaptureFixture[str]) -> None:
        """It is a fault all the same."""
        assert main._report(ValueError("x")) == 1
        assert "ValueError at unknown" in capsys.readouterr().err

    def test_interrupts(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Status 130."""
        for error in (KeyboardInterrupt(), click.exceptions.Abort()):
            status, line = self.run(error, capsys)
            assert (130, "interrupted; nothing more was done") == (status, line.strip())

    def test_interrupt_before_click(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        """While the command line is still being read."""

        def interrupted(**_options: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(main.cli, "main", interrupted)
        assert main.run([], lambda: REPORT) == 130
        assert "interrupted" in capsys.readouterr().err

    def test_known_errors_have_their_own_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Code, place, what, hint; the status of the family."""
        code = Code("test.code", "do this")
        assert (3, "error [test.code] here: wrong -- do this\n") == self.run(
            BadInput(code, "wrong", where="here"), capsys
        )

    def test_misuse_is_found(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """A command outside of run(), or a module that holds none."""
        with pytest.raises(RuntimeError):
            main.start_of(click.Context(main.cli))
        broken = ModuleType("broken")
        broken.command = 7  # type: ignore[attr-defined] # that is what is broken
        monkeypatch.setitem(sys.modules, "coldtusk_offline.cli.inspect", broken)
        assert main.run(["inspect", "x"], lambda: REPORT) == 1
        assert "RuntimeError at main.py:" in capsys.readouterr().err


class TestInspect:
    """``inspect`` opens no vault and needs no terminal."""

    def test_each_kind_of_message(self, place: Place, tmp_path: Path) -> None:
        """Request of each type, response, both cards; status 0."""
        desk, signer = place.desk, HostSigner(b"c" * 32)
        with desk.open() as device:
            given, _ = give(device, sealed(desk, transfer(desk)))
        batch = sealed(desk, *(item(desk, name, nonce_id=number) for number, name in enumerate(NAMES)))
        files = {
            "request": batch,
            "response": given.message,
            "host card": card.seal_host(HostCard(signer.public_key, "office"), signer),
        }
        for kind, message in files.items():
            ended = place.piped("inspect", place.put("file", message), COLDTUSK_OFFLINE_HOME=str(tmp_path / "none"))
            assert ended.status == 0
            assert f"{kind}, {len(message)} bytes -- NOT CHECKED against a pinned key" in ended.shown

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "file.empty"),
            (b"Dear operator", "message.is-text"),
            (b"\x89PNG\r\n\x1a\n", "message.not-coldtusk"),
            (b"\xd2", "cbor.cut"),
            (b"\xd2\x84\x40\xa0\x40\x40", "cbor.cut"),
        ],
    )
    def test_garbage(self, place: Place, data: bytes, code: str) -> None:
        """Status 3 and one line."""
        assert (3, code) == error_of(place.piped("inspect", place.put("file", data)))


def test_self_check(place: Place) -> None:
    """Everything passes, and the guard holds in a real process."""
    ended = place.piped("self-check")
    assert ended.status == 0
    assert "FAILED" not in ended.shown
    assert "system call filter: holds" in ended.shown
    assert "audit hook: holds" in ended.shown
    assert ended.shown.endswith(" checks passed\n")
