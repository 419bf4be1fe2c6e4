"""What the leaves sign with, for one approved request: keys, and the numbers that may be given once only."""

from collections.abc import Mapping

from coldtusk_offline.keyring import Keyring
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.limits import U64

SPENT = Code("nonce.spent", "enrol a new key at the service: this one has no higher number left")

MarkKey = tuple[str, bytes]
"""A system and an account of it."""


class Session:
    """One request's signing. *marks* are the highest numbers that the journal knows, by system and account."""

    __slots__ = ("_marks", "keyring")

    def __init__(self, keyring: Keyring, marks: Mapping[MarkKey, int]) -> None:
        self.keyring = keyring
        self._marks = dict(marks)

    def next_number(self, key: MarkKey, first: int) -> int:
        """A number above every one that was given for *key*, and not below *first*."""
        number = max(first, self._marks.get(key, -1) + 1)
        if number > U64:
            raise Refused(SPENT, "the highest number was given")
        self._marks[key] = number
        return number
