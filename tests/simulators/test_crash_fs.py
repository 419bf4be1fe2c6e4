"""The simulator itself: what it loses, what it keeps, and that it counts every step."""

import errno
from pathlib import Path

import pytest

from coldtusk_shared.file_system import FileSystem, Kind
from tests.simulators.crash_fs import Crash, CrashFs, Fault
from tests.simulators.crash_points import crash_points, fault_points, survivors

ROOT = Path("/")
NAME = Path("/name")


def _contents(fs: CrashFs) -> set[bytes | None]:
    return {state.tree().get("/name") for state in survivors(fs)}


def _written(sync: bool = False, sync_folder: bool = False) -> CrashFs:
    fs = CrashFs()
    handle = fs.create(NAME)
    fs.write(handle, b"abcd", 0)
    if sync:
        fs.sync(handle)
    if sync_folder:
        fs.sync_folder(ROOT)
    fs.close(handle)
    return fs


def test_is_a_file_system() -> None:
    """It offers every step of the interface."""
    fs: FileSystem = CrashFs()
    assert fs.names(ROOT) == []


def test_a_name_is_lost_that_was_not_synced() -> None:
    """Syncing the file does not sync its name."""
    assert _contents(_written(sync=True)) == {None, b"abcd"}


def test_contents_are_torn_that_were_not_synced() -> None:
    """Any beginning, also with zeros behind it; the name by itself."""
    torn = {b"", b"a", b"ab", b"abc", b"abcd", b"\0\0\0\0", b"a\0\0\0", b"ab\0\0", b"abc\0"}
    assert _contents(_written(sync_folder=True)) == torn


def test_nothing_is_lost_that_was_synced() -> None:
    """Contents and name."""
    assert _contents(_written(sync=True, sync_folder=True)) == {b"abcd"}


def test_any_selection_of_names_survives() -> None:
    """A rename without the removal before it, and the other way round."""
    fs = CrashFs()
    fs.put(NAME, b"1")
    fs.put(Path("/other"), b"2")
    fs.remove(NAME)
    fs.rename(Path("/other"), Path("/third"))
    found = {tuple(state.tree()) for state in survivors(fs)}
    assert found == {("/", "/name", "/other"), ("/", "/other"), ("/", "/name", "/third"), ("/", "/third")}


def test_what_stands_in_a_lost_folder_is_lost() -> None:
    """However well it was synced itself."""
    fs = CrashFs()
    fs.make_folder(Path("/folder"))
    fs.close(fs.create(Path("/folder/file")))
    fs.sync_folder(Path("/folder"))
    assert {tuple(state.tree()) for state in survivors(fs)} == {("/",), ("/", "/folder", "/folder/file")}


def test_a_failed_sync_leaves_doubt_for_ever() -> None:
    """A later sync that succeeds does not bring certainty; cutting the file does."""
    fs = CrashFs()
    fs.put(NAME, b"old")
    handle = fs.open_write(NAME)
    fs.write(handle, b"new", 3)
    fs.fault = Fault(len(fs.steps), errno.EIO, lasting=False)
    with pytest.raises(OSError, match="error"):
        fs.sync(handle)
    fs.sync(handle)
    assert {b"old", b"oldnew", b"oldn"} <= _contents(fs)
    fs.truncate(handle, 3)
    fs.sync(handle)
    assert _contents(fs) == {b"old"}


def test_nothing_works_after_a_crash() -> None:
    """Clean-up code does not run on a machine without power."""
    fs = CrashFs()
    fs.crash_at = 0
    with pytest.raises(Crash):
        fs.create(NAME)
    with pytest.raises(Crash):
        fs.remove(NAME)
    with pytest.raises(Crash):
        fs.names(ROOT)


def test_crashes_before_each_step_and_after_the_last() -> None:
    """Three steps give four points to crash at."""

    def operation(fs: CrashFs) -> None:
        handle = fs.create(NAME)
        fs.write(handle, b"x", 0)
        fs.sync(handle)

    assert {point.step for point in crash_points(operation, CrashFs())} == {0, 1, 2, 3}


def test_each_step_fails_once_and_for_ever() -> None:
    """With both numbers; a failing write leaves its first half."""

    def operation(fs: CrashFs) -> None:
        fs.write(fs.open_write(NAME), b"abcd", 0)

    start = CrashFs()
    start.put(NAME, b"")
    points = list(fault_points(operation, start))
    assert [(point.fault.number, point.fault.lasting) for point in points] == [
        (errno.ENOSPC, False),
        (errno.ENOSPC, True),
        (errno.EIO, False),
        (errno.EIO, True),
    ]
    assert {point.fs.tree()["/name"] for point in points} == {b"ab"}


def test_refuses_as_a_kernel_does() -> None:
    """Links, missing names, files for folders, names that are taken."""
    fs = CrashFs(links=False)
    fs.put(NAME, b"")
    fs.put_special(Path("/link"), Kind.LINK)
    with pytest.raises(OSError, match="symbolic"):
        fs.open_read(Path("/link"))
    with pytest.raises(FileNotFoundError):
        fs.remove(Path("/none"))
    with pytest.raises(NotADirectoryError):
        fs.create(NAME / "below")
    with pytest.raises(FileExistsError):
        fs.create(NAME)
    with pytest.raises(PermissionError):
        fs.link(NAME, Path("/second"))
    with pytest.raises(IsADirectoryError):
        fs.open_write(ROOT)
    with pytest.raises(RuntimeError):
        fs.rename(NAME, Path("/a/b"))
    handle = fs.open_read(NAME)
    fs.lock(handle)
    with pytest.raises(BlockingIOError):
        fs.lock(fs.open_read(NAME))
    fs.close(handle)
    fs.lock(fs.open_read(NAME))
