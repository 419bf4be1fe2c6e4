"""Fields of replies: exactly one type and range each, and an error that names the field."""

from collections.abc import Callable

import pytest

from coldtusk_online.json_reader import JsonReader
from coldtusk_online.json_strict import Json, decode
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput


def test_values() -> None:
    """A path of names leads to typed values."""
    reader = JsonReader(decode(b'{"a":{"b":[7,"text",true,null,"00ff"]}}'))
    number, text, flag, nothing, octets = reader.member("a", "b").elements()
    assert (7, "text", True, b"\0\xff") == (number.integer(7, 7), text.text(4), flag.flag(), octets.octets(2))
    assert (True, False) == (nothing.is_null, number.is_null)
    assert (frozenset({"a"}), "a.b[1]") == (reader.names(), text.where)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("1", lambda reader: reader.integer(9)),
        (True, lambda reader: reader.integer(9)),
        (None, lambda reader: reader.integer(9)),
        (10, lambda reader: reader.integer(9)),
        (-1, lambda reader: reader.integer(9)),
        (0, lambda reader: reader.integer(9, 1)),
        (decode(b"1.0"), lambda reader: reader.integer(9)),
        (1, lambda reader: reader.text()),
        (decode(b"1e1"), lambda reader: reader.text()),
        ("x" * (limits.TEXT_BYTES + 1), lambda reader: reader.text()),
        (1, lambda reader: reader.flag()),
        ("true", lambda reader: reader.flag()),
        (None, lambda reader: reader.flag()),
        ("00", lambda reader: reader.octets(2)),
        ("0000000", lambda reader: reader.octets(4)),
        ("00FF", lambda reader: reader.octets(2)),
        ("00 f", lambda reader: reader.octets(2)),
        ("zzzz", lambda reader: reader.octets(2)),
        ({}, lambda reader: reader.elements()),
        ([0] * (limits.JSON_ITEMS + 1), lambda reader: reader.elements()),
        ([], lambda reader: reader.member("a")),
        ("a", lambda reader: reader.member("a")),
        (None, lambda reader: reader.names()),
    ],
)
def test_unfit(value: Json, read: Callable[[JsonReader], object]) -> None:
    """Another type or range is refused: json.field."""
    with pytest.raises(BadInput) as caught:
        read(JsonReader(value, "data.x"))
    assert ("json.field", "data.x") == (caught.value.code.name, caught.value.where)


def test_missing() -> None:
    """What is missing is named with its whole path."""
    with pytest.raises(BadInput) as caught:
        JsonReader({"a": {}}).member("a", "b")
    assert ("json.field", "a.b") == (caught.value.code.name, caught.value.where)
