"""The primitive steps on files, as an interface, and the real ones.

Each method that changes something is one durable step: a simulator (``tests/simulators/crash_fs.py``)
tears or loses every single one of them. What is made of the steps is in :mod:`coldtusk_shared.files`.
Every method raises ``OSError`` as the kernel does.
"""

import errno
import fcntl
import os
import stat
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final, Protocol

_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CHANGE: Final = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE: Final = _CHANGE | os.O_CREAT | os.O_EXCL
_FILE_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700
_NO_FOLDER_SYNC: Final = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS)


class Kind(Enum):
    """What stands at a path."""

    FILE = "a regular file"
    FOLDER = "a folder"
    LINK = "a symbolic link"
    OTHER = "a pipe, a socket or a device"


@dataclass(frozen=True, slots=True)
class Status:
    """What the file system says about a file: *mode* holds the permission bits, *owner* the user id.

    *stamp* differs when the file is another one or was changed.
    """

    kind: Kind
    size: int
    mode: int
    owner: int
    stamp: tuple[int, int, int]


class FileSystem(Protocol):
    """The primitive steps. A handle is an open file; offsets and sizes are in bytes."""

    def open_read(self, path: Path) -> int:
        """Open what stands at *path* for reading; a link as the last part is ``ELOOP``."""

    def open_write(self, path: Path) -> int:
        """Open an existing file for reading and writing; a link is ``ELOOP``."""

    def create(self, path: Path) -> int:
        """Create *path*, mode 0600, and open it for writing; ``EEXIST`` if anything stands there."""

    def close(self, handle: int) -> None:
        """Close *handle*, and let go of its lock."""

    def status(self, handle: int) -> Status:
        """What *handle* is."""

    def look(self, path: Path) -> Status:
        """What stands at *path*, without following a link."""

    def read(self, handle: int, size: int, offset: int) -> bytes:
        """At most *size* bytes from *offset*; fewer only when a signal or the end cuts it short."""

    def write(self, handle: int, data: bytes, offset: int) -> int:
        """Write a beginning of *data* at *offset*; how many bytes it was."""

    def truncate(self, handle: int, length: int) -> None:
        """Set the file's length."""

    def sync(self, handle: int) -> None:
        """Return when contents and length are on the medium."""

    def link(self, source: Path, target: Path) -> None:
        """Give the file a second name; ``EEXIST`` if anything stands at *target*."""

    def rename(self, source: Path, target: Path) -> None:
        """Rename in one step, over what stands at *target*."""

    def remove(self, path: Path) -> None:
        """Remove the name *path*."""

    def make_folder(self, path: Path) -> None:
        """Make one folder, mode 0700; its parent must exist."""

    def sync_folder(self, path: Path) -> None:
        """Return when the names in the folder *path* are on the medium."""

    def names(self, folder: Path) -> list[str]:
        """The names in *folder*."""

    def lock(self, handle: int) -> None:
        """Lock the open file or folder for this process, or raise ``BlockingIOError`` at once."""

    def user(self) -> int:
        """The user id that this process acts as."""

    def unique(self) -> str:
        """16 hex digits that no other call gave, for the names of temporary files."""


class OsFileSystem:
    """The steps as the operating system does them. It has no state."""

    __slots__ = ()

    def open_read(self, path: Path) -> int:
        """O_NONBLOCK, so that a pipe without a writer does not hang the open."""
        return os.open(path, _READ)

    def open_write(self, path: Path) -> int:
        """O_RDWR without O_CREAT: a file that was removed is not made again."""
        return os.open(path, _CHANGE)

    def create(self, path: Path) -> int:
        """O_EXCL: never a file that was there before."""
        return os.open(path, _CREATE, _FILE_MODE)

    def close(self, handle: int) -> None:
        """The system call of that name."""
        os.close(handle)

    def status(self, handle: int) -> Status:
        """fstat(2)."""
        return _status(os.fstat(handle))

    def look(self, path: Path) -> Status:
        """lstat(2)."""
        return _status(path.lstat())

    def read(self, handle: int, size: int, offset: int) -> bytes:
        """pread(2)."""
        return os.pread(handle, size, offset)

    def write(self, handle: int, data: bytes, offset: int) -> int:
        """pwrite(2)."""
        return os.pwrite(handle, data, offset)

    def truncate(self, handle: int, length: int) -> None:
        """ftruncate(2)."""
        os.ftruncate(handle, length)

    def sync(self, handle: int) -> None:
        """fsync(2)."""
        os.fsync(handle)

    def link(self, source: Path, target: Path) -> None:
        """The system call of that name."""
        target.hardlink_to(source)

    def rename(self, source: Path, target: Path) -> None:
        """The system call of that name."""
        source.rename(target)

    def remove(self, path: Path) -> None:
        """unlink(2)."""
        path.unlink()

    def make_folder(self, path: Path) -> None:
        """mkdir(2)."""
        path.mkdir(_FOLDER_MODE)

    def sync_folder(self, path: Path) -> None:
        """fsync(2) of the folder; where the file system knows none (some FAT drivers), sync(2) of everything."""
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in _NO_FOLDER_SYNC:
                raise
            os.sync()
        finally:
            os.close(handle)

    def names(self, folder: Path) -> list[str]:
        """getdents(2), sorted."""
        return sorted(entry.name for entry in folder.iterdir())

    def lock(self, handle: int) -> None:
        """flock(2), which the kernel lets go of when the process dies, however it dies."""
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def user(self) -> int:
        """geteuid(2)."""
        return os.geteuid()

    def unique(self) -> str:
        """From the kernel's random source."""
        return os.urandom(8).hex()


def _status(found: os.stat_result) -> Status:
    kinds = {stat.S_IFREG: Kind.FILE, stat.S_IFDIR: Kind.FOLDER, stat.S_IFLNK: Kind.LINK}
    return Status(
        kind=kinds.get(stat.S_IFMT(found.st_mode), Kind.OTHER),
        size=found.st_size,
        mode=stat.S_IMODE(found.st_mode),
        owner=found.st_uid,
        stamp=(found.st_ino, found.st_mtime_ns, found.st_ctime_ns),
    )


OS_FILES: Final = OsFileSystem()
"""The operating system's files: the default wherever a file system is a parameter."""
