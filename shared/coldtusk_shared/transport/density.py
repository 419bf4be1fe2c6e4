"""How dense a symbol is to be, without a setting: a start that nearly every camera reads, and two keys.

The facts (transport, "Decoding"): 3 camera pixels a module and more read always, 2.5 read in three of four tries, 2 in
less than half; so the aim is 4.5. A plain camera has 1280x720 pixels, and a code that a person holds or looks at
fills some two thirds of the height, 480 pixels: 106 modules of 4.5 pixels. **Version 20** has 105 with its quiet zone.
It still has 3 pixels a module when it fills only 315 of the 720 lines, or two thirds of a camera of 640x480.

One key press is five versions, 20 modules a side. Where version 20 has 4.5 pixels, 25 has 3.8, 30 has 3.3, 35 has
2.9 and 40 has 2.6; what the latter need is a camera closer by. A press pays, too: 25 holds 1.48 times the bytes of 20.
Downwards, 15 has 5.6 and 10 has 7.3.

The screen limits it: a symbol never has more modules than the area has room for. The message limits it downwards: a
symbol so small that a message takes more than ``limits.FRAGMENTS`` frames is never chosen. The latter wins; then the
renderer says that the area is too small, and which size it needs.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from coldtusk_shared.transport.symbol import QUIET, VERSIONS, version_for

AIM: Final = Fraction(9, 2)
"""Pixels a module."""
CAMERA_LINES: Final = 720
FILLED: Final = Fraction(2, 3)
"""The part of the camera's height that a symbol fills, its quiet zone included."""
STEP: Final = 5
"""Versions a key press."""


@dataclass(frozen=True, slots=True)
class Density:
    """The chosen QR *version*, and the bounds between which the keys move it.

    A version is the most that a frame may take: a frame that fits a smaller symbol is shown in that one
    (:func:`symbol.version_for`).
    """

    version: int
    lowest: int
    highest: int

    def denser(self) -> "Density":
        """The key ``+``: fewer frames, smaller modules. At the upper bound it is the same again."""
        return self._moved(STEP)

    def sparser(self) -> "Density":
        """The key ``-``: more frames, bigger modules. At the lower bound it is the same again."""
        return self._moved(-STEP)

    def within(self, room: int) -> "Density":
        """The same in another area: a window changed its size. The version stays where it can."""
        highest = max(self.lowest, version_in(room))
        return replace(self, version=min(self.version, highest), highest=highest)

    def _moved(self, versions: int) -> "Density":
        return replace(self, version=max(self.lowest, min(self.version + versions, self.highest)))


def choose(room: int, smallest: int) -> Density:
    """Where to start.

    *room*: the modules on a side, quiet zone included, that the area has (``halfblocks.room``, ``pictures.room``).
    *smallest*: the bytes that a symbol must hold, so that the message takes no more frames than it may
    (``fountain.smallest_capacity``).
    """
    lowest = version_for(smallest)
    start = version_in(int(CAMERA_LINES * FILLED / AIM))
    return Density(max(lowest, start), lowest, VERSIONS[-1]).within(room)


def version_in(room: int) -> int:
    """The greatest version whose symbol has at most *room* modules on a side, quiet zone included; 0 for none."""
    return max(0, min((room - 2 * QUIET - 17) // 4, VERSIONS[-1]))
