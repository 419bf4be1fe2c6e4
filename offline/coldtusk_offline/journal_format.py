"""The journal's bytes on the medium: a header, then one sealed record an entry.

Header: ``"coldtusk-journal" | u32 version | 16-byte vault id``. Record: ``u32 length | 4-byte check |
12-byte nonce | ciphertext | 0xFF``; *length* counts nonce and ciphertext, big-endian. The AEAD is
ChaCha20-Poly1305; its associated data are ``domain | vault id | u64 sequence | head before``.

The check is a hash over length and head before, so that a damaged length never passes as a record cut
short and takes the records behind it along. The last byte is never zero, so that a whole record never
passes as one whose end was lost to zeros.
"""

import hashlib
from dataclasses import dataclass
from enum import Enum
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from coldtusk_offline.secret import Secret
from coldtusk_shared import limits

MAGIC: Final = b"coldtusk-journal"
FORMAT_VERSION: Final = 1
NONCE_BYTES: Final = 12
HEADER_BYTES: Final = len(MAGIC) + 4 + 16
FRAME_BYTES: Final = 8
"""Length and check."""
_TAG_BYTES = 16
_END: Final = b"\xff"
_RECORD_DOMAIN = b"coldtusk/journal-record/v1\0"
_LENGTH_DOMAIN = b"coldtusk/journal-length/v1\0"
_MOST: Final = limits.JOURNAL_RECORD_BYTES + NONCE_BYTES + _TAG_BYTES
LARGEST_RECORD: Final = FRAME_BYTES + _MOST + len(_END)


class Tail(Enum):
    """What can stand where a whole record should."""

    TORN = "a record whose write was cut short: never synced, so nothing of it ever left the device"
    DAMAGED = "bytes that no interrupted write explains"


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals and opens the records of one vault's journal."""

    key: Secret
    vault_id: bytes

    def seal(self, body: bytes, seq: int, head: bytes, nonce: bytes) -> bytes:
        """The whole record of entry *seq*, after *head*."""
        sealed = nonce + self._aead().encrypt(nonce, body, self._data(seq, head))
        return _frame(len(sealed), head) + sealed + _END

    def open(self, sealed: bytes, seq: int, head: bytes) -> bytes | None:
        """The body of *sealed* (nonce and ciphertext), or nothing when it is not authentic in this place."""
        try:
            return self._aead().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._data(seq, head))
        except InvalidTag:
            return None

    def _aead(self) -> ChaCha20Poly1305:
        return ChaCha20Poly1305(self.key.reveal())

    def _data(self, seq: int, head: bytes) -> bytes:
        return _RECORD_DOMAIN + self.vault_id + seq.to_bytes(8) + head


def header(vault_id: bytes) -> bytes:
    """The first bytes of the file."""
    return MAGIC + FORMAT_VERSION.to_bytes(4) + vault_id


def body_length(frame: bytes, head: bytes) -> int | None:
    """How many bytes of nonce and ciphertext follow *frame*, or nothing when the frame is not authentic."""
    length = int.from_bytes(frame[:4])
    if not NONCE_BYTES + _TAG_BYTES <= length <= _MOST or frame != _frame(length, head):
        return None
    return length


def record_length(sealed_length: int) -> int:
    """The length of a record, from its frame to its last byte."""
    return FRAME_BYTES + sealed_length + len(_END)


def is_ended(read: bytes) -> bool:
    """Whether *read* ends as a record does."""
    return read.endswith(_END)


def judge(rest: bytes, head: bytes) -> Tail:
    """What the *rest* of the file is, when it is not one or more whole records.

    Torn is what an append that was never synced can leave (``tests/simulators/crash_fs.py`` has the
    model): a beginning of the record, or a beginning and then zeros, and nothing behind it. File systems
    that write the data before the length (ext4 as it comes) leave nothing else. *rest* may be cut off
    after ``LARGEST_RECORD + 1`` bytes.
    """
    if len(rest) < FRAME_BYTES:
        return Tail.TORN
    length = body_length(rest[:FRAME_BYTES], head)
    if length is None:
        cut_in_frame = len(rest) <= LARGEST_RECORD and not rest[FRAME_BYTES - 1 :].strip(b"\0")
        return Tail.TORN if cut_in_frame else Tail.DAMAGED
    whole = record_length(length)
    zeros_at_end = len(rest) == whole and rest.endswith(b"\0")
    return Tail.TORN if len(rest) < whole or zeros_at_end else Tail.DAMAGED


def _frame(length: int, head: bytes) -> bytes:
    field = length.to_bytes(4)
    return field + hashlib.sha256(_LENGTH_DOMAIN + head + field).digest()[:4]
