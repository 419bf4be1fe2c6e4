"""A message as an endless row of frames: a systematic random linear fountain over GF(256).

First come the fragments themselves, then random combinations of all of them. Whoever has as many independent frames as
there are fragments has the message, whichever they are: the surplus is 0.004 frames on average (facts: transport, "Many
frames"). The exact bytes are fixed in ``docs/adr/0011``.
"""

import hashlib
from collections.abc import Iterator
from itertools import repeat

from coldtusk_shared import limits
from coldtusk_shared.transport import gf256
from coldtusk_shared.transport.frame import (
    DIGEST_BYTES,
    HEADER_BYTES,
    ID_BYTES,
    Frame,
    FrameSet,
    MessageId,
    build,
    fragments,
)

SEQUENCES = 1 << 24
"""The sequence numbers that there are: at 11 frames a second they last 17 days."""

_DOMAIN = b"coldtusk/fountain/v1\0"


class Encoder:
    """The frames of one message, for symbols that hold *capacity* bytes: header and fragment."""

    def __init__(self, message: bytes, capacity: int) -> None:
        self._of = split(message, capacity)
        text = coded_text(message, self._of)
        size = self._of.fragment_bytes
        self._fragments = [text[at : at + size] for at in range(0, len(text), size)]
        self._rows = [int.from_bytes(fragment) for fragment in self._fragments]

    @property
    def fragments(self) -> int:
        """How many fragments there are, and so how many frames a reader needs; with 1 there is one static code."""
        return len(self._fragments)

    def frame(self, sequence: int) -> bytes:
        """The frame with the number *sequence*: 0 if there is one fragment, else below ``SEQUENCES``."""
        if not 0 <= sequence < (SEQUENCES if self.fragments > 1 else 1):
            raise RuntimeError(f"no frame {sequence} of {self.fragments} fragments")
        return build(Frame(self._of, sequence, self._fragment(sequence)))

    def frames(self, start: int = 0) -> Iterator[bytes]:
        """All frames from *start* on; of a message that fits one, that one again and again."""
        if self.fragments == 1:
            return repeat(self.frame(0))
        return map(self.frame, range(start, SEQUENCES))

    def _fragment(self, sequence: int) -> bytes:
        if sequence < self.fragments:
            return self._fragments[sequence]
        size = self._of.fragment_bytes
        return gf256.weighted_sum(self._rows, coefficients(self._of, sequence), size).to_bytes(size)


def smallest_capacity(length: int) -> int:
    """The bytes that a symbol must hold for a message of *length* bytes: it takes ``limits.FRAGMENTS`` at most."""
    _check_length(length)
    return HEADER_BYTES + -(-(length + DIGEST_BYTES) // limits.FRAGMENTS)


def split(message: bytes, capacity: int) -> FrameSet:
    """How *message* is cut for symbols of *capacity* bytes: as few fragments as possible, each as short as possible."""
    if not smallest_capacity(len(message)) <= capacity <= limits.CODE_BYTES:
        raise RuntimeError(f"symbols of {capacity} bytes for a message of {len(message)}")
    count = fragments(len(message), capacity - HEADER_BYTES)
    return FrameSet(message_id(message), len(message), -(-(len(message) + DIGEST_BYTES) // count))


def message_id(message: bytes) -> MessageId:
    """What tells the frames of *message* from those of others."""
    return MessageId(hashlib.sha256(message).digest()[:ID_BYTES])


def coded_text(message: bytes, of: FrameSet) -> bytes:
    """*message*, its SHA-256 and zeros up to a whole number of fragments."""
    return (message + hashlib.sha256(message).digest()).ljust(of.fragments * of.fragment_bytes, b"\0")


def coefficients(of: FrameSet, sequence: int) -> bytes:
    """The weight of each fragment in the combination with the number *sequence*."""
    seed = _DOMAIN + of.id + sequence.to_bytes(3)
    return hashlib.shake_128(seed).digest(of.fragments)


def _check_length(length: int) -> None:
    if not 1 <= length <= limits.MESSAGE_BYTES:
        raise RuntimeError(f"a message of {length} bytes")
