"""The parent's side of the decoder child: planes and pictures in, the payloads of their QR codes out.

Whatever a picture does to the child costs one frame: the child is killed, a new one is started, and the
frame is counted as lost (facts: QR; 70 ms for the new one).
"""

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Final, Self, TypeAlias

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code, Outside
from coldtusk_shared.transport.decoder_wire import JOB, REPLY, REPLY_BYTES, Job, Reason, Reply, fits, unpack_reply
from coldtusk_shared.transport.piped import ChildLost, Piped

CANNOT_START = Code("decoder.cannot-start", "install Coldtusk again with all its packages; is memory left?")
FORMAT = Code("picture.format", "give a PNG, JPEG or GIF")
PIXELS = Code("picture.too-many-pixels", "photograph or save it smaller")
DAMAGED = Code("picture.damaged", "copy or make the picture again")
FRAMES = Code("picture.too-many-frames", "this is not an animation that Coldtusk made, or its message must be split")
BYTES = Code("picture.bytes", "photograph or save it smaller")

_REASONS: Final[Mapping[Reason, tuple[Code, str]]] = {
    Reason.FORMAT: (FORMAT, "it is none of the picture formats that are read"),
    Reason.PIXELS: (PIXELS, f"more than {limits.PICTURE_PIXELS} pixels, or a side above {limits.PICTURE_SIDE}"),
    Reason.DAMAGED: (DAMAGED, "it is cut or damaged"),
}
_STARTS: Final = 3

Answer: TypeAlias = list[bytes] | Reason | Reply
"""One frame's payloads, why a picture is not read, or the bare kind of a reply."""


def child_command() -> tuple[str, ...]:
    """The child of this interpreter: isolated from variables and folders of the user, and leaving no bytecode."""
    return (sys.executable, "-I", "-B", "-m", "coldtusk_shared.transport.decoder_child", str(os.getpid()))


class Decoder:
    """A context manager around one child at a time; at its end no process is left. Not for several threads.

    *command* is the child, *seconds* the time for one frame, *start_seconds* that from its start to its first word.
    """

    def __init__(
        self,
        command: Sequence[str] | None = None,
        *,
        seconds: float = limits.DECODE_SECONDS,
        start_seconds: float = limits.DECODER_START_SECONDS,
    ) -> None:
        self._command = tuple(command) if command is not None else child_command()
        self._seconds = seconds
        self._start_seconds = start_seconds
        self._child: Piped | None = None
        self._jobs = 0
        self._lost = 0

    def __enter__(self) -> Self:
        self._ready_child()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def lost(self) -> int:
        """Frames that cost us a child: it crashed, hung, ran out of memory or answered out of order."""
        return self._lost

    @property
    def pid(self) -> int | None:
        """The child's process id while there is one."""
        return None if self._child is None else self._child.pid

    def close(self) -> None:
        """End the child. A later frame starts a new one."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()

    def luma(self, width: int, height: int, plane: bytes | memoryview) -> list[bytes]:
        """The payloads of the QR codes in a plane of *width* times *height* bytes, black is 0; none for a lost frame.

        Raises :class:`Outside` when no child can be started.
        """
        if not fits(width, height) or width * height != len(plane):
            raise RuntimeError(f"a plane of {len(plane)} bytes is not one of {width} by {height} pixels")
        answer = self._ask(Job.LUMA, plane, width, height)
        return answer if isinstance(answer, list) else []

    def picture(self, data: bytes) -> Iterator[list[bytes]]:
        """The payloads frame by frame of a PNG, JPEG, GIF or APNG; a lost frame is the last.

        Raises :class:`BadInput`, after the frames before it, for what is no such picture, too large, too long or
        damaged; :class:`Outside` when no child can be started. A picture is given up when another job comes.
        """
        if not 0 < len(data) <= limits.PICTURE_BYTES:
            raise BadInput(BYTES, f"{len(data)} bytes, 1 to {limits.PICTURE_BYTES} are read")
        answer = self._ask(Job.PICTURE, data)
        for _ in range(limits.PICTURE_FRAMES):
            if not isinstance(answer, list):
                break
            serial = self._jobs
            yield answer
            if serial != self._jobs:
                raise RuntimeError("another job came before the picture's end")
            answer = self._ask(Job.NEXT)
        if isinstance(answer, Reason):
            raise BadInput(*_REASONS[answer])
        if isinstance(answer, list):
            raise BadInput(FRAMES, f"more than {limits.PICTURE_FRAMES} frames")

    def _ask(self, job: Job, body: bytes | memoryview = b"", width: int = 0, height: int = 0) -> Answer | None:
        """The reply to one job, or None when it cost us the child."""
        child = self._ready_child()
        self._jobs += 1
        deadline = time.monotonic() + self._seconds
        try:
            child.send(JOB.pack(job, width, height, len(body)), deadline)
            child.send(body, deadline)
            return _possible(job, _receive(child, deadline))
        except ChildLost:
            self._lost += 1
            self.close()
            return None
        except BaseException:  # an interrupt: the next reply would be that of this job
            self.close()
            raise

    def _ready_child(self) -> Piped:
        if self._child is not None:
            return self._child
        what = ""
        for _ in range(_STARTS):
            try:
                self._child = Piped(self._command)
                if _receive(self._child, time.monotonic() + self._start_seconds) is not Reply.READY:
                    raise ChildLost("its first word was another")
            except (ChildLost, OSError) as error:
                what = str(error)
                self.close()
            except BaseException:
                self.close()
                raise
            else:
                return self._child
        raise Outside(CANNOT_START, f"the decoder process does not start: {what}")


def _receive(child: Piped, deadline: float) -> Answer:
    number, length = REPLY.unpack(child.receive(REPLY.size, deadline))
    if length > REPLY_BYTES:
        raise ChildLost("its reply is longer than any")
    try:
        return unpack_reply(number, child.receive(length, deadline))
    except ValueError as error:
        raise ChildLost(f"its reply makes no sense: {error}") from error


def _possible(job: Job, answer: Answer) -> Answer:
    if isinstance(answer, list) or (job is not Job.LUMA and answer is not Reply.READY):
        return answer
    raise ChildLost("its reply is to another question")
