"""One frame, format 1: header, checksum, fragment. The exact bytes are fixed in ``docs/adr/0011``.

The checksum finds accidents, it authenticates nothing: a frame is only ever a claim. What a message is worth is said by
its own hash (``fountain``) and then by its envelope.
"""

import struct
import zlib
from dataclasses import dataclass
from enum import Enum, auto
from typing import NewType

from coldtusk_shared import limits

MessageId = NewType("MessageId", bytes)
"""The first 8 bytes of the message's SHA-256."""

HEADER_BYTES = 19
ID_BYTES = 8
DIGEST_BYTES = 32
"""The SHA-256 that follows the message in the coded text."""

_FORMAT = 0xC1
_CHECKED_HEAD = 15
_CHECKSUM = struct.Struct(">I")


class Flaw(Enum):
    """Why bytes are no frame."""

    FOREIGN = auto()
    """Not of this format, or past a cap: another code in the picture, another version."""
    DAMAGED = auto()
    """Of this format, but the checksum is wrong."""


@dataclass(frozen=True, slots=True)
class FrameSet:
    """What all frames of one message share: its id, its length in bytes, the length of each fragment."""

    id: MessageId
    length: int
    fragment_bytes: int

    @property
    def fragments(self) -> int:
        """How many fragments message and digest take, and so how many independent frames."""
        return fragments(self.length, self.fragment_bytes)


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of *of*. A sequence below ``of.fragments`` is that fragment itself, a later one a combination."""

    of: FrameSet
    sequence: int
    fragment: bytes


def fragments(length: int, fragment_bytes: int) -> int:
    """The fragments of *fragment_bytes* that a message of *length* bytes takes with its digest."""
    return -(-(length + DIGEST_BYTES) // fragment_bytes)


def build(frame: Frame) -> bytes:
    """The bytes of *frame*."""
    of = frame.of
    head = bytes([_FORMAT]) + of.id + of.length.to_bytes(3) + frame.sequence.to_bytes(3)
    checksum = zlib.crc32(frame.fragment, zlib.crc32(head))
    return head + _CHECKSUM.pack(checksum) + frame.fragment


def parse(data: bytes) -> Frame | Flaw:
    """The frame in *data*, whatever the bytes are. Every cap is checked before anything is made of them."""
    if not HEADER_BYTES < len(data) <= limits.CODE_BYTES or data[0] != _FORMAT:
        return Flaw.FOREIGN
    of = FrameSet(MessageId(data[1:9]), int.from_bytes(data[9:12]), len(data) - HEADER_BYTES)
    sequence = int.from_bytes(data[12:15])
    if not _within_caps(of, sequence):
        return Flaw.FOREIGN
    fragment = data[HEADER_BYTES:]
    if _CHECKSUM.unpack_from(data, _CHECKED_HEAD)[0] != zlib.crc32(fragment, zlib.crc32(data[:_CHECKED_HEAD])):
        return Flaw.DAMAGED
    return Frame(of, sequence, fragment)


def _within_caps(of: FrameSet, sequence: int) -> bool:
    """Length and count are possible, and a message that fits one frame has no other."""
    if not 1 <= of.length <= limits.MESSAGE_BYTES or of.fragments > limits.FRAGMENTS:
        return False
    return of.fragments > 1 or sequence == 0
