"""Reading a CBOR map strictly: every key known, required or optional, of one type and in range.

Each refusal names the field by its path. A key that the CDDL reserves for a later feature is refused
as not supported, never ignored.
"""

from collections.abc import Collection, Mapping
from typing import cast

from coldtusk_shared import limits
from coldtusk_shared.cbor import Value
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.text import check_text

_REMAKE = "have the message made again by a Coldtusk of the same version"
MISSING = Code("field.missing", _REMAKE)
UNKNOWN = Code("field.unknown", _REMAKE)
RESERVED = Code("field.not-supported", "this version does not know the feature yet: update, or leave it out")
WRONG_TYPE = Code("field.wrong-type", _REMAKE)
OUT_OF_RANGE = Code("field.out-of-range", "make the request again with a value inside the range")
WRONG_LENGTH = Code("field.wrong-length", _REMAKE)


class MapReader:
    """Takes the keys of one map, one by one; :meth:`done` refuses what is left."""

    __slots__ = ("_map", "_taken", "_where")

    def __init__(self, value: Value, where: str) -> None:
        if type(value) is not dict:
            raise BadInput(WRONG_TYPE, "not a map", where=where)
        self._map = cast("dict[int | str, Value]", value)
        self._where = where
        self._taken = 0

    def has(self, key: int) -> bool:
        """Whether the optional *key* is there."""
        return key in self._map

    def value(self, key: int, name: str) -> Value:
        """The value of *key*, whatever its type."""
        if key not in self._map:
            raise BadInput(MISSING, "the field is missing", where=self.path(name))
        self._taken += 1
        return self._map[key]

    def uint(self, key: int, name: str, most: int = limits.U64, least: int = 0) -> int:
        """An integer from *least* to *most*."""
        value = self.value(key, name)
        if type(value) is not int:
            raise BadInput(WRONG_TYPE, "not an integer", where=self.path(name))
        if not least <= value <= most:
            raise BadInput(OUT_OF_RANGE, f"{value} is not from {least} to {most}", where=self.path(name))
        return value

    def octets(self, key: int, name: str, size: int) -> bytes:
        """Exactly *size* bytes."""
        value = self.value(key, name)
        if type(value) is not bytes:
            raise BadInput(WRONG_TYPE, "not a byte string", where=self.path(name))
        if len(value) != size:
            raise BadInput(WRONG_LENGTH, f"{len(value)} bytes, not {size}", where=self.path(name))
        return value

    def flag(self, key: int, name: str) -> bool:
        """True or false."""
        value = self.value(key, name)
        if type(value) is not bool:
            raise BadInput(WRONG_TYPE, "not true or false", where=self.path(name))
        return value

    def text(self, key: int, name: str, cap: int = limits.TEXT_BYTES) -> str:
        """A text of at most *cap* bytes that is safe to show (:mod:`coldtusk_shared.text`)."""
        value = self.value(key, name)
        if type(value) is not str:
            raise BadInput(WRONG_TYPE, "not a text", where=self.path(name))
        return check_text(value, self.path(name), cap)

    def choice(self, key: int, name: str, known: Collection[str]) -> str:
        """One of the *known* texts."""
        value = self.text(key, name, limits.LABEL_BYTES)
        if value not in known:
            raise BadInput(OUT_OF_RANGE, f"not {' or '.join(known)}", where=self.path(name))
        return value

    def array(self, key: int, name: str, most: int, least: int = 0) -> list[Value]:
        """An array of *least* to *most* values."""
        value = self.value(key, name)
        if type(value) is not list:
            raise BadInput(WRONG_TYPE, "not an array", where=self.path(name))
        if not least <= len(value) <= most:
            raise BadInput(OUT_OF_RANGE, f"{len(value)} entries, not {least} to {most}", where=self.path(name))
        return value

    def inner(self, key: int, name: str) -> "MapReader":
        """A reader of the map at *key*."""
        return MapReader(self.value(key, name), self.path(name))

    def done(self, reserved: Mapping[int, str] | None = None) -> None:
        """Refuse every key that was not taken; *reserved* names those of later features."""
        if self._taken == len(self._map):
            return
        for key, feature in (reserved or {}).items():
            if key in self._map:
                raise BadInput(RESERVED, f"{feature} is not supported in this version", where=self.path(str(key)))
        raise BadInput(
            UNKNOWN, f"{len(self._map) - self._taken} keys that this version does not know", where=self._where
        )

    def path(self, name: str) -> str:
        """Where the field *name* stands."""
        return f"{self._where}.{name}" if self._where else name
