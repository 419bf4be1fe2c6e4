"""Making, opening and changing the vault.

Call all of it under the lock of the vault's folder (:func:`coldtusk_shared.files.exclusive`).
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from coldtusk_offline import attempts, vault_format
from coldtusk_offline import contents as vault_contents
from coldtusk_offline.contents import VaultContents
from coldtusk_offline.kdf import KEY_BYTES, SALT_BYTES, Kdf, Profile, argon2id, check_cost
from coldtusk_offline.secret import Secret
from coldtusk_offline.signer import Signer
from coldtusk_offline.vault_format import DAMAGED, NONCE_BYTES, Header, Share, VaultFile
from coldtusk_shared import cbor, files, limits
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.file_errors import place
from coldtusk_shared.file_system import OS_FILES, FileSystem
from coldtusk_shared.mapreader import MapReader
from coldtusk_shared.text import check_label

PASSPHRASE = Code("vault.passphrase", "type the passphrase again; each wrong one makes the next wait longer")
CHANGED = Code("vault.changed", "another process wrote the vault: open it again")

_BODY_KEY = b"coldtusk/vault-body-key/v1\0"
_PURPOSE = b"coldtusk/derived-key/v1\0"


@dataclass(frozen=True, slots=True)
class Means:
    """What the vault works with: the medium, the key derivation, the random source, the waiting."""

    fs: FileSystem = OS_FILES
    kdf: Kdf = argon2id
    random: Callable[[int], bytes] = os.urandom
    sleep: Callable[[float], None] = time.sleep


REAL: Final = Means()
"""The device's own means."""


class OpenVault:
    """A vault whose keys are in memory: what it holds, who it signs as, and how it changes."""

    __slots__ = ("_data", "_file", "_key", "_means", "_path", "contents", "identity", "operator")

    contents: VaultContents
    identity: Signer
    """The device's identity."""
    operator: Signer
    """The approval key of the operator who opened it."""

    def __init__(self, path: Path, data: bytes, key: Secret, operator: Signer, means: Means) -> None:
        self._path = path
        self._data = data
        self._file = vault_format.decode(data)
        self._key: Secret | None = key
        self._means = means
        self.contents = _open_body(self._file, key)
        self.identity = Signer(self.contents.device_seed)
        self.operator = operator

    @property
    def vault_id(self) -> bytes:
        """16 random bytes, for life."""
        return self._file.header.vault_id

    @property
    def generation(self) -> int:
        """1 for a new vault, one more with every :meth:`update`."""
        return self._file.header.generation

    @property
    def operator_label(self) -> str:
        """The name of the operator who opened it."""
        return self._file.header.shares[0].label

    def derive(self, purpose: str) -> Secret:
        """A key of 32 bytes for *purpose* ("journal"), always the same for this vault."""
        return _derive(self._open_key(), self.vault_id, _PURPOSE + purpose.encode())

    def update(self, changed: VaultContents) -> None:
        """Make *changed* the contents, durably: after a crash the file holds the old or the new.

        Raises :class:`Refused` for what stands twice and when another process wrote the file, and what
        :func:`files.replace` raises; then this vault keeps the old contents.
        """
        if changed.device_seed != self.contents.device_seed:
            raise RuntimeError("a device keeps its identity for life")
        key = self._open_key()
        vault_contents.check(changed)
        if files.read_input(self._path, limits.VAULT_BYTES, self._means.fs) != self._data:
            raise Refused(CHANGED, "the file is not the one that was opened", where=place(self._path))
        header = replace(self._file.header, generation=self.generation + 1)
        data = _seal_body(header, key, changed, self._means.random)
        after = OpenVault(self._path, data, key, self.operator, self._means)
        files.replace(self._path, data, self._means.fs)
        self._data, self._file, self.contents = after._data, after._file, after.contents

    def close(self) -> None:
        """Let go of the vault key; this object opens, derives and changes nothing any more."""
        self._key = None
        del self.contents, self.identity, self.operator

    def __repr__(self) -> str:
        return f"<vault {self.vault_id.hex()[:8]}, generation {self.generation}>"

    def _open_key(self) -> Secret:
        if self._key is None:
            raise RuntimeError("the vault is closed")
        return self._key


def create(
    path: Path,
    passphrase: Secret,
    operator_label: str,
    profile: Profile,
    first: VaultContents,
    *,
    means: Means = REAL,
) -> OpenVault:
    """Write a new vault of one operator that holds *first*, never over an existing file, and open it.

    *passphrase* comes from :func:`coldtusk_offline.passphrase.chosen`.
    """
    check_label(operator_label, "operator label")
    vault_contents.check(first)
    random = _checked(means.random)
    key, operator_seed = Secret(random(KEY_BYTES)), Secret(random(KEY_BYTES))
    blank = Share(operator_label, profile.value, random(SALT_BYTES), random(NONCE_BYTES), b"")
    header = Header(random(vault_format.VAULT_ID_BYTES), threshold=1, generation=1, shares=(blank,))
    plain = cbor.encode({1: key.reveal(), 2: operator_seed.reveal()})
    share_key = means.kdf(passphrase, blank.salt, blank.cost)
    sealed = ChaCha20Poly1305(share_key.reveal()).encrypt(blank.nonce, plain, vault_format.share_data(header, 0))
    header = replace(header, shares=(replace(blank, sealed=sealed),))
    data = _seal_body(header, key, first, random)
    made = OpenVault(path, data, key, Signer(operator_seed), means)
    files.write_new(path, data, means.fs)
    return made


def unlock(path: Path, passphrase: Secret, *, means: Means = REAL) -> OpenVault:
    """Open the vault *path*: waits as :mod:`coldtusk_offline.attempts` says, then tries *passphrase*.

    Raises :class:`Refused` for a wrong passphrase (which an altered share cannot be told from),
    :class:`BadInput` for a file that is no vault, altered, or of a cost outside the limits.
    """
    data = files.read_input(path, limits.VAULT_BYTES, means.fs)
    header = vault_format.decode(data).header
    check_cost(header.shares[0].cost)
    files.remove_stale(path, means.fs)
    counter = attempts_path(path)
    # This also syncs the folder, so that a vault that a killed process has just renamed stays after a power cut.
    means.sleep(attempts.begin(counter, means.fs))
    key, operator_seed = _open_share(header, passphrase, means.kdf)
    attempts.clear(counter, means.fs)
    return OpenVault(path, data, key, Signer(operator_seed), means)


def attempts_path(path: Path) -> Path:
    """The file that counts wrong passphrases for the vault *path*."""
    return path.with_name(f"{path.name}.attempts")


def _open_share(header: Header, passphrase: Secret, kdf: Kdf) -> tuple[Secret, Secret]:
    share = header.shares[0]
    share_key = kdf(passphrase, share.salt, share.cost)
    try:
        aead = ChaCha20Poly1305(share_key.reveal())
        plain = aead.decrypt(share.nonce, share.sealed, vault_format.share_data(header, 0))
    except InvalidTag:
        raise Refused(PASSPHRASE, "the passphrase is wrong, or the vault was altered") from None
    reader = MapReader(cbor.decode(plain), "share")
    return Secret(reader.octets(1, "key", KEY_BYTES)), Secret(reader.octets(2, "operator", KEY_BYTES))


def _seal_body(header: Header, key: Secret, held: VaultContents, random: Callable[[int], bytes]) -> bytes:
    nonce = _checked(random)(NONCE_BYTES)
    aead = ChaCha20Poly1305(_body_key(header, key).reveal())
    body = aead.encrypt(nonce, vault_contents.encode(held), vault_format.body_data(header))
    return vault_format.encode(VaultFile(header, nonce, body))


def _open_body(vault: VaultFile, key: Secret) -> VaultContents:
    aead = ChaCha20Poly1305(_body_key(vault.header, key).reveal())
    try:
        plain = aead.decrypt(vault.nonce, vault.body, vault_format.body_data(vault.header))
    except InvalidTag:
        raise BadInput(DAMAGED, "the vault was altered") from None
    return vault_contents.decode(plain)


def _body_key(header: Header, key: Secret) -> Secret:
    return _derive(key, header.vault_id, _BODY_KEY)


def _derive(key: Secret, vault_id: bytes, info: bytes) -> Secret:
    return Secret(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=vault_id, info=info).derive(key.reveal()))


def _checked(random: Callable[[int], bytes]) -> Callable[[int], bytes]:
    def exactly(size: int) -> bytes:
        found = random(size)
        if len(found) != size:
            raise RuntimeError("the random source gave too little")
        return found

    return exactly
