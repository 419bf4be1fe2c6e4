"""The progress of a reading for a person: a bar drawn again in place, or plain lines where there is no terminal."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Final, TextIO

from coldtusk_shared.transport.sighting import Hint, Status

_BAR: Final = 30
_LEAST_BAR: Final = 8
_DRAW_SECONDS: Final = 0.1
_LINE_SECONDS: Final = 5.0
_USUAL_COLUMNS: Final = 80


class ProgressLine:
    """Says on *stream* how a reading goes. On a terminal one row changes; a hint gets a row of its own."""

    def __init__(
        self,
        stream: TextIO | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._live = self._stream.isatty() and environment.get("TERM", "dumb") != "dumb"
        self._clock = clock
        self._start = clock()
        self._next = self._start + (0 if self._live else _LINE_SECONDS)
        self._hint: Hint | None = None
        self._drawn = 0

    def begin(self, title: str) -> None:
        """Say what is read."""
        self._say(f"Reading {title}. Ctrl-C ends it.")

    def show(self, status: Status) -> None:
        """Say how it goes; more often than a person can follow it may be called, but is not said."""
        if status.hint is not self._hint:
            self._hint = status.hint
            if status.hint is not None:
                self._say(f"Hint: {status.hint.value}")
        now = self._clock()
        if now < self._next:
            return
        self._next = now + (_DRAW_SECONDS if self._live else _LINE_SECONDS)
        if self._live:
            self._draw(bar(status, self._columns() - 1))
        else:
            self._say(bar(status, _USUAL_COLUMNS))

    def done(self, size: int) -> None:
        """Say that a message of *size* bytes is whole."""
        self._say(f"Read {size} bytes in {self._clock() - self._start:.1f} s.")

    def end(self) -> None:
        """It failed: what was drawn last stays, and what comes next has a row of its own."""
        if self._drawn:
            self._stream.write("\n")
            self._stream.flush()
        self._drawn = 0

    def _draw(self, text: str) -> None:
        """Over what was drawn before; blanks do it on every terminal."""
        if self._drawn or text:
            back = "" if text else "\r"
            self._stream.write(f"\r{text.ljust(self._drawn)}{back}")
            self._stream.flush()
        self._drawn = len(text)

    def _say(self, text: str) -> None:
        self._draw("")
        self._stream.write(f"{text}\n")
        self._stream.flush()

    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or _USUAL_COLUMNS
        except OSError:
            return _USUAL_COLUMNS


def bar(status: Status, width: int) -> str:
    """*status* in one row of at most *width* characters."""
    progress = status.progress
    if progress is None:
        return f"looking for codes, {status.pictures} pictures so far"[:width]
    left = "" if status.left is None else f", {_duration(status.left)} left"
    said = f" {progress.rank}/{progress.needed} codes, {_percent(status)} %, {status.rate:.1f}/s{left}"
    room = min(_BAR, width - len(said) - 2)
    if room < _LEAST_BAR:
        return said.lstrip()[:width]
    full = room * progress.rank // progress.needed
    return f"[{'#' * full}{'-' * (room - full)}]{said}"


def _percent(status: Status) -> int:
    return 0 if status.progress is None else 100 * status.progress.rank // status.progress.needed


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 100 else f"{-(-whole // 60)} min"
