"""A file system in memory that crashes, tears and refuses at every durable step.

**What survives a crash**, as POSIX allows it and ext4 (data=ordered), XFS and FAT do it:

- Contents and length of a file are on the medium after ``sync`` of that file. Of the changes since then
  survive: none; the first few in order; and of the next one, if it is a write, any beginning, by itself
  or followed by zeros up to the write's full length. All of it also while the write is not yet synced
  because the power failed inside it.
- After a ``sync`` that failed, nothing is known of the changes before it: each of those outcomes stays
  possible for ever, also when a later ``sync`` succeeds (Linux marks the pages clean).
- A change of names (create, link, rename, remove, make_folder) is on the medium after ``sync_folder`` of
  its folder, and not after ``sync`` of the file. Of the changes since then any selection survives, in
  order; a rename is one change. A name may survive whose contents did not.
- What stands in a folder that did not survive is lost with it. Locks are lost.

Not modelled: sectors of one write that reach the medium out of order (ext4 writes an appended file's data
before its length), a rename torn in two (FAT), and media that lie about ``fsync``.

All crashes and faults of an operation are enumerated by ``crash_points.py``.
"""

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from coldtusk_shared.file_system import Kind, Status
from tests.simulators.crash_nodes import Naming, Node, Truncate, Write, apply_naming

_Result = TypeVar("_Result")


class Crash(BaseException):
    """The power is gone. No ``except Exception`` catches it, and no step works after it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Durable step *step* (from 0) fails with *number*; if *lasting*, every step after it as well."""

    step: int
    number: int
    lasting: bool

    def hits(self, step: int) -> bool:
        """Whether this step fails."""
        return step == self.step or (self.lasting and step > self.step)


@dataclass(slots=True)
class CrashFs:
    """The simulated file system; an implementation of ``coldtusk_shared.file_system.FileSystem``.

    It starts with the durable folder ``/``. *links* false is a FAT stick; *most* is what one write takes.
    """

    links: bool = True
    most: int | None = None
    owner: int = 1000
    crash_at: int | None = None
    fault: Fault | None = None
    steps: list[str] = field(default_factory=list)
    """The durable steps so far, in words."""
    _nodes: dict[int, Node] = field(default_factory=lambda: {0: Node(Kind.FOLDER, 0o755)})
    _names: dict[Path, int] = field(default_factory=lambda: {Path("/"): 0})
    _durable_names: dict[Path, int] = field(default_factory=lambda: {Path("/"): 0})
    _pending_names: list[Naming] = field(default_factory=list)
    _handles: dict[int, int] = field(default_factory=dict)
    _locked: dict[int, int] = field(default_factory=dict)
    _next: int = 1
    _crashed: bool = False

    # -- for tests

    def copy(self) -> "CrashFs":
        """The same medium and pending changes, in a new process."""
        fs = CrashFs(self.links, self.most, self.owner)
        fs._nodes = {number: node.copy() for number, node in self._nodes.items()}
        fs._names, fs._durable_names = dict(self._names), dict(self._durable_names)
        fs._pending_names, fs._next = list(self._pending_names), self._next
        return fs

    def put(self, path: Path, data: bytes, mode: int = 0o600) -> None:
        """Put a durable file there, as if it had been there always; folders are made."""
        for folder in reversed(path.parents):
            if folder not in self._names:
                self._place(folder, Node(Kind.FOLDER, 0o700))
        self._place(path, Node(Kind.FILE, mode, data, (data,)))

    def put_special(self, path: Path, kind: Kind, mode: int = 0o600) -> None:
        """Put a link, a pipe or a folder there."""
        self._place(path, Node(kind, mode))

    def tree(self) -> dict[str, bytes | None]:
        """Every file by its path, with its contents as the process sees them; folders have none."""
        return {
            str(path): None if self._nodes[number].kind is Kind.FOLDER else self._nodes[number].visible
            for path, number in sorted(self._names.items())
        }

    # -- steps that change something

    def create(self, path: Path) -> int:
        """See ``FileSystem``."""
        return self._step(f"create {path.name}", lambda: self._create(path, Node(Kind.FILE, 0o600)))

    def write(self, handle: int, data: bytes, offset: int) -> int:
        """See ``FileSystem``. A failing write leaves the first half of it."""
        part = data[: self.most]
        half = part[: len(part) // 2]
        self._step(
            f"write {len(part)} bytes",
            lambda: self._node(handle).change(Write(offset, part)),
            lambda: self._node(handle).change(Write(offset, half)),
        )
        return len(part)

    def truncate(self, handle: int, length: int) -> None:
        """See ``FileSystem``."""
        self._step(f"truncate to {length}", lambda: self._node(handle).change(Truncate(length)))

    def sync(self, handle: int) -> None:
        """See ``FileSystem``. After a failing sync every outcome stays possible."""
        node = self._node(handle)
        self._step("sync", node.settle, lambda: self._lose_track(node))

    def link(self, source: Path, target: Path) -> None:
        """See ``FileSystem``."""
        self._step(f"link {target.name}", lambda: self._link(source, target))

    def rename(self, source: Path, target: Path) -> None:
        """See ``FileSystem``."""
        self._step(f"rename to {target.name}", lambda: self._rename(source, target))

    def remove(self, path: Path) -> None:
        """See ``FileSystem``."""
        self._step(f"remove {path.name}", lambda: self._remove(path))

    def make_folder(self, path: Path) -> None:
        """See ``FileSystem``."""
        self._step(f"make_folder {path.name}", lambda: self._make(path, Node(Kind.FOLDER, 0o700)))

    def sync_folder(self, path: Path) -> None:
        """See ``FileSystem``."""
        self._step(f"sync_folder {path.name}", lambda: self._settle_names(path))

    # -- steps that only look

    def open_read(self, path: Path) -> int:
        """See ``FileSystem``."""
        self._alive()
        number = self._find(path)
        if self._nodes[number].kind is Kind.LINK:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        return self._open(number)

    def open_write(self, path: Path) -> int:
        """See ``FileSystem``."""
        if self.look(path).kind is Kind.FOLDER:
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
        return self.open_read(path)

    def close(self, handle: int) -> None:
        """See ``FileSystem``."""
        number = self._handles.pop(handle)
        if self._locked.get(number) == handle:
            del self._locked[number]

    def status(self, handle: int) -> Status:
        """See ``FileSystem``."""
        self._alive()
        return self._status(self._handles[handle])

    def look(self, path: Path) -> Status:
        """See ``FileSystem``."""
        self._alive()
        return self._status(self._find(path))

    def read(self, handle: int, size: int, offset: int) -> bytes:
        """See ``FileSystem``."""
        self._alive()
        return self._node(handle).visible[offset : offset + size]

    def names(self, folder: Path) -> list[str]:
        """See ``FileSystem``."""
        self._alive()
        self._folder(folder)
        return sorted(path.name for path in self._names if path.parent == folder and path != folder)

    def lock(self, handle: int) -> None:
        """See ``FileSystem``."""
        number = self._handles[handle]
        if self._locked.setdefault(number, handle) != handle:
            raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK))

    def user(self) -> int:
        """See ``FileSystem``."""
        return self.owner

    def unique(self) -> str:
        """See ``FileSystem``. A new process never repeats a name of an earlier one."""
        self._next += 1
        return f"{self._next:016x}"

    # -- inside

    def _step(self, words: str, act: Callable[[], _Result], fail: Callable[[], object] = lambda: None) -> _Result:
        self._alive()
        step = len(self.steps)
        if step == self.crash_at:
            self._crashed = True
            raise Crash
        self.steps.append(words)
        if self.fault and self.fault.hits(step):
            fail()
            raise OSError(self.fault.number, os.strerror(self.fault.number))
        return act()

    def _alive(self) -> None:
        if self._crashed:
            raise Crash

    def _open(self, number: int) -> int:
        self._next += 1
        self._handles[self._next] = number
        return self._next

    def _node(self, handle: int) -> Node:
        return self._nodes[self._handles[handle]]

    def _status(self, number: int) -> Status:
        node = self._nodes[number]
        return Status(node.kind, len(node.visible), node.mode, self.owner, (number, node.changes, 0))

    def _find(self, path: Path) -> int:
        if path not in self._names:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return self._names[path]

    def _folder(self, path: Path) -> None:
        if self._nodes[self._find(path)].kind is not Kind.FOLDER:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))

    def _place(self, path: Path, node: Node) -> None:
        self._next += 1
        self._nodes[self._next] = node
        self._names[path] = self._durable_names[path] = self._next

    def _make(self, path: Path, node: Node) -> int:
        self._folder(path.parent)
        self._free(path)
        self._next += 1
        self._nodes[self._next] = node
        self._name((path, self._next))
        return self._next

    def _create(self, path: Path, node: Node) -> int:
        return self._open(self._make(path, node))

    def _link(self, source: Path, target: Path) -> None:
        if not self.links:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        self._free(target)
        self._name((target, self._find(source)))

    def _rename(self, source: Path, target: Path) -> None:
        if source.parent != target.parent:
            raise RuntimeError("nothing of ours is moved between folders")
        self._name((target, self._find(source)), (source, None))

    def _remove(self, path: Path) -> None:
        self._find(path)
        self._name((path, None))

    def _free(self, path: Path) -> None:
        if path in self._names:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))

    def _name(self, *naming: tuple[Path, int | None]) -> None:
        apply_naming(self._names, naming)
        self._pending_names.append(naming)

    def _settle_names(self, folder: Path) -> None:
        self._folder(folder)
        for naming in self._pending_names:
            if naming[0][0].parent == folder:
                apply_naming(self._durable_names, naming)
        self._pending_names = [naming for naming in self._pending_names if naming[0][0].parent != folder]

    def _lose_track(self, node: Node) -> None:
        node.durable, node.pending = node.outcomes(), []
