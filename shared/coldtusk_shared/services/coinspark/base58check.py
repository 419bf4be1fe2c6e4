"""Base58Check: how bitcoin addresses are written, with a checksum of four bytes."""

import hashlib

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BASE = len(ALPHABET)
_CHECKSUM_BYTES = 4
_ADDRESS_BYTES = 25


def decode(text: str) -> bytes | None:
    """The version byte and the 20 bytes of the hash that *text* writes, or None if it is no address.

    *text* has characters of the alphabet only. What :func:`encode` would write otherwise is none either.
    """
    value = 0
    for character in text:
        value = value * BASE + ALPHABET.index(character)
    if value >> 8 * _ADDRESS_BYTES:
        return None
    payload = value.to_bytes(_ADDRESS_BYTES)[:-_CHECKSUM_BYTES]
    return payload if encode(payload) == text else None


def encode(payload: bytes) -> str:
    """*payload* (a version byte and a hash) with its checksum, as text; each zero byte in front is a "1"."""
    data = payload + _checksum(payload)
    value, digits = int.from_bytes(data), ""
    while value:
        value, digit = divmod(value, BASE)
        digits = ALPHABET[digit] + digits
    return ALPHABET[0] * (len(data) - len(data.lstrip(b"\0"))) + digits


def _checksum(payload: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:_CHECKSUM_BYTES]
