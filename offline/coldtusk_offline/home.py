"""Where a device keeps its files, how they are made, and how they are opened together."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from coldtusk_offline import contents as vault_contents
from coldtusk_offline import entries, selfcheck, software, vault
from coldtusk_offline.contents import Account, Host, VaultContents
from coldtusk_offline.device import Device
from coldtusk_offline.entries import AccountEntry, Change, PairingEntry, ServiceEntry
from coldtusk_offline.history import History
from coldtusk_offline.journal import Journal
from coldtusk_offline.kdf import Profile
from coldtusk_offline.secret import Secret
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.vault import REAL, Means, OpenVault
from coldtusk_shared import files
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.file_system import Kind

NO_JOURNAL = Code(
    "journal.missing", "sign nothing: put the journal back beside the vault, or restore both from one backup"
)
NO_VAULT = Code("vault.missing", "run `coldtusk-offline init` first, or name the right folder with --home")
VAULT_EXISTS = Code("vault.exists", "use it, or name another folder with --home")
LEFTOVER = Code("journal.leftover", "put its vault back beside it, or name another folder with --home")

_JOURNAL = "journal"
_SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one device."""

    path: Path

    @classmethod
    def default(cls) -> "Home":
        """Where the platform keeps a user's data (XDG base directories)."""
        base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
        return cls(Path(base) / "coldtusk-offline")

    @property
    def vault(self) -> Path:
        """The vault file."""
        return self.path / "vault"

    @property
    def journal(self) -> Path:
        """The journal file."""
        return self.path / "journal"


def create(home: Home, passphrase: Secret, label: str, operator: str, profile: Profile, means: Means = REAL) -> None:
    """Make a new device: its identity, its vault, its empty journal."""
    selfcheck.require()
    files.private_folder(home.path, means.fs)
    with files.exclusive(home.path, means.fs):
        if _holds_something(home.journal, means):
            raise Refused(LEFTOVER, "a journal stands there without its vault", where=str(home.journal))
        _remove_empty(home.vault, means)
        first = VaultContents(device_seed=Secret(means.random(_SEED_BYTES)), label=label)
        made = vault.create(home.vault, passphrase, operator, profile, first, means=means)
        _create_journal(home, made, means)


@contextmanager
def opened(home: Home, passphrase: Secret, means: Means = REAL) -> Iterator[Device]:
    """The device in *home*, self-checked and unlocked, for this process alone while the context lasts."""
    selfcheck.require()
    require_vault(home, means)
    files.private_folder(home.path, means.fs)
    with files.exclusive(home.path, means.fs):
        held = vault.unlock(home.vault, passphrase, means=means)
        journal = _open_journal(home, held, means)
        yield Device(held, journal, History.of(journal.entries()), software.digest())


def has_vault(home: Home, means: Means = REAL) -> bool:
    """Whether a vault stands in *home*."""
    return _holds_something(home.vault, means)


def require_vault(home: Home, means: Means = REAL) -> None:
    """Refuse to go on without a vault: better before a passphrase is asked for."""
    if not has_vault(home, means):
        raise Refused(NO_VAULT, "there is no vault", where=str(home.path))


def add_account(device: Device, account: Account, contents: VaultContents) -> None:
    """Record *account* in the journal, then keep *contents*, which hold it."""
    entry = AccountEntry(account.network.value, account.address, account.label)
    _change(device, entries.encode(entry), contents)


def keep_service(device: Device, account: ServiceAccount, change: Change) -> None:
    """Record what became of *account* in the journal, then keep it: enrolled, or in place of the one with its key."""
    held = device.vault.contents
    others = tuple(one for one in held.services if change is Change.ENROLLED or one.key != account.key)
    kept = others if change is Change.REMOVED else (*others, account)
    digest = hashlib.sha256(account.settings).digest()
    entry = ServiceEntry(change, account.system, account.account, account.label, digest)
    _change(device, entries.encode(entry), replace(held, services=kept))


def pin_host(device: Device, host: Host) -> None:
    """Record *host* in the journal, then pin its key."""
    held = device.vault.contents
    entry = PairingEntry(host.public_key, host.label)
    _change(device, entries.encode(entry), replace(held, hosts=(*held.hosts, host)))


def _change(device: Device, entry: bytes, contents: VaultContents) -> None:
    vault_contents.check(contents)
    vault_contents.decode(vault_contents.encode(contents))  # what the vault cannot keep is not recorded either
    device.journal.append(entry)
    device.vault.update(contents)


def _open_journal(home: Home, held: OpenVault, means: Means) -> Journal:
    files.remove_stale(home.journal, means.fs)  # what is left of making it would be a second name of it
    if _holds_something(home.journal, means):
        key, device_key = held.derive(_JOURNAL), held.identity.public_key
        return Journal.open(home.journal, key, held.vault_id, device_key, fs=means.fs)
    if held.generation > 1:
        raise Refused(NO_JOURNAL, "the vault was used, and its journal is gone", where=str(home.journal))
    return _create_journal(home, held, means)  # a crash came between the vault and its journal


def _create_journal(home: Home, held: OpenVault, means: Means) -> Journal:
    _remove_empty(home.journal, means)
    key, device_key = held.derive(_JOURNAL), held.identity.public_key
    return Journal.create(home.journal, key, held.vault_id, device_key, fs=means.fs)


def _holds_something(path: Path, means: Means) -> bool:
    """Whether there is more at *path* than the empty file that a crash leaves on a FAT stick (:mod:`files`)."""
    return files.exists(path, means.fs) and not _is_empty(path, means)


def _remove_empty(path: Path, means: Means) -> None:
    if files.exists(path, means.fs) and _is_empty(path, means):
        files.remove(path, means.fs)


def _is_empty(path: Path, means: Means) -> bool:
    found = means.fs.look(path)
    return found.kind is Kind.FILE and not found.size
