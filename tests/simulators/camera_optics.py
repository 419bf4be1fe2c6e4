"""From a flat screen to light on the sensor: a pinhole camera, supersampled, and a blur."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Light: TypeAlias = NDArray[np.float32]
"""Rows of light, linear: 0 is darkness, 1 is where the sensor is full."""
Places: TypeAlias = NDArray[np.floating]
"""Points and the matrices that move them."""

GAMMA: Final = 2.2
"""Of screens and of cameras."""
_BLACK, _WHITE, _SURROUNDINGS = 0.02, 0.8, 0.15
"""The light of a screen's black, which is never quite dark, of its white, and of the room around it."""
_FOCAL: Final = 1.1
"""Focal length in widths of the frame: 49 degrees from left to right, as webcams have."""
_SUPERSAMPLING: Final = 3
"""Samples a camera pixel, in each direction."""


@dataclass(frozen=True, slots=True)
class Size:
    """The camera's pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Pose:
    """How the screen stands before the camera.

    *fill*: its side, in front view, as a part of the frame's height; *tilt*, *pan*, *roll*: degrees about the axis to
    the right, downwards and towards the screen; *right*, *down*: off the middle, in heights of the frame.
    """

    fill: float = 0.75
    tilt: float = 0.0
    pan: float = 0.0
    roll: float = 0.0
    right: float = 0.0
    down: float = 0.0


class Optics:
    """The light of pictures of *side* pixels. Where each sample of the sensor looks is computed once."""

    def __init__(self, pose: Pose, size: Size, side: int, blur: float) -> None:
        self._side = side
        self._kernel = _kernel(blur)
        to_camera = _homography(pose, size, side)
        outline = _outline(to_camera, side)
        margin = len(self._kernel) // 2 + 1
        self.rows = _covering(outline[:, 1], margin, size.height)
        self.columns = _covering(outline[:, 0], margin, size.width)
        self.surroundings: float = _SURROUNDINGS
        self.shortest_side = float(np.hypot(*(np.roll(outline, 1, axis=0) - outline).T).min())
        self._samples = _samples(np.linalg.inv(to_camera), self.rows, self.columns, side)

    def view(self, screen: bytes) -> Light:
        """The light on :attr:`rows` and :attr:`columns` of the sensor when *screen* is shown."""
        shown = np.frombuffer(screen, np.uint8)
        if shown.size != self._side**2:
            raise RuntimeError(f"a screen of {shown.size} pixels for {self._side} by {self._side}")
        emitted = np.append(_EMITTED[shown], np.float32(_SURROUNDINGS))
        total = np.take(emitted, self._samples[0])
        for samples in self._samples[1:]:
            total += np.take(emitted, samples)
        light = total / np.float32(len(self._samples))
        return _spread(_spread(light, self._kernel).T, self._kernel).T


def _levels() -> Light:
    shown = (np.arange(256) / 255) ** GAMMA
    return (_BLACK + (_WHITE - _BLACK) * shown).astype(np.float32)


_EMITTED: Final = _levels()
"""The light of each value of a screen's pixel."""


def _homography(pose: Pose, size: Size, side: int) -> Places:
    """From the screen's pixels to the camera's, both counted from a corner, to the right and downwards."""
    focal = _FOCAL * size.width
    middle = (size.width / 2 + pose.right * size.height, size.height / 2 + pose.down * size.height)
    lens = np.array([[focal, 0, middle[0]], [0, focal, middle[1]], [0, 0, 1]])
    turned = _about(2, pose.roll) @ _about(0, pose.tilt) @ _about(1, pose.pan)
    placed = np.column_stack([turned[:, 0], turned[:, 1], (0, 0, focal)])
    scale = pose.fill * size.height / side
    centred = np.array([[scale, 0, -scale * side / 2], [0, scale, -scale * side / 2], [0, 0, 1]])
    matrix: Places = lens @ placed @ centred
    return matrix


def _about(axis: int, degrees: float) -> Places:
    """The rotation about one of the three axes."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = np.eye(3)
    one, other = (axis + 1) % 3, (axis + 2) % 3
    matrix[[one, other], [one, other]] = cosine
    matrix[one, other], matrix[other, one] = -sine, sine
    return matrix


def _outline(to_camera: Places, side: int) -> Places:
    """The four corners on the sensor, around."""
    corners = np.array([[0, 0, 1], [side, 0, 1], [side, side, 1], [0, side, 1]]) @ to_camera.T
    return corners[:, :2] / corners[:, 2:]


def _covering(places: Places, margin: int, end: int) -> slice:
    """The pixels that all *places* are on, and *margin* more, as far as there are any."""
    first, last = int(places.min()) - margin, int(places.max()) + 1 + margin
    return slice(max(0, first), min(end, last))


def _samples(to_screen: Places, rows: slice, columns: slice, side: int) -> NDArray[np.intp]:
    """For each sample of a camera pixel the number of the screen's pixel that it sees; one past the last is none."""
    steps = (np.arange(_SUPERSAMPLING) + 0.5) / _SUPERSAMPLING
    across = np.arange(columns.start, columns.stop)[None, :]
    down = np.arange(rows.start, rows.stop)[:, None]
    seen = [_seen(to_screen, across + right, down + below, side) for below in steps for right in steps]
    return np.stack(seen)


def _seen(to_screen: Places, across: Places, down: Places, side: int) -> NDArray[np.intp]:
    x, y, depth = (row[0] * across + row[1] * down + row[2] for row in to_screen)
    column, line = np.floor(x / depth).astype(np.intp), np.floor(y / depth).astype(np.intp)
    inside = (column >= 0) & (column < side) & (line >= 0) & (line < side)
    return np.where(inside, line * side + column, side * side)


def _kernel(blur: float) -> Light:
    """A Gaussian of *blur* pixels, out to three times that."""
    reach = int(np.ceil(3 * blur))
    steps = np.arange(-reach, reach + 1)
    weights = np.exp(-0.5 * (steps / max(blur, 1e-9)) ** 2)
    kernel: Light = (weights / weights.sum()).astype(np.float32)
    return kernel


def _spread(light: Light, kernel: Light) -> Light:
    """*light* spread down the columns; beyond the edges it goes on as it is."""
    reach = len(kernel) // 2
    wide = np.pad(light, [(reach, reach), (0, 0)], mode="edge")
    total = np.zeros_like(light)
    for at, weight in enumerate(kernel):
        total += weight * wide[at : at + len(light)]
    return total
