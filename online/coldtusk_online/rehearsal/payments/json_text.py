"""Writes JSON as PHP does: ``/`` and everything beyond ASCII escaped, decimals exactly."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from coldtusk_online.rehearsal.payments.reply import Reply

Json: TypeAlias = "str | int | bool | None | Decimal | Sequence[Json] | Mapping[str, Json]"


def text(value: Json) -> str:
    """*value* as compact JSON."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str):
        return json.dumps(value).replace("/", "\\/")
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{text(key)}:{text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ",".join(text(item) for item in value) + "]"
    return json.dumps(value)


def json_reply(value: Json, status: int = 200) -> Reply:
    """A reply of *value*."""
    return Reply(text(value).encode("ascii"), status)
