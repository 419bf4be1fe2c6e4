"""What may stand wrongly in a message: each key removed, each type changed, each bound passed."""

from collections.abc import Iterable, Iterator
from typing import Any

from coldtusk_shared import cbor, limits
from tests.shared.rejecting import GONE, changed


def _places(value: Any, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Every value inside *value*, with the keys and places that lead to it; of the items and results the first two."""
    inner = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*path, key), one
        yield from _places(one, (*path, key))


def others(value: Any) -> Iterator[Any]:
    """What may stand wrongly in the place of *value*: other types, and its own type just beside it."""
    yield from (None, True, 0, 1, -1, b"", bytes(32), "", "0.01", "\x1b", [], [0], {}, {0: 0})
    if isinstance(value, bool):
        yield not value
    if isinstance(value, int):
        yield from (value + 1, limits.U32, limits.U32 + 1, limits.U64)
    if isinstance(value, bytes):
        yield from (value + b"\0", value[:-1], bytes(len(value)))
    if isinstance(value, str):
        yield from (value + "x", value.upper(), "x" * limits.LABEL_BYTES, "x" * (limits.LABEL_BYTES + 1))
        yield from ("x" * limits.TEXT_BYTES, "0" * 41, "0" * 42)
    if isinstance(value, list):
        yield from ([*value, 0], value[:-1], [*value, *value])


def _nested(path: tuple[int, ...], change: Any) -> Any:
    for key in reversed(path):
        change = {key: change}
    return change


def altered(payload: bytes) -> Iterator[tuple[str, bytes]]:
    """*payload* with each key removed, each value replaced, and an unknown key in each map."""
    whole: Any = cbor.decode(payload)
    yield "an unknown key", cbor.encode({**whole, 99: 0})
    for path, value in _places(whole):
        if isinstance(value, dict):
            yield f"{path} with an unknown key", cbor.encode(changed(whole, _nested((*path, 99), 0)))
        if _in_map(whole, path):
            yield f"{path} removed", cbor.encode(changed(whole, _nested(path, GONE)))
        for other in others(value):
            yield f"{path} = {other!r:.40}", cbor.encode(replaced(whole, path, other))


def with_texts(payload: bytes, texts: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """*payload* with each of its texts replaced by each of *texts*."""
    whole: Any = cbor.decode(payload)
    for path, value in _places(whole):
        if isinstance(value, str):
            for text in texts:
                yield f"{path} = {text!r}", cbor.encode(replaced(whole, path, text))


def _in_map(whole: Any, path: tuple[int, ...]) -> bool:
    for key in path[:-1]:
        whole = whole[key]
    return isinstance(whole, dict)


def replaced(value: Any, path: tuple[int, ...], new: Any) -> Any:
    """*value* with *new* itself at *path*; :func:`changed` would merge maps."""
    if not path:
        return new
    key, rest = path[0], path[1:]
    if isinstance(value, list):
        return [replaced(one, rest, new) if place == key else one for place, one in enumerate(value)]
    return {**value, key: replaced(value[key], rest, new)}
