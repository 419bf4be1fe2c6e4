"""A rolling shutter: rows are read one after the other, so a frame may hold a part of one screen and of the next."""

from dataclasses import dataclass
from math import floor
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tests.simulators.camera_optics import Light

Times: TypeAlias = NDArray[np.float64]
"""One for each row, in seconds."""


@dataclass(frozen=True, slots=True)
class Shutter:
    """Seconds from the first row's reading to the last one's, and seconds that each row gathers light before.

    The defaults are a plain camera's in a room: with a symbol that fills the frame they make the 38 ms of the facts
    page ("Rate"). *readout* 0 is a global shutter.
    """

    readout: float = 0.030
    exposure: float = 0.010

    @property
    def whole(self) -> float:
        """Seconds from the first light on the first row to the last on the last."""
        return self.readout + self.exposure

    def shares(self, start: float, height: int, fps: float) -> dict[int, Light]:
        """Each screen that a frame sees, and the part of each row's light that it gives.

        The first of *height* rows begins to gather at *start*; screen n stands from n / *fps* to (n + 1) / *fps*.
        """
        begin = start + self.readout * np.arange(height) / height
        end = begin + self.exposure
        screens = range(floor(start * fps), floor((start + self.whole) * fps) + 1)
        return {number: self._share(begin, end, number / fps, (number + 1) / fps) for number in screens}

    def _share(self, begin: Times, end: Times, shown: float, gone: float) -> Light:
        together = np.minimum(end, gone) - np.maximum(begin, shown)
        share: Light = (np.clip(together, 0, None) / self.exposure).astype(np.float32)
        return share
