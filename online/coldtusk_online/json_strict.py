"""Strict JSON of replies (RFC 8259): what two readers could understand differently is refused.

No duplicate names, no NaN, no halves of surrogate pairs, a cap on depth and size. Numbers with a fraction or an
exponent, and integers past 20 digits, become a :class:`JsonNumber`, which nobody can take for an amount.
"""

import json
import re
from dataclasses import dataclass
from typing import NoReturn

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.text import quoted

SIZE = Code("json.size", "the reply is above the cap: use another server")
ENCODING = Code("json.encoding", "the server must answer in UTF-8: check the URL")
FORM = Code("json.form", "the server did not answer in JSON: check the URL and the port")
DUPLICATE = Code("json.duplicate", "a name stands twice in one object: do not trust this server")
DEPTH = Code("json.depth", "the reply nests too deeply: do not trust this server")

_TOKENS = re.compile(rb'"(?:[^"\\]+|\\.)*+"?|[\[{]|[]}]', re.DOTALL)
"""A string, ended or not, so that brackets in it do not count; an opening or a closing bracket."""
_INTEGER_LENGTH = 20
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class JsonNumber:
    """A number that is not a plain integer, as the server wrote it."""

    text: str


Json = None | bool | int | str | JsonNumber | list["Json"] | dict[str, "Json"]


def decode(data: bytes, cap_bytes: int = limits.HTTP_REPLY_BYTES) -> Json:
    """The value that *data* spells.

    :raises BadInput: ``json.size``, ``json.encoding``, ``json.depth``, ``json.form``, ``json.duplicate``.
    """
    if len(data) > cap_bytes:
        raise BadInput(SIZE, f"{len(data)} bytes, the most is {cap_bytes}")
    _check_depth(data)
    try:
        value: Json = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=JsonNumber,
            parse_constant=_constant,
        )
    except UnicodeDecodeError as error:
        raise BadInput(ENCODING, "not UTF-8", where=f"byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise BadInput(FORM, f"not JSON: {error.msg}", where=f"character {error.pos}") from error
    if b"\\u" in data:
        _check_halves(value)
    return value


def _check_depth(data: bytes) -> None:
    depth = 0
    for token in _TOKENS.finditer(data):
        first = data[token.start()]
        depth += (first in b"[{") - (first in b"]}")
        if depth > limits.JSON_DEPTH:
            raise BadInput(DEPTH, f"more than {limits.JSON_DEPTH} levels", where=f"byte {token.start()}")


def _object(members: list[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, value in members:
        if name in found:
            raise BadInput(DUPLICATE, f"{quoted(name)} stands twice in one object")
        found[name] = value
    return found


def _integer(digits: str) -> int | JsonNumber:
    # "-0" is no integer that anybody writes
    return JsonNumber(digits) if len(digits) > _INTEGER_LENGTH or digits == "-0" else int(digits)


def _constant(name: str) -> NoReturn:
    raise BadInput(FORM, f"{name} is not JSON")


def _check_halves(value: Json) -> None:
    if isinstance(value, dict):
        for name, member in value.items():
            _check_halves(name)
            _check_halves(member)
    elif isinstance(value, list):
        for element in value:
            _check_halves(element)
    elif isinstance(value, str) and _HALF.search(value):
        raise BadInput(ENCODING, f"half of a surrogate pair in {quoted(value)}")
