"""Symbols as picture files: one PNG, many in an animated GIF or PNG, or a folder of PNGs.

Black on white, the quiet zone included, a whole number of pixels a module and at least 5 of them (the aim is 4.5:
facts, transport, "Decoding"). The pixels are the same on every machine; the bytes of a file may differ with the version
of its compressor. Pillow is imported when the first picture is made, not before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from coldtusk_shared import files, limits
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.file_errors import WRITING, explained, place
from coldtusk_shared.file_system import OS_FILES, FileSystem
from coldtusk_shared.transport import animation
from coldtusk_shared.transport.density import AIM
from coldtusk_shared.transport.symbol import QUIET, Matrix, framed_size

if TYPE_CHECKING:
    from PIL.Image import Image

PICTURE_TOO_SMALL = Code("qr.picture-too-small", "give more pixels, or let the symbols be smaller")
PICTURE_TOO_LARGE = Code("qr.picture-too-large", "give fewer pixels")
BAD_RATE = Code("qr.bad-rate", "11 frames a second suit nearly every camera")
UNKNOWN_KIND = Code("qr.unknown-picture", "let the name end in .png, .apng or .gif")

LEAST_SCALE: Final = ceil(AIM)
"""Pixels a module."""
_PLUGINS: Final = {"PNG": "PIL.PngImagePlugin", "GIF": "PIL.GifImagePlugin"}
_PIXEL: Final = (b"\xff", b"\x00")
"""Of a light and of a dark module."""


@dataclass(frozen=True, slots=True)
class Area:
    """Pixels to draw in: those of a screen, or as many as a picture may have."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height} pixels"


def room(area: Area) -> int:
    """The modules on a side, quiet zone included, that *area* has room for."""
    return _side(area) // LEAST_SCALE


def scale_for(version: int, area: Area) -> int:
    """The pixels a module that fill *area* best; :class:`BadInput` says the size needed when they are fewer than 5."""
    scale = _side(area) // framed_size(version)
    if scale < LEAST_SCALE:
        side = framed_size(version) * LEAST_SCALE
        raise BadInput(PICTURE_TOO_SMALL, f"{area} for a code that takes {Area(side, side)}")
    return scale


def pixels(matrix: Matrix, scale: int) -> bytes:
    """*matrix* with its quiet zone as square rows of one byte a pixel: 0 is black, 255 is white."""
    module = [pixel * scale for pixel in _PIXEL]
    return b"".join(b"".join([module[dark] for dark in row]) * scale for row in matrix.framed())


def png(matrix: Matrix, scale: int) -> bytes:
    """One symbol as a PNG of 1 bit a pixel."""
    return _encoded(_image(matrix, scale).convert("1"), "PNG")


def gif(matrices: Sequence[Matrix], scale: int, fps: int) -> bytes:
    """Symbols of one size as a GIF that repeats for ever, a frame each, at most *fps* frames a second."""
    delay = -(-100 // check_rate(fps))
    _check_count(matrices)
    return animation.gif((_encoded(_image(matrix, scale), "GIF") for matrix in matrices), delay)


def apng(matrices: Sequence[Matrix], scale: int, fps: int) -> bytes:
    """Symbols of one size as an animated PNG that repeats for ever, a frame each, *fps* frames a second.

    It has 8 bits a pixel: ffmpeg, and the players made of it, show no animated PNG of 1 bit.
    """
    check_rate(fps)
    _check_count(matrices)
    return animation.apng((_encoded(_image(matrix, scale), "PNG") for matrix in matrices), fps)


def write(path: Path, matrices: Sequence[Matrix], scale: int, fps: int, fs: FileSystem = OS_FILES) -> None:
    """The symbols as the new file *path*, whose name says of which kind: ``.png``, ``.apng`` or ``.gif``.

    One symbol alone is a still picture in each of them. Raises as :func:`files.write_new` does, and :class:`BadInput`.
    """
    kind = path.suffix.lower()
    if kind not in _KINDS:
        raise BadInput(UNKNOWN_KIND, "no kind of picture that Coldtusk writes", where=place(path))
    if len(matrices) == 1 and kind != ".gif":
        files.write_new(path, png(matrices[0], scale), fs)
        return
    files.write_new(path, _KINDS[kind](matrices, scale, fps), fs)


def write_folder(folder: Path, matrices: Sequence[Matrix], scale: int, fs: FileSystem = OS_FILES) -> None:
    """The symbols as ``frame-0001.png`` and so on in the new folder *folder*, in the order given.

    Raises as :func:`files.write_new` does. When it fails in the middle, the frames before stay: each is whole.
    """
    _check_count(matrices)
    with explained(folder, WRITING):
        fs.make_folder(folder)
        fs.sync_folder(folder.parent)
    for number, matrix in enumerate(matrices, 1):
        files.write_new(folder / f"frame-{number:04}.png", png(matrix, scale), fs)


def check_rate(fps: int) -> int:
    """*fps*, or :class:`BadInput` when no camera follows it or nobody waits for it."""
    slowest, fastest = limits.FRAMES_A_SECOND
    if not slowest <= fps <= fastest:
        raise BadInput(BAD_RATE, f"{fps} frames a second; {slowest} to {fastest} are possible")
    return fps


_KINDS: Final[Mapping[str, Callable[[Sequence[Matrix], int, int], bytes]]] = {".png": apng, ".apng": apng, ".gif": gif}


def _side(area: Area) -> int:
    if area.width * area.height > limits.PICTURE_PIXELS:
        raise BadInput(PICTURE_TOO_LARGE, f"{area} are more than {limits.PICTURE_PIXELS} in all")
    return min(area.width, area.height)


def _check_count(matrices: Sequence[Matrix]) -> None:
    """The cap, before anything is drawn."""
    if len(matrices) > limits.PICTURE_FRAMES:
        raise BadInput(animation.TOO_LARGE, f"{len(matrices)} frames; the most is {limits.PICTURE_FRAMES}")


def _image(matrix: Matrix, scale: int) -> "Image":
    side = (matrix.size + 2 * QUIET) * scale
    if scale < 1 or side**2 > limits.PICTURE_PIXELS:
        raise RuntimeError(f"{scale} pixels a module for {matrix.size} modules")
    return cast("Image", import_module("PIL.Image").frombytes("L", (side, side), pixels(matrix, scale)))


def _encoded(image: "Image", kind: str) -> bytes:
    """*image* as a file. Pillow would import all of its formats if this one were not there yet."""
    import_module(_PLUGINS[kind])
    file = BytesIO()
    image.save(file, kind)
    return file.getvalue()
