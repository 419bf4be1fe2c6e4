"""When a camera looks, and which of its frames get lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

_SKEW: Final = 5e-4
"""Clocks of cheap cameras and of displays differ by so much at most."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A camera of *fps* frames a second by its own clock, which runs *skew* too fast.

    The first frame begins *phase* of a period after the camera was started.
    """

    fps: float = 15.0
    phase: float = 0.0
    skew: float = 0.0

    def at(self, frame: int) -> float:
        """When *frame* begins, counted from 0, in seconds."""
        return (frame + self.phase) / (self.fps * (1 + self.skew))

    @classmethod
    def phases(cls, fps: float, count: int, random: np.random.Generator) -> list[Self]:
        """*count* clocks, their phases one in each of so many equal parts of a period, each with its own skew."""
        return [cls(fps, (part + random.random()) / count, random.uniform(-_SKEW, _SKEW)) for part in range(count)]


@dataclass(frozen=True, slots=True)
class Losses:
    """The part of the frames that gets lost: each by itself, or in bursts of *burst* frames on average."""

    rate: float
    burst: float | None = None

    def trace(self, random: np.random.Generator) -> Iterator[bool]:
        """For one frame after the other whether it is lost, without end."""
        if self.burst is None:
            while True:
                yield bool(random.random() < self.rate)
        begins = self.rate / (1 - self.rate) / self.burst
        lost = bool(random.random() < self.rate)
        while True:
            yield lost
            lost = bool(random.random() >= 1 / self.burst) if lost else bool(random.random() < begins)


NOTHING_LOST: Final = Losses(0.0)
