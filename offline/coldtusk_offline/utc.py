"""UTC on a machine without a trustworthy clock: the operator says it, and from then on it counts by itself.

What depends on time (a send time, an answer-by) is refused without it. It never lies before the last time in the
journal, nor before this software was made: a clock that was turned back brings nothing back to life.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from coldtusk_offline.software import BUILT
from coldtusk_shared.errors import Code, Refused

BACKWARDS = Code("utc.backwards", "compare your watch: the time was wrong now, or it was when it was last typed")
NOT_CONFIRMED = Code("utc.not-confirmed", "nothing was signed: give the request again, with a watch in UTC at hand")

TRIES = 3
CLOSE_SECONDS = 90
"""A machine's clock so close to the typed minute is taken with its seconds."""
_FORMAT = "%Y-%m-%d %H:%M"
_LATEST = datetime(9999, 12, 31, tzinfo=UTC).timestamp()


class Asker(Protocol):
    """A trusted screen and keyboard."""

    def show(self, text: str) -> None:
        """Show *text*, all of it."""

    def ask(self, prompt: str) -> str:
        """One line that was typed after *prompt* appeared, never before."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The machine's clocks: Unix seconds that nobody trusts, and seconds that only go forward."""

    unix: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True)
class ConfirmedClock:
    """UTC from the moment in which the operator confirmed it."""

    confirmed: float
    since: float
    monotonic: Callable[[], float]

    def now(self) -> int:
        """Unix seconds."""
        return int(self.confirmed + self.monotonic() - self.since)


def confirm(asker: Asker, watch: Watch, last: int) -> ConfirmedClock:
    """Ask for UTC. *last* is the last time in the journal, 0 if none.

    :raises Refused: ``utc.backwards``, ``utc.not-confirmed``.
    """
    asker.show(f"This machine's clock says {shown(int(watch.unix()))}. It proves nothing: look at your own watch.")
    said = _typed(asker)
    if abs(said - watch.unix()) <= CLOSE_SECONDS:
        said = watch.unix()
    else:
        asker.show("That is not what this machine's clock says. Your time counts: type it once more.")
        if _typed(asker) != said:
            raise Refused(NOT_CONFIRMED, "two different times were typed")
    floor = max(last, BUILT)
    if said < floor - CLOSE_SECONDS:
        which = "the last time in the journal" if last >= BUILT else "the making of this software"
        raise Refused(BACKWARDS, f"{shown(int(said))} lies before {which}, {shown(floor)}")
    return ConfirmedClock(max(said, floor), watch.monotonic(), watch.monotonic)


def shown(seconds: int) -> str:
    """*seconds* since 1970 as an operator reads them."""
    if seconds > _LATEST:
        return f"{seconds} s after 1970"
    return datetime.fromtimestamp(seconds, UTC).strftime(f"{_FORMAT} UTC")


def _typed(asker: Asker) -> float:
    for _ in range(TRIES):
        typed = " ".join(asker.ask("UTC now (YYYY-MM-DD HH:MM)> ").split())
        try:
            return datetime.strptime(typed, _FORMAT).replace(tzinfo=UTC).timestamp()
        except ValueError:
            asker.show("Write it like 2026-11-20 17:05.")
    raise Refused(NOT_CONFIRMED, f"no time in {TRIES} tries")
