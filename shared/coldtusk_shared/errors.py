"""One error tree: bad input, refusals, the outside world.

Every error carries a stable :class:`Code`, where it was found and what to do. A mistake of our own
code is a ``RuntimeError`` and none of these. No secret ever stands in an error.
"""

from typing import ClassVar


class Code:
    """A stable name for one kind of error, and the hint that tells a person what to do.

    Made once, as a module's constant beside the rule that raises it; ``tests/boundary`` demands a
    test for each.
    """

    __slots__ = ("hint", "name")

    def __init__(self, name: str, hint: str) -> None:
        self.name = name
        self.hint = hint

    def __repr__(self) -> str:
        return f"Code({self.name!r})"


class ColdtuskError(Exception):
    """What a person may be told: the code, where it was found, what is wrong, what to do.

    *where* is a place in the input ("byte 17", "items[2].fields.fee_e8", "--amount") or empty.
    """

    exit_status: ClassVar[int] = 1

    def __init__(self, code: Code, what: str, *, where: str = "") -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what}"

    def line(self) -> str:
        """The one line that an operator sees."""
        return f"error [{self.code.name}] {self} -- {self.code.hint}"

    def at(self, place: str) -> "ColdtuskError":
        """The same error, found inside *place*: the caller knows the outer half of the path."""
        self.where = f"{place}.{self.where}" if self.where else place
        return self


class BadInput(ColdtuskError):
    """What came in is malformed, out of range or not canonical. Nothing was done with it."""

    exit_status = 3


class Refused(ColdtuskError):
    """A rule, the device's state or the operator said no."""

    exit_status = 4


class Outside(ColdtuskError):
    """A file system, a node or a terminal failed us. Trying again may help."""

    exit_status = 5


class OutcomeUnknown(Outside):
    """Something was sent and no answer came: it may have happened. Never send anything new."""

    exit_status = 6
