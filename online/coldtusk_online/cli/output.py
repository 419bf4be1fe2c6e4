"""What a command shows: text for people, one JSON object for programs, and an error beside it where both are true."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

import click

from coldtusk_online.cli import failures
from coldtusk_shared.errors import Code, ColdtuskError, Outside
from coldtusk_shared.text import columns

UNSAID = Code("cli.output", "only words were lost, what was done is done: `request list` shows where things stand")

Json: TypeAlias = "str | int | bool | None | Sequence[Json] | Mapping[str, Json]"


@dataclass(frozen=True, slots=True)
class Shown:
    """A command's result. *error* is set when something was done and something else went wrong."""

    data: Mapping[str, Json]
    text: str
    error: ColdtuskError | None = None


def emit(shown: Shown, *, as_json: bool) -> int:
    """Print *shown* and return the exit status."""
    failed = {} if shown.error is None else {"error": failures.as_data(shown.error)}
    unsaid = _unsaid(json.dumps({**shown.data, **failed}) if as_json else shown.text)
    error = shown.error or unsaid
    if error is None:
        return 0
    failures.complain(error)
    return error.exit_status


def say(text: str) -> None:
    """Print *text*.

    :raises Outside: ``cli.output`` when nobody takes it: a full disk, a pipe that was closed.
    """
    if (unsaid := _unsaid(text)) is not None:
        raise unsaid


def announce(line: str) -> None:
    """Print *line* of a command that goes on serving: to standard output, or to standard error beside ``--json``.

    All commands that serve announce alike, so that a script finds the address in one place.
    """
    click.echo(line, err=bool(click.get_current_context().params["as_json"]))


def _unsaid(text: str) -> Outside | None:
    try:
        click.echo(text)
    except OSError as error:
        return Outside(UNSAID, f"the output cannot be written: {error.strerror}")
    return None


def table(rows: Iterable[Sequence[str]]) -> str:
    """*rows* in columns, two blanks between them."""
    kept = list(rows)
    widths = [max(columns(cell) for cell in column) for column in zip(*kept, strict=True)]
    return "\n".join(
        "  ".join(cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in kept
    )


def when(at: int) -> str:
    """Unix seconds as people read them, in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
