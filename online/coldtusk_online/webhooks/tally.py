"""What a running server counts: nothing of what was sent, so that no sender can fill a disk or a screen."""

import hashlib
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from coldtusk_shared import limits
from coldtusk_shared.errors import Code


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refused notification: the code's name, and the first 8 bytes of its body's SHA-256 in hex."""

    reason: str
    digest: str


class Tally:
    """Counts, and the last refusals. *announce* gets a line when a reason's count reaches 1, 2, 4, 8, ..."""

    __slots__ = ("_announce", "_refusals", "reasons", "repeated", "stored")

    def __init__(self, announce: Callable[[str], None]) -> None:
        self._announce = announce
        self._refusals: deque[Refusal] = deque(maxlen=limits.WEBHOOK_REFUSALS_KEPT)
        self.reasons: Counter[str] = Counter()
        self.stored = 0
        self.repeated = 0

    def count(self, *, new: bool) -> None:
        """A notice was answered with 200: stored now, or before."""
        if new:
            self.stored += 1
        else:
            self.repeated += 1

    def refuse(self, code: Code, body: bytes = b"") -> None:
        """A notification was refused for *code*."""
        digest = hashlib.sha256(body).hexdigest()[:16]
        self._refusals.append(Refusal(code.name, digest))
        self.reasons[code.name] += 1
        if _is_power_of_two(self.reasons[code.name]):
            self._announce(f"refused [{code.name}], {self.reasons[code.name]} in all -- {code.hint}")

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """The last ones, oldest first."""
        return tuple(self._refusals)


def _is_power_of_two(number: int) -> bool:
    return number & (number - 1) == 0
