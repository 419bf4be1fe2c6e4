"""A pulled plug, a full or failing medium at every durable step: the same command again, and the operator goes on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from coldtusk_offline import home as homes
from coldtusk_offline.answer import answer
from coldtusk_offline.contents import Account, Host
from coldtusk_offline.device import Device
from coldtusk_offline.home import Home
from coldtusk_offline.kdf import Profile
from coldtusk_shared import envelope, files, response
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.response import Signed
from coldtusk_shared.services.warthog.network import Network
from tests.offline.payments import code_of, give, sealed, transfer, under
from tests.simulators.crash_fs import CrashFs
from tests.simulators.crash_points import crash_points, fault_points, survivors
from tests.simulators.desk import PASSPHRASE, Desk, account, fixed_means, make_desk
from tests.simulators.host import TestHost
from tests.simulators.operator import ScriptedOperator

FOLDER = Path("/x")
STICK = Path("/stick")
OUT = STICK / "a.response"
LINKS = pytest.mark.parametrize("links", [True, False], ids=["ext4", "fat"])


@dataclass(frozen=True)
class Case:
    """A device on a medium, a request for it, and the same payment id with other content."""

    desk: Desk
    fs: CrashFs
    message: bytes
    changed: bytes

    def on(self, fs: CrashFs) -> Desk:
        """The same device on another medium."""
        return replace(self.desk, means=fixed_means(fs))

    def sign(self, fs: CrashFs) -> bytes:
        """What the command `sign` does behind its passphrase."""
        with self.on(fs).open() as device:
            given = answer(self.message, device, ScriptedOperator())
            files.write_new(OUT, given.message, fs)
        return given.message


@cache
def case(links: bool) -> Case:
    """A device that signed one payment already."""
    fs = CrashFs(links=links)
    fs.put(STICK / "other", b"x")
    desk = make_desk(FOLDER, fs)
    with desk.open() as device:
        give(device, sealed(desk, transfer(desk, 5, nonce_id=5)))
    payment = transfer(desk)
    return Case(desk, fs, sealed(desk, payment), sealed(desk, under(payment.payment_id, transfer(desk, 6))))


def entries_of(device: Device) -> list[bytes]:
    """The bodies in its journal."""
    return [entry.body for entry in device.journal.entries()]


def consistent(case: Case, fs: CrashFs, expected: bytes) -> None:
    """What must hold of the medium *fs*, whatever happened to it while the request was signed."""
    released = fs.tree().get(str(OUT))
    assert released in {None, expected} or (not fs.links and released == b"")
    with case.on(fs).open() as device:
        assert device.journal.seq == 2 or released != expected
        given, _ = give(device, case.message)
        if released is not None:
            files.remove(OUT, fs)
        files.write_new(OUT, given.message, fs)
        assert expected == given.message
        assert (2, 2) == (device.journal.seq, len(set(entries_of(device))))
        assert code_of(give, device, case.changed) == "payment.signed-otherwise"


def distinct(found: Iterable[CrashFs]) -> Iterator[CrashFs]:
    """Each medium once: those with the same names, lengths and zeros at the ends are one (nonces are random)."""
    seen = set()
    for fs in found:
        mark = tuple((name, data and (len(data), len(data.rstrip(b"\0")))) for name, data in fs.tree().items())
        if mark not in seen:
            seen.add(mark)
            yield fs


def states(point: CrashFs) -> Iterator[CrashFs]:
    """What the process sees, and what a crash may leave of it."""
    yield from survivors(point)
    yield point


@LINKS
def test_signing_after_a_crash_at_every_step(links: bool) -> None:
    """The same bytes again, one entry, nothing released that is not recorded, no half response."""
    it = case(links)
    expected = it.sign(it.fs.copy())
    states = [point.fs for point in crash_points(it.sign, it.fs)]
    for fs in distinct(states):
        consistent(it, fs, expected)
        with it.on(fs).open() as device:
            assert (expected, True) == ((given := give(device, it.message)[0]).message, given.again)
    assert len(states) > 30


@LINKS
def test_signing_after_a_failure_at_every_step(links: bool) -> None:
    """Full or failing, once or from there on: a code comes out, and the next try goes on; after a crash as well."""
    it = case(links)
    expected = it.sign(it.fs.copy())
    points = list(fault_points(it.sign, it.fs))
    assert all(point.error is None or isinstance(point.error, ColdtuskError) for point in points)
    for fs in distinct(fs for point in points for fs in states(point.fs)):
        consistent(it, fs, expected)


@LINKS
def test_answer_is_recorded_before_it_is_released(links: bool) -> None:
    """In every state that holds the response the journal holds the entry, durably: read by a fresh process."""
    it = case(links)
    expected = it.sign(it.fs.copy())
    seen = 0
    for point in crash_points(it.sign, it.fs):
        if point.fs.tree().get(str(OUT)) == expected:
            seen += 1
            with it.on(point.fs).open() as device:
                payload = envelope.read(it.message).payload
                assert payload in entries_of(device)[-1]
    assert seen


class TestInit:
    """Vault and journal come to life together."""

    def create(self, fs: CrashFs) -> None:
        """The command `init`."""
        homes.create(Home(FOLDER / "device"), PASSPHRASE, "cold-1", "op", Profile.FLOOR, fixed_means(fs))

    def start(self, links: bool) -> CrashFs:
        """An empty medium."""
        fs = CrashFs(links=links)
        fs.put(STICK / "other", b"x")
        return fs

    def goes_on(self, fs: CrashFs) -> None:
        """`init` again where there is no vault, else any command: then the device works."""
        home, means = Home(FOLDER / "device"), fixed_means(fs)
        if not homes.has_vault(home, means):
            self.create(fs)
        for _ in range(2):  # the second finds what the first left
            with homes.opened(home, PASSPHRASE, means) as device:
                assert (device.journal.seq, device.vault.generation) == (0, 1)
        assert {"vault", "journal"} == {Path(name).name for name in fs.tree() if name.startswith("/x/device/")}

    @LINKS
    def test_after_a_crash_at_every_step(self, links: bool) -> None:
        """Nothing or a vault; never one that refuses for ever."""
        for fs in distinct(point.fs for point in crash_points(self.create, self.start(links))):
            self.goes_on(fs)

    @LINKS
    def test_after_a_failure_at_every_step(self, links: bool) -> None:
        """With a code; then again with room."""
        points = list(fault_points(self.create, self.start(links)))
        assert all(point.error is None or isinstance(point.error, ColdtuskError) for point in points)
        for fs in distinct(fs for point in points for fs in states(point.fs)):
            self.goes_on(fs)


class Change:
    """A command that changes the vault: what it adds is kept once it was shown as kept."""

    def __init__(self, act: Callable[[Desk, Device], None], kept: Callable[[Device], bool]) -> None:
        self.act = act
        self.kept = kept

    def run(self, it: Case) -> Callable[[CrashFs], None]:
        """The command behind its passphrase, if the addition is not there yet."""

        def run(fs: CrashFs) -> None:
            with it.on(fs).open() as device:
                if not self.kept(device):
                    self.act(it.on(fs), device)

        return run


ADDED = account(Network.DEFI, "added", 13)
OFFICE = TestHost().signer.public_key[::-1]


def _add(_desk: Desk, device: Device) -> None:
    held = device.vault.contents
    homes.add_account(device, ADDED, replace(held, accounts=(*held.accounts, ADDED)))


def _pair(desk: Desk, device: Device) -> None:
    homes.pin_host(device, Host(OFFICE, "office", 0))


def _accounts(device: Device) -> tuple[Account, ...]:
    return device.vault.contents.accounts


CHANGES = {
    "account": Change(_add, lambda device: ADDED in _accounts(device)),
    "pair": Change(_pair, lambda device: OFFICE in device.pinned.values()),
}


@pytest.mark.parametrize("name", CHANGES)
def test_change_of_the_vault_after_a_crash_at_every_step(name: str) -> None:
    """Old accounts, hosts and answers stay; the addition is there or is made by the same command again."""
    change, it = CHANGES[name], case(True)
    run = change.run(it)
    for fs in distinct(point.fs for point in crash_points(run, it.fs)):
        _goes_on(it, change, fs)
    done = it.fs.copy()
    run(done)
    for fs in survivors(done):
        with it.on(fs).open() as device:
            assert change.kept(device)


@pytest.mark.parametrize("name", CHANGES)
def test_change_of_the_vault_after_a_failure_at_every_step(name: str) -> None:
    """What was said to be kept is kept; what failed can be done again."""
    change, it = CHANGES[name], case(True)
    points = list(fault_points(change.run(it), it.fs))
    assert all(point.error is None or isinstance(point.error, ColdtuskError) for point in points)
    for fs in distinct(fs for point in points if point.error is None for fs in states(point.fs)):
        with it.on(fs).open() as device:
            assert change.kept(device)
    for fs in distinct(fs for point in points for fs in states(point.fs)):
        _goes_on(it, change, fs)


def _goes_on(it: Case, change: Change, fs: CrashFs) -> None:
    with it.on(fs).open() as device:
        assert device.journal.seq == 2 or not change.kept(device)  # recorded before it is kept
        if not change.kept(device):
            change.act(it.on(fs), device)
        assert change.kept(device)
        assert {"treasury", "savings"} <= {one.label for one in _accounts(device)}
        assert it.desk.host.signer.public_key in device.pinned.values()
        given, _ = give(device, it.message)
        [result] = response.parse(envelope.read(given.message).payload).results
        assert isinstance(result, Signed)
