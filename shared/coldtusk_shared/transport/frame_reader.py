"""Reads frames of one size from a program's pipe, in a thread, so that a camera never waits for a decoder.

At most three frames are held: the one that is filled, the one that waits, and the one that was given.
"""

import os
import select
import threading
import time
from contextlib import suppress
from enum import Enum
from fcntl import F_SETPIPE_SZ, fcntl
from typing import Final

from coldtusk_shared import limits

_PIPE_BYTES: Final = 1 << 20
_NOTE_BYTES: Final = 4096
_NOTE_STEPS: Final = 16


class Delivery(Enum):
    """What happens to a frame that was not taken when the next one is there."""

    NEWEST = "a camera: it is dropped, since only the newest shows what is shown now"
    EVERY = "a video: the program waits"


class FrameReader:
    """The frames that come through *output*, each of *size* bytes, and the last words of *notes*, both pipes.

    A program that writes faster than CAMERA_RATE is slowed by its own pipe: a flood costs no more than that.
    """

    def __init__(self, output: int, notes: int, size: int, delivery: Delivery) -> None:
        self._output, self._notes = output, notes
        self._size = size
        self._delivery = delivery
        self._changed = threading.Condition()
        self._waiting: bytes | None = None
        self._ended = False
        self._stopping = False
        self._note = b""
        self.count = 0
        """Frames that came whole."""
        self.dropped = 0
        """Of these, the ones that nobody took in time."""
        self.leftover = 0
        """Bytes of a last frame that is not whole."""
        self._wake, self._waker = os.pipe()
        for pipe in (output, notes):
            os.set_blocking(pipe, False)
        with suppress(OSError):  # a system that is short of pipe memory gives a small one
            fcntl(output, F_SETPIPE_SZ, _PIPE_BYTES)
        self._thread = threading.Thread(target=self._run, name="frames", daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        """Whether the program closed its output and the last whole frame was taken."""
        with self._changed:
            return self._ended and self._waiting is None

    @property
    def last_words(self) -> str:
        """The last line of *notes* that says something."""
        lines = self._note.decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def take(self, seconds: float) -> bytes | None:
        """The frame that waits, or the next one within *seconds*."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting is not None or self._ended, seconds)
            frame, self._waiting = self._waiting, None
            self._changed.notify_all()
        return frame

    def stop(self) -> None:
        """End the thread; the pipes are the caller's again. May be called twice."""
        if self._stopping:
            return
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        os.write(self._waker, b"\0")
        self._thread.join()
        os.close(self._wake)
        os.close(self._waker)

    def _run(self) -> None:
        buffer = bytearray(self._size)
        try:
            while self._fill(memoryview(buffer)) and self._offer(bytes(buffer)):
                pass
            self._read_notes()
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _fill(self, view: memoryview) -> bool:
        """Read one frame; whether it is whole."""
        start, size = time.monotonic(), len(view)
        poll = select.poll()
        for pipe in (self._wake, self._output, self._notes):
            poll.register(pipe, select.POLLIN)
        while view:
            ready = {pipe for pipe, _ in poll.poll()}
            if self._wake in ready:
                return False
            if self._notes in ready and not self._read_notes():
                poll.unregister(self._notes)
            if self._output not in ready:
                continue
            count = os.readv(self._output, [view])
            if not count:
                self.leftover = size - len(view)
                return False
            view = view[count:]
        self._pause(start + 1 / limits.CAMERA_RATE - time.monotonic())
        return True

    def _read_notes(self) -> bool:
        """Keep the end of what the program says now; whether it may say more."""
        for _ in range(_NOTE_STEPS):
            try:
                said = os.read(self._notes, _NOTE_BYTES)
            except BlockingIOError:
                return True
            if not said:
                return False
            self._note = (self._note + said)[-_NOTE_BYTES:]
        return True

    def _pause(self, seconds: float) -> None:
        if seconds > 0 and self._delivery is Delivery.NEWEST:
            select.select([self._wake], [], [], seconds)

    def _offer(self, frame: bytes) -> bool:
        """Let *frame* be taken; whether to go on."""
        with self._changed:
            if self._delivery is Delivery.EVERY:
                self._changed.wait_for(lambda: self._waiting is None or self._stopping)
            self.count += 1
            self.dropped += self._waiting is not None
            self._waiting = frame
            self._changed.notify_all()
            return not self._stopping
