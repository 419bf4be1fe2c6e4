"""The one-time keys of requests whose results hold a secret: one file a request, in a folder of this user alone.

A device encrypts what it releases to the key that the request carries. So the secret is read neither on the way (in
files, in pictures of codes) nor in the ledger, which keeps the ciphertext, nor in a backup of either. The key is never
in the ledger; it is removed as soon as every call of its request is sent or settled.

It does not protect from who reads this user's files or this process while a request is under way: then key and
ciphertext are both in reach. And a file that is removed is not wiped: a medium may keep its bytes for a while.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from coldtusk_shared import cbor, files, released
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.file_errors import place
from coldtusk_shared.file_system import OS_FILES, FileSystem
from coldtusk_shared.request import PaymentId, RequestId

MISSING = Code("reply-key.missing", "make a new request with --again: the answer of this one cannot be opened any more")
MALFORMED = Code("reply-key.malformed", "make a new request with --again: the key of this one was damaged")

_VERSION = 1
_FILE_BYTES = 64


@dataclass(frozen=True, slots=True)
class ReplyKeys:
    """The keys in *folder*, which is made when the first one is."""

    folder: Path
    fs: FileSystem = OS_FILES

    def make(self, request: RequestId, random: Callable[[int], bytes]) -> bytes:
        """A new key for *request*, on disk (mode 0600) when this returns; the public half, 32 bytes."""
        private = random(released.KEY_BYTES)
        files.private_folder(self.folder, self.fs)
        files.write_new(self._file(request), cbor.encode({1: _VERSION, 2: private}), self.fs)
        return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()

    def holds(self, request: RequestId) -> bool:
        """Whether the key of *request* is here."""
        return files.exists(self._file(request), self.fs)

    def open_(self, request: RequestId, digest: bytes, payment: PaymentId, sealed: tuple[bytes, bytes]) -> bytes:
        """What was *sealed* (encapsulated key, ciphertext) to the key of *request* for *payment*.

        :raises Refused: ``reply-key.missing``. :raises BadInput: ``reply-key.malformed``, ``released.not-opened``.
        """
        return released.open_(self._private(request), *sealed, digest, payment)

    def drop(self, request: RequestId) -> None:
        """Remove the key of *request*, if it is here."""
        if self.holds(request):
            files.remove(self._file(request), self.fs)

    def _private(self, request: RequestId) -> bytes:
        path = self._file(request)
        if not self.holds(request):
            raise Refused(MISSING, f"the one-time key of request {request.hex()} is not here", where=place(path))
        try:
            value = cbor.decode(files.read_input(path, _FILE_BYTES, self.fs))
        except BadInput as error:
            raise BadInput(MALFORMED, "this is no file of a one-time key", where=place(path)) from error
        match value:
            case {1: 1, 2: bytes() as private, **rest} if not rest and len(private) == released.KEY_BYTES:
                return private
        raise BadInput(MALFORMED, "this is no one-time key of version 1", where=place(path))

    def _file(self, request: RequestId) -> Path:
        return self.folder / request.hex()
