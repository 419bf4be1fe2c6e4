"""What a reader has seen lately, and what that means for the person who holds the camera. Pure; time is an argument."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from coldtusk_shared.transport.receiver import Progress, Taken
from coldtusk_shared.transport.sources import Luma

HINT_SECONDS: Final = 3.0
"""Without a new frame for so long, a person is told what to do, by what was seen in that time."""
_RATE_SECONDS: Final = 5.0
_LOOKS: Final = 1024
_DARK: Final = 40
"""Mean luma below which a picture is dark: a white code on a lit screen brings it above this even where it is small."""
_SAMPLES: Final = 997


class Hint(Enum):
    """What to do when nothing new is read."""

    NO_PICTURE = "no new picture comes: is it the right camera or folder, is the cable in?"
    UNREADABLE = "pictures come that cannot be read: are they whole PNG, JPEG or GIF files?"
    DARK = "the pictures are dark: light the code, or turn its screen brighter"
    NO_CODE = "no code is seen: come nearer, hold still, or press - at the sender"
    FOREIGN = "a code is seen, but none of Coldtusk: point at the sender's screen"
    DAMAGED = "codes are read, but damaged: hold still, or press - at the sender"
    STANDING = "only codes that were read before: does the sender's display stand still?"
    UNWANTED = "this shows another kind of message: look at what the sender displays"
    DISTURBED = "codes contradict each other: cover all others, start the sender's again"


_GAINS: Final = frozenset({Taken.NEW, Taken.OTHER, Taken.DONE})
_MEANINGS: Final[Mapping[Hint, frozenset[Taken]]] = {
    Hint.UNWANTED: frozenset({Taken.REFUSED}),
    Hint.DISTURBED: frozenset({Taken.CONTRADICTED, Taken.POISONED}),
    Hint.STANDING: frozenset({Taken.REPEATED, Taken.USELESS}),
    Hint.DAMAGED: frozenset({Taken.DAMAGED}),
    Hint.FOREIGN: frozenset({Taken.FOREIGN}),
}
"""The first one that was seen counts: whoever sees one of ours and a poster's is not told of the poster's."""


@dataclass(frozen=True, slots=True)
class Look:
    """One picture: what its codes did, its mean luma if it is known, whether it could be read at all."""

    taken: tuple[Taken, ...]
    luma: int | None = None
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Status:
    """How reading goes: frames so far, new ones a second, the seconds left, pictures in all, and what to do."""

    progress: Progress | None
    rate: float
    left: float | None
    pictures: int
    hint: Hint | None


class Sightings:
    """The looks of the last seconds, from *start* on."""

    def __init__(self, start: float) -> None:
        self._looks: deque[tuple[float, Look]] = deque(maxlen=_LOOKS)
        self._gains: deque[float] = deque(maxlen=_LOOKS)
        self._start = self._last = start
        self._pictures = 0

    def add(self, look: Look, now: float) -> None:
        """A picture was looked at."""
        self._pictures += 1
        self._looks.append((now, look))
        gained = sum(one in _GAINS for one in look.taken)
        self._gains.extend([now] * gained)
        if gained:
            self._last = now

    def status(self, progress: Progress | None, now: float) -> Status:
        """How it goes at *now*."""
        rate = self._rate(now)
        missing = 0 if progress is None else progress.needed - progress.rank
        left = missing / rate if progress is not None and rate else None
        return Status(progress, rate, left, self._pictures, self._hint(now))

    def hint(self) -> Hint:
        """What all the looks that are remembered mean."""
        return meaning(look for _, look in self._looks)

    def _hint(self, now: float) -> Hint | None:
        if now - self._last < HINT_SECONDS:
            return None
        return meaning(look for at, look in self._looks if now - at <= HINT_SECONDS)

    def _rate(self, now: float) -> float:
        seconds = min(_RATE_SECONDS, now - self._start)
        return sum(now - at <= seconds for at in self._gains) / seconds if seconds > 0 else 0.0


def meaning(looks: Iterable[Look]) -> Hint:
    """What is to be done after *looks* without a gain."""
    seen = list(looks)
    if not seen:
        return Hint.NO_PICTURE
    codes = Counter(one for look in seen for one in look.taken)
    for hint, kinds in _MEANINGS.items():
        if kinds & codes.keys():
            return hint
    if not any(look.readable for look in seen):
        return Hint.UNREADABLE
    lumas = [look.luma for look in seen if look.luma is not None]
    return Hint.DARK if lumas and sum(lumas) < _DARK * len(lumas) else Hint.NO_CODE


def mean_luma(frame: Luma) -> int:
    """The mean of some thousand pixels of *frame*, 0 to 255."""
    sample = frame.plane[:: len(frame.plane) // _SAMPLES + 1]
    return sum(sample) // len(sample)
