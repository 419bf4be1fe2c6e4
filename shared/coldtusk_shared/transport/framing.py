"""A message as symbols: cut for a density, and as picture files for scripts and for screens that are no terminal."""

from itertools import islice
from pathlib import Path
from typing import Final

from coldtusk_shared import files
from coldtusk_shared.errors import Refused
from coldtusk_shared.file_errors import EXISTS, place
from coldtusk_shared.file_system import OS_FILES, FileSystem
from coldtusk_shared.transport import density as densities
from coldtusk_shared.transport import pictures
from coldtusk_shared.transport.density import Density
from coldtusk_shared.transport.fountain import Encoder, smallest_capacity
from coldtusk_shared.transport.pictures import Area
from coldtusk_shared.transport.symbol import capacity, matrix, version_for

AREA: Final = Area(720, 720)
"""Pixels of each picture at most: it fits every screen, and has 6 pixels a module at the density that is chosen."""


def cut(message: bytes, density: Density) -> tuple[Encoder, int]:
    """The frames of *message* at *density*, and the version of their symbols: the smallest that holds them."""
    encoder = Encoder(message, capacity(density.version))
    return encoder, version_for(len(encoder.frame(0)))


def write_pictures(path: Path, message: bytes, fps: int, area: Area = AREA, fs: FileSystem = OS_FILES) -> int:
    """*message* as the new file *path*, ``.png``, ``.apng`` or ``.gif``, or without a suffix as a folder of pictures.

    How many codes it holds: one, or twice as many as a reader needs, so that one who misses half of them is done in one
    round. Raises as :func:`pictures.write`.
    """
    pictures.check_rate(fps)
    if files.exists(path, fs):
        raise Refused(EXISTS, "something stands there already", where=place(path))
    density = densities.choose(pictures.room(area), smallest_capacity(len(message)))
    encoder, version = cut(message, density)
    count = 2 * encoder.fragments if encoder.fragments > 1 else 1
    symbols = [matrix(frame, version) for frame in islice(encoder.frames(), count)]
    scale = pictures.scale_for(version, area)
    if path.suffix:
        pictures.write(path, symbols, scale, fps, fs)
    else:
        pictures.write_folder(path, symbols, scale, fs)
    return count
