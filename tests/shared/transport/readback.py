"""Symbols read back by zxing-cpp, payloads that text-minded libraries mangle, and frames of a fixed message."""

import hashlib
import zlib

import zxingcpp

from coldtusk_shared.transport.symbol import Matrix, capacity, matrix

VERSIONS = (1, 10, 20, 25, 40)

PATTERNS = {
    "all byte values": bytes(range(256)),
    "all byte values, downwards": bytes(range(255, -1, -1)),
    "NULs": b"\x00",
    "ones": b"\xff",
    "digits": b"0123456789",
    "a NUL in text": b"abc\x00def\xc3\xa9",
}
"""Repeated until a symbol is full."""

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_FRAME_HEADER = 19


def payload(pattern: str, version: int) -> bytes:
    """As many bytes as a symbol of *version* holds."""
    return (PATTERNS[pattern] * capacity(version))[: capacity(version)]


def symbols(version: int) -> list[Matrix]:
    """One full symbol a pattern."""
    return [matrix(payload(pattern, version), version) for pattern in PATTERNS]


def read(luma: bytes, width: int) -> list[bytes]:
    """The payloads of the codes in a plane of one byte a pixel."""
    plane = memoryview(luma).cast("B", (len(luma) // width, width))
    return [code.bytes for code in zxingcpp.read_barcodes(plane, formats=_QR, try_invert=False)]


def golden_message(version: int) -> bytes:
    """A fixed message of three full frames."""
    return hashlib.shake_256(b"golden pictures").digest(3 * (capacity(version) - _FRAME_HEADER) - 32)


def golden_frames(version: int) -> list[bytes]:
    """Its frames, built here by the words of format 1."""
    message = golden_message(version)
    size = capacity(version) - _FRAME_HEADER
    coded = message + hashlib.sha256(message).digest()
    return [_frame(message, number, coded[number * size :][:size]) for number in range(3)]


def _frame(message: bytes, number: int, fragment: bytes) -> bytes:
    head = b"\xc1" + hashlib.sha256(message).digest()[:8] + len(message).to_bytes(3, "big") + number.to_bytes(3, "big")
    return head + zlib.crc32(head + fragment).to_bytes(4, "big") + fragment
