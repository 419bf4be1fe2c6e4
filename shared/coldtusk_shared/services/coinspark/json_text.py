"""JSON as we write it for CoinSpark: printable ASCII, numbers exactly as their text says, always the same bytes."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.text import quoted

NUMBER = Code("coinspark.json.number", "do not use the reply: its numbers are none that an asset can have")

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?")
_NUMBER_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Number:
    """A number of JSON as its text writes it: it never becomes a float.

    :raises BadInput: ``coinspark.json.number``.
    """

    text: str

    def __post_init__(self) -> None:
        if len(self.text) > _NUMBER_CHARACTERS or not _NUMBER.fullmatch(self.text):
            raise BadInput(NUMBER, f"{quoted(self.text)} is no number of at most {_NUMBER_CHARACTERS} characters")

    @property
    def value(self) -> Fraction:
        """What it writes, exactly."""
        return Fraction(self.text)


Json: TypeAlias = "None | bool | int | str | Number | Sequence[Json] | Mapping[str, Json]"


def encode(value: Json) -> str:
    """*value* without blanks, members in their order, all but ASCII escaped by its UTF-16 code units."""
    match value:
        case Number(text):
            return text
        case None | bool() | int() | str():
            return json.dumps(value, ensure_ascii=True)
        case Mapping():
            members = (f"{json.dumps(name)}:{encode(member)}" for name, member in value.items())
            return _joined("{", members, "}")
        case _:
            return _joined("[", map(encode, value), "]")


def _joined(opening: str, parts: Iterable[str], closing: str) -> str:
    return opening + ",".join(parts) + closing
