"""A camera before a screen, as honest as a model can be: what it delivers is what the decoder gets (facts: transport).

Screens that another library drew go through optics (homography with supersampling, blur), a rolling shutter that mixes
neighbouring screens row by row, shot noise, the camera's gamma and JPEG; the camera's clock has a phase and a skew,
frames get lost, and it may join late. The same seed gives the same frames, byte for byte. Light is computed as light: a
screen's gamma is taken off first and the camera's put on last. Not modelled: focus hunting, motion blur, the screen's
own grid and its slow pixels, automatic exposure.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from coldtusk_shared.transport.pictures import pixels
from coldtusk_shared.transport.sources import Luma
from coldtusk_shared.transport.symbol import Matrix
from tests.simulators.camera_optics import Light, Optics, Pose, Size
from tests.simulators.camera_sensor import Sensor
from tests.simulators.camera_shutter import Shutter
from tests.simulators.camera_timing import NOTHING_LOST, Clock, Losses

HD = Size(1280, 720)
"""What a plain camera delivers."""


@dataclass(frozen=True, slots=True)
class Show:
    """A display: screen *n*, counted from 0, stands from n / *fps* to (n + 1) / *fps* seconds.

    A screen is a square of one byte a pixel; all have *side* pixels a side.
    """

    screen: Callable[[int], bytes]
    side: int
    fps: float


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything of one take but its seed."""

    pose: Pose = field(default_factory=Pose)
    size: Size = HD
    blur: float = 0.7
    """Standard deviation in camera pixels. With 0.7 it is as measured: 3 pixels a module are read always, 2 hardly."""
    shutter: Shutter = field(default_factory=Shutter)
    sensor: Sensor = field(default_factory=Sensor)
    clock: Clock = field(default_factory=Clock)
    losses: Losses = NOTHING_LOST
    late: float = 0.0
    """Seconds that the show has run when the camera joins."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One frame that arrived: when its last row was read out, in seconds of the show, and what is on it."""

    seconds: float
    luma: Luma


class Camera:
    """A camera that stands still before screens of *side* pixels."""

    def __init__(self, setting: Setting, side: int) -> None:
        self._setting = setting
        self._optics = Optics(setting.pose, setting.size, side, setting.blur)

    def pixels_a_module(self, modules: int) -> float:
        """Camera pixels a module, at the shortest side, of a picture with *modules* a side, quiet zone included."""
        return self._optics.shortest_side / modules

    def film(self, show: Show, seed: int) -> Iterator[Shot]:
        """The frames that arrive, without end. Lost ones are missing."""
        setting = self._setting
        random = np.random.default_rng(seed)
        lost = setting.losses.trace(random)
        noise = setting.sensor.noise(setting.size, random)
        views: dict[int, Light] = {}
        for start in map(setting.clock.at, count()):
            gone = next(lost)
            grain = next(noise)
            if gone:
                continue
            light = self._exposed(show, setting.late + start, views)
            plane = setting.sensor.developed(light, grain)
            seconds = setting.late + start + setting.shutter.whole
            yield Shot(seconds, Luma(setting.size.width, setting.size.height, plane))

    def _exposed(self, show: Show, start: float, views: dict[int, Light]) -> Light:
        """What falls on the sensor when its first row starts at *start*; *views* keeps the screens that are in it."""
        optics = self._optics
        shares = self._setting.shutter.shares(start, self._setting.size.height, show.fps)
        for number in [old for old in views if old not in shares]:
            del views[number]
        seen = np.zeros((optics.rows.stop - optics.rows.start, optics.columns.stop - optics.columns.start), np.float32)
        for number, share in shares.items():
            if number not in views:
                views[number] = optics.view(show.screen(number))
            seen += views[number] * share[optics.rows, None]
        light = np.full((self._setting.size.height, self._setting.size.width), optics.surroundings, np.float32)
        light[optics.rows, optics.columns] = seen
        return light


def looped(matrices: Sequence[Matrix], scale: int, fps: float) -> Show:
    """Symbols of one size, drawn with *scale* pixels a module and shown again and again."""
    screens = [pixels(matrix, scale) for matrix in matrices]
    return Show(lambda number: screens[number % len(screens)], len(matrices[0].framed()) * scale, fps)
