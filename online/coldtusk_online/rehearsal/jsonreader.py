"""Reads JSON as the node's library does: what it takes, what it refuses, and how its numbers convert.

Binary floating point stands here because the node reads numbers into doubles, and an operator's
tool that sends one must see here what the real node makes of it. Nothing is computed with them.
Recorded: ``1.9`` counts as 1, ``-1`` as 2^64-1, 2^32 as 0 in 32 bits, the last of two equal keys wins,
trailing bytes and comments are refused.
"""

import json
import math

from coldtusk_online.rehearsal.numbers import U64_MAX

Document = dict[str, object]

_I64_MIN = -(2**63)
_LONGEST_INTEGER = 20
_BOM = b"\xef\xbb\xbf"


class Unreadable(Exception):
    """The bytes are no JSON for the node."""


def parse(raw: bytes) -> object:
    """The value that *raw* spells, or :class:`Unreadable`."""
    try:
        text = raw.removeprefix(_BOM).decode("utf-8")
        return json.loads(text, parse_int=_integer, parse_float=_double, parse_constant=_no_constant)
    except (ValueError, RecursionError) as fault:
        raise Unreadable from fault


def as_u64(value: object) -> int | None:
    """What the node makes of a number it wants as uint64; ``None`` if it is no number. ``true`` is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value & U64_MAX
    if isinstance(value, float):
        return _truncated(value)
    return None


def as_u32(value: object) -> int | None:
    """The same for uint32, where the node's library takes ``true`` as 1."""
    wide = int(value) if isinstance(value, bool) else as_u64(value)
    return None if wide is None else wide & 0xFFFF_FFFF


def _truncated(value: float) -> int:
    # Outside of the range C++ leaves the result undefined; recorded for 2^64: not 0, not accepted.
    whole = math.trunc(value)
    return whole if 0 <= whole <= U64_MAX else U64_MAX


def _integer(digits: str) -> int | float:
    if len(digits) > _LONGEST_INTEGER:
        return _double(digits)
    value = int(digits)
    return value if _I64_MIN <= value <= U64_MAX else float(value)


def _double(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise Unreadable
    return value


def _no_constant(name: str) -> float:
    raise Unreadable(name)
