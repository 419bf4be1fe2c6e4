"""What one simulated file holds, and what a crash may leave of it (the model is in ``crash_fs.py``)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from coldtusk_shared.file_system import Kind


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes put at an offset."""

    offset: int
    data: bytes

    def apply(self, contents: bytes) -> bytes:
        """The contents after it."""
        start = contents[: self.offset].ljust(self.offset, b"\0")
        return start + self.data + contents[self.offset + len(self.data) :]

    def torn(self) -> Iterator["Write"]:
        """What may be left of it."""
        size = len(self.data)
        for cut in sorted({0, 1, size // 2, max(size - 1, 0)}):
            yield Write(self.offset, self.data[:cut])
            yield Write(self.offset, self.data[:cut].ljust(size, b"\0"))


@dataclass(frozen=True, slots=True)
class Truncate:
    """A new length."""

    length: int

    def apply(self, contents: bytes) -> bytes:
        """The contents after it."""
        return contents[: self.length].ljust(self.length, b"\0")

    def torn(self) -> Iterator["Truncate"]:
        """It happens or not."""
        yield from ()


Change: TypeAlias = Write | Truncate
Naming: TypeAlias = tuple[tuple[Path, "int | None"], ...]
"""One change of names: each path gets a node, or none."""


@dataclass(slots=True)
class Node:
    """A file or folder, as the process sees it and as the medium may hold it."""

    kind: Kind
    mode: int
    visible: bytes = b""
    durable: tuple[bytes, ...] = (b"",)
    """What the medium may hold: one value, or several after a failed sync."""
    pending: list[Change] = field(default_factory=list)
    changes: int = 0

    def copy(self) -> "Node":
        """The same, to be changed apart."""
        return Node(self.kind, self.mode, self.visible, self.durable, list(self.pending), self.changes)

    def change(self, change: Change) -> None:
        """Carry out *change*, not yet synced."""
        self.visible = change.apply(self.visible)
        self.pending.append(change)
        self.changes += 1

    def settle(self) -> None:
        """A sync that succeeded."""
        self.durable = tuple(dict.fromkeys(_all_applied(contents, self.pending) for contents in self.durable))
        self.pending = []

    def outcomes(self) -> tuple[bytes, ...]:
        """What a crash may leave of the contents."""
        found: dict[bytes, None] = {}
        for contents in self.durable:
            found[contents] = None
            for change in self.pending:
                found.update(dict.fromkeys(torn.apply(contents) for torn in change.torn()))
                contents = change.apply(contents)  # noqa: PLW2901 - the next change starts from here
                found[contents] = None
        return tuple(found)


def apply_naming(names: dict[Path, int], naming: Naming) -> None:
    """Carry out one change of names."""
    for path, number in naming:
        if number is None:
            names.pop(path, None)
        else:
            names[path] = number


def _all_applied(contents: bytes, changes: Sequence[Change]) -> bytes:
    for change in changes:
        contents = change.apply(contents)
    return contents
