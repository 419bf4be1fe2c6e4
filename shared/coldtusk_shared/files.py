"""Reading untrusted files once and bounded; writing so that a crash leaves the old or the new, never half.

**New files** are written to a temporary name beside the target, synced, then given their name by
``link``, which never replaces. ``O_TMPFILE`` would save the temporary name, but FAT sticks do not know
it and a second way would have to be tested as well. FAT knows no ``link`` either: there the name is
reserved by an exclusive create and the temporary renamed over our own empty file, so that a crash
leaves an empty file at worst, which every reader refuses.

**Temporary files** that a crash left behind carry the hash of their target's name; the next write of
that target removes them. Should two processes write one target at the same moment, at least one of
them succeeds and the other fails with an error: a name is never given to bytes of another writer.
"""

import errno
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from coldtusk_shared import file_errors
from coldtusk_shared.errors import BadInput, Outside, Refused
from coldtusk_shared.file_errors import CHANGING, NOT_A_FILE, READING, WRITING, explained, place
from coldtusk_shared.file_system import OS_FILES, FileSystem, Kind, Status

_NO_LINKS: Final = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


def read_input(path: Path, cap: int, fs: FileSystem = OS_FILES) -> bytes:
    """The bytes of the regular file *path*: opened once, read once, 1 to *cap* bytes.

    Raises :class:`BadInput` for what is missing, a folder, a link, a pipe, empty or larger than *cap*
    (seen before anything is read), :class:`Outside` for what may not be read, fails, or changes meanwhile.
    """
    with explained(path, READING), opened(fs.open_read(path), fs) as handle:
        before = fs.status(handle)
        check_input(before, path, cap)
        data = read_at(handle, cap + 1, 0, fs)
        if len(data) != before.size or fs.status(handle).stamp != before.stamp:
            raise Outside(file_errors.CHANGED, "the file changed while it was read", where=place(path))
    return data


def write_new(path: Path, data: bytes, fs: FileSystem = OS_FILES) -> None:
    """Write *data* as the new file *path*, mode 0600: durable on return, whole or not there at all.

    Raises :class:`Refused` when anything stands at *path*, :class:`BadInput` when its folder is missing,
    :class:`Outside` when the medium is read-only, full or failing; then nothing is left at *path*.
    """
    with explained(path, WRITING):
        remove_stale(path, fs)
        temporary = _durable_temporary(path, data, fs)
        try:
            _publish(temporary, path, fs)
        finally:
            _discard(temporary, fs)
        try:
            fs.sync_folder(path.parent)
        except OSError:
            _discard(path, fs)
            raise


def replace(path: Path, data: bytes, fs: FileSystem = OS_FILES) -> None:
    """Make *data* the contents of *path*, new or old: durable on return, and at a crash old or new, never half.

    Raises as :func:`write_new` does, but for what stands at *path*.
    """
    with explained(path, WRITING):
        remove_stale(path, fs)
        temporary = _durable_temporary(path, data, fs)
        try:
            fs.rename(temporary, path)
        except BaseException:
            _discard(temporary, fs)
            raise
        fs.sync_folder(path.parent)


def append(path: Path, data: bytes, at: int, fs: FileSystem = OS_FILES) -> None:
    """Append *data* to the existing file *path* of exactly *at* bytes: durable on return.

    When it fails the file has its old length again and :class:`Outside` is raised; its code is
    :data:`file_errors.UNRESTORED` when even that failed, and then *path* may end in a part of *data*.
    """
    with explained(path, CHANGING), opened(fs.open_write(path), fs) as handle:
        before = fs.status(handle)
        if before.kind is not Kind.FILE or before.size != at:
            raise Outside(file_errors.CHANGED, f"{before.size} bytes, not the {at} that we wrote", where=place(path))
        try:
            _write_all(handle, data, at, fs)
            fs.sync(handle)
        except BaseException as error:
            _restore(handle, at, path, fs, error)
            raise


def truncate(path: Path, length: int, fs: FileSystem = OS_FILES) -> None:
    """Cut *path* to *length* bytes, durably."""
    with explained(path, CHANGING), opened(fs.open_write(path), fs) as handle:
        fs.truncate(handle, length)
        fs.sync(handle)


def remove(path: Path, fs: FileSystem = OS_FILES) -> None:
    """Remove the file *path*, durably."""
    with explained(path, CHANGING):
        fs.remove(path)
        fs.sync_folder(path.parent)


def private_folder(path: Path, fs: FileSystem = OS_FILES) -> None:
    """See to it that *path* is a folder of this user that nobody else can reach; it is made if missing (0700).

    Raises :class:`Refused` when others can reach it or it is another user's.
    """
    with explained(path, WRITING):
        _make_folders(path, fs)
        found = fs.look(path)
    if found.kind is not Kind.FOLDER:
        raise Refused(file_errors.NOT_PRIVATE, f"it is {found.kind.value}, not a folder", where=place(path))
    if found.owner != fs.user():
        raise Refused(file_errors.NOT_PRIVATE, "it belongs to another user", where=place(path))
    if found.mode & 0o077:
        raise Refused(file_errors.NOT_PRIVATE, f"others can reach it (mode {found.mode:04o})", where=place(path))


@contextmanager
def exclusive(path: Path, fs: FileSystem = OS_FILES) -> Iterator[None]:
    """Hold the lock of the existing folder or file *path*, or raise :class:`Refused` at once."""
    with explained(path, READING):
        handle = fs.open_read(path)
    try:
        _lock(handle, path, fs)
        yield
    finally:
        fs.close(handle)


def exists(path: Path, fs: FileSystem = OS_FILES) -> bool:
    """Whether anything stands at *path*, a dangling link included."""
    try:
        with explained(path, READING):
            fs.look(path)
    except BadInput as error:
        if error.code is file_errors.MISSING:
            return False
        raise
    return True


def remove_stale(path: Path, fs: FileSystem = OS_FILES) -> None:
    """Remove the temporary files that a crash left of *path*; other names are never touched."""
    ours = re.compile(re.escape(_temporary_prefix(path)) + r"[0-9a-f]{16}\.tmp")
    with explained(path, WRITING):
        names = fs.names(path.parent)
    for name in filter(ours.fullmatch, names):
        _discard(path.with_name(name), fs)


@contextmanager
def opened(handle: int, fs: FileSystem) -> Iterator[int]:
    """*handle*, closed at the end."""
    try:
        yield handle
    finally:
        fs.close(handle)


def read_at(handle: int, size: int, offset: int, fs: FileSystem) -> bytes:
    """*size* bytes from *offset*, fewer only at the end of the file."""
    parts: list[bytes] = []
    while size and (part := fs.read(handle, size, offset)):
        parts.append(part)
        size -= len(part)
        offset += len(part)
    return b"".join(parts)


def check_input(found: Status, path: Path, cap: int) -> None:
    """Refuse what :func:`read_input` would not read."""
    if found.kind in NOT_A_FILE:
        code, what = NOT_A_FILE[found.kind]
        raise BadInput(code, what, where=place(path))
    if found.size == 0:
        raise BadInput(file_errors.EMPTY, "the file is empty", where=place(path))
    if found.size > cap:
        raise BadInput(file_errors.TOO_LARGE, f"{found.size} bytes, the most is {cap}", where=place(path))


def _durable_temporary(path: Path, data: bytes, fs: FileSystem) -> Path:
    temporary = path.with_name(f"{_temporary_prefix(path)}{fs.unique()}.tmp")
    handle = fs.create(temporary)
    try:
        with opened(handle, fs):
            _write_all(handle, data, 0, fs)
            fs.sync(handle)
    except BaseException:
        _discard(temporary, fs)
        raise
    return temporary


def _temporary_prefix(path: Path) -> str:
    digest = hashlib.sha256(path.name.encode(errors="surrogateescape")).hexdigest()
    return f".coldtusk-{digest[:16]}-"


def _publish(temporary: Path, path: Path, fs: FileSystem) -> None:
    try:
        fs.link(temporary, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _publish_without_links(temporary, path, fs)


def _publish_without_links(temporary: Path, path: Path, fs: FileSystem) -> None:
    fs.close(fs.create(path))
    try:
        fs.rename(temporary, path)
    except BaseException:
        _discard(path, fs)
        raise


def _write_all(handle: int, data: bytes, offset: int, fs: FileSystem) -> None:
    done = 0
    while done < len(data):
        done += fs.write(handle, data[done:], offset + done)


def _restore(handle: int, length: int, path: Path, fs: FileSystem, cause: BaseException) -> None:
    try:
        fs.truncate(handle, length)
        fs.sync(handle)
    except OSError:
        raise Outside(
            file_errors.UNRESTORED, "an append failed and could not be taken back", where=place(path)
        ) from cause


def _discard(path: Path, fs: FileSystem) -> None:
    with suppress(OSError):
        fs.remove(path)


def _make_folders(path: Path, fs: FileSystem) -> None:
    try:
        fs.look(path)
    except FileNotFoundError:
        _make_folders(path.parent, fs)
        fs.make_folder(path)
        fs.sync_folder(path.parent)


def _lock(handle: int, path: Path, fs: FileSystem) -> None:
    try:
        fs.lock(handle)
    except BlockingIOError as error:
        raise Refused(file_errors.BUSY, "it is locked by another process", where=place(path)) from error
