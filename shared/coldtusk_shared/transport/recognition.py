"""Where pictures are parsed: QR codes by zxing-cpp, files by Pillow. Loaded by the decoder child and by nothing else.

Every cap is checked on the header, before a pixel is decompressed (facts: Decoding; lessons: caps before allocation).
"""

import copy
import warnings
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Final

import zxingcpp
from PIL import (
    GifImagePlugin,
    Image,
    ImageChops,
    ImageFile,
    ImagePalette,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
)

from coldtusk_shared import limits
from coldtusk_shared.transport.decoder_wire import Reason, fits

_FORMATS: Final[Mapping[bytes, type[ImageFile.ImageFile]]] = {
    b"\x89PNG\r\n\x1a\n": PngImagePlugin.PngImageFile,
    b"\xff\xd8\xff": JpegImagePlugin.JpegImageFile,
    b"GIF87a": GifImagePlugin.GifImageFile,
    b"GIF89a": GifImagePlugin.GifImageFile,
}
"""By the file's first bytes: no other format is ever tried."""

_QR: Final = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])

LATE_IMPORTS: Final = (copy, ImageChops, ImagePalette, MpoImagePlugin, TiffImagePlugin)
"""Pillow loads these when a picture asks for them, but the child can open no file by then."""


class Unreadable(Exception):
    """A picture that is not read, or not to its end."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.name)
        self.reason = reason


def codes_in(plane: bytes | bytearray, width: int, height: int) -> list[bytes]:
    """The payloads of the QR codes in a luma plane, dark on light, at most CODES_A_FRAME of at most CODE_BYTES.

    Rotated and shrunk copies are tried, inverted ones are not (facts: Decoding).
    """
    view = memoryview(plane).cast("B", (height, width))
    found = zxingcpp.read_barcodes(view, formats=_QR, try_invert=False)
    payloads = [code.bytes for code in found if 0 < len(code.bytes) <= limits.CODE_BYTES]
    return payloads[: limits.CODES_A_FRAME]


def codes_in_picture(data: bytes) -> Iterator[list[bytes]]:
    """The payloads frame by frame of a PNG, JPEG, GIF or APNG. Raises :class:`Unreadable`, MemoryError."""
    Image.MAX_IMAGE_PIXELS = limits.PICTURE_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        yield from _frames(data)
    except (Unreadable, MemoryError):
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unreadable(Reason.PIXELS) from error
    except Exception as error:  # Pillow's parsers raise some ten kinds for a damaged file
        raise Unreadable(Reason.DAMAGED) from error


def _frames(data: bytes) -> Iterator[list[bytes]]:
    kind = next((kind for magic, kind in _FORMATS.items() if data.startswith(magic)), None)
    if kind is None:
        raise Unreadable(Reason.FORMAT)
    with kind(BytesIO(data)) as image:
        number = 0
        while True:
            _check_area(image)
            image.draft("L", None)
            yield codes_in(_luma(image), *image.size)
            number += 1
            try:
                image.seek(number)
            except EOFError:
                return


def _check_area(image: Image.Image) -> None:
    if not fits(*image.size):
        raise Unreadable(Reason.PIXELS)


def _luma(image: Image.Image) -> bytes:
    """The frame in gray, on white where it is transparent."""
    if not image.has_transparency_data:
        return image.convert("L").tobytes()
    opaque = image if image.mode == "RGBA" else image.convert("RGBA")
    page = Image.new("L", image.size, 255)
    page.paste(opaque.convert("L"), mask=opaque.getchannel("A"))
    return page.tobytes()
