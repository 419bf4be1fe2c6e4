"""``coldtusk-offline``: the group, the guard, and what an error becomes.

Nothing heavy is imported here: asking for the version costs little more than click (`make bench`).
"""

import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

if TYPE_CHECKING:
    from coldtusk_offline.guard import GuardReport

VERSION = "0.1.0"  # a literal: asking the metadata would import email and socket (facts: What imports a socket)
HOME_VARIABLE = "COLDTUSK_OFFLINE_HOME"
FAULT, USAGE, INTERRUPTED = 1, 2, 130

COMMANDS = {
    "init": "Make this machine's vault and journal.",
    "account": "Make, import and list accounts.",
    "secret": "Enrol, list and remove accounts at payment services.",
    "pair": "Pin an online half and write this device's card.",
    "card": "Write this device's card again.",
    "inspect": "Say what a message is, without opening the vault.",
    "sign": "Review a request, sign it, write the response.",
    "frames": "Messages as pictures of codes, and back.",
    "cameras": "List the cameras that --scan can read.",
    "self-check": "Check every primitive against known answers.",
}


class Start:
    """What a command finds: the folder that was named, and what the guard achieved."""

    def __init__(self, lock_in: "Callable[[], GuardReport]") -> None:
        self._lock_in = lock_in
        self.home: Path | None = None
        self.guard: GuardReport | None = None

    def lock(self) -> None:
        """Install the guard, once."""
        if self.guard is None:
            self.guard = self._lock_in()


def start_of(ctx: click.Context) -> Start:
    """The :class:`Start` of this run."""
    start = ctx.find_root().obj
    if not isinstance(start, Start):
        raise RuntimeError("a command runs through run() alone")
    return start


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is dispatched."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; the guard is up before its module is imported."""
        if cmd_name not in COMMANDS:
            return None
        start_of(ctx).lock()
        module = importlib.import_module(f"coldtusk_offline.cli.{cmd_name.replace('-', '_')}")
        command = module.command
        if not isinstance(command, click.Command):
            raise RuntimeError(f"{cmd_name} is not a command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="coldtusk-offline")
@click.option("--home", type=click.Path(path_type=Path), help=f"The device's folder (or ${HOME_VARIABLE}).")
@click.pass_context
def cli(ctx: click.Context, home: Path | None) -> None:
    """The offline half of Coldtusk: reviews and signs; never opens a socket.

    Exit status: 0 done, 1 a fault of Coldtusk, 2 wrong use, 3 bad input, 4 refused, 5 the machine failed,
    130 interrupted.
    """
    chosen = home or os.environ.get(HOME_VARIABLE)
    start_of(ctx).home = None if chosen is None else Path(chosen)


def main() -> None:
    """The entry point: the process locks itself in before a command's module is imported."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a character that the terminal's encoding lacks is shown escaped
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:], _lock_in))


def run(arguments: Sequence[str], lock_in: Callable[[], "GuardReport"]) -> int:
    """Run one command behind *lock_in* and return its exit status; what went wrong was said in one line."""
    try:
        name, start = "coldtusk-offline", Start(lock_in)
        status = cli.main(args=list(arguments), prog_name=name, standalone_mode=False, obj=start)
    except click.exceptions.Abort as error:
        if isinstance(error.__cause__, EOFError):  # click makes it of any; no prompt of ours raises one
            return _report(error.__cause__)
        return _say("interrupted; nothing more was done", INTERRUPTED)
    except KeyboardInterrupt:
        return _say("interrupted; nothing more was done", INTERRUPTED)
    except click.ClickException as error:
        error.show()
        return USAGE
    except Exception as error:  # noqa: BLE001 - the last resort: one line, never a traceback with a secret
        return _report(error)
    return status if isinstance(status, int) else 0


def _lock_in() -> "GuardReport":
    report = importlib.import_module("coldtusk_offline.guard").install()
    return cast("GuardReport", report)


def _report(error: Exception) -> int:
    errors = importlib.import_module("coldtusk_shared.errors")
    if isinstance(error, errors.ColdtuskError):
        return _say(error.line(), error.exit_status)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "unknown" if trace is None else f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
    what = f"error [coldtusk.fault] {type(error).__name__} at {place}"
    return _say(f"{what} -- this is a fault of Coldtusk: sign nothing more with it, and report this line", FAULT)


def _say(line: str, status: int) -> int:
    click.echo(line, err=True)
    return status
