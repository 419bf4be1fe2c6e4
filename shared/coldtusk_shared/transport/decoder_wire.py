"""What the parent and the decoder child say to each other: one job, one reply, never two ahead. Big-endian.

A job is kind, width, height, length and so many bytes; a reply is kind, length and so many bytes.
"""

import struct
from enum import IntEnum
from typing import Final

from coldtusk_shared import limits

JOB: Final = struct.Struct(">BIII")
REPLY: Final = struct.Struct(">BI")
_CODE: Final = struct.Struct(">H")
REPLY_BYTES: Final = limits.CODES_A_FRAME * (_CODE.size + limits.CODE_BYTES)
"""The longest body of a reply."""
JOB_BYTES: Final = max(limits.PICTURE_BYTES, limits.PICTURE_PIXELS)
"""The longest body of a job."""


class Job(IntEnum):
    """What the child is asked."""

    LUMA = 1
    """Find the codes in a plane of width times height bytes."""
    PICTURE = 2
    """Take a picture file, and find the codes in its first frame; width and height are 0."""
    NEXT = 3
    """Find the codes in the next frame of that picture; there are no bytes."""


class Reply(IntEnum):
    """What it answers."""

    READY = 1
    """Said once, when it has locked itself in and loaded the decoders."""
    CODES = 2
    """One frame's codes."""
    END = 3
    """The picture has no further frame."""
    UNREADABLE = 4
    """The picture cannot be read, or not to its end; the one byte of the body is a :class:`Reason`."""


class Reason(IntEnum):
    """Why a picture is not read."""

    FORMAT = 1
    PIXELS = 2
    DAMAGED = 3


def fits(width: int, height: int) -> bool:
    """Whether a frame of *width* by *height* pixels is read."""
    sides = min(width, height) > 0 and max(width, height) <= limits.PICTURE_SIDE
    return sides and width * height <= limits.PICTURE_PIXELS


def pack_codes(codes: list[bytes]) -> bytes:
    """The body of CODES: each payload behind its length."""
    return b"".join(_CODE.pack(len(code)) + code for code in codes)


def unpack_reply(number: int, body: bytes) -> list[bytes] | Reason | Reply:
    """What a reply says: one frame's payloads, a reason, or its bare kind. ValueError when it says nothing."""
    kind = Reply(number)
    if kind is Reply.CODES:
        return _unpack_codes(body)
    if kind is Reply.UNREADABLE and len(body) == 1:
        return Reason(body[0])
    if kind is Reply.UNREADABLE or body:
        raise ValueError("the body is not one of this kind")
    return kind


def _unpack_codes(body: bytes) -> list[bytes]:
    codes: list[bytes] = []
    at = 0
    while at < len(body):
        start = at + _CODE.size
        length = int.from_bytes(body[at:start], "big")
        if not 0 < length <= len(body) - start or length > limits.CODE_BYTES:
            raise ValueError("a payload of no possible length")
        codes.append(body[start : start + length])
        at = start + length
    return codes
