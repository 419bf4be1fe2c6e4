"""The frame: help, versions, usage, faults, lazy imports, exit statuses."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from coldtusk_online import __version__
from coldtusk_online.cli import failures, main
from coldtusk_online.cli.lazy import LazyGroup
from coldtusk_shared.errors import BadInput, Code, OutcomeUnknown, Outside, Refused
from tests.boundary.fresh_process import run_python
from tests.simulators.online_house import run

_ANY = Code("test.any", "do something")


def _leaves(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found += _leaves(command, (*path, name)) if isinstance(command, click.Group) else [((*path, name), command)]
    return found


_COMMANDS = _leaves(main.cli)


def test_the_version() -> None:
    """The literal is the package's version."""
    assert (0, f"coldtusk-online, version {__version__}\n") == ((ran := run("--version")).status, ran.out)


@pytest.mark.parametrize("name", [" ".join(path) for path, _ in _COMMANDS])
def test_every_command_has_the_common_options(name: str) -> None:
    """--json, --config and --data, and help for each option."""
    command = next(command for path, command in _COMMANDS if " ".join(path) == name)
    options = {option for parameter in command.params for option in parameter.opts}
    assert {"--json", "--config", "--data"} <= options
    assert all(parameter.help for parameter in command.params if isinstance(parameter, click.Option))
    assert 0 == run(*name.split(), "--help").status


def test_the_tables_say_what_the_commands_say() -> None:
    """Every group has a line of help for each command."""
    assert isinstance(main.cli, LazyGroup)
    for group in ([], ["warthog"], ["request"], ["node"], ["account"]):
        ran = run(*group, "--help")
        assert 0 == ran.status
        assert "Commands:" in ran.out
    assert "6 outcome unknown" in run("--help").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing",),
        ("node", "add"),
        ("node", "check", "http://x"),
        ("warthog", "transfer"),
        ("follow", "--timeout", "x"),
    ],
)
def test_wrong_use(arguments: tuple[str, ...]) -> None:
    """Status 2 and one line; with --json one object."""
    plain, programs = run(*arguments), run(*arguments, "--json")
    assert (2, 2, "cli.usage") == (plain.status, programs.status, programs.code)
    assert 1 == len(plain.err.splitlines())


def test_no_command_shows_the_help() -> None:
    """And is wrong use."""
    ran = run()
    assert 2 == ran.status
    assert "Commands:" in ran.err + ran.out


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadInput(_ANY, "x"), 3),
        (Refused(_ANY, "x"), 4),
        (Outside(_ANY, "x"), 5),
        (OutcomeUnknown(_ANY, "x"), 6),
    ],
)
def test_errors_have_their_status(error: Exception, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    """As the table says."""
    assert status == failures.report(error, as_json=True)
    said = capsys.readouterr()
    expected = {"code": "test.any", "where": "", "what": "x", "hint": "do something"}
    assert expected == json.loads(said.out)["error"]
    assert "error [test.any] x -- do something\n" == said.err


def test_a_fault_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    """One line with the place, and nothing of the values."""
    try:
        raise KeyError("a passphrase")
    except KeyError as error:
        assert 1 == failures.report(error, as_json=True)
    said = capsys.readouterr()
    assert "coldtusk.fault" == json.loads(said.out)["error"]["code"]
    assert "KeyError at test_cli_main.py:" in said.err
    assert "passphrase" not in said.out + said.err


def test_an_interruption(capsys: pytest.CaptureFixture[str]) -> None:
    """Status 130."""
    assert 130 == failures.report(KeyboardInterrupt(), as_json=True)
    assert "cli.interrupted" == json.loads(capsys.readouterr().out)["error"]["code"]


def test_commands_are_imported_when_dispatched() -> None:
    """A fresh process that shows the version has imported none of them, nor a database, nor a socket."""
    script = (
        "import sys\nfrom coldtusk_online.cli import main\nmain.run(['--version'])\nmain.run(['--help'])\n"
        "heavy = {'sqlalchemy', 'ssl', 'socket', 'cryptography', 'cbor2', 'coincurve', 'tomlkit', 'platformdirs'}\n"
        "loaded = sorted(heavy & set(sys.modules))\n"
        "assert not loaded, loaded\n"
        "print([name for name in sys.modules if name.startswith('coldtusk')])\n"
    )
    loaded = ["coldtusk_online", *(f"coldtusk_online.{name}" for name in ("cli", "cli.lazy"))]
    assert str(loaded)[:-1] in run_python(script)


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_output_that_nobody_takes(tmp_path: Path, more: tuple[str, ...]) -> None:
    """A full disk behind stdout is no fault of ours: what was done is done, one line says so, and the status."""
    script = "from coldtusk_online.cli.main import main; main()"
    places = ["--config", str(tmp_path / "c" / "s.toml"), "--data", str(tmp_path / "d")]
    command = [sys.executable, "-c", script, "init", "--label", "desk", *places, *more]
    with Path("/dev/full").open("w") as full:
        first = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE, text=True)
        again = subprocess.run(command, check=False, stdout=full, stderr=full, text=True)
    assert (5, 4) == (first.returncode, again.returncode)
    assert "error [cli.output]" in first.stderr
    assert 1 == len(first.stderr.splitlines())


def test_the_installed_command(tmp_path: Path) -> None:
    """The entry point, as a process: an error is one line and a status, never a traceback."""
    script = "from coldtusk_online.cli.main import main; main()"
    places = ["--config", str(tmp_path / "s.toml"), "--data", str(tmp_path / "d")]
    command = [sys.executable, "-c", script, "request", "list", *places]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (4, "") == (done.returncode, done.stdout)
    assert "error [setup.missing]" in done.stderr
    assert 1 == len(done.stderr.splitlines())
