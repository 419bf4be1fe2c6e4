"""Reading a table of the settings file strictly: every key known and of its type, errors with file, line and path."""

from typing import Any

from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.text import quoted

UNKNOWN_KEY = Code("settings.unknown-key", "remove the key, or correct its name; the manual lists them all")
MISSING_KEY = Code("settings.missing-key", "add the key; the manual lists them all")
WRONG_TYPE = Code("settings.wrong-type", "write the value as the manual shows it")
OUT_OF_RANGE = Code("settings.out-of-range", "write a value inside the range")

_TYPES = {str: "a text", int: "a whole number", list: "a list", dict: "a table"}


class Table:
    """Takes the keys of one table, one by one; :meth:`done` refuses what is left."""

    __slots__ = ("_left", "_text", "_where")

    def __init__(self, values: dict[str, Any], where: str, text: str) -> None:
        self._left = dict(values)
        self._where = where
        self._text = text

    def take(self, key: str, type_: type, default: Any = None, *, required: bool = False) -> Any:
        """The value of *key*, exactly of *type_*."""
        if key not in self._left:
            if required:
                raise BadInput(MISSING_KEY, f"the key {key} is missing", where=self._where)
            return default
        value = self._left.pop(key)
        if type(value) is not type_:
            raise BadInput(WRONG_TYPE, f"not {_TYPES[type_]}", where=self.at(key))
        return value

    def whole(self, key: str, bounds: tuple[int, int], default: int) -> int:
        """The whole number of *key*, inside *bounds*, both counted."""
        value = int(self.take(key, int, default))
        least, most = bounds
        if not least <= value <= most:
            raise BadInput(OUT_OF_RANGE, f"{value} is not {least} to {most}", where=self.at(key))
        return value

    def table(self, key: str) -> "Table | None":
        """The table under *key*."""
        values = self.take(key, dict)
        return None if values is None else Table(values, self.at(key), self._text)

    def left(self) -> tuple[str, ...]:
        """The keys that nobody took yet, for a table whose keys are a person's own."""
        return tuple(self._left)

    def done(self) -> None:
        """Refuse what nobody took."""
        for key in self._left:
            raise BadInput(UNKNOWN_KEY, f"{quoted(key)} is no setting", where=self.at(key))

    def at(self, key: str) -> str:
        """Where *key* stands: file, line if one can be told, path."""
        lines = [number for number, line in enumerate(self._text.splitlines(), 1) if line.strip(" \t[").startswith(key)]
        where = f"{self._where}:{lines[0]}" if len(lines) == 1 and ":" not in self._where else self._where
        return f"{where}: {key if key.isprintable() else quoted(key)}"
