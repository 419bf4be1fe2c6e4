"""The rows of a mass withdrawal as people keep them: CSV with a header, TOML, or texts like ``amount=0.1``.

Every value is a text: a number of TOML would have been read as a float by somebody.
"""

import csv
import shlex
import tomllib
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from coldtusk_shared import files, limits
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.file_errors import place
from coldtusk_shared.text import quoted

FILE = Code(
    "coinpayments.rows-file", "give CSV with the fields' names in its first line, or TOML with [[row]] tables of texts"
)
ROW = Code("coinpayments.row", 'write a row like --row "amount=0.1 currency=LTC address=..."')

Row = list[tuple[str, str]]
"""Names of fields and texts."""


def typed(text: str) -> Row:
    """A row as an option gives it: blanks between, quotation marks around what has blanks.

    :raises BadInput: ``coinpayments.row``.
    """
    try:
        parts = [part.partition("=") for part in shlex.split(text)]
    except ValueError:
        raise BadInput(ROW, f"{quoted(text)} has a quotation that does not end", where="--row") from None
    if not parts or any(not name or not equals for name, equals, _ in parts):
        raise BadInput(ROW, f"{quoted(text)} is no row", where="--row")
    return [(name, value) for name, _, value in parts]


def read(path: Path) -> list[Row]:
    """The rows in the file *path*, TOML if its name says so.

    :raises BadInput: ``coinpayments.rows-file``, and what :func:`files.read_input` raises.
    """
    try:
        text = files.read_input(path, limits.COINPAYMENTS_ROWS_BYTES).decode("utf-8")
        return _toml(text) if path.suffix.lower() == ".toml" else _csv(text)
    except UnicodeDecodeError as error:
        raise BadInput(FILE, "not UTF-8", where=place(path)) from error
    except (tomllib.TOMLDecodeError, csv.Error) as error:
        raise BadInput(FILE, str(error), where=place(path)) from error
    except BadInput as error:
        raise error if error.where else BadInput(error.code, error.what, where=place(path)) from None


def _csv(text: str) -> list[Row]:
    """Empty cells are fields that are left out."""
    header, *rows = list(csv.reader(StringIO(text, newline=""), strict=True)) or [[]]
    if not header or any(len(row) != len(header) for row in rows):
        raise BadInput(FILE, "a line has another number of cells than the first")
    return [_given(header, row) for row in rows]


def _given(header: Sequence[str], row: Sequence[str]) -> Row:
    return [(name, cell) for name, cell in zip(header, row, strict=True) if cell]


def _toml(text: str) -> list[Row]:
    document = tomllib.loads(text)
    rows = document.get("row")
    if document.keys() != {"row"} or not isinstance(rows, list):
        raise BadInput(FILE, "it holds something else than [[row]] tables")
    return [_texts(row) for row in rows]


def _texts(row: object) -> Row:
    if not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
        raise BadInput(FILE, "a row holds something else than texts")
    return list(row.items())
