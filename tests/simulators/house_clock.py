"""One clock for a whole house of tests: it moves when somebody waits, and not otherwise."""

from datetime import UTC, datetime
from typing import Final

START: Final = 1_795_200_000
"""2026-11-20 18:40 UTC, after the making of this release."""


class HouseClock:
    """Unix seconds for the host, the device's watch and the services alike. Calling it gives the time as a float."""

    def __init__(self, start: float = START) -> None:
        self._now = float(start)

    def __call__(self) -> float:
        """Now."""
        return self._now

    def seconds(self) -> int:
        """Now, in whole seconds."""
        return int(self._now)

    def sleep(self, seconds: float) -> None:
        """Wait without waiting: the time is later by *seconds*, at once."""
        self._now += seconds

    def typed(self) -> str:
        """Now, as an operator types it from a watch."""
        return datetime.fromtimestamp(self._now, UTC).strftime("%Y-%m-%d %H:%M")
