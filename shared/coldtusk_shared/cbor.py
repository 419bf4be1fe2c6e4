"""Strict deterministic CBOR (RFC 8949 4.2.1).

One pass of our own over the bytes comes first, because cbor2 runs tags while it decodes and takes
duplicate keys, longer forms and trailing bytes (facts: CBOR, CDDL, COSE). Only bytes that passed
reach cbor2, which builds the objects. Allowed are integers of 64 bits, byte and text strings, arrays,
maps with sorted unique keys of one type (unsigned integers or text), false, true and null.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import cbor2

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code

Value: TypeAlias = "int | bytes | str | bool | None | list[Value] | dict[int, Value] | dict[str, Value]"
"""What decoding gives."""
Encodable: TypeAlias = (
    "int | bytes | str | bool | None | Sequence[Encodable] | Mapping[int, Encodable] | Mapping[str, Encodable]"
)
"""What can be encoded: the same, in read-only containers."""

_AGAIN = "the message is damaged or not made by Coldtusk: have it made again"
TOO_LARGE = Code("cbor.too-large", "split the request; a message has at most 1 MiB")
CUT = Code("cbor.cut", "the message is not whole: copy or scan it again")
TRAILING = Code("cbor.trailing-bytes", _AGAIN)
INDEFINITE = Code("cbor.indefinite-length", _AGAIN)
NOT_SHORTEST = Code("cbor.not-shortest-form", _AGAIN)
RESERVED = Code("cbor.reserved-form", _AGAIN)
TAG = Code("cbor.tag", _AGAIN)
FLOAT = Code("cbor.float", "floats are never used: amounts are integers or decimal text")
SIMPLE = Code("cbor.simple-value", _AGAIN)
KEY_TYPE = Code("cbor.key-type", _AGAIN)
KEY_ORDER = Code("cbor.key-order", _AGAIN)
KEY_TWICE = Code("cbor.key-twice", _AGAIN)
TOO_DEEP = Code("cbor.too-deep", _AGAIN)
TEXT_TOO_LONG = Code("cbor.text-too-long", "a text has at most 512 bytes: shorten it")
NOT_UTF8 = Code("cbor.not-utf-8", _AGAIN)

_UINT, _BYTES, _TEXT, _ARRAY, _MAP, _TAG = 0, 2, 3, 4, 5, 6
_ARGUMENT_BYTES = {24: 1, 25: 2, 26: 4, 27: 8}
_SMALLEST = {1: 24, 2: 1 << 8, 4: 1 << 16, 8: 1 << 32}
"""The least argument that needs so many bytes."""
_FALSE, _NULL = 0xF4, 0xF6
_FIRST_SIMPLE = 0xE0
_SHORT = 23
"""The largest argument that stands in the initial byte (RFC 8949 3)."""


def encode(value: Encodable) -> bytes:
    """*value* as deterministic CBOR.

    cbor2 sorts keys length first (RFC 7049), which is RFC 8949's order for keys of one type.
    """
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes, cap: int = limits.MESSAGE_BYTES) -> Value:
    """The value of *data*, at most *cap* bytes, or :class:`BadInput` naming the byte."""
    if len(data) > cap:
        raise BadInput(TOO_LARGE, f"{len(data)} bytes, the most is {cap}")
    check(data)
    value: Value = cbor2.loads(data)
    return value


def check(data: bytes) -> None:  # noqa: C901, PLR0912, PLR0915 - one loop, for the reason in its docstring
    """Refuse *data* unless it is exactly one value in strict deterministic CBOR.

    One loop without a call for the common head: it sees every byte of every message, and a function
    a head would double its time (`make bench`, per item).
    """
    size = len(data)
    at = 0
    left = 1  # values still to come in the open container; of a map, keys and values
    in_map = False
    key_at, key_end = -1, 0  # the last key of the open map
    outer: list[tuple[int, bool, int, int]] = []
    while True:
        while left == 0:
            if not outer:
                if at != size:
                    raise BadInput(TRAILING, f"{size - at} bytes too many", where=f"byte {at}")
                return
            left, in_map, key_at, key_end = outer.pop()
        if at >= size:
            raise BadInput(CUT, "the bytes end inside a value", where=f"byte {at}")
        start = at
        initial = data[at]
        argument = initial & 31
        at += 1
        if argument > _SHORT:
            argument, at = _long_argument(data, start, initial)
        major = initial >> 5
        left -= 1
        if major == _BYTES or major == _TEXT:
            end = at + argument
            if end > size:
                raise BadInput(CUT, f"a string of {argument} bytes ends past the message", where=f"byte {start}")
            if major == _TEXT and (argument > limits.TEXT_BYTES or not data[at:end].isascii()):
                _check_text(data[at:end], start)
            at = end
        elif major >= _TAG:
            _check_simple(initial, start)
        if in_map and left & 1:
            # A key of one byte behind a lesser one of one byte, which nearly all are, needs no call.
            if initial > _SHORT or (key_at >= 0 and data[key_at] >= initial):
                _check_key(data[start:at], data[key_at:key_end] if key_at >= 0 else None, start)
            key_at, key_end = start, at
        if major == _ARRAY or major == _MAP:
            if argument * (major - 3) > size - at:
                raise BadInput(CUT, f"{argument} entries do not fit into what follows", where=f"byte {start}")
            outer.append((left, in_map, key_at, key_end))
            if len(outer) > limits.CBOR_DEPTH:
                raise BadInput(TOO_DEEP, f"nested deeper than {limits.CBOR_DEPTH}", where=f"byte {start}")
            left, in_map, key_at = argument * (major - 3), major == _MAP, -1


def _long_argument(data: bytes, start: int, initial: int) -> tuple[int, int]:
    size = _ARGUMENT_BYTES.get(initial & 31)
    if size is None or initial >= _FIRST_SIMPLE:
        raise _odd_head(initial, start)
    at = start + 1 + size
    if at > len(data):
        raise BadInput(CUT, "the bytes end inside a value", where=f"byte {start}")
    argument = int.from_bytes(data[start + 1 : at])
    if argument < _SMALLEST[size]:
        raise BadInput(NOT_SHORTEST, "not the shortest form", where=f"byte {start}")
    return argument, at


def _odd_head(initial: int, start: int) -> BadInput:
    where = f"byte {start}"
    if initial in (0xF9, 0xFA, 0xFB):
        return BadInput(FLOAT, "a float", where=where)
    if initial >= _FIRST_SIMPLE:
        return BadInput(SIMPLE, "a simple value other than false, true and null", where=where)
    if initial & 31 == 31:
        return BadInput(INDEFINITE, "indefinite length", where=where)
    return BadInput(RESERVED, "a form that RFC 8949 reserves", where=where)


def _check_simple(initial: int, start: int) -> None:
    """Tags, and the simple values that stand in the initial byte."""
    if initial < _FIRST_SIMPLE:
        raise BadInput(TAG, "a tag", where=f"byte {start}")
    if not _FALSE <= initial <= _NULL:
        raise _odd_head(initial, start)


def _check_text(text: bytes, start: int) -> None:
    if len(text) > limits.TEXT_BYTES:
        raise BadInput(TEXT_TOO_LONG, f"a text of {len(text)} bytes", where=f"byte {start}")
    try:
        text.decode()
    except UnicodeDecodeError as error:
        raise BadInput(NOT_UTF8, "a text that is not UTF-8", where=f"byte {start}") from error


def _check_key(key: bytes, last: bytes | None, start: int) -> None:
    where, major = f"byte {start}", key[0] >> 5
    if major not in (_UINT, _TEXT) or (last is not None and last[0] >> 5 != major):
        raise BadInput(KEY_TYPE, "keys are unsigned integers, or all of them texts", where=where)
    if last is None or key > last:
        return
    if key == last:
        raise BadInput(KEY_TWICE, "a key stands twice", where=where)
    raise BadInput(KEY_ORDER, "keys are not sorted", where=where)
