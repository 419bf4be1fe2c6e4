"""Reads the fields of a decoded reply, each of exactly one type and range; the error names the field.

Fields that nobody asks for are left alone: servers add some with every version.
"""

from collections.abc import Mapping

from coldtusk_online.json_strict import Json
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code

FIELD = Code("json.field", "the server answers otherwise than it should: check its version and network")


class JsonReader:
    """One value of a reply and its path, like ``data.mined.block``."""

    def __init__(self, value: Json, where: str = "") -> None:
        self._value = value
        self.where = where

    def names(self) -> frozenset[str]:
        """The names of the object's members."""
        return frozenset(self._members())

    def member(self, *path: str) -> "JsonReader":
        """The member at *path*, which must be there; it may be null."""
        reader = self
        for name in path:
            place = f"{reader.where}.{name}" if reader.where else name
            members = reader._members()
            if name not in members:
                raise BadInput(FIELD, "it is missing", where=place)
            reader = JsonReader(members[name], place)
        return reader

    @property
    def is_null(self) -> bool:
        """Whether it is null."""
        return self._value is None

    def integer(self, most: int, least: int = 0) -> int:
        """A whole number from *least* to *most*, written without fraction and exponent."""
        if type(self._value) is not int or not least <= self._value <= most:
            raise self.unfit(f"not a whole number from {least} to {most}")
        return self._value

    def text(self, most: int = limits.TEXT_BYTES) -> str:
        """A text of at most *most* characters, untrusted."""
        if not isinstance(self._value, str) or len(self._value) > most:
            raise self.unfit(f"not a text of at most {most} characters")
        return self._value

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self._value, bool):
            raise self.unfit("neither true nor false")
        return self._value

    def octets(self, size: int) -> bytes:
        """So many bytes, in lower-case hex digits."""
        text = self.text(2 * size)
        try:
            data = bytes.fromhex(text)
        except ValueError:
            data = b""
        if len(data) != size or data.hex() != text:
            raise self.unfit(f"not {2 * size} lower-case hex digits")
        return data

    def elements(self, most: int = limits.JSON_ITEMS) -> list["JsonReader"]:
        """The elements of a list of at most *most*."""
        if not isinstance(self._value, list) or len(self._value) > most:
            raise self.unfit(f"not a list of at most {most}")
        return [JsonReader(value, f"{self.where}[{place}]") for place, value in enumerate(self._value)]

    def unfit(self, what: str) -> BadInput:
        """The error for this value."""
        return BadInput(FIELD, what, where=self.where)

    def _members(self) -> Mapping[str, Json]:
        if not isinstance(self._value, dict):
            raise self.unfit("not an object")
        return self._value
