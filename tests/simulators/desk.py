"""A device for tests: vault and journal in a folder or a simulated medium, one account a network."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from coldtusk_offline import home as homes
from coldtusk_offline import vault
from coldtusk_offline.contents import Account, Host, Raw
from coldtusk_offline.device import Device
from coldtusk_offline.home import Home
from coldtusk_offline.kdf import Cost, Profile, argon2id
from coldtusk_offline.keys import PrivateKey, account_of
from coldtusk_offline.secret import Secret
from coldtusk_offline.vault import Means
from coldtusk_shared.file_system import OS_FILES, FileSystem
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.network import Network
from tests.simulators.host import TestHost

PASSPHRASE = Secret(b"correct horse battery staple")


@cache
def _derived(passphrase: bytes, salt: bytes, cost: Cost) -> bytes:
    return argon2id(Secret(passphrase), salt, cost).reveal()


def caching_kdf(passphrase: Secret, salt: bytes, cost: Cost) -> Secret:
    """Argon2id, computed once for the same input: tests open the same vault many times."""
    return Secret(_derived(passphrase.reveal(), salt, cost))


class CountingRandom:
    """A random source that is the same in every run."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, size: int) -> bytes:
        """The count, then zeros."""
        self._count += 1
        return self._count.to_bytes(4) + bytes(size - 4) if size > 4 else self._count.to_bytes(size)


def fixed_means(fs: FileSystem = OS_FILES) -> Means:
    """Means that never wait, and that give the same keys in every run."""
    return Means(fs=fs, kdf=caching_kdf, random=CountingRandom(), sleep=lambda _seconds: None)


def account(network: Network, label: str, number: int) -> Account:
    """The account of a fixed raw key."""
    return account_of(PrivateKey.of(Secret(number.to_bytes(32))), network, label, Raw())


TREASURY = account(Network.DEFI, "treasury", 11)
SAVINGS = account(Network.MAIN, "savings", 12)
PAYEE = Address(bytes.fromhex("34dd616f729b41a463ca877186d898af87260d00"))


@dataclass(frozen=True)
class Desk:
    """A folder with a device in it, and a host that is paired with it."""

    home: Home
    means: Means
    host: TestHost

    @property
    def treasury(self) -> Address:
        """The account of the defi network."""
        return Address(TREASURY.address)

    @property
    def savings(self) -> Address:
        """The account of the main network."""
        return Address(SAVINGS.address)

    def open(self) -> AbstractContextManager[Device]:
        """The device, opened."""
        return homes.opened(self.home, PASSPHRASE, self.means)


def make_desk(folder: Path, fs: FileSystem = OS_FILES) -> Desk:
    """A new device in *folder* with two accounts and one pinned host."""
    desk = Desk(Home(folder / "device"), fixed_means(fs), TestHost())
    homes.create(desk.home, PASSPHRASE, "cold-1", "operator", Profile.FLOOR, desk.means)
    held = vault.unlock(desk.home.vault, PASSPHRASE, means=desk.means)
    paired = Host(desk.host.signer.public_key, "ops-laptop", 1_795_000_000)
    held.update(replace(held.contents, accounts=(TREASURY, SAVINGS), hosts=(paired,)))
    with desk.open():
        pass
    return desk
