"""A secret that no ``repr``, log, error or traceback shows."""

import hmac
from typing import NoReturn


class Secret:
    """Secret bytes. :meth:`reveal` is the only way to them, so that every use is easy to find.

    Python cannot wipe memory; what is no longer needed is only let go of.
    """

    __slots__ = ("_value",)
    __hash__ = None  # type: ignore[assignment]  # a hash would compare in variable time and tell of the secret

    def __init__(self, value: bytes) -> None:
        self._value = value

    def reveal(self) -> bytes:
        """The bytes themselves."""
        return self._value

    def __len__(self) -> int:
        return len(self._value)

    def __eq__(self, other: object) -> bool:
        """In constant time."""
        return isinstance(other, Secret) and hmac.compare_digest(self._value, other._value)

    def __repr__(self) -> str:
        return f"<secret of {len(self._value)} bytes>"

    def __reduce__(self) -> NoReturn:
        raise RuntimeError("a secret is never pickled or copied")
