"""What a service replied, for a screen and for --json: its own words, and nothing in them moves a terminal."""

import json

from coldtusk_online import json_strict
from coldtusk_online.cli.output import Json
from coldtusk_online.json_strict import JsonNumber
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.text import quoted


def data(reply: bytes | None) -> Json:
    """The reply for --json: as JSON if it is some, its numbers as they were written; else as a text."""
    if reply is None:
        return None
    try:
        return _plain(json_strict.decode(reply))
    except BadInput:
        return reply.decode("utf-8", "backslashreplace")


def lines(reply: bytes | None) -> list[str]:
    """The reply for people, in printable ASCII, cut where it is too long."""
    if not reply:
        return []
    try:
        text = json.dumps(_plain(json_strict.decode(reply)), indent=2)  # all but printable ASCII is escaped
    except BadInput:
        return ["The service says:", f"  {quoted(reply.decode('utf-8', 'backslashreplace'))}"]
    rows = text[: limits.REPLY_SHOWN_CHARACTERS].splitlines()
    left = len(text) - limits.REPLY_SHOWN_CHARACTERS
    more = [f"({left} more characters: --json shows all)"] if left > 0 else []
    return ["The service says:", *(f"  {row}" for row in rows), *more]


def _plain(value: json_strict.Json) -> Json:
    """*value* with numbers that no integer holds as the texts that they were."""
    if isinstance(value, JsonNumber):
        return value.text
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return value
