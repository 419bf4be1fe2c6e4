"""A reader of frames, written from the text of ``docs/adr/0011`` alone. It imports nothing of Coldtusk and is slow.

Arithmetic, elimination and layout share nothing with the product: products by shifting, rows as lists of numbers.
"""

import hashlib
import zlib
from dataclasses import dataclass, field

MOST_BYTES, MOST_FRAGMENTS = 1_048_576, 2_048


def product(left: int, right: int) -> int:
    """In GF(256), polynomial 0x11D."""
    total = 0
    while right:
        if right & 1:
            total ^= left
        left <<= 1
        if left & 0x100:
            left ^= 0x11D
        right >>= 1
    return total


def quotient(one: int) -> int:
    """What gives 1 when multiplied with *one*."""
    return next(other for other in range(1, 256) if product(one, other) == 1)


def weights(message_id: bytes, sequence: int, count: int) -> list[int]:
    """c_0 to c_(k-1) of the frame with this number."""
    if sequence < count:
        return [int(place == sequence) for place in range(count)]
    seed = b"coldtusk/fountain/v1" + b"\x00" + message_id + sequence.to_bytes(3, "big")
    return list(hashlib.shake_128(seed).digest(count))


@dataclass
class OneMessage:
    """The rows of one set of frames: weights, then the bytes of the fragment."""

    message_id: bytes
    length: int
    size: int
    rows: dict[int, list[int]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """K, the fragments of the coded text."""
        return -(-(self.length + 32) // self.size)

    def add(self, sequence: int, fragment: bytes) -> None:
        """Clear the leading weights that other rows have; what is left over is a row of its own, or nothing new."""
        row = weights(self.message_id, sequence, self.count) + list(fragment)
        for place in range(self.count):
            if not row[place]:
                continue
            if place not in self.rows:
                scale = quotient(row[place])
                self.rows[place] = [product(scale, value) for value in row]
                return
            scale = row[place]
            row = [value ^ product(scale, other) for value, other in zip(row, self.rows[place], strict=True)]

    def message(self) -> bytes | None:
        """The message, once there are k independent rows and all of the coded text is right."""
        if len(self.rows) < self.count:
            return None
        for place in reversed(range(self.count)):
            for above in range(place):
                if scale := self.rows[above][place]:
                    pairs = zip(self.rows[above], self.rows[place], strict=True)
                    self.rows[above] = [value ^ product(scale, other) for value, other in pairs]
        text = b"".join(bytes(self.rows[place][self.count :]) for place in range(self.count))
        found, digest, zeros = text[: self.length], text[self.length :][:32], text[self.length + 32 :]
        right = hashlib.sha256(found).digest() == digest and digest[:8] == self.message_id and not any(zeros)
        return found if right else None


class AdrReader:
    """Takes frames of any messages in any order."""

    def __init__(self) -> None:
        self.sets: dict[tuple[bytes, int, int], OneMessage] = {}

    def take(self, frame: bytes) -> bytes | None:
        """The message that *frame* completes, if it does."""
        if not 20 <= len(frame) <= 2_953 or frame[0] != 0xC1:
            return None
        if zlib.crc32(frame[:15] + frame[19:]) != int.from_bytes(frame[15:19], "big"):
            return None
        message_id, length = frame[1:9], int.from_bytes(frame[9:12], "big")
        sequence = int.from_bytes(frame[12:15], "big")
        fragment = frame[19:]
        one = OneMessage(message_id, length, len(fragment))
        if not 1 <= length <= MOST_BYTES or one.count > MOST_FRAGMENTS or (one.count == 1 and sequence):
            return None
        one = self.sets.setdefault((message_id, length, len(fragment)), one)
        one.add(sequence, fragment)
        return one.message()
