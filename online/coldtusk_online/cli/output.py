"""What a command shows: text for people, one JSON object for programs, and an error beside it where both are true."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

import click

from coldtusk_online.cli import failures
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.text import columns

Json: TypeAlias = "str | int | bool | None | Sequence[Json] | Mapping[str, Json]"


@dataclass(frozen=True, slots=True)
class Shown:
    """A command's result. *error* is set when something was done and something else went wrong."""

    data: Mapping[str, Json]
    text: str
    error: ColdtuskError | None = None


def emit(shown: Shown, *, as_json: bool) -> int:
    """Print *shown* and return the exit status."""
    if as_json:
        failed = {} if shown.error is None else {"error": failures.as_data(shown.error)}
        click.echo(json.dumps({**shown.data, **failed}))
    else:
        click.echo(shown.text)
    if shown.error is None:
        return 0
    click.echo(shown.error.line(), err=True)
    return shown.error.exit_status


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
