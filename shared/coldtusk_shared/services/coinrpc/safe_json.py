r"""The safe subset of JSON: what PHP, JavaScript and Python write again exactly as it came.

CoinRPC signs a text and may check the signature over what it wrote anew after parsing (facts: CoinRPC). So only such
calls leave us of which every such text is the same: compact separators; the order id, jsonrpc, method, params; every
value a text of printable ASCII without ``/``, which PHP writes as ``\/``; no numbers, which each language writes in
its own way; no names that JavaScript sorts first; no name twice; no empty params, which PHP turns into a list.
"""

import json
import re
from collections.abc import Sequence
from typing import Final, TypeAlias

from coldtusk_shared import limits, typed_table
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.forms import EMPTY
from coldtusk_shared.text import quoted

NOT_TEXT = Code("coinrpc.json.not-text", "give a text: services write numbers, lists and null in different ways")
SLASH = Code("coinrpc.json.slash", "leave the / out: PHP writes it as \\/, and the signature would not hold")
CHARACTER = Code("coinrpc.json.character", "use printable ASCII: services write other characters in different ways")
INTEGER_NAME = Code(
    "coinrpc.json.integer-name", "such a name is sorted first by JavaScript: the service must take another"
)
NAME = Code("coinrpc.json.name", "a name is a letter or _, then letters, digits and _ . -")
RESERVED_NAME = Code("coinrpc.json.reserved-name", "such a name means something else to JavaScript")
TWICE = Code("coinrpc.json.twice", "give each parameter once: of two, services take one or the other")
SIZE = Code("coinrpc.json.size", "shorten the call: leave parameters out, or shorten their texts")

Params: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values in the order in which they are sent."""

VERSION: Final = "2.0"
_INTEGER: Final = re.compile(r"-?[0-9]+")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_RESERVED: Final = frozenset({"__proto__", "constructor", "prototype"})


def call(identity: str, method: str, params: Params) -> bytes:
    """The exact bytes of a call. The arguments have passed :func:`check`; *identity* is a text of its own."""
    found: dict[str, object] = {"id": identity, "jsonrpc": VERSION, "method": method}
    if params:
        found["params"] = dict(params)
    return json.dumps(found, separators=(",", ":")).encode("ascii")


def check(method: str, params: Params, where: str) -> None:
    """Refuse a call outside of the subset.

    :raises BadInput: ``coinrpc.json.twice``, ``coinrpc.json.size``, and what :func:`check_value`,
        :func:`check_name` and the form of a method's name raise.
    """
    typed_table.NAME.read(check_value(method, f"{where}.method"), f"{where}.method")
    if len(params) > limits.TABLE_FIELDS:
        raise BadInput(SIZE, f"{len(params)} parameters, the most is {limits.TABLE_FIELDS}", where=f"{where}.params")
    for name, value in params:
        check_name(name, f"{where}.params")
        check_value(value, f"{where}.params.{name}")
    _check_once([name for name, _ in params], f"{where}.params")
    size = len(call("0" * 32, method, params))
    if size > limits.SERVICE_BODY_BYTES:
        raise BadInput(SIZE, f"{size} bytes, the most is {limits.SERVICE_BODY_BYTES}", where=where)


def check_value(value: object, where: str) -> str:
    """*value* itself if it is a text of the subset, 1 to ``limits.TEXT_BYTES`` characters.

    :raises BadInput: ``coinrpc.json.not-text``, ``.slash``, ``.character``, ``.size``; ``field.empty``.
    """
    if type(value) is not str:
        raise BadInput(NOT_TEXT, f"a {type(value).__name__}, not a text", where=where)
    if not value:
        raise BadInput(EMPTY, "the text is empty", where=where)
    if len(value) > limits.TEXT_BYTES:
        raise BadInput(SIZE, f"{len(value)} characters, the most is {limits.TEXT_BYTES}", where=where)
    if "/" in value:
        raise BadInput(SLASH, f"there is a / in {quoted(value)}", where=where)
    if not (value.isascii() and value.isprintable()):
        raise BadInput(CHARACTER, f"there is more than printable ASCII in {quoted(value)}", where=where)
    return value


def check_name(name: object, where: str) -> str:
    """*name* itself if every language keeps it where it stands.

    :raises BadInput: ``coinrpc.json.not-text``, ``.integer-name``, ``.reserved-name``, ``.name``.
    """
    if type(name) is not str:
        raise BadInput(NOT_TEXT, f"a {type(name).__name__} as a name", where=where)
    if _INTEGER.fullmatch(name):
        raise BadInput(INTEGER_NAME, f"{quoted(name)} is an integer", where=where)
    if name in _RESERVED:
        raise BadInput(RESERVED_NAME, f"the name {quoted(name)}", where=where)
    if not _NAME.fullmatch(name):
        raise BadInput(NAME, f"{quoted(name)} is no name", where=where)
    return name


def _check_once(names: Sequence[str], where: str) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise BadInput(TWICE, f"{quoted(name)} stands twice", where=where)
