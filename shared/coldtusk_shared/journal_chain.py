"""The hash chain of a device's journal, which both halves compute.

The device appends; the host recomputes the heads from the entry hashes of each receipt and so sees
that nothing was cut, forked or rolled back.
"""

import hashlib
from collections.abc import Iterable
from functools import reduce

_ENTRY = b"coldtusk/journal-entry/v1\0"
_GENESIS = b"coldtusk/journal-genesis/v1\0"
_CHAIN = b"coldtusk/journal-chain/v1\0"


def genesis(device_public_key: bytes) -> bytes:
    """The head before the first entry, of the device with this Ed25519 key (32 bytes)."""
    return hashlib.sha256(_GENESIS + device_public_key).digest()


def entry_hash(body: bytes) -> bytes:
    """The hash of one entry's plain body."""
    return hashlib.sha256(_ENTRY + body).digest()


def following(head: bytes, entry: bytes) -> bytes:
    """The head after the entry whose hash is *entry*."""
    return hashlib.sha256(_CHAIN + head + entry).digest()


def replay(head: bytes, entries: Iterable[bytes]) -> bytes:
    """The head after all *entries* (hashes, in order)."""
    return reduce(following, entries, head)
