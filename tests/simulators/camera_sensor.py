"""From light to bytes: shot noise and read noise, the camera's gamma, JPEG there and back."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.simulators.camera_optics import GAMMA, Light, Size

_STEPS: Final = 4096
"""Levels of light that the gamma is tabled for: a sensor's 12 bits."""
_SPARE: Final = 1 << 16
"""Noise is drawn once for all frames; each takes it from another one of so many places."""


@dataclass(frozen=True, slots=True)
class Sensor:
    """*full_well*: electrons of a pixel that is full; *read_noise*: electrons; *jpeg*: quality, None for raw frames."""

    full_well: float = 2500.0
    read_noise: float = 8.0
    jpeg: int | None = 80

    def noise(self, size: Size, random: np.random.Generator) -> Iterator[Light]:
        """One frame's noise after the other, in standard deviations, without end."""
        area = size.width * size.height
        drawn = random.standard_normal(area + _SPARE, np.float32)
        while True:
            at = int(random.integers(_SPARE))
            yield drawn[at : at + area].reshape(size.height, size.width)

    def developed(self, light: Light, noise: Light) -> bytes:
        """The luma plane of *light*, a byte a pixel."""
        unlit = np.float32((self.read_noise / self.full_well) ** 2)
        deviation = np.sqrt(light * np.float32(1 / self.full_well) + unlit)
        level = (light + noise * deviation) * np.float32(_STEPS - 1)
        plane = _DEVELOPED[np.clip(level, 0, _STEPS - 1).astype(np.uint16)]
        return plane.tobytes() if self.jpeg is None else _compressed(plane, self.jpeg)


def _compressed(plane: NDArray[np.uint8], quality: int) -> bytes:
    """What is left of *plane* after JPEG."""
    file = BytesIO()
    Image.fromarray(plane).save(file, "JPEG", quality=quality)
    with Image.open(file) as image:
        return image.tobytes()


def _curve() -> NDArray[np.uint8]:
    return np.rint(255 * (np.arange(_STEPS) / (_STEPS - 1)) ** (1 / GAMMA)).astype(np.uint8)


_DEVELOPED: Final = _curve()
