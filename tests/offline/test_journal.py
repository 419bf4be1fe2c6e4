"""The journal: what was appended comes back; what was torn, cut, moved or altered is found."""

import errno
import hashlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_offline import journal_format
from coldtusk_offline.journal import Appended, Entry, Journal
from coldtusk_offline.secret import Secret
from coldtusk_shared import file_errors, journal_chain, limits
from coldtusk_shared.errors import BadInput, ColdtuskError, Outside, Refused
from tests.simulators.crash_fs import CrashFs, Fault
from tests.simulators.crash_points import crash_points, fault_points, survivors

PATH = Path("/home/journal")
KEY = Secret(b"\x07" * 32)
VAULT_ID = bytes(range(16))
DEVICE = b"\x09" * 32
BODIES = (b"first", b"", b"third " * 40, b"\0" * 50)


def _empty() -> CrashFs:
    fs = CrashFs()
    fs.put(Path("/home/vault"), b"vault")
    return fs


def _open(fs: CrashFs, key: Secret = KEY, vault_id: bytes = VAULT_ID, device: bytes = DEVICE) -> Journal:
    return Journal.open(PATH, key, vault_id, device, fs=fs, random=Random(5).randbytes)


def _create(fs: CrashFs) -> Journal:
    return Journal.create(PATH, KEY, VAULT_ID, DEVICE, fs=fs)


def _with(*bodies: bytes) -> CrashFs:
    fs = _empty()
    _create(fs)
    journal = _open(fs)
    for body in bodies:
        journal.append(body)
    return fs


def _data(fs: CrashFs) -> bytes:
    return fs.tree()[str(PATH)] or b""


def _bodies(fs: CrashFs) -> tuple[bytes, ...]:
    return tuple(entry.body for entry in _open(fs).entries())


def _code(act: Callable[..., object], *arguments: Any) -> str:
    with pytest.raises(ColdtuskError) as caught:
        act(*arguments)
    return caught.value.code.name


def _changed(data: bytes) -> CrashFs:
    fs = _empty()
    fs.put(PATH, data)
    return fs


def _ends() -> list[int]:
    """Where the header and each of the records of BODIES end."""
    return [len(_data(_with(*BODIES[:count]))) for count in range(len(BODIES) + 1)]


class TestKeeping:
    """What was appended comes back."""

    def test_gives_back_what_was_appended(self) -> None:
        """In order, with the chain of the shared half, by the formulas written out here."""
        entries = list(_open(_with(*BODIES)).entries())
        assert tuple(entry.body for entry in entries) == BODIES
        assert [entry.seq for entry in entries] == [1, 2, 3, 4]
        head = hashlib.sha256(b"coldtusk/journal-genesis/v1\0" + DEVICE).digest()
        for entry in entries:
            hashed = hashlib.sha256(b"coldtusk/journal-entry/v1\0" + entry.body).digest()
            head = hashlib.sha256(b"coldtusk/journal-chain/v1\0" + head + hashed).digest()
            assert entry.head == head

    def test_works_on_the_real_file_system(self, tmp_path: Path) -> None:
        """Made, written, opened again; mode 0600 and nothing beside it."""
        made = Journal.create(tmp_path / "journal", KEY, VAULT_ID, DEVICE)
        appended = made.append(b"entry")
        opened = Journal.open(tmp_path / "journal", KEY, VAULT_ID, DEVICE)
        assert appended == Appended(1, opened.head)
        assert list(opened.entries()) == [Entry(1, b"entry", opened.head)]
        assert [path.name for path in tmp_path.iterdir()] == ["journal"]

    def test_starts_with_the_genesis_head(self) -> None:
        """Of the device's key."""
        journal = _create(_empty())
        assert (journal.seq, journal.head) == (0, journal_chain.genesis(DEVICE))
        assert journal.segment(0, journal.head) == []

    def test_gives_the_hashes_between_two_entries(self) -> None:
        """Behind the first, up to and with the second."""
        journal = _open(_with(*BODIES))
        assert journal.hashes(1, 3) == tuple(journal.segment(1, journal.head_at(1))[:2])

    def test_is_never_made_over_another(self) -> None:
        """Not even over an empty one."""
        assert _code(_create, _with()) == "file.exists"

    def test_shows_nothing_on_the_medium(self) -> None:
        """Bodies are sealed, equal ones differently."""
        data = _data(_with(b"secret payee", b"secret payee"))
        assert b"secret" not in data
        first, second = data[36:].split(b"\xff", 1) if data.count(b"\xff") == 2 else (data[36:85], data[85:])
        assert first != second

    @given(st.lists(st.binary(max_size=200), max_size=6))
    def test_keeps_any_bodies(self, bodies: list[bytes]) -> None:
        """Whatever they are."""
        assert _bodies(_with(*bodies)) == tuple(bodies)

    def test_takes_a_thousand_items(self) -> None:
        """200 kB in one entry."""
        assert _bodies(_with(b"x" * 200_000)) == (b"x" * 200_000,)

    def test_gives_no_entry_that_changed_after_opening(self) -> None:
        """It is authenticated again when it is read."""
        fs = _with(*BODIES)
        journal = _open(fs)
        data = _data(fs)
        handle = fs.open_write(PATH)
        fs.write(handle, bytes([data[60] ^ 1]), 60)
        with pytest.raises(BadInput) as caught:
            list(journal.entries())
        assert caught.value.code.name == "journal.damaged"


class TestSegments:
    """What a host is told."""

    def test_replays_to_the_head_from_every_known_entry(self) -> None:
        """The host computes the same head."""
        journal = _open(_with(*BODIES))
        for seq in range(len(BODIES) + 1):
            known = journal.head_at(seq)
            segment = journal.segment(seq, known)
            assert len(segment) == len(BODIES) - seq
            assert journal_chain.replay(known, segment) == journal.head

    def test_refuses_a_head_that_is_not_ours(self) -> None:
        """A fork, a rollback of the device, or a host that lies."""
        journal = _open(_with(*BODIES))
        assert _code(journal.segment, 2, journal.head_at(1)) == "journal.fork"
        assert _code(journal.segment, 5, journal.head) == "journal.fork"
        assert _code(journal.segment, 0, bytes(32)) == "journal.fork"
        assert _code(journal.segment, -1, journal.head) == "journal.fork"
        assert _code(_open(_with(*BODIES[:2])).segment, 4, journal.head) == "journal.fork"

    def test_caps_the_segment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A receipt names so many entries and no more."""
        monkeypatch.setattr(limits, "CHAIN_SEGMENT", 3)
        journal = _open(_with(*BODIES))
        assert len(journal.segment(1, journal.head_at(1))) == 3
        assert _code(journal.segment, 0, journal.head_at(0)) == "journal.too-far-behind"


class TestTampering:
    """Whatever is changed is found."""

    def test_every_changed_byte_is_refused(self) -> None:
        """With a code, wherever it stands: nothing is dropped silently."""
        data = _data(_with(*BODIES))
        for position in range(len(data)):
            for mask in (0x01, 0x80):
                fs = _changed(data[:position] + bytes([data[position] ^ mask]) + data[position + 1 :])
                with pytest.raises(BadInput) as caught:
                    _open(fs)
                assert caught.value.code.name.startswith("journal."), position
                assert len(_data(fs)) == len(data)

    def test_a_byte_set_to_zero_never_changes_an_entry(self) -> None:
        """At most the last record, whose end is gone, is taken for torn; no other entry is lost or altered."""
        data = _data(_with(*BODIES))
        for position in range(len(data)):
            fs = _changed(data[:position] + b"\0" + data[position + 1 :])
            try:
                found = _bodies(fs)
            except BadInput:
                continue
            assert found == BODIES or (position == len(data) - 1 and found == BODIES[:-1])

    def test_moved_doubled_and_removed_records_are_refused(self) -> None:
        """Each record fits into its own place only."""
        data = _data(_with(*BODIES))
        records = [data[start:end] for start, end in pairwise(_ends())]
        header = data[: _ends()[0]]
        a, b, c, d = records
        for wrong in ([b, a, c, d], [a, a, b, c, d], [a, c, d], [b, c, d], [a, b, d], [a, b, c, d, d], [a, b, c, c]):
            assert _code(_open, _changed(header + b"".join(wrong))) == "journal.damaged"

    def test_a_record_of_another_journal_is_refused(self) -> None:
        """The same key and sequence, another history."""
        ours, theirs = _data(_with(b"1", b"2")), _data(_with(b"x", b"2"))
        assert len(ours) == len(theirs)
        half = (len(ours) - journal_format.HEADER_BYTES) // 2 + journal_format.HEADER_BYTES
        assert _code(_open, _changed(ours[:half] + theirs[half:])) == "journal.damaged"

    def test_wrong_key_vault_or_device_is_refused(self) -> None:
        """Each of them is bound."""
        fs = _with(*BODIES)
        assert _code(_open, fs, Secret(bytes(32))) == "journal.damaged"
        assert _code(_open, fs, KEY, bytes(16)) == "journal.other-vault"
        assert _code(_open, fs, KEY, VAULT_ID, bytes(32)) == "journal.damaged"
        assert _bodies(fs) == BODIES

    def test_other_files_are_refused(self) -> None:
        """Missing, no journal, too short, a newer version, too large."""
        header = journal_format.header(VAULT_ID)
        assert _code(_open, _empty()) == "file.missing"
        assert _code(_open, _changed(b"")) == "file.empty"
        assert _code(_open, _changed(b"hello, this is text")) == "journal.not-a-journal"
        assert _code(_open, _changed(header[:-1])) == "journal.not-a-journal"
        newer = header[:16] + (2).to_bytes(4) + header[20:]
        with pytest.raises(BadInput, match="format version 2; this Coldtusk knows 1") as caught:
            _open(_changed(newer))
        assert caught.value.code.name == "journal.version"

    def test_a_folder_and_a_link_are_refused(self, tmp_path: Path) -> None:
        """Only a regular file is a journal."""
        (tmp_path / "file").write_bytes(journal_format.header(VAULT_ID))
        (tmp_path / "link").symlink_to(tmp_path / "file")
        assert _code(Journal.open, tmp_path / "link", KEY, VAULT_ID, DEVICE) == "file.is-link"
        with pytest.raises(ColdtuskError):
            Journal.open(tmp_path, KEY, VAULT_ID, DEVICE)


class TestTornTails:
    """What an append that was never synced can leave."""

    @pytest.mark.parametrize("count", range(len(BODIES)))
    def test_a_cut_record_is_dropped_at_every_length(self, count: int) -> None:
        """With or without zeros behind it, up to its full length; the next append then works."""
        whole = _data(_with(*BODIES[: count + 1]))
        start = _ends()[count]
        for cut in range(start, len(whole)):
            for zeros in {0, 1, (len(whole) - cut) // 2, len(whole) - cut}:
                fs = _changed(whole[:cut] + bytes(zeros))
                journal = _open(fs)
                assert journal.seq == count, (cut, zeros)
                assert _data(fs) == whole[:start]
                assert journal.append(b"next").seq == count + 1
                assert _bodies(fs) == (*BODIES[:count], b"next")

    def test_dropping_is_durable(self) -> None:
        """A crash after it does not bring the torn record back."""
        fs = _changed(_data(_with(*BODIES))[:-3])
        _open(fs)
        assert {_bodies(state) for state in survivors(fs)} == {BODIES[:-1]}

    def test_damage_before_the_end_is_never_taken_for_a_torn_tail(self) -> None:
        """Zeros over a record that others follow, over its length too."""
        data = _data(_with(*BODIES))
        ends = _ends()
        for start, end in pairwise(ends[:-1]):
            for wiped in (data[:start] + bytes(end - start) + data[end:], data[:start] + bytes(4) + data[start + 4 :]):
                assert _code(_open, _changed(wiped)) == "journal.damaged"

    def test_a_larger_length_does_not_swallow_what_follows(self) -> None:
        """Any other length in any record is found by its check."""
        data = _data(_with(*BODIES))
        for start in _ends()[:-1]:
            for length in (1, 28, 1000, limits.JOURNAL_RECORD_BYTES, 2**32 - 1):
                changed = data[:start] + length.to_bytes(4) + data[start + 4 :]
                if changed == data:
                    continue
                assert _code(_open, _changed(changed)) == "journal.damaged"

    def test_more_zeros_than_any_record_are_damage(self) -> None:
        """No append leaves so many."""
        data = _data(_with(*BODIES))
        assert _open(_changed(data + bytes(journal_format.LARGEST_RECORD))).seq == len(BODIES)
        assert _code(_open, _changed(data + bytes(journal_format.LARGEST_RECORD + 1))) == "journal.damaged"

    def test_zeros_behind_a_whole_record_length_are_damage(self) -> None:
        """The length is known, and more is there than one record."""
        whole = _data(_with(*BODIES))
        start = _ends()[3]
        torn = whole[: start + 20].ljust(len(whole), b"\0")
        assert _open(_changed(torn)).seq == 3
        assert _code(_open, _changed(torn + b"\0")) == "journal.damaged"


class TestCrashes:
    """Crashes and failing media at every durable step."""

    def test_making_leaves_nothing_or_an_empty_journal(self) -> None:
        """At every durable step."""
        for point in crash_points(_create, _empty()):
            if str(PATH) in point.fs.tree():
                assert _open(point.fs).seq == 0

    def test_appending_leaves_the_entry_or_not(self) -> None:
        """And what returned is there for ever."""
        returned: list[int] = []

        def operation(fs: CrashFs) -> None:
            returned.clear()
            journal = _open(fs)
            returned.extend(journal.append(body).seq for body in BODIES[2:])

        start = _with(*BODIES[:2])
        for point in crash_points(operation, start):
            left = _bodies(point.fs)
            assert left == BODIES[: len(left)]
            assert len(left) >= 2 + len(returned)

    def test_a_crash_while_dropping_a_torn_tail_changes_nothing(self) -> None:
        """It is dropped the next time."""
        start = _changed(_data(_with(*BODIES))[:-3])
        for point in crash_points(_open, start):
            assert _bodies(point.fs) == BODIES[:-1]

    def test_what_a_killed_process_left_is_synced_before_it_is_used(self) -> None:
        """An entry that was written but not synced is on the medium once the journal is open."""
        fs = _with(BODIES[0])
        whole = _data(_with(*BODIES[:2]))
        handle = fs.open_write(PATH)
        fs.write(handle, whole[_ends()[1] :], _ends()[1])
        fs.close(handle)
        assert len({_bodies(state.copy()) for state in survivors(fs)}) == 2
        assert _open(fs).seq == 2
        assert {_bodies(state) for state in survivors(fs)} == {BODIES[:2]}

    def test_a_failing_append_changes_nothing(self) -> None:
        """On ENOSPC and EIO at each step; the journal works on, or refuses until it is opened again.

        Only an entry that could not be taken back may be found then: whole, and never answered from before.
        """

        def operation(fs: CrashFs) -> None:
            journal = _open(fs)
            try:
                journal.append(b"lost")
            except Outside:
                fs.fault = None
                _append_again(journal)
                raise

        for point in fault_points(operation, _with(*BODIES)):
            assert isinstance(point.error, Outside), point.steps
            assert _bodies(point.fs)[:4] == BODIES
            if point.error.code is not file_errors.UNRESTORED:
                assert _bodies(point.fs)[4:] in ((), (b"again",)), point.steps
            for state in survivors(point.fs):
                assert _bodies(state)[:4] == BODIES

    def test_refuses_work_after_a_write_that_could_not_be_taken_back(self) -> None:
        """Until it is opened again."""
        fs = _with(*BODIES)
        journal = _open(fs)
        fs.fault = Fault(len(fs.steps), errno.EIO, lasting=True)
        assert _code(journal.append, b"lost") == "file.unrestored"
        fs.fault = None
        assert _code(journal.append, b"next") == "journal.stopped"
        assert _open(fs).append(b"next").seq == 5

    def test_refuses_work_after_another_process_wrote(self) -> None:
        """Two journals of one file: the second sees that it is not alone."""
        fs = _with()
        one, two = _open(fs), _open(fs)
        one.append(b"1")
        assert _code(two.append, b"2") == "file.changed"
        assert _code(two.append, b"2") == "journal.stopped"
        assert _bodies(fs) == (b"1",)


class TestLimits:
    """Caps."""

    def test_caps_an_entry(self) -> None:
        """The largest is taken and comes back; one byte more is refused."""
        largest = bytes(limits.JOURNAL_RECORD_BYTES)
        assert _bodies(_with(largest)) == (largest,)
        assert _code(_open(_with()).append, largest + b"x") == "journal.entry-too-large"

    def test_caps_the_journal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """When it is written and when it is read."""
        fs = _with(*BODIES)
        monkeypatch.setattr(limits, "JOURNAL_BYTES", len(_data(fs)) + 60)
        journal = _open(fs)
        assert _code(journal.append, b"x" * 30) == "journal.full"
        assert journal.append(b"x" * 10).seq == 5
        monkeypatch.setattr(limits, "JOURNAL_BYTES", len(_data(fs)) - 1)
        assert _code(_open, fs) == "file.too-large"

    def test_needs_its_random_source(self) -> None:
        """A nonce that is too short is never used."""
        fs = _with()
        journal = Journal.open(PATH, KEY, VAULT_ID, DEVICE, fs=fs, random=lambda _size: b"")
        with pytest.raises(RuntimeError):
            journal.append(b"x")

    def test_its_repr_shows_the_head(self) -> None:
        """And nothing secret."""
        journal = _open(_with(*BODIES))
        assert repr(journal) == f"<journal of 4 entries, head {journal.head.hex()[:16]}>"


def _append_again(journal: Journal) -> None:
    try:
        journal.append(b"again")
    except Refused as error:
        assert error.code.name == "journal.stopped"
