"""Pictures of one size put together as frames of an animated GIF or PNG, byte by byte.

Pillow writes animations, too, but it holds all frames uncompressed while it does (100 MB for 300 of version 20 as
GIF), merges equal neighbours, stores only what changed, and its PNG writer loses frames that come from an iterator.
Here each frame is a whole picture that Pillow compressed alone; only its envelope is ours. Sources: GIF89a; PNG, third
edition, 11.3.6 (animation chunks).
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code

TOO_LARGE = Code(
    "qr.animation-too-large", "let the symbols be denser, give fewer pixels, or write the message as a file"
)

_GIF_FOR_EVER: Final = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
_GIF_HEAD: Final = 13
_GIF_IMAGE: Final = 0x2C
_GIF_END: Final = b"\x3b"
_PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def gif(pictures: Iterable[bytes], delay: int) -> bytes:
    """One-frame GIFs of one size and palette as frames, *delay* hundredths of a second each, for ever.

    Raises :class:`BadInput` when they are more than a reader takes: in number, or in bytes together.
    """
    control = struct.pack("<4sHBB", b"\x21\xf9\x04\x04", delay, 0, 0)
    parts = [_gif_parts(picture) for picture in _bounded(pictures)]
    blocks = [control + block for _, block in parts]
    return b"".join((b"GIF89a", _only({head for head, _ in parts}), _GIF_FOR_EVER, *blocks, _GIF_END))


def apng(pictures: Iterable[bytes], fps: int) -> bytes:
    """One-frame PNGs of one size and kind as frames, *fps* a second, for ever. The first is what others show.

    Raises as :func:`gif` does.
    """
    parts = [_png_parts(picture) for picture in _bounded(pictures)]
    head = _only({head for head, _ in parts})
    start = _chunk(b"IHDR", head) + _chunk(b"acTL", struct.pack(">II", len(parts), 0))
    shown = _frame_chunks([data for _, data in parts], head[:8], fps)
    return b"".join((_PNG_SIGNATURE, start, *shown, _chunk(b"IEND", b"")))


def _bounded(pictures: Iterable[bytes]) -> Iterator[bytes]:
    """*pictures*, as long as our own reader would take a file of them."""
    total = 0
    for number, picture in enumerate(pictures, 1):
        total += len(picture)
        if number > limits.PICTURE_FRAMES or total > limits.PICTURE_BYTES:
            most = f"{limits.PICTURE_FRAMES} frames and {limits.PICTURE_BYTES} bytes"
            raise BadInput(TOO_LARGE, f"it does not end at frame {number}, byte {total}; the most is {most}")
        yield picture


def _gif_parts(picture: bytes) -> tuple[bytes, bytes]:
    """The screen descriptor with the palette, and the image block, of a GIF without extensions."""
    image = _GIF_HEAD + 3 * 2 ** ((picture[10] & 7) + 1)
    if picture[image] != _GIF_IMAGE or picture[-1:] != _GIF_END:
        raise RuntimeError("a GIF of another build than one plain frame")
    return picture[6:image], picture[image:-1]


def _png_parts(picture: bytes) -> tuple[bytes, bytes]:
    """The header and the compressed data of a PNG."""
    chunks = list(_png_chunks(picture))
    head = next(body for kind, body in chunks if kind == b"IHDR")
    return head, b"".join(body for kind, body in chunks if kind == b"IDAT")


def _png_chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG_SIGNATURE)
    while at < len(picture):
        length, kind = struct.unpack_from(">I4s", picture, at)
        yield kind, picture[at + 8 : at + 8 + length]
        at += length + 12


def _frame_chunks(frames: list[bytes], size: bytes, fps: int) -> Iterator[bytes]:
    """Each frame as a control chunk and its data; control and data chunks share one running number."""
    for index, data in enumerate(frames):
        number = max(0, 2 * index - 1)
        yield _chunk(b"fcTL", struct.pack(">I8sIIHHBB", number, size, 0, 0, 1, fps, 0, 0))
        yield _chunk(b"fdAT", struct.pack(">I", number + 1) + data) if index else _chunk(b"IDAT", data)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))


def _only(heads: set[bytes]) -> bytes:
    if len(heads) != 1:
        raise RuntimeError("frames of several sizes, or none")
    return heads.pop()
