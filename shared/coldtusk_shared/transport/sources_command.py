"""A program as a source: whatever writes raw frames of a declared size to its output is a camera."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import IO, Final

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code, ColdtuskError, Outside
from coldtusk_shared.text import quoted
from coldtusk_shared.transport.decoder_wire import fits
from coldtusk_shared.transport.frame_reader import Delivery, FrameReader
from coldtusk_shared.transport.launcher import launched
from coldtusk_shared.transport.sources import Luma

SIZE = Code("program.frame-size", "give width and height in pixels, 1280x720 for instance")
CANNOT_START = Code("program.cannot-start", "check the program's name, and that it is installed")
SILENT = Code("program.silent", "check the cable, and that no other program uses the camera; then try another source")
DIED = Code("program.died", "read what the program said; then try another source")
SHORT = Code("program.short-frame", "the frames have another size than was declared, or the program was stopped")

_ENVIRONMENT: Final = ("HOME", "LANG", "PATH")
_ENVIRONMENT_PREFIX: Final = "LIBCAMERA_"
_END_SECONDS: Final = 1.0


class Layout(Enum):
    """How a program writes a frame: its bytes as a fraction of width times height, and the step between luma bytes."""

    GRAY8 = (1, 1, 1)
    """One byte a pixel."""
    YUV420 = (3, 2, 1)
    """The luma plane first, then the colors, a quarter each; width and height are even."""
    YUYV = (2, 1, 2)
    """Luma and color by turns."""

    def size(self, width: int, height: int) -> int:
        """Bytes of one frame."""
        numerator, denominator, _ = self.value
        return width * height * numerator // denominator

    def luma(self, frame: bytes, width: int, height: int) -> Luma:
        """The luma plane of *frame*."""
        step = self.value[2]
        return Luma(width, height, frame[: width * height * step : step])


@dataclass(frozen=True, slots=True)
class FrameCommand:
    """A program that writes frames, and how it writes them.

    The first of *arguments* is the program's full path. *memory* is its address space, 0 for a camera; *descriptors*
    are open files that it inherits. Raises :class:`BadInput` for a frame of no possible size.
    """

    title: str
    arguments: tuple[str, ...]
    width: int
    height: int
    layout: Layout = Layout.GRAY8
    delivery: Delivery = Delivery.NEWEST
    memory: int = 0
    descriptors: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        check_frame_size(self.width, self.height)


def check_frame_size(width: int, height: int) -> None:
    """Refuse a frame without pixels or with too many."""
    if not fits(width, height):
        raise BadInput(
            SIZE,
            f"{width}x{height}: at most {limits.PICTURE_PIXELS} pixels are read, and sides of {limits.PICTURE_SIDE}",
        )


class CommandSource:
    """The frames of one program, which has its own session and dies with this source, and all that it started too.

    *patience* is how long no frame may come, in seconds of *clock*.
    """

    def __init__(
        self,
        command: FrameCommand,
        *,
        patience: float = limits.CAMERA_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._command = command
        self._patience = patience
        self._clock = clock
        self._process = _started(command, environment)
        size = command.layout.size(command.width, command.height)
        pipes = (_descriptor(self._process.stdout), _descriptor(self._process.stderr))
        self._reader = FrameReader(*pipes, size, command.delivery)
        self._last = clock()
        self._closed = False

    @property
    def title(self) -> str:
        """The program's title."""
        return self._command.title

    @property
    def ended(self) -> bool:
        """Whether the program came to its end, or the source was closed."""
        return self._closed

    @property
    def dropped(self) -> int:
        """Frames that came while the one before was not taken yet."""
        return self._reader.dropped

    @property
    def pid(self) -> int:
        """The program's process id, also that of its process group."""
        return self._process.pid

    def take(self, seconds: float) -> Luma | None:
        """The next frame. Raises :class:`Outside` when the program is silent, dies, or ends within a frame."""
        if self._closed:
            return None
        frame = self._reader.take(min(seconds, self._last + self._patience - self._clock()))
        if frame is not None:
            self._last = self._clock()
            return self._command.layout.luma(frame, self._command.width, self._command.height)
        if self._reader.ended:
            self._conclude()
        elif self._clock() - self._last >= self._patience:
            raise self._failure(SILENT, f"no frame came for {self._patience:g} seconds")
        return None

    def close(self) -> None:
        """Kill the program and what it started."""
        if self._closed:
            return
        self._closed = True
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.stop()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def _conclude(self) -> None:
        """Judge the end of a program that closed its output."""
        status = self._status()
        if self._reader.leftover:
            size = self._command.layout.size(self._command.width, self._command.height)
            raise self._failure(SHORT, f"its last frame has {self._reader.leftover} of {size} bytes")
        if status:
            raise self._failure(DIED, f"the program ended with status {status}")
        if not self._reader.count:
            raise self._failure(DIED, "the program ended without a frame")
        self.close()

    def _status(self) -> int:
        """The program's exit status; 0 for one that closed its output and lives on."""
        try:
            return self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            return 0

    def _failure(self, code: Code, what: str) -> ColdtuskError:
        said = self._reader.last_words
        self.close()
        return Outside(code, f"{what}; it said {quoted(said)}" if said else what, where=self.title)


def _started(command: FrameCommand, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    kept = {
        name: value
        for name, value in environment.items()
        if name in _ENVIRONMENT or name.startswith(_ENVIRONMENT_PREFIX)
    }
    try:
        return subprocess.Popen(
            launched(command.arguments, command.memory),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            env=kept,
            pass_fds=command.descriptors,
            start_new_session=True,
        )
    except OSError as error:
        raise Outside(CANNOT_START, f"it cannot be started: {error.strerror}", where=command.title) from error


def _descriptor(pipe: IO[bytes] | None) -> int:
    if pipe is None:
        raise RuntimeError("a pipe was asked for")
    return pipe.fileno()
