"""The service's replies, read leniently here and only here.

The document's examples are loosely typed (``"true"``, ``"33"``). What decides about money is compared as text with what
the operator enrolled.
"""

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from coldtusk_online import json_strict
from coldtusk_online.json_strict import Json, JsonNumber
from coldtusk_online.services.coinsoftworks.bearer import FORM, Bearer
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.services.coinsoftworks.commands import ACTIONS, SETTINGS, USER

UNFIT = Code(
    "coinsoftworks.reply", "check the URL and the enrolled paths: the service answers otherwise than it documents"
)

_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]{1,9})?"
    r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))?",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXT_CHARACTERS = 128


def bearer_of(body: bytes) -> Bearer:
    """The bearer token in the reply to ``authenticate``; ``ticks``, which disagrees by years, is left alone.

    :raises BadInput: ``coinsoftworks.reply``, and what :func:`json_strict.decode` raises; without a byte of the reply.
    """
    reply = _object(json_strict.decode(body))
    token, expiration = reply.get("bearer_token"), reply.get("expiration")
    if not isinstance(token, str) or len(token) > limits.COINSOFTWORKS_BEARER_BYTES or not FORM.fullmatch(token):
        raise BadInput(UNFIT, "there is no bearer token in the reply", where="bearer_token")
    if not isinstance(expiration, str):
        raise BadInput(UNFIT, "there is no time in the reply", where="expiration")
    return Bearer(token, _time(expiration))


def member(value: Json, path: str, secrets: Collection[str] = ()) -> str:
    """The member at *path* (names with dots between) as text: a number and a flag count as they are written.

    One that has any of *secrets* in it is refused: it would be kept and shown.

    :raises BadInput: ``coinsoftworks.reply``.
    """
    for name in path.split("."):
        value = _object(value, path).get(name)
    text = _text(value)
    if text is None or any(secret in text for secret in secrets):
        raise BadInput(UNFIT, "it is missing, or not a text that can be kept", where=path)
    return text


def summary(command: str, body: bytes) -> str:
    """One line of what a call that reads came to; the service's words are in what the ledger keeps of the reply.

    :raises BadInput: ``coinsoftworks.reply``, and what :func:`json_strict.decode` raises.
    """
    value = json_strict.decode(body)
    if command == ACTIONS.name:
        return _actions(value)
    if command in (SETTINGS.name, USER.name):
        _object(value)
    return "answered"


def kept(body: bytes, secrets: Collection[str]) -> bytes:
    """*body* for the ledger; nothing if it is no JSON, too long, or has one of *secrets* in it anywhere."""
    try:
        value = json_strict.decode(body, limits.COINSOFTWORKS_REPLY_BYTES)
    except BadInput:
        return b""
    return b"" if any(secret in text for text in _texts(value) for secret in secrets) else body


def _actions(value: Json) -> str:
    if not isinstance(value, list):
        raise BadInput(UNFIT, "the actions are no list")
    enabled = [one for one in map(_object, value) if (_text(one.get("action_status")) or "").lower() == "enabled"]
    return f"{len(value)} actions, {len(enabled)} of them enabled"


def _object(value: Json, where: str = "") -> dict[str, Json]:
    if not isinstance(value, dict):
        raise BadInput(UNFIT, "the reply is no object", where=where)
    return value


def _text(value: Json) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, JsonNumber):
        value = value.text
    text = str(value) if isinstance(value, int) else value
    return text if isinstance(text, str) and len(text) <= _TEXT_CHARACTERS else None


def _texts(value: Json) -> list[str]:
    """Every text in *value*, names too."""
    if isinstance(value, dict):
        return [*value, *(text for one in value.values() for text in _texts(one))]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def _time(text: str) -> int:
    """Unix seconds of an RFC 3339 time; one without a zone is UTC, as the document says all are."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise BadInput(UNFIT, "this is no time", where="expiration")
    day, clock, sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}+00:00")
    except ValueError:
        raise BadInput(UNFIT, "this is no time", where="expiration") from None
    return (moment - offset - _EPOCH) // timedelta(seconds=1)
