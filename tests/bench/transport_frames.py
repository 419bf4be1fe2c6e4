"""Frames shown until a message is whole, against the ideal: the k-th frame received of the same loss trace.

The symbol is that of the facts page's table (version 20, level L), the receiver the true one. Plain cycling shows the k
fragments again and again under the same trace.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count, islice
from statistics import fmean, median

import numpy as np

from coldtusk_shared.transport.fountain import Encoder
from coldtusk_shared.transport.receiver import Receiver
from coldtusk_shared.transport.symbol import capacity
from tests.bench.figures import Bound, Figure, Goal, Of, spread
from tests.simulators.camera_timing import NOTHING_LOST, Losses

PHASES = 5
SIZES = {"5 kB": (5_000, 1.03), "20 kB": (20_000, 1.03), "100 kB": (100_000, 1.03), "1 MB": (1_000_000, 1.05)}
"""Bytes, and the goal: frames shown to ideal."""
_LONGEST = max(length for length, _ in SIZES.values())
_VERSION = 20
_BURST = 5.0
"""Frames lost in a row on average: half a second at 10 a second."""
_SHOWN = 10
_TRACES = 1000
"""Of 5 kB, for the mean surplus."""


@dataclass(frozen=True, slots=True)
class Watch:
    """How somebody watches: what he misses, and whether he came when the show had begun."""

    name: str
    losses: Losses
    late: bool = False


JOINED_LATE = Watch("none lost, joined late", NOTHING_LOST, late=True)
WATCHES = (
    Watch("none lost", NOTHING_LOST),
    JOINED_LATE,
    *(
        watch
        for rate in (0.3, 0.5)
        for watch in (
            Watch(f"{rate:.0%} lost", Losses(rate)),
            Watch(f"{rate:.0%} lost in bursts", Losses(rate, _BURST)),
            Watch(f"{rate:.0%} lost, joined late", Losses(rate), late=True),
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Run:
    """One phase: frames shown until the message was whole, and with *ideal* and *cycling*; seconds of the receiver."""

    shown: int
    ideal: int
    cycling: int
    seconds: float


class Sender:
    """Shows one message; a frame that several phases see is made once."""

    def __init__(self, length: int) -> None:
        self.message = np.random.default_rng(length).bytes(length)
        encoder = Encoder(self.message, capacity(_VERSION))
        self.fragments = encoder.fragments
        self.frame: Callable[[int], bytes] = cache(encoder.frame)

    def watched(self, watch: Watch, seed: int) -> Run:
        """One run."""
        start = int(np.random.default_rng(seed).integers(1, 2 * self.fragments)) if watch.late else 0
        shown, seconds = self._until_whole(start, _came(watch.losses, seed))
        ideal = next(islice(_came(watch.losses, seed), self.fragments - 1, None)) + 1
        return Run(shown, ideal, self._cycled(start, _came(watch.losses, seed)), seconds)

    def _until_whole(self, start: int, came: Iterator[int]) -> tuple[int, float]:
        receiver, seconds, number = Receiver(), 0.0, 0
        while receiver.message is None:
            number = next(came)
            frame = self.frame(start + number)
            begun = time.perf_counter()
            receiver.take(frame)
            seconds += time.perf_counter() - begun
        if receiver.message != self.message:
            raise RuntimeError("another message was received")
        return number + 1, seconds

    def _cycled(self, start: int, came: Iterator[int]) -> int:
        missing, number = set(range(self.fragments)), 0
        while missing:
            number = next(came)
            missing.discard((start + number) % self.fragments)
        return number + 1


def _came(losses: Losses, seed: int) -> Iterator[int]:
    """The frames that arrive, by their numbers since the watch began."""
    lost = losses.trace(np.random.default_rng(seed))
    return (number for number in count() if not next(lost))


def measure() -> Iterator[Figure]:
    """A figure for each size and watch; the time that the longest takes; the mean surplus of the shortest."""
    for name, (length, most) in SIZES.items():
        sender = Sender(length)
        for place, watch in enumerate(WATCHES):
            phases = [sender.watched(watch, place * PHASES + phase) for phase in range(PHASES)]
            yield _frames(f"frames shown, {name}, {watch.name}", phases, most)
            if length == _LONGEST and watch is JOINED_LATE:
                yield _decoding(phases)
    yield _surplus()


def _frames(name: str, phases: list[Run], most: float) -> Figure:
    """The phase whose ratio is the median; beside it the ratios of all, and what plain cycling needs."""
    ratio, sides = spread([run.shown / run.ideal for run in phases])
    middle = next(run for run in phases if run.shown / run.ideal == ratio)
    cycling = median(run.cycling / run.ideal for run in phases)
    goal = Goal(Of.RATIO, Bound.AT_MOST, most)
    return Figure(name, middle.shown, "frames", "ideal", middle.ideal, goal, (*sides, ("cycling", cycling)))


def _decoding(phases: list[Run]) -> Figure:
    """Joined late with nothing lost is the hardest: most frames are combinations, and showing takes least."""
    seconds, sides = spread([run.seconds for run in phases])
    showing = median(run.shown / _SHOWN for run in phases)
    goal = Goal(Of.RATIO, Bound.AT_MOST, 1)
    return Figure("decoding 1 MB, joined late", seconds, "s", f"showing it at {_SHOWN} a second", showing, goal, sides)


def _surplus() -> Figure:
    sender = Sender(SIZES["5 kB"][0])
    watch = Watch("30% lost, joined late", Losses(0.3), late=True)
    runs = [sender.watched(watch, seed) for seed in range(_TRACES)]
    surplus = fmean(run.shown - run.ideal for run in runs)
    goal = Goal(Of.VALUE, Bound.AT_MOST, 0.1)
    ideal = fmean(run.ideal for run in runs)
    return Figure(f"mean surplus, 5 kB, {watch.name}, {_TRACES} traces", surplus, "frames", "ideal", ideal, goal)
