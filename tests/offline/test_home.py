"""A device's folder: made, opened and changed as one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coldtusk_offline import entries, vault
from coldtusk_offline import home as homes
from coldtusk_offline.contents import Host, VaultContents
from coldtusk_offline.device import Device
from coldtusk_offline.entries import AccountEntry, PairingEntry
from coldtusk_offline.home import Home
from coldtusk_offline.kdf import Profile
from coldtusk_offline.secret import Secret
from coldtusk_shared import files
from coldtusk_shared.envelope import key_id
from coldtusk_shared.file_system import Kind
from coldtusk_shared.request import JournalHead
from coldtusk_shared.services.warthog.network import Network
from tests.offline.payments import code_of
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import PASSPHRASE, TREASURY, Desk, account, fixed_means, make_desk

OFFICE = Host(b"o" * 32, "office", 0)


@pytest.fixture
def desk() -> Desk:
    """A device on a simulated medium."""
    return make_desk(Path("/x"), CrashFs())


@pytest.fixture
def device(desk: Desk) -> Iterator[Device]:
    """The device, opened."""
    with desk.open() as opened:
        yield opened


def _open(desk: Desk, passphrase: Secret = PASSPHRASE) -> None:
    with homes.opened(desk.home, passphrase, desk.means):
        pass


class TestPlace:
    """Where it is."""

    def test_default_is_the_platforms(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """XDG_DATA_HOME, or .local/share at home."""
        monkeypatch.setenv("XDG_DATA_HOME", "/data")
        assert Home.default() == Home(Path("/data/coldtusk-offline"))
        monkeypatch.delenv("XDG_DATA_HOME")
        monkeypatch.setenv("HOME", "/op")
        assert Home.default() == Home(Path("/op/.local/share/coldtusk-offline"))

    def test_holds_two_files(self) -> None:
        """And the count of wrong passphrases, while there is one."""
        home = Home(Path("/x"))
        assert (Path("/x/vault"), Path("/x/journal")) == (home.vault, home.journal)

    def test_is_private(self, tmp_path: Path) -> None:
        """Nobody else reaches the folder or its files; a folder that others reach is refused."""
        desk = make_desk(tmp_path)
        assert 0o700 == desk.home.path.stat().st_mode & 0o777
        assert {0o600} == {path.stat().st_mode & 0o777 for path in desk.home.path.iterdir()}
        desk.home.path.chmod(0o750)
        assert code_of(_open, desk) == "file.not-private"


class TestMaking:
    """``init``."""

    def test_gives_an_empty_device(self) -> None:
        """An identity of its own, no account, an empty journal."""
        home, means = Home(Path("/x/device")), fixed_means(CrashFs())
        homes.create(home, PASSPHRASE, "cold-1", "alice", Profile.FLOOR, means)
        with homes.opened(home, PASSPHRASE, means) as device:
            seed = device.vault.contents.device_seed
            assert VaultContents(device_seed=seed, label="cold-1") == device.vault.contents
            assert (0, {}, "alice") == (device.journal.seq, device.pinned, device.vault.operator_label)
            assert JournalHead(0, device.journal.head) == device.head

    def test_never_over_another(self, desk: Desk) -> None:
        """Not over a vault, nor beside a journal that lost its own."""
        fs = desk.means.fs
        arguments = (desk.home, PASSPHRASE, "cold-2", "alice", Profile.FLOOR, desk.means)
        assert code_of(homes.create, *arguments) == "journal.leftover"
        fs.remove(desk.home.journal)
        assert code_of(homes.create, *arguments) == "file.exists"
        held = vault.unlock(desk.home.vault, PASSPHRASE, means=desk.means)
        assert held.contents.label == "cold-1"


class TestOpening:
    """Behind the passphrase."""

    def test_one_process_at_a_time(self, desk: Desk, device: Device) -> None:
        """The second is told so; after the first, it opens."""
        assert device.journal.seq == 0
        assert code_of(_open, desk) == "file.busy"

    def test_wrong_passphrase_opens_nothing(self, desk: Desk) -> None:
        """And is counted."""
        assert code_of(_open, desk, Secret(b"wrong")) == "vault.passphrase"
        assert files.exists(vault.attempts_path(desk.home.vault), desk.means.fs)
        _open(desk)
        assert not files.exists(vault.attempts_path(desk.home.vault), desk.means.fs)

    def test_without_a_vault(self) -> None:
        """Nothing is made by opening."""
        fs = CrashFs()
        assert code_of(homes.require_vault, Home(Path("/x")), fixed_means(fs)) == "vault.missing"
        assert fs.steps == []

    def test_used_vault_needs_its_journal(self, desk: Desk) -> None:
        """A new vault does not: it was never used."""
        desk.means.fs.remove(desk.home.journal)
        assert code_of(_open, desk) == "journal.missing"

    def test_journal_must_be_a_file(self, desk: Desk) -> None:
        """A link in its place is not followed, and is no empty journal that could be made anew."""
        fs = desk.means.fs
        assert isinstance(fs, CrashFs)
        fs.put_special(desk.home.journal, Kind.LINK)
        assert code_of(_open, desk) == "file.is-link"

    def test_link_to_a_vault_is_refused(self, tmp_path: Path) -> None:
        """Links are not followed."""
        desk = make_desk(tmp_path)
        moved = tmp_path / "elsewhere"
        desk.home.vault.rename(moved)
        desk.home.vault.symlink_to(moved)
        assert code_of(_open, desk) == "file.is-link"
        assert moved == desk.home.vault.readlink()


class TestChanges:
    """Recorded first, then kept."""

    def test_account_is_recorded_and_kept(self, desk: Desk) -> None:
        """One entry that names it, without its key."""
        added = account(Network.MAIN, "added", 13)
        with desk.open() as device:
            held = device.vault.contents
            homes.add_account(device, added, replace(held, accounts=(*held.accounts, added)))
        with desk.open() as device:
            [entry] = device.journal.entries()
            assert AccountEntry("main", added.address, "added") == entries.parse(entry.body)
            assert added.private_key.reveal() not in entry.body
            assert added in device.vault.contents.accounts

    def test_host_is_recorded_and_pinned(self, desk: Desk) -> None:
        """By its key."""
        with desk.open() as device:
            homes.pin_host(device, OFFICE)
        with desk.open() as device:
            [entry] = device.journal.entries()
            assert PairingEntry(OFFICE.public_key, "office") == entries.parse(entry.body)
            assert OFFICE.public_key == device.pinned[key_id(OFFICE.public_key)]

    def test_what_stands_twice_is_neither(self, device: Device) -> None:
        """Label, address, key: nothing is recorded of what the vault refuses."""
        held = device.vault.contents
        for added in (replace(TREASURY, label="other"), replace(TREASURY, address=bytes(20))):
            contents = replace(held, accounts=(*held.accounts, added))
            assert code_of(homes.add_account, device, added, contents) == "vault.twice"
        for host in (replace(held.hosts[0], label="other"), replace(held.hosts[0], public_key=bytes(32))):
            assert code_of(homes.pin_host, device, host) == "vault.twice"
        assert (0, held) == (device.journal.seq, device.vault.contents)

    def test_what_the_vault_could_not_read_again_is_neither(self, device: Device) -> None:
        """A name with blanks at its end would lock the vault for ever."""
        assert code_of(homes.pin_host, device, replace(OFFICE, label="office ")) == "vault.contents"
        assert 0 == device.journal.seq
        homes.pin_host(device, OFFICE)
        assert 1 == device.journal.seq
