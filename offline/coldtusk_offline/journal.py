"""The journal: append-only, hash-chained (:mod:`coldtusk_shared.journal_chain`), sealed on the medium.

What was appended is on the medium before :meth:`Journal.append` returns, so before a signature leaves.
Call all of it under the lock of the journal's folder (:func:`coldtusk_shared.files.exclusive`).
"""

import hmac
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coldtusk_offline import journal_format
from coldtusk_offline.journal_format import FRAME_BYTES, HEADER_BYTES, NONCE_BYTES, Sealer, Tail
from coldtusk_offline.secret import Secret
from coldtusk_shared import file_errors, files, journal_chain, limits
from coldtusk_shared.errors import BadInput, Code, Outside, Refused
from coldtusk_shared.file_errors import place
from coldtusk_shared.file_system import OS_FILES, FileSystem

NOT_A_JOURNAL = Code("journal.not-a-journal", "put the journal of this vault back in its place")
VERSION = Code("journal.version", "use the version of Coldtusk that wrote the journal")
OTHER_VAULT = Code("journal.other-vault", "put the journal of this vault back in its place")
DAMAGED = Code("journal.damaged", "sign nothing more with this device: compare the paper log, and restore a backup")
FORK = Code("journal.fork", "stop: the host knows a history that this device does not have; compare the paper log")
TOO_LONG_APART = Code("journal.too-far-behind", "pair the host again: it missed more answers than one receipt can name")
ENTRY_TOO_LARGE = Code("journal.entry-too-large", "split the request")
FULL = Code("journal.full", "start a new vault: this journal has reached its largest size")
STOPPED = Code("journal.stopped", "the medium failed while the journal was written: check it, then start again")


@dataclass(frozen=True, slots=True)
class Appended:
    """Where an entry stands: *seq* from 1, and the head after it (32 bytes)."""

    seq: int
    head: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it was appended."""

    seq: int
    body: bytes
    head: bytes
    """The head after it."""


@dataclass(frozen=True, slots=True)
class _Record:
    offset: int
    sealed_length: int
    entry_hash: bytes
    head: bytes
    """The head after it."""


class Journal:
    """The journal of one vault. :meth:`create` and :meth:`open` make it."""

    __slots__ = ("_end", "_fs", "_genesis", "_path", "_random", "_records", "_sealer", "_stopped")

    def __init__(
        self, path: Path, sealer: Sealer, genesis: bytes, fs: FileSystem, random: Callable[[int], bytes]
    ) -> None:
        self._path = path
        self._sealer = sealer
        self._genesis = genesis
        self._fs = fs
        self._random = random
        self._records: list[_Record] = []
        self._end = HEADER_BYTES
        self._stopped = False

    @classmethod
    def create(
        cls, path: Path, key: Secret, vault_id: bytes, device_public_key: bytes, *, fs: FileSystem = OS_FILES
    ) -> "Journal":
        """Write a new, empty journal, never over an existing file. *key* is ``vault.derive("journal")``."""
        files.write_new(path, journal_format.header(vault_id), fs)
        return cls.open(path, key, vault_id, device_public_key, fs=fs)

    @classmethod
    def open(
        cls,
        path: Path,
        key: Secret,
        vault_id: bytes,
        device_public_key: bytes,
        *,
        fs: FileSystem = OS_FILES,
        random: Callable[[int], bytes] = os.urandom,
    ) -> "Journal":
        """Read and authenticate the whole journal *path*; a torn last record is dropped.

        Raises :class:`BadInput` when the file is not this vault's journal or was altered, and what
        :func:`files.read_input` raises for a path that is no file.
        """
        genesis = journal_chain.genesis(device_public_key)
        journal = cls(path, Sealer(key, vault_id), genesis, fs, random)
        journal._load()
        return journal

    @property
    def seq(self) -> int:
        """The number of entries."""
        return len(self._records)

    @property
    def head(self) -> bytes:
        """The head after the last entry, or the genesis head."""
        return self.head_at(self.seq)

    def head_at(self, seq: int) -> bytes:
        """The head after entry *seq*; 0 is the genesis head."""
        return self._records[seq - 1].head if seq else self._genesis

    def append(self, body: bytes) -> Appended:
        """Seal *body* as the next entry; it is on the medium when this returns.

        When it raises, the journal is as it was before; if even that could not be had, every further
        append is refused until the journal is opened again, which sorts it out.
        """
        if self._stopped:
            raise Refused(STOPPED, "the last write could not be taken back", where=place(self._path))
        if len(body) > limits.JOURNAL_RECORD_BYTES:
            raise Refused(ENTRY_TOO_LARGE, f"{len(body)} bytes, the most is {limits.JOURNAL_RECORD_BYTES}")
        record = self._sealer.seal(body, self.seq + 1, self.head, self._nonce())
        if self._end + len(record) > limits.JOURNAL_BYTES:
            raise Refused(FULL, f"{self._end} bytes are full", where=place(self._path))
        self._write(record)
        self._take(body, len(record) - journal_format.record_length(0))
        return Appended(self.seq, self.head)

    def entries(self) -> Iterator[Entry]:
        """All entries in order, read from the medium and authenticated again: one at a time in memory."""
        with file_errors.explained(self._path, file_errors.READING):
            handle = self._fs.open_read(self._path)
        with files.opened(handle, self._fs):
            for index, record in enumerate(self._records):
                yield self._entry(handle, index + 1, record)

    def segment(self, since_seq: int, since_head: bytes) -> list[bytes]:
        """The hashes of the entries after *since_seq*, for a host whose last known head was *since_head*.

        Raises :class:`Refused` when that head is not ours: somebody forked or rolled back this journal,
        or the host is lied to.
        """
        if not 0 <= since_seq <= self.seq or not hmac.compare_digest(self.head_at(since_seq), since_head):
            raise Refused(FORK, f"the host's head at entry {since_seq} is not in this journal of {self.seq} entries")
        missing = self._records[since_seq:]
        if len(missing) > limits.CHAIN_SEGMENT:
            raise Refused(TOO_LONG_APART, f"the host knows nothing of the last {len(missing)} entries")
        return [record.entry_hash for record in missing]

    def hashes(self, after: int, upto: int) -> tuple[bytes, ...]:
        """The hashes of the entries behind *after* up to and with *upto*."""
        return tuple(record.entry_hash for record in self._records[after:upto])

    def __repr__(self) -> str:
        return f"<journal of {self.seq} entries, head {self.head.hex()[:16]}>"

    def _load(self) -> None:
        with file_errors.explained(self._path, file_errors.CHANGING):
            handle = self._fs.open_write(self._path)
        with file_errors.explained(self._path, file_errors.CHANGING), files.opened(handle, self._fs):
            size = self._checked_size(handle)
            # A killed process may have left a record, or the file's name, that is not yet on the medium. It
            # must be before it is answered from.
            self._fs.sync(handle)
            self._fs.sync_folder(self._path.parent)
            self._check_header(files.read_at(handle, HEADER_BYTES, 0, self._fs))
            while self._end < size and self._load_record(handle, size):
                pass
        if self._end < size:
            files.truncate(self._path, self._end, self._fs)

    def _checked_size(self, handle: int) -> int:
        found = self._fs.status(handle)
        files.check_input(found, self._path, limits.JOURNAL_BYTES)
        return found.size

    def _check_header(self, found: bytes) -> None:
        expected = journal_format.header(self._sealer.vault_id)
        where = place(self._path)
        version_at = len(journal_format.MAGIC)
        version = found[version_at : version_at + 4]
        if len(found) != HEADER_BYTES or not found.startswith(journal_format.MAGIC):
            raise BadInput(NOT_A_JOURNAL, "this is not a Coldtusk journal", where=where)
        if version != expected[version_at : version_at + 4]:
            what = f"format version {int.from_bytes(version)}; this Coldtusk knows {journal_format.FORMAT_VERSION}"
            raise BadInput(VERSION, what, where=where)
        if found != expected:
            raise BadInput(OTHER_VAULT, "this journal belongs to another vault", where=where)

    def _load_record(self, handle: int, size: int) -> bool:
        """Take the record at the end of what is known; false when it is a torn one."""
        frame = files.read_at(handle, FRAME_BYTES, self._end, self._fs)
        length = journal_format.body_length(frame, self.head)
        if length is not None and self._end + journal_format.record_length(length) <= size:
            body = self._read_body(handle, self._end, length, self.seq + 1)
            if body is not None:
                self._take(body, length)
                return True
        rest = files.read_at(handle, journal_format.LARGEST_RECORD + 1, self._end, self._fs)
        if journal_format.judge(rest, self.head) is Tail.DAMAGED:
            raise self._damaged(self.seq + 1)
        return False

    def _read_body(self, handle: int, offset: int, length: int, seq: int) -> bytes | None:
        read = files.read_at(handle, length + 1, offset + FRAME_BYTES, self._fs)
        if not journal_format.is_ended(read):
            return None
        return self._sealer.open(read[:length], seq, self.head_at(seq - 1))

    def _take(self, body: bytes, sealed_length: int) -> None:
        entry = journal_chain.entry_hash(body)
        head = journal_chain.following(self.head, entry)
        self._records.append(_Record(self._end, sealed_length, entry, head))
        self._end += journal_format.record_length(sealed_length)

    def _entry(self, handle: int, seq: int, record: _Record) -> Entry:
        with file_errors.explained(self._path, file_errors.READING):
            body = self._read_body(handle, record.offset, record.sealed_length, seq)
        if body is None or journal_chain.entry_hash(body) != record.entry_hash:
            raise self._damaged(seq)
        return Entry(seq, body, record.head)

    def _write(self, record: bytes) -> None:
        try:
            files.append(self._path, record, self._end, self._fs)
        except Outside as error:
            self._stopped = error.code in (file_errors.UNRESTORED, file_errors.CHANGED)
            raise

    def _nonce(self) -> bytes:
        nonce = self._random(NONCE_BYTES)
        if len(nonce) != NONCE_BYTES:
            raise RuntimeError("the random source gave too little")
        return nonce

    def _damaged(self, seq: int) -> BadInput:
        return BadInput(DAMAGED, f"entry {seq} is not authentic", where=place(self._path))
