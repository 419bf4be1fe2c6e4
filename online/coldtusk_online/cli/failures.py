"""What an error becomes: one line on stderr, an object on stdout with --json, an exit status."""

import json
import traceback
from contextlib import suppress
from typing import Any

import click

from coldtusk_shared.errors import Code, ColdtuskError

FAULT = Code("coldtusk.fault", "this is a fault of Coldtusk: send nothing new before you know, and report this line")
USAGE = Code("cli.usage", "`--help` behind any command shows how it is used")
INTERRUPTED = Code("cli.interrupted", "what the ledger holds is whole: run the same command again")

_FAULT_STATUS, _USAGE_STATUS, _INTERRUPTED_STATUS = 1, 2, 130
_FRAMES = 3


def report(error: BaseException, *, as_json: bool) -> int:
    """Say *error* in one line and return the exit status."""
    if isinstance(error, ColdtuskError):
        return _say(error, error.exit_status, as_json=as_json)
    if isinstance(error, click.exceptions.Abort) and isinstance(error.__cause__, EOFError):
        error = error.__cause__  # click makes it of any; a prompt's own end of input has no cause
    if isinstance(error, click.exceptions.Abort | KeyboardInterrupt):
        return _say(_plain(INTERRUPTED, "interrupted"), _INTERRUPTED_STATUS, as_json=as_json)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return _USAGE_STATUS
    if isinstance(error, click.ClickException):
        return _say(_plain(USAGE, _usage(error)), _USAGE_STATUS, as_json=as_json)
    return _say(_plain(FAULT, _fault(error)), _FAULT_STATUS, as_json=as_json)


def as_data(error: ColdtuskError) -> dict[str, str]:
    """*error* for --json."""
    return {"code": error.code.name, "where": error.where, "what": error.what, "hint": error.code.hint}


def complain(error: ColdtuskError) -> None:
    """*error* in one line on stderr, if that takes it."""
    with suppress(OSError):
        click.echo(error.line(), err=True)


def _say(error: ColdtuskError, status: int, *, as_json: bool) -> int:
    if as_json:
        with suppress(OSError):  # nowhere to say it: the status still does
            click.echo(json.dumps({"error": as_data(error)}))
    complain(error)
    return status


def _plain(code: Code, what: str) -> ColdtuskError:
    return ColdtuskError(code, what)


def _usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    command = f"{context.command_path}: " if isinstance(context, click.Context) else ""
    return command + " ".join(error.format_message().split())


def _fault(error: BaseException) -> str:
    """The type and the innermost places. Neither text nor values: they may hold what nobody else may read."""
    frames: Any = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames[: -_FRAMES - 1 : -1])
    return f"{type(error).__name__} at {places or 'an unknown place'} (no traceback is kept)"
