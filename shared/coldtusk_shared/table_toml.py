"""An operator's table as TOML, turned into what the vault keeps: names become keys, and every type is checked.

What the values mean is checked in :mod:`coldtusk_shared.typed_table`, the same for both ways in.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NoReturn, cast

from coldtusk_shared import limits
from coldtusk_shared.cbor import Value
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.text import quoted

TOML = Code("table.toml", "write it in TOML, in UTF-8: the manual has an example to start from")
BYTES = Code("table.bytes", f"shorten the file to {limits.SERVICE_SETTINGS_BYTES} bytes")
KEY = Code("table.key", "compare the names of the keys with the manual's example")
TYPE = Code("table.type", "texts stand in quotation marks, true and false and numbers do not, lists in brackets")

FIELDS_KEY: Final = 3
"""Under it a row keeps its fields."""
EXTRA_KEY: Final = 5
"""Under it a row keeps the texts that only one system's tables have."""


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of TOML: the number that stands for it, and its type."""

    number: int
    type: type
    required: bool = False


_ROW: Final = MappingProxyType(
    {
        "name": _Key(1, str, required=True),
        "risk": _Key(2, str, required=True),
        "field": _Key(FIELDS_KEY, list),
        "one_of": _Key(4, list),
    }
)
_FIELD: Final = MappingProxyType(
    {
        "name": _Key(1, str, required=True),
        "form": _Key(2, str, required=True),
        "required": _Key(3, bool),
        "label": _Key(4, str),
        "choices": _Key(5, list),
        "least": _Key(6, int),
        "most": _Key(7, int),
    }
)
_WORDS: Final = {str: "a text", bool: "true or false", int: "a whole number", list: "a list"}


def read(data: bytes, where: str, rows: str, extra: Mapping[str, int]) -> Value:
    """The rows of the array *rows* in *data*; *extra* names the keys of one system, with their numbers.

    :raises BadInput: ``table.toml``, ``table.bytes``, ``table.key``, ``table.type``.
    """
    if len(data) > limits.SERVICE_SETTINGS_BYTES:
        raise BadInput(BYTES, f"{len(data)} bytes", where=where)
    try:
        found = tomllib.loads(data.decode("utf-8"), parse_float=_no_float)
    except (ValueError, RecursionError) as error:
        raise BadInput(TOML, f"it cannot be read: {quoted(str(error))}", where=where) from None
    named = _keyed(found, {rows: _Key(1, list, required=True)}, where)[1]
    return [_row(row, extra, f"{where}.{rows}[{place}]") for place, row in enumerate(named)]


def _row(value: Any, extra: Mapping[str, int], where: str) -> Value:
    own = {name: _Key(-number, str) for name, number in extra.items()}  # below zero: never one of the others
    row = _keyed(value, {**_ROW, **own}, where)
    if FIELDS_KEY in row:
        row[FIELDS_KEY] = [
            _keyed(field, _FIELD, f"{where}.field[{place}]") for place, field in enumerate(row[FIELDS_KEY])
        ]
    wire = {key: value for key, value in row.items() if key > 0}
    if len(wire) < len(row):
        wire[EXTRA_KEY] = {-key: value for key, value in row.items() if key < 0}
    return cast("Value", wire)


def _keyed(value: Any, keys: Mapping[str, _Key], where: str) -> dict[int, Any]:
    """A table of TOML by numbers, every name known, none missing, every value of its type."""
    if type(value) is not dict:
        raise BadInput(TYPE, "not a table", where=where)
    for name in value:
        if name not in keys:
            raise BadInput(KEY, f"there is no key {quoted(name)}", where=where)
    for name, key in keys.items():
        if key.required and name not in value:
            raise BadInput(KEY, f"the key {name} is missing", where=where)
        if name in value and type(value[name]) is not key.type:
            raise BadInput(TYPE, f"not {_WORDS[key.type]}", where=f"{where}.{name}")
    return {key.number: value[name] for name, key in keys.items() if name in value}


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"{text} is no whole number")
