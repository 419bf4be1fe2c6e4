"""The rows of a mass withdrawal: fields ``{1: [row, ...]}``, sent as ``wd[wd1][amount]`` and so on.

A row is a withdrawal without ``auto_confirm``; its name counts from ``wd1``.
"""

from collections.abc import Iterator, Sequence

from coldtusk_shared import command, limits
from coldtusk_shared.cbor import Encodable, Value
from coldtusk_shared.command import Fields
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.mapreader import MapReader
from coldtusk_shared.services.coinpayments.payments import ROW

ROWS = Code("coinpayments.rows", "give one row at least, and split what is longer")

_KEY = 1


def name(number: int) -> str:
    """The name of row *number*, which counts from 1."""
    return f"wd{number}"


def read(value: Value, where: str) -> tuple[Fields, ...]:
    """The rows in the fields *value*, each strictly read.

    :raises BadInput: what :func:`command.read` raises, its place the row's name.
    """
    reader = MapReader(value, where)
    rows = reader.array(_KEY, "wd", limits.COINPAYMENTS_ROWS, 1)
    reader.done()
    return tuple(command.read(ROW, row, f"{where}.{name(number)}") for number, row in enumerate(rows, 1))


def typed(rows: Sequence[Sequence[tuple[str, str]]]) -> tuple[Fields, ...]:
    """The rows as a person gave them, each as pairs of name and text.

    :raises BadInput: ``coinpayments.rows``, and what :func:`command.typed` raises.
    """
    if not 1 <= len(rows) <= limits.COINPAYMENTS_ROWS:
        raise BadInput(ROWS, f"{len(rows)} rows, not 1 to {limits.COINPAYMENTS_ROWS}", where="rows")
    return tuple(command.typed(ROW, row, f"{name(number)}.") for number, row in enumerate(rows, 1))


def encode(rows: Sequence[Fields]) -> dict[int, Encodable]:
    """*rows* as the CDDL has them; :func:`read` gives the same again."""
    return {_KEY: [command.encode(ROW, row) for row in rows]}


def pairs(rows: Sequence[Fields]) -> Iterator[tuple[str, str]]:
    """The names and texts that are sent, in the order in which they are."""
    for number, row in enumerate(rows, 1):
        for field in ROW.fields:
            if field.name in row:
                yield f"wd[{name(number)}][{field.name}]", field.form.wire(row[field.name])
