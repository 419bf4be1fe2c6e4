"""Parses JSON and writes it again as PHP, JavaScript and Python do: what CoinRPC's server may sign over.

Nobody documents which it is (facts: CoinRPC), so a client's bytes must come out of all of them unchanged. Binary
floating point stands here because those languages read numbers into doubles. Nothing is computed with them.
"""

import json
import math
import re
from collections.abc import Callable
from enum import Enum
from typing import Final

_I64: Final = range(-(2**63), 2**63)
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,9}")
_HIGHEST_INDEX: Final = 2**32 - 2
_PHP_KEY: Final = re.compile(r"0|-?[1-9][0-9]{0,18}")


class Unreadable(Exception):
    """The bytes are no JSON."""


class Reserialise(Enum):
    """Over which text the signature is made."""

    RAW = "raw"
    PYTHON = "python"
    PHP = "php"
    JAVASCRIPT = "javascript"


def parse(body: bytes) -> object:
    """The value that *body* spells; of two equal keys the last one counts, as in all three languages."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as fault:
        raise Unreadable from fault


def again(body: bytes, way: Reserialise) -> bytes:
    """*body* as a server sees it that parses and writes it in this *way*."""
    return body if way is Reserialise.RAW else _WAYS[way](parse(body)).encode("utf-8")


def _no_constant(name: str) -> float:
    raise Unreadable(name)


def _python(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _php(value: object) -> str:
    if isinstance(value, dict):
        return _php_array(value)
    if isinstance(value, list):
        return "[" + ",".join(map(_php, value)) + "]"
    if isinstance(value, str):
        return _php_text(value)
    if isinstance(value, float) or (type(value) is int and value not in _I64):
        return _php_float(value)
    return json.dumps(value)


def _php_text(value: str) -> str:
    parts = (json.dumps(part)[1:-1].replace("/", "\\/") for part in value.split("\x7f"))
    return '"' + "\x7f".join(parts) + '"'  # json.dumps would escape it, PHP does not


def _php_array(value: dict[str, object]) -> str:
    # json_decode with arrays: "0", "1", ... become a list's indexes, and an empty object an empty list.
    if list(value) == [str(index) for index in range(len(value))]:
        return _php(list(value.values()))
    ordered = {_php_name(key): item for key, item in value.items()}
    return "{" + ",".join(f"{_php(key)}:{_php(item)}" for key, item in ordered.items()) + "}"


def _php_name(key: str) -> str:
    return str(int(key)) if _PHP_KEY.fullmatch(key) and int(key) in _I64 else key


def _php_float(value: float) -> str:
    try:
        number = float(value)
    except OverflowError as fault:
        raise Unreadable from fault
    if math.isinf(number):
        raise Unreadable("PHP writes no infinity")
    # php_gcvt with 17 digits: exponents below -4 and above 17 in scientific form, always with a fraction.
    digits, point = _digits(number)
    sign = "-" if str(number).startswith("-") else ""
    if -4 < point <= 17:
        return sign + _fixed(digits, point)
    exponent = point - 1
    return f"{sign}{digits[0]}.{digits[1:] or '0'}e{exponent:+d}"


def _javascript(value: object) -> str:
    if isinstance(value, dict):
        members = (f"{_javascript(key)}:{_javascript(value[key])}" for key in _js_order(value))
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_javascript, value)) + "]"
    if isinstance(value, str):
        return _js_text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _js_number(value)
    return json.dumps(value)


def _js_order(value: dict[str, object]) -> list[str]:
    indexes = [key for key in value if _INDEX.fullmatch(key) and int(key) <= _HIGHEST_INDEX]
    return [*sorted(indexes, key=int), *(key for key in value if key not in set(indexes))]


def _js_text(value: str) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return "".join(f"\\u{ord(mark):04x}" if "\ud800" <= mark <= "\udfff" else mark for mark in written)


def _js_number(value: float) -> str:
    try:
        number = float(value)
    except OverflowError:
        return "null"  # an integer past every double is Infinity, which JSON.stringify writes as null
    if math.isinf(number):
        return "null"
    digits, point = _digits(number)
    sign = "-" if number < 0 else ""
    if -6 < point <= 21:
        return sign + _fixed(digits, point)
    fraction = f".{digits[1:]}" if digits[1:] else ""
    return f"{sign}{digits[0]}{fraction}e{point - 1:+d}"


def _digits(number: float) -> tuple[str, int]:
    """The shortest digits that read back as *number*, and where the point stands: 0.DIGITS x 10^point."""
    if number == 0:
        return "0", 1
    mantissa, _, exponent = repr(abs(number)).partition("e")
    return _normal(mantissa, int(exponent or "0"))


def _normal(mantissa: str, exponent: int) -> tuple[str, int]:
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    point = len(whole) + exponent - (len(digits) - len(digits.lstrip("0")))
    return digits.strip("0"), point


def _fixed(digits: str, point: int) -> str:
    if point <= 0:
        return "0." + "0" * -point + digits
    if point >= len(digits):
        return digits + "0" * (point - len(digits))
    return f"{digits[:point]}.{digits[point:]}"


_WAYS: Final[dict[Reserialise, Callable[[object], str]]] = {
    Reserialise.PYTHON: _python,
    Reserialise.PHP: _php,
    Reserialise.JAVASCRIPT: _javascript,
}
