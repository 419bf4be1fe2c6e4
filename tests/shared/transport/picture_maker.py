"""Pictures of QR codes, kind and hostile."""

import io
import struct
import zlib
from collections.abc import Iterable, Sequence

from PIL import Image

from coldtusk_shared.transport.pictures import pixels
from coldtusk_shared.transport.symbol import QUIET, matrix, version_for

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_PIECE = 1 << 20


def code(payload: bytes, *, scale: int = 4, mode: str = "L") -> Image.Image:
    """*payload* as a QR code, black on white with its quiet zone."""
    symbol = matrix(payload, version_for(len(payload)))
    side = (symbol.size + 2 * QUIET) * scale
    return Image.frombytes("L", (side, side), pixels(symbol, scale)).convert(mode)


def page(payload: bytes, width: int, height: int) -> Image.Image:
    """*payload* as a code on a gray page of *width* by *height* pixels."""
    sheet = Image.new("L", (width, height), 200)
    sheet.paste(code(payload), (8, 8))
    return sheet


def luma(payload: bytes, width: int = 320, height: int = 240) -> bytes:
    """The same page as a plane."""
    return page(payload, width, height).tobytes()


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """*image* as the bytes of a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def animated(payloads: Iterable[bytes], kind: str, *, scale: int = 4) -> bytes:
    """An animation, a GIF or an APNG, of one code a payload."""
    first, *others = [code(payload, scale=scale) for payload in payloads]
    return encoded(first, kind, save_all=True, append_images=others, duration=100, loop=0)


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_head(width: int, height: int, *, color: int = 0) -> bytes:
    """The beginning of a PNG that says to be so large."""
    return PNG_MAGIC + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, color, 0, 0, 0))


def zeros_deflated(size: int) -> bytes:
    """So many zero bytes, deflated: one piece of them repeated, and the Adler-32 that they have (RFC 1950)."""
    piece, rest = _deflated_piece(_PIECE), _deflated_piece(size % _PIECE)
    checksum = (size % 65_521) << 16 | 1
    return b"\x78\x01" + piece * (size // _PIECE) + rest + b"\x03\0" + checksum.to_bytes(4, "big")


def _deflated_piece(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=-15)
    return packer.compress(bytes(size)) + packer.flush(zlib.Z_FULL_FLUSH)


def black_png(width: int, height: int) -> bytes:
    """A true PNG of black pixels, some thousandth of what it unpacks to."""
    body = zeros_deflated(height * (width + 1))
    return png_head(width, height) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def gif(canvas: tuple[int, int], frames: Sequence[tuple[int, int, int, int]], body: bytes = b"\x4c\x01") -> bytes:
    """A GIF by hand: frames at left, top, of width and height, each with the one LZW block *body*."""
    head = b"GIF89a" + struct.pack("<HHBBB", *canvas, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    block = b"\x02" + bytes([len(body)]) + body + b"\0"
    return head + b"".join(b"\x2c" + struct.pack("<HHHHB", *frame, 0) + block for frame in frames) + b"\x3b"


def spliced_gif(pictures: Sequence[bytes]) -> bytes:
    """The first of *pictures*, GIFs of one frame and the same palette, and behind it the frames of the others."""
    starts = [picture.index(b"\x2c\0\0\0\0") for picture in pictures]
    frames = [picture[start:-1] for picture, start in zip(pictures, starts, strict=True)]
    return pictures[0][: starts[0]] + b"".join(frames) + b"\x3b"
