"""Files: read once and bounded, written whole or not at all, on the real file system and on a crashing one."""

import errno
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from coldtusk_shared import file_errors, files
from coldtusk_shared.errors import BadInput, ColdtuskError, Outside, Refused
from coldtusk_shared.file_system import OS_FILES, Kind, OsFileSystem, Status
from tests.simulators.crash_fs import CrashFs, Fault
from tests.simulators.crash_points import crash_points, fault_points, survivors

FOLDER = Path("/data")
TARGET = FOLDER / "response"
NEW = b"the new contents, whole"
OLD = b"the old contents"


def _code(act: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(ColdtuskError) as caught:
        act(*arguments)
    return caught.value.code.name


def _fs(links: bool = True) -> CrashFs:
    fs = CrashFs(links=links)
    fs.put(FOLDER / "other", b"other")
    return fs


def _with_old() -> CrashFs:
    fs = _fs()
    fs.put(TARGET, OLD)
    return fs


class TestReadInput:
    """Reading what came from outside."""

    def test_reads_the_whole_file(self, tmp_path: Path) -> None:
        """A file of exactly the cap is read."""
        path = tmp_path / "in"
        path.write_bytes(b"x" * 100)
        assert files.read_input(path, 100) == b"x" * 100

    def test_refuses_a_file_above_the_cap_before_reading_it(self) -> None:
        """The size is judged by fstat: nothing is read."""

        class NeverRead(CrashFs):
            """Fails the test when something is read."""

            def read(self, handle: int, size: int, offset: int) -> bytes:
                """Not to be called."""
                raise AssertionError

        fs = NeverRead()
        fs.put(TARGET, b"x" * 101)
        assert _code(files.read_input, TARGET, 100, fs) == "file.too-large"

    def test_names_each_kind_of_path_that_is_no_input(self, tmp_path: Path) -> None:
        """Missing, folder, pipe, socket, device, link, dangling link and empty each have a code of their own."""
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "file").write_bytes(b"x")
        (tmp_path / "link").symlink_to(tmp_path / "file")
        (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
        (tmp_path / "empty").touch()
        unix = socket.socket(socket.AF_UNIX)
        unix.bind(str(tmp_path / "socket"))
        expected = {
            tmp_path / "nothing": "file.missing",
            tmp_path / "file" / "below": "file.missing",
            tmp_path: "file.is-folder",
            tmp_path / "pipe": "file.not-regular",
            tmp_path / "socket": "file.not-regular",
            Path("/dev/zero"): "file.not-regular",
            tmp_path / "link": "file.is-link",
            tmp_path / "dangling": "file.is-link",
            tmp_path / "empty": "file.empty",
            tmp_path / ("x" * 300): "file.bad-name",
            tmp_path / "nul\0": "file.bad-name",
        }
        found = {path: _code(files.read_input, path, 100) for path in expected}
        unix.close()
        assert expected == found

    def test_says_that_reading_is_not_permitted(self) -> None:
        """EACCES is the outside world's: root would not meet it, so the file system is made to say it."""

        class Forbidden(OsFileSystem):
            """Permits nothing."""

            def open_read(self, path: Path) -> int:
                """EACCES."""
                raise PermissionError(errno.EACCES, "Permission denied")

        assert _code(files.read_input, TARGET, 100, Forbidden()) == "file.permission"

    def test_refuses_a_file_that_changes_while_it_is_read(self) -> None:
        """Contents that nobody ever wrote as one are not used."""

        class Changing(CrashFs):
            """Another process writes between the read and the second look."""

            def read(self, handle: int, size: int, offset: int) -> bytes:
                """The contents, then a change."""
                data = CrashFs.read(self, handle, size, offset)
                self.write(handle, b"y", 0)
                return data

        fs = Changing()
        fs.put(TARGET, b"xx")
        assert _code(files.read_input, TARGET, 100, fs) == "file.changed"

    def test_escapes_a_name_that_cannot_be_printed(self, tmp_path: Path) -> None:
        """A file name cannot write on the terminal."""
        with pytest.raises(BadInput) as caught:
            files.read_input(tmp_path / "\x1b[2J", 100)
        assert caught.value.line().isprintable()

    def test_reads_on_after_a_short_read(self) -> None:
        """A read that a signal cut short is continued."""

        class Short(CrashFs):
            """Gives three bytes at a time."""

            def read(self, handle: int, size: int, offset: int) -> bytes:
                """Three bytes at most."""
                return CrashFs.read(self, handle, min(size, 3), offset)

        fs = Short()
        fs.put(TARGET, NEW)
        assert files.read_input(TARGET, 100, fs) == NEW


class TestWriteNew:
    """New files."""

    def test_writes_a_private_file_and_leaves_no_temporary(self, tmp_path: Path) -> None:
        """Mode 0600 whatever the umask, and nothing else in the folder."""
        files.write_new(tmp_path / "new", NEW)
        assert (tmp_path / "new").read_bytes() == NEW
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600
        assert os.listdir(tmp_path) == ["new"]  # noqa: PTH208 - names are what is compared

    def test_never_overwrites(self, tmp_path: Path) -> None:
        """Not a file, not an empty one, not a folder, not what a link points to."""
        (tmp_path / "file").write_bytes(OLD)
        (tmp_path / "empty").touch()
        (tmp_path / "folder").mkdir()
        (tmp_path / "link").symlink_to(tmp_path / "nothing")
        for name in ("file", "empty", "folder", "link"):
            assert _code(files.write_new, tmp_path / name, NEW) == "file.exists"
        assert (tmp_path / "file").read_bytes() == OLD
        assert not (tmp_path / "nothing").exists()
        assert len(list(tmp_path.iterdir())) == 4

    def test_takes_a_folder_by_a_link(self, tmp_path: Path) -> None:
        """Mounted sticks are often links; only the file itself may be none."""
        (tmp_path / "stick").symlink_to(tmp_path)
        files.write_new(tmp_path / "stick" / "new", NEW)
        assert (tmp_path / "new").read_bytes() == NEW

    def test_names_each_refusal_of_the_medium(self, tmp_path: Path) -> None:
        """Missing folder, read-only, full and failing media have codes of their own; nothing is left."""
        assert _code(files.write_new, tmp_path / "no" / "new", NEW) == "file.no-folder"
        assert _code(files.write_new, tmp_path / ("x" * 300), NEW) == "file.bad-name"
        expected = {
            errno.EACCES: "file.read-only",
            errno.EROFS: "file.read-only",
            errno.ENOSPC: "file.no-space",
            errno.EDQUOT: "file.no-space",
            errno.EIO: "file.io",
            errno.ENXIO: "file.io",
        }
        for number, code in expected.items():
            fs = _fs()
            fs.fault = Fault(0, number, lasting=False)
            assert _code(files.write_new, TARGET, NEW, fs) == code
            assert str(TARGET) not in fs.tree()

    @pytest.mark.parametrize("links", [True, False])
    def test_crash_leaves_nothing_or_all(self, links: bool) -> None:
        """At every durable step. Without links (FAT) an empty file may stand for nothing."""
        allowed = {None, NEW} if links else {None, NEW, b""}
        points = list(crash_points(lambda fs: files.write_new(TARGET, NEW, fs), _fs(links=links)))
        assert {point.fs.tree().get(str(TARGET)) for point in points} == allowed
        assert points[-1].fs.tree().get(str(TARGET)) == NEW

    @pytest.mark.parametrize("links", [True, False])
    def test_is_durable_when_it_returns(self, links: bool) -> None:
        """After the last step a crash loses nothing."""
        fs = _fs(links=links)
        files.write_new(TARGET, NEW, fs)
        assert {state.tree()[str(TARGET)] for state in survivors(fs)} == {NEW}

    @pytest.mark.parametrize("links", [True, False])
    def test_failing_step_leaves_nothing_half_written(self, links: bool) -> None:
        """Each step fails once, or it and all after it: an error comes out, or the file is there."""
        for point in fault_points(lambda fs: files.write_new(TARGET, NEW, fs), _fs(links=links)):
            left = point.fs.tree().get(str(TARGET))
            if point.error is None:
                assert left == NEW, point.steps
            elif not point.fault.lasting:
                assert left is None, point.steps
            else:
                assert left in (None, NEW, b""), point.steps
            assert point.error is None or isinstance(point.error, Outside), point.steps

    def test_works_again_after_every_crash(self) -> None:
        """The next write finds a clean way and removes what the crash left behind."""
        for point in crash_points(lambda fs: files.write_new(TARGET, NEW, fs), _fs()):
            if str(TARGET) not in point.fs.tree():
                files.write_new(TARGET, NEW, point.fs)
                assert sorted(point.fs.tree()) == ["/", "/data", "/data/other", "/data/response"]

    def test_removes_no_temporary_of_another_file(self) -> None:
        """A write of one file leaves the temporary of another alone."""
        fs = _fs()
        fs.put(FOLDER / ".coldtusk-0000000000000000-0000000000000000.tmp", b"another's")
        files.write_new(TARGET, NEW, fs)
        assert "/data/.coldtusk-0000000000000000-0000000000000000.tmp" in fs.tree()

    def test_continues_a_short_write(self) -> None:
        """A write that takes five bytes at a time still writes all."""
        fs = _fs()
        fs.most = 5
        files.write_new(TARGET, NEW, fs)
        assert fs.tree()[str(TARGET)] == NEW


class TestReplace:
    """Replacing."""

    def test_replaces_on_the_real_file_system(self, tmp_path: Path) -> None:
        """Old to new, and nothing else in the folder."""
        path = tmp_path / "vault"
        files.replace(path, OLD)
        files.replace(path, NEW)
        assert path.read_bytes() == NEW
        assert list(tmp_path.iterdir()) == [path]

    def test_crash_leaves_old_or_new(self) -> None:
        """At every durable step, and never half or nothing."""
        found = {
            p.fs.tree().get(str(TARGET)) for p in crash_points(lambda fs: files.replace(TARGET, NEW, fs), _with_old())
        }
        assert found == {OLD, NEW}

    def test_is_durable_when_it_returns(self) -> None:
        """After the last step a crash loses nothing."""
        fs = _with_old()
        files.replace(TARGET, NEW, fs)
        assert {state.tree()[str(TARGET)] for state in survivors(fs)} == {NEW}

    def test_failing_step_leaves_old_or_new(self) -> None:
        """Also when the power fails after the error."""
        for point in fault_points(lambda fs: files.replace(TARGET, NEW, fs), _with_old()):
            assert {state.tree()[str(TARGET)] for state in survivors(point.fs)} <= {OLD, NEW}, point.steps
            assert point.error is None or isinstance(point.error, Outside)


class TestAppend:
    """Appending."""

    def test_appends_on_the_real_file_system(self, tmp_path: Path) -> None:
        """Behind what is there."""
        path = tmp_path / "journal"
        files.write_new(path, OLD)
        files.append(path, NEW, len(OLD))
        assert path.read_bytes() == OLD + NEW

    def test_refuses_a_file_of_another_length(self) -> None:
        """Somebody else wrote it: our idea of it is wrong."""
        assert _code(files.append, TARGET, NEW, 3, _with_old()) == "file.changed"

    def test_refuses_what_is_no_file(self, tmp_path: Path) -> None:
        """Missing, a link, a folder, a pipe."""
        (tmp_path / "file").write_bytes(OLD)
        (tmp_path / "link").symlink_to(tmp_path / "file")
        os.mkfifo(tmp_path / "pipe")
        assert _code(files.append, tmp_path / "no", NEW, 0) == "file.missing"
        assert _code(files.append, tmp_path / "link", NEW, 0) == "file.is-link"
        assert _code(files.append, tmp_path / "pipe", NEW, 0) == "file.changed"

    def test_crash_leaves_a_recognisable_beginning(self) -> None:
        """The old contents stay; of the new a beginning, or a beginning and zeros."""
        for point in crash_points(lambda fs: files.append(TARGET, NEW, len(OLD), fs), _with_old()):
            left = point.fs.tree()[str(TARGET)]
            assert left is not None
            assert left.startswith(OLD)
            tail = left[len(OLD) :]
            assert len(tail) <= len(NEW)
            assert NEW.startswith(tail.rstrip(b"\0"))

    def test_failing_step_gives_the_old_length_back(self) -> None:
        """Or says that it could not, with a code of its own."""
        for point in fault_points(lambda fs: files.append(TARGET, NEW, len(OLD), fs), _with_old()):
            assert isinstance(point.error, Outside)
            if point.error.code is not file_errors.UNRESTORED:
                assert {state.tree()[str(TARGET)] for state in survivors(point.fs)} == {OLD}, point.steps

    def test_says_when_it_could_not_be_taken_back(self) -> None:
        """A medium that fails twice."""
        fs = _with_old()
        fs.fault = Fault(0, errno.EIO, lasting=True)
        assert _code(files.append, TARGET, NEW, len(OLD), fs) == "file.unrestored"

    def test_truncates_on_the_real_file_system(self, tmp_path: Path) -> None:
        """To a shorter length."""
        (tmp_path / "journal").write_bytes(OLD)
        files.truncate(tmp_path / "journal", 3)
        assert (tmp_path / "journal").read_bytes() == OLD[:3]

    def test_truncates_durably(self) -> None:
        """After the last step a crash loses nothing."""
        fs = _with_old()
        files.truncate(TARGET, 3, fs)
        assert {state.tree()[str(TARGET)] for state in survivors(fs)} == {OLD[:3]}


class TestFoldersAndLocks:
    """Private folders, locks and what else is small."""

    def test_makes_a_private_folder_with_its_parents(self, tmp_path: Path) -> None:
        """Mode 0700; a second call finds it in order."""
        path = tmp_path / "a" / "b"
        files.private_folder(path)
        files.private_folder(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o700

    def test_a_made_folder_is_durable(self) -> None:
        """A crash after it loses neither the folder nor its parents."""
        fs = CrashFs()
        files.private_folder(Path("/a/b"), fs)
        assert {tuple(state.tree()) for state in survivors(fs)} == {("/", "/a", "/a/b")}

    def test_refuses_a_folder_that_others_reach(self, tmp_path: Path) -> None:
        """Group or world bits, a link, a file, another owner."""
        (tmp_path / "open").mkdir(0o750)
        (tmp_path / "file").touch()
        (tmp_path / "link").symlink_to(tmp_path)
        for name in ("open", "file", "link"):
            assert _code(files.private_folder, tmp_path / name) == "file.not-private"

    def test_refuses_a_folder_of_another_user(self) -> None:
        """Its owner could read and replace everything."""

        class Others(CrashFs):
            """Everything belongs to user 7."""

            def look(self, path: Path) -> Status:
                """As it is, but of user 7."""
                found = CrashFs.look(self, path)
                return Status(found.kind, found.size, found.mode, 7, found.stamp)

        fs = Others()
        fs.put_special(Path("/mine"), Kind.FOLDER, 0o700)
        with pytest.raises(Refused) as caught:
            files.private_folder(Path("/mine"), fs)
        assert caught.value.code.name == "file.not-private"

    def test_locks_out_a_second_holder(self, tmp_path: Path) -> None:
        """Until the first lets go, also when it lets go by an error."""
        with pytest.raises(ZeroDivisionError), files.exclusive(tmp_path):
            assert _code(lambda: files.exclusive(tmp_path).__enter__()) == "file.busy"
            raise ZeroDivisionError
        with files.exclusive(tmp_path):
            pass

    def test_errors_inside_a_lock_keep_their_own_place(self, tmp_path: Path) -> None:
        """The lock explains its own failures only."""
        with pytest.raises(OSError, match="inside"), files.exclusive(tmp_path):
            raise OSError(errno.EIO, "inside")

    def test_tells_whether_something_stands_there(self, tmp_path: Path) -> None:
        """A dangling link stands there too; what cannot be known is an error."""
        (tmp_path / "link").symlink_to(tmp_path / "nothing")
        assert files.exists(tmp_path / "link")
        assert not files.exists(tmp_path / "nothing")
        assert _code(files.exists, tmp_path / ("x" * 300)) == "file.bad-name"

    def test_removes_durably(self) -> None:
        """After it a crash does not bring the file back."""
        fs = _with_old()
        files.remove(TARGET, fs)
        assert all(str(TARGET) not in state.tree() for state in survivors(fs))

    def test_syncs_everything_where_a_folder_cannot_be_synced(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Some FAT drivers answer EINVAL: then all of the system is synced; another error is not hidden."""
        synced: list[str] = []

        def fsync(_handle: int) -> None:
            raise OSError(number, "no")

        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(os, "sync", lambda: synced.append("all"))
        number = errno.EINVAL
        OS_FILES.sync_folder(tmp_path)
        assert synced == ["all"]
        number = errno.EIO
        with pytest.raises(OSError, match="no"):
            OS_FILES.sync_folder(tmp_path)
