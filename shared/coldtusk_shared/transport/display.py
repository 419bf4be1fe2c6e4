"""The live display: a message as codes on a terminal, frame after frame, until somebody has read it.

The window's size is asked before every frame and some times a second, so no signal of its change can be missed.
"""

import time
from collections.abc import Callable
from typing import Final, Protocol, TextIO

from coldtusk_shared.transport import USUAL_RATE
from coldtusk_shared.transport.halfblocks import Window
from coldtusk_shared.transport.keys import Key, keys
from coldtusk_shared.transport.live_screen import LiveScreen
from coldtusk_shared.transport.pictures import check_rate
from coldtusk_shared.transport.slides import Slides

_LOOK_SECONDS: Final = 0.2

Clock = Callable[[], float]


class Console(Protocol):
    """A terminal as the display needs it (:class:`LiveScreen`)."""

    def window(self) -> Window:
        """Its size now."""
        ...

    def read(self, seconds: float) -> bytes:
        """What is typed within *seconds*, at once."""
        ...

    def write(self, text: str) -> None:
        """Show *text*."""
        ...


class Beat:
    """*rate* moments a second on a grid from *start*: one that was missed is skipped, and the others stay in place."""

    def __init__(self, start: float, rate: int) -> None:
        self._start = start
        self._rate = rate
        self._next = 0

    def left(self, now: float) -> float:
        """Seconds until the next moment; 0 when it is there."""
        return max(0.0, self._start + self._next / self._rate - now)

    def passed(self, now: float) -> None:
        """The next moment is the first one of the grid after *now*."""
        self._next = max(self._next, int((now - self._start) * self._rate)) + 1


class Display:
    """One message on one console."""

    def __init__(self, slides: Slides, console: Console, rate: int, clock: Clock) -> None:
        self._console = console
        self._rate = check_rate(rate)
        self._clock = clock
        self._beat = Beat(clock(), rate)
        self._slides = slides
        self._number = 0
        self._next = slides.cleared(0, rate)
        self._fresh = True
        self._was_seen = False
        self._done = False

    def run(self) -> None:
        """Show until a key ends it. Raises :class:`Outside` when the window was too small all the time."""
        while not self._done:
            self._fit()
            if self._fresh or (self._slides.moving and not self._beat.left(self._clock())):
                self._show()
            for key in keys(self._console.read(self._wait())):
                self._press(key)
        if not self._was_seen:
            raise self._slides.too_small()

    def _change(self, slides: Slides) -> None:
        """Show *slides* at once; from the first frame, if theirs are others than before."""
        if slides.encoder is not self._slides.encoder:
            self._number = 0
        self._slides = slides
        self._next = slides.cleared(self._number, self._rate)
        self._fresh = True

    def _fit(self) -> None:
        window = self._console.window()
        if window == self._slides.window:
            return
        if self._was_seen:
            self._change(self._slides.resized(window))
        else:
            self._change(Slides.first(self._slides.message, self._slides.title, window))

    def _show(self) -> None:
        """Show what is ready, and make the next frame ready while this one is looked at."""
        self._console.write(self._next)
        self._beat.passed(self._clock())
        self._fresh = False
        self._was_seen = self._was_seen or self._slides.fits
        if self._slides.moving:
            self._number += 1
            self._next = self._slides.drawn(self._number, self._rate)

    def _wait(self) -> float:
        if self._slides.moving:
            return min(_LOOK_SECONDS, self._beat.left(self._clock()))
        return _LOOK_SECONDS

    def _press(self, key: Key) -> None:
        self._done = self._done or key is Key.DONE
        turned = self._slides.turned(key)
        if turned is not self._slides:
            self._change(turned)


def show(
    message: bytes,
    title: str,
    rate: int = USUAL_RATE,
    *,
    keyboard: TextIO | None = None,
    screen: TextIO | None = None,
    clock: Clock = time.monotonic,
) -> None:
    """Show *message* on the terminal until a person ends it; *title* stands below the code.

    Raises :class:`Outside` where no code can be shown (``check_terminal`` says so beforehand) or none was.
    """
    check_rate(rate)
    with LiveScreen(keyboard, screen) as console:
        Display(Slides.first(message, title, console.window()), console, rate, clock).run()
