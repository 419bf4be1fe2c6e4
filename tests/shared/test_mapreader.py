"""Reading a map: each way to refuse, with the path of the field."""

from collections.abc import Callable
from typing import Any

import pytest

from coldtusk_shared.cbor import Value
from coldtusk_shared.errors import BadInput
from coldtusk_shared.mapreader import MapReader

_MAP: dict[int, Any] = {1: 5, 2: b"abc", 3: True, 4: "text", 5: [1, 2], 6: {1: 7}, 7: -1}

_TAKEN: dict[str, tuple[Callable[[MapReader], Any], Any]] = {
    "an integer": (lambda reader: reader.uint(1, "x"), 5),
    "an integer at its highest": (lambda reader: reader.uint(1, "x", 5), 5),
    "an integer at its lowest": (lambda reader: reader.uint(1, "x", least=5), 5),
    "bytes": (lambda reader: reader.octets(2, "x", 3), b"abc"),
    "a flag": (lambda reader: reader.flag(3, "x"), True),
    "a text": (lambda reader: reader.text(4, "x", 4), "text"),
    "a choice": (lambda reader: reader.choice(4, "x", ("other", "text")), "text"),
    "an array": (lambda reader: reader.array(5, "x", 2, 2), [1, 2]),
    "an inner map": (lambda reader: reader.inner(6, "x").uint(1, "y"), 7),
    "any value": (lambda reader: reader.value(7, "x"), -1),
}
_REFUSED: dict[str, tuple[Callable[[MapReader], Any], str, str]] = {
    "an integer too high": (lambda reader: reader.uint(1, "x", 4), "field.out-of-range", "map.x"),
    "an integer too low": (lambda reader: reader.uint(1, "x", least=6), "field.out-of-range", "map.x"),
    "a negative integer": (lambda reader: reader.uint(7, "x"), "field.out-of-range", "map.x"),
    "true for an integer": (lambda reader: reader.uint(3, "x"), "field.wrong-type", "map.x"),
    "an integer for true": (lambda reader: reader.flag(1, "x"), "field.wrong-type", "map.x"),
    "too few bytes": (lambda reader: reader.octets(2, "x", 4), "field.wrong-length", "map.x"),
    "too many bytes": (lambda reader: reader.octets(2, "x", 2), "field.wrong-length", "map.x"),
    "a text for bytes": (lambda reader: reader.octets(4, "x", 4), "field.wrong-type", "map.x"),
    "bytes for a text": (lambda reader: reader.text(2, "x"), "field.wrong-type", "map.x"),
    "a text too long": (lambda reader: reader.text(4, "x", 3), "text.too-long", "map.x"),
    "no choice": (lambda reader: reader.choice(4, "x", ("tex", "texts")), "field.out-of-range", "map.x"),
    "an array too long": (lambda reader: reader.array(5, "x", 1), "field.out-of-range", "map.x"),
    "an array too short": (lambda reader: reader.array(5, "x", 9, 3), "field.out-of-range", "map.x"),
    "a map for an array": (lambda reader: reader.array(6, "x", 9), "field.wrong-type", "map.x"),
    "an array for a map": (lambda reader: reader.inner(5, "x"), "field.wrong-type", "map.x"),
    "a missing key": (lambda reader: reader.uint(8, "x"), "field.missing", "map.x"),
    "a missing inner key": (lambda reader: reader.inner(6, "x").uint(2, "y"), "field.missing", "map.x.y"),
}


@pytest.mark.parametrize(("take", "expected"), _TAKEN.values(), ids=_TAKEN)
def test_taken(take: Callable[[MapReader], Any], expected: Any) -> None:
    """What has the type and the range is given, with its own type."""
    taken = take(MapReader(_MAP, "map"))
    assert (type(expected), expected) == (type(taken), taken)


@pytest.mark.parametrize(("take", "code", "where"), _REFUSED.values(), ids=_REFUSED)
def test_refused(take: Callable[[MapReader], Any], code: str, where: str) -> None:
    """What has not is refused, with its path."""
    with pytest.raises(BadInput) as refusal:
        take(MapReader(_MAP, "map"))
    assert (code, where) == (refusal.value.code.name, refusal.value.where)


@pytest.mark.parametrize("value", [None, True, 1, b"", "x", []])
def test_not_a_map(value: Any) -> None:
    """Only a map is read as one."""
    with pytest.raises(BadInput) as refusal:
        MapReader(value, "map")
    assert ("field.wrong-type", "map") == (refusal.value.code.name, refusal.value.where)


def test_all_keys_taken() -> None:
    """Nothing is left: nothing is refused, whatever is reserved."""
    value: dict[int, Value] = {1: 0, 2: 0}
    reader = MapReader(value, "map")
    assert (0, 0) == (reader.uint(1, "a"), reader.uint(2, "b"))
    reader.done({3: "a later feature"})


@pytest.mark.parametrize(
    ("left", "code", "where"),
    [
        ({9: 0}, "field.unknown", "map"),
        ({3: 0}, "field.not-supported", "map.3"),
        ({3: 0, 9: 0}, "field.not-supported", "map.3"),
    ],
)
def test_keys_left(left: dict[int, Any], code: str, where: str) -> None:
    """A key that nobody took is unknown, or reserved for a later feature."""
    value: dict[int, Value] = {1: 0, **left}
    reader = MapReader(value, "map")
    assert 0 == reader.uint(1, "a")
    with pytest.raises(BadInput) as refusal:
        reader.done({3: "a later feature"})
    assert (code, where) == (refusal.value.code.name, refusal.value.where)


def test_keys_that_are_texts() -> None:
    """A map with texts as keys has none of ours."""
    value: dict[str, Value] = {"1": 0}
    reader = MapReader(value, "")
    assert not reader.has(1)
    with pytest.raises(BadInput) as refusal:
        reader.done()
    assert ("field.unknown", "") == (refusal.value.code.name, refusal.value.where)
