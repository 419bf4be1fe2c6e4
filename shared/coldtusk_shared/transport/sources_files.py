"""Picture files as a source: named ones, and those that appear in a folder."""

import os
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from coldtusk_shared import files, limits
from coldtusk_shared.errors import BadInput, Code, ColdtuskError
from coldtusk_shared.file_errors import READING, explained, place
from coldtusk_shared.file_system import OS_FILES, FileSystem, Kind, Status
from coldtusk_shared.transport.sources import Picture

CROWDED = Code("source.crowded-folder", "put the pictures into a folder of their own")

PICTURE_SUFFIXES: Final = frozenset({".png", ".apng", ".gif", ".jpg", ".jpeg"})
_LOOK_SECONDS: Final = 0.2


class PictureFiles:
    """The pictures *paths*, each read once, in their order."""

    def __init__(self, paths: Sequence[Path], fs: FileSystem = OS_FILES) -> None:
        self._paths = list(reversed(paths))
        self._title = ", ".join(place(path) for path in paths)
        self._fs = fs

    @property
    def title(self) -> str:
        """Their paths."""
        return self._title

    @property
    def ended(self) -> bool:
        """Whether each was read."""
        return not self._paths

    @property
    def dropped(self) -> int:
        """None is."""
        return 0

    def take(self, seconds: float) -> Picture | None:
        """The next picture, at once. Raises as :func:`files.read_input`; the next call goes on with the next one."""
        if not self._paths:
            return None
        path = self._paths.pop()
        return Picture(path.name, files.read_input(path, limits.PICTURE_BYTES, self._fs))

    def close(self) -> None:
        """Forget what was not read."""
        self._paths.clear()


class WatchedFolder:
    """The pictures of a folder, those there and, while *watching*, those that appear; in the order of their names.

    A file counts once two looks in a row found it unchanged, and again when it changed later: what is half
    written waits. Links, folders, empty and too large files and other suffixes are passed over.
    """

    def __init__(
        self,
        folder: Path,
        *,
        watching: bool = True,
        fs: FileSystem = OS_FILES,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._folder = folder
        self._watching = watching
        self._fs = fs
        self._clock = clock
        self._sleep = sleep
        self._looks = 0
        self._next_look = clock()
        self._seen: dict[str, Status] = {}
        self._taken: dict[str, Status] = {}
        self._ready: list[tuple[str, Status]] = []
        self._dropped = 0
        self._closed = False

    @property
    def title(self) -> str:
        """The folder's path."""
        return place(self._folder)

    @property
    def ended(self) -> bool:
        """Never while it is watched; else when all that was there at the second look was given."""
        return self._closed or (not self._watching and self._looks > 1 and not self._ready)

    @property
    def dropped(self) -> int:
        """Files with a picture's name that could not be read: too large, gone, or no regular file."""
        return self._dropped

    def take(self, seconds: float) -> Picture | None:
        """The next picture. Raises :class:`BadInput`, :class:`Outside` when the folder itself is gone or crowded."""
        end = self._clock() + seconds
        while not self.ended:
            picture = self._next_picture()
            if picture is not None or self.ended:
                return picture
            now = self._clock()
            if now >= self._next_look:
                self._look()
            elif now >= end:
                return None
            else:
                self._sleep(min(end, self._next_look) - now)
        return None

    def close(self) -> None:
        """Look no more."""
        self._closed = True

    def _next_picture(self) -> Picture | None:
        while self._ready:
            name, status = self._ready.pop(0)
            self._taken[name] = status
            try:
                return Picture(name, files.read_input(self._folder / name, limits.PICTURE_BYTES, self._fs))
            except ColdtuskError:
                self._dropped += 1
        return None

    def _look(self) -> None:
        found = {name: status for name in self._names() if (status := self._status(name)) is not None}
        stable = [name for name, status in found.items() if self._seen.get(name) == status]
        self._ready = [(name, found[name]) for name in stable if self._taken.get(name) != found[name]]
        self._taken = {name: status for name, status in self._taken.items() if name in found}
        self._seen = found
        self._looks += 1
        self._next_look = self._clock() + _LOOK_SECONDS

    def _names(self) -> list[str]:
        with explained(self._folder, READING), os.scandir(self._folder) as entries:
            names = [entry.name for entry in islice(entries, limits.FOLDER_ENTRIES + 1)]
        if len(names) > limits.FOLDER_ENTRIES:
            raise BadInput(CROWDED, f"more than {limits.FOLDER_ENTRIES} entries", where=place(self._folder))
        return sorted(name for name in names if Path(name).suffix.lower() in PICTURE_SUFFIXES)

    def _status(self, name: str) -> Status | None:
        try:
            status = self._fs.look(self._folder / name)
        except OSError:  # it went while we looked
            return None
        return status if status.kind is Kind.FILE else None
