"""Paths of the service as an operator configures them: templates, because the document contradicts itself.

A path is what stands behind the base URL. ``{key}`` stands for the account's API key, and in a poll path ``{id}`` for
the id that the service gave an action. Both are filled in percent-encoded, so neither can add a segment or a query.
"""

import re

from coldtusk_shared import forms, limits
from coldtusk_shared.cbor import Value
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.forms import Form
from coldtusk_shared.mapreader import WRONG_TYPE
from coldtusk_shared.text import check_text, quoted

PATH = Code(
    "coinsoftworks.path",
    "write /one/or/more/parts of letters, digits and - . _ ~; {key} and, in a poll path, {id} may stand once each",
)
ID = Code("coinsoftworks.id", "look the action up at the service: the id in its reply cannot stand in a path")

KEY_PLACE = "{key}"
ID_PLACE = "{id}"
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PART = r"/(?:[A-Za-z0-9._~-]|{places})+"
_DOTS = frozenset({".", ".."})
_ID = re.compile(r"[A-Za-z0-9._~-]+", re.ASCII)


def template(*places: str) -> Form:
    """A form of paths in which each of *places* may stand once. No query, no empty part, no ``.`` and no ``..``."""
    pattern = "|".join(map(re.escape, places))
    matches = re.compile(f"(?:{_PART.replace('{places}', pattern)})+", re.ASCII).fullmatch

    def read(value: Value, where: str) -> str:
        if type(value) is not str:
            raise BadInput(WRONG_TYPE, "not a text", where=where)
        text = check_text(value, where, limits.SERVICE_URL_BYTES)
        twice = any(text.count(place) > 1 for place in places)
        if twice or not matches(text) or not _DOTS.isdisjoint(text.split("/")):
            raise BadInput(PATH, f"{quoted(text)} is not such a path", where=where)
        return text

    return forms.of_text("a path such as /actions/{key}", read)


CALL = template(KEY_PLACE)
"""The path of a call."""
POLL = template(KEY_PLACE, ID_PLACE)
"""The path under which an action's progress is asked for."""


def needs_key(path: str) -> bool:
    """Whether *path* has a place for the account's API key."""
    return KEY_PLACE in path


def fill(path: str, key: str = "", id_: str = "") -> str:
    """*path* with what belongs in its places.

    :raises BadInput: ``coinsoftworks.id`` for an *id_* of the service that is no such word.
    :raises RuntimeError: for a place that nothing is given for.
    """
    if (needs_key(path) and not key) or (ID_PLACE in path and not id_):
        raise RuntimeError("a path is filled with what it needs")
    if id_ and (not _ID.fullmatch(id_) or id_ in _DOTS or len(id_) > limits.SERVICE_TOKEN_BYTES):
        raise BadInput(ID, f"{quoted(id_)} is not a word of letters, digits and - . _ ~", where="reply")
    return path.replace(KEY_PLACE, encoded(key)).replace(ID_PLACE, encoded(id_))


def encoded(text: str) -> str:
    """*text* with all but RFC 3986's unreserved characters percent-encoded."""
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in text.encode())
