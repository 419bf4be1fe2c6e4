"""What the live display shows: one message in a terminal of one size at one density. Windows and keys are arguments."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from coldtusk_shared.errors import ColdtuskError, Outside
from coldtusk_shared.text import columns
from coldtusk_shared.transport import density as densities
from coldtusk_shared.transport import halfblocks
from coldtusk_shared.transport.density import Density
from coldtusk_shared.transport.fountain import SEQUENCES, Encoder, smallest_capacity
from coldtusk_shared.transport.framing import cut
from coldtusk_shared.transport.halfblocks import WINDOW_TOO_SMALL, Window
from coldtusk_shared.transport.keys import Key
from coldtusk_shared.transport.symbol import matrix

STATUS_ROWS: Final = 1
"""Below the code, so that its quiet zone is not touched."""
_KEYS: Final = "+ denser - coarser q done"
_BEGIN: Final = "\x1b[?2026h"
"""Terminals that know it show all up to the end at once, so that no camera sees half a frame; others pass it over."""
_END: Final = "\x1b[?2026l"
_CLEAR: Final = "\x1b[0m\x1b[2J"


@dataclass(frozen=True, slots=True)
class Slides:
    """*message*, cut for symbols of *version*, in *window*, the whole terminal."""

    message: bytes = field(repr=False)
    title: str
    window: Window
    density: Density
    encoder: Encoder = field(repr=False)
    version: int

    @classmethod
    def first(cls, message: bytes, title: str, window: Window) -> "Slides":
        """Where the display starts: as dense as nearly every camera reads, if *window* has room for that."""
        density = densities.choose(_room(window), smallest_capacity(len(message)))
        encoder, version = cut(message, density)
        return cls(message, title, window, density, encoder, version)

    @property
    def fits(self) -> bool:
        """Whether the window carries the code."""
        return halfblocks.fits(self.version, _code_area(self.window))

    @property
    def moving(self) -> bool:
        """Whether there is a next frame to show: a message that fits one symbol is a still code."""
        return self.fits and self.encoder.fragments > 1

    def resized(self, window: Window) -> "Slides":
        """The same in another window: with the same frames where it can, so that no reader has to start again."""
        moved = replace(self, window=window, density=self.density.within(_room(window)))
        if moved.fits:
            return moved
        smaller = moved.recut(moved.density)
        return smaller if smaller.fits else replace(self, window=window)

    def recut(self, density: Density) -> "Slides":
        """The same message at another density."""
        encoder, version = cut(self.message, density)
        return replace(self, density=density, encoder=encoder, version=version)

    def turned(self, key: Key) -> "Slides":
        """After *key*: denser or coarser, as far as it makes another number of fragments; else the same."""
        density, move = self.density, _MOVES[key]
        while (further := move(density)) != density:
            density = further
            changed = self.recut(density)
            if changed.encoder.fragments != self.encoder.fragments:
                return changed
        return self

    def drawn(self, number: int, rate: int) -> str:
        """What a terminal is sent for the frame *number*, counted from 0: the code in the middle, the status below."""
        if not self.fits:
            return f"{_CLEAR}{self._notice()}"
        code = halfblocks.render(matrix(self.encoder.frame(number % self._frames), self.version)).split("\n")
        area = _code_area(self.window)
        top = (area.rows - len(code)) // 2 + 1
        left = (area.columns - halfblocks.needed(self.version).columns) // 2 + 1
        rows = "".join(f"\x1b[{top + row};{left}H{line}" for row, line in enumerate(code))
        return f"{_BEGIN}{rows}\x1b[{self.window.rows};1H{self._status(number, rate)}\x1b[K{_END}"

    def cleared(self, number: int, rate: int) -> str:
        """The same on an empty screen: after the size or the density changed."""
        return f"{_BEGIN}{_CLEAR}{self.drawn(number, rate)}"

    def too_small(self) -> ColdtuskError:
        """What this window does not carry, and which size would."""
        least = halfblocks.needed(self.density.lowest)
        needed = Window(least.columns, least.rows + STATUS_ROWS)
        return Outside(WINDOW_TOO_SMALL, f"the window has {self.window}; the code takes {needed} at least")

    @property
    def _frames(self) -> int:
        return SEQUENCES if self.encoder.fragments > 1 else 1

    def _status(self, number: int, rate: int) -> str:
        count = self.encoder.fragments
        frame = "one code" if count == 1 else f"code {number + 1}, any {count} do, {rate}/s"
        room = self.window.columns - 1
        for said in (f"{self.title}: {frame}", frame):
            if columns(said) + 2 + len(_KEYS) <= room:
                return said + " " * (room - columns(said) - len(_KEYS)) + _KEYS
        return _KEYS[:room] if room > 0 else ""

    def _notice(self) -> str:
        error = self.too_small()
        said = f"{error.what}. To go on: {error.code.hint}. q ends this."
        lines = textwrap.wrap(said, self.window.columns)[: self.window.rows]
        return "\x1b[1;1H" + "\r\n".join(lines)


def _code_area(window: Window) -> Window:
    return Window(window.columns, window.rows - STATUS_ROWS)


def _room(window: Window) -> int:
    return halfblocks.room(_code_area(window))


_MOVES: Final[dict[Key, Callable[[Density], Density]]] = {
    Key.DENSER: Density.denser,
    Key.COARSER: Density.sparser,
    Key.DONE: lambda density: density,
}
