"""What a hostile or broken display can put before a camera, for tests: frames of any kind, with right checksums."""

import hashlib
import zlib


def forged(message_id: bytes, length: int, sequence: int, fragment: bytes) -> bytes:
    """A frame whose header says whatever it says."""
    head = b"\xc1" + message_id + length.to_bytes(3) + sequence.to_bytes(3)
    return head + zlib.crc32(head + fragment).to_bytes(4) + fragment


def poisoned(frame: bytes) -> bytes:
    """*frame* with its first data byte changed and the checksum made right again."""
    return forged(
        frame[1:9], int.from_bytes(frame[9:12]), int.from_bytes(frame[12:15]), bytes([frame[19] ^ 1]) + frame[20:]
    )


def flooding(number: int, sequence: int = 0) -> bytes:
    """A frame of the bogus message *number*: each has an id of its own, and seven fragments of 20 bytes."""
    return forged(hashlib.sha256(number.to_bytes(8)).digest()[:8], 100, sequence, sequence.to_bytes(20))
