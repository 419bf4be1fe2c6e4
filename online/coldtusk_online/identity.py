"""The host's identity: the one private key of the online half.

It seals requests and cards, so that a device knows which host asked; it can move no money. Whoever steals
it can ask a device, whose review and journal still stand in between (SECURITY, what the online half holds).
"""

from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coldtusk_shared import cbor, files
from coldtusk_shared.envelope import key_id
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.file_errors import place
from coldtusk_shared.file_system import OS_FILES, FileSystem

MALFORMED = Code("identity.malformed", "put this host's identity file back from a backup, or `init` anew and pair")

_VERSION = 1
_SEED_BYTES = 32
_FILE_BYTES = 64


class HostIdentity:
    """An Ed25519 key that signs envelopes (:class:`coldtusk_shared.envelope.Signer`). Its repr names the key only."""

    __slots__ = ("_key", "_public_key")

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._public_key = self._key.public_key().public_bytes_raw()

    def __repr__(self) -> str:
        return f"HostIdentity({key_id(self._public_key).hex()})"

    @property
    def public_key(self) -> bytes:
        """32 bytes."""
        return self._public_key

    def sign(self, data: bytes) -> bytes:
        """The 64-byte Ed25519 signature of *data*."""
        return self._key.sign(data)


def create(path: Path, random: Callable[[int], bytes], fs: FileSystem = OS_FILES) -> HostIdentity:
    """A new identity, stored in the new file *path* (mode 0600). *random* is the operating system's source."""
    seed = random(_SEED_BYTES)
    files.write_new(path, cbor.encode({1: _VERSION, 2: seed}), fs)
    return HostIdentity(seed)


def load(path: Path, fs: FileSystem = OS_FILES) -> HostIdentity:
    """The identity in the file *path*.

    :raises BadInput: ``identity.malformed``, and what :func:`files.read_input` raises.
    """
    data = files.read_input(path, _FILE_BYTES, fs)
    try:
        value = cbor.decode(data)
    except BadInput as error:
        raise BadInput(MALFORMED, "this is no identity file", where=place(path)) from error
    match value:
        case {1: 1, 2: bytes() as seed, **rest} if not rest and len(seed) == _SEED_BYTES:
            return HostIdentity(seed)
    raise BadInput(MALFORMED, "this is no identity file of version 1", where=place(path))
