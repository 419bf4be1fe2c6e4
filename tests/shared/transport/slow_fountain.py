"""The frames of docs/adr/0011 once more, slow and obvious: lists of numbers, polynomials multiplied bit by bit.

Nothing of Coldtusk is imported here. What it has in common with the code under test is the page alone.
"""

import hashlib


def multiply(left: int, right: int) -> int:
    """Two polynomials over GF(2), modulo x^8 + x^4 + x^3 + x^2 + 1."""
    product = 0
    for power in range(8):
        if right >> power & 1:
            product ^= left << power
    for power in range(14, 7, -1):
        if product >> power & 1:
            product ^= 0x11D << (power - 8)
    return product


def inverse(element: int) -> int:
    """The one number that gives 1."""
    return next(other for other in range(256) if multiply(element, other) == 1)


def checksum(data: bytes) -> bytes:
    """CRC-32 as in Ethernet and PNG (ISO-HDLC), bit by bit."""
    register = 0xFFFFFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (0xEDB88320 if register & 1 else 0)
    return (register ^ 0xFFFFFFFF).to_bytes(4, "big")


def fragments_of(message: bytes, size: int) -> list[bytes]:
    """Message, digest, zeros, in pieces of *size* bytes."""
    text = message + hashlib.sha256(message).digest()
    while len(text) % size:
        text += b"\0"
    return [text[start : start + size] for start in range(0, len(text), size)]


def weights_of(message_id: bytes, sequence: int, count: int) -> list[int]:
    """What each of *count* fragments is multiplied by in the frame with the number *sequence*."""
    if sequence < count:
        return [int(place == sequence) for place in range(count)]
    shake = hashlib.shake_128()
    shake.update(b"coldtusk/fountain/v1")
    shake.update(b"\0")
    shake.update(message_id)
    shake.update(bytes([sequence >> 16, sequence >> 8 & 255, sequence & 255]))
    return list(shake.digest(count))


def frame(message: bytes, size: int, sequence: int) -> bytes:
    """The frame with the number *sequence*, its fragment *size* bytes long."""
    pieces = fragments_of(message, size)
    message_id = hashlib.sha256(message).digest()[:8]
    total = [0] * size
    for weight, piece in zip(weights_of(message_id, sequence, len(pieces)), pieces, strict=True):
        total = [one ^ multiply(weight, other) for one, other in zip(total, piece, strict=True)]
    head = b"\xc1" + message_id + len(message).to_bytes(3, "big") + sequence.to_bytes(3, "big")
    return head + checksum(head + bytes(total)) + bytes(total)


def solve(frames: list[bytes]) -> bytes | None:
    """The message of *frames*, which are honest and of one message; None while some are missing."""
    size, length = len(frames[0]) - 19, int.from_bytes(frames[0][9:12], "big")
    count = (length + 32 + size - 1) // size
    rows = [[*weights_of(one[1:9], int.from_bytes(one[12:15], "big"), count), *one[19:]] for one in frames]
    for column in range(count):
        pivot = next((row for row in rows[column:] if row[column]), None)
        if pivot is None:
            return None
        rows.remove(pivot)
        factor = inverse(pivot[column])
        pivot = [multiply(factor, number) for number in pivot]
        rows = [_without(row, pivot, row[column]) for row in rows]
        rows.insert(column, pivot)
    return b"".join(bytes(row[count:]) for row in rows[:count])[:length]


def _without(row: list[int], pivot: list[int], factor: int) -> list[int]:
    return [one ^ multiply(factor, other) for one, other in zip(row, pivot, strict=True)]
