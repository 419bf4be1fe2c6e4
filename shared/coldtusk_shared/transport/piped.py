"""A child process behind two pipes, with a deadline for every exchange: it obeys or is killed."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from fcntl import F_SETPIPE_SZ, fcntl
from functools import partial
from typing import IO, Final, TypeVar

_PIPE_BYTES: Final = 1 << 20
"""What Linux grants to everybody: a camera's plane crosses in one or two steps."""
_T = TypeVar("_T")


class ChildLost(Exception):
    """The child died, closed a pipe or was late."""


class Piped:
    """One child: no environment, no descriptor but its pipes, a session of its own, and ``/`` as its folder.

    Raises OSError when it cannot be started.
    """

    __slots__ = ("_process", "_stdin", "_stdout")

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            env={},
            start_new_session=True,
        )
        self._stdin, self._stdout = _prepared(self._process.stdin), _prepared(self._process.stdout)

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def send(self, data: bytes | memoryview, deadline: float) -> None:
        """Write all of *data* before ``time.monotonic()`` is *deadline*. Raises :class:`ChildLost`."""
        view = memoryview(data)
        while view:
            written = _attempt(partial(os.write, self._stdin, view))
            if written is None:
                _wait(self._stdin, select.POLLOUT, deadline)
            else:
                view = view[written:]

    def receive(self, size: int, deadline: float) -> bytes:
        """Exactly *size* bytes before *deadline*. Raises :class:`ChildLost`."""
        parts: list[bytes] = []
        while size:
            part = _attempt(partial(os.read, self._stdout, size))
            if part is None:
                _wait(self._stdout, select.POLLIN, deadline)
            elif part:
                parts.append(part)
                size -= len(part)
            else:
                raise ChildLost("it closed its output")
        return b"".join(parts)

    def kill(self) -> None:
        """End the child and what it started; nothing of it is left on return."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def _prepared(pipe: IO[bytes] | None) -> int:
    if pipe is None:
        raise RuntimeError("a pipe was asked for")
    os.set_blocking(pipe.fileno(), False)
    with suppress(OSError):  # a system that is short of pipe memory gives a small one
        fcntl(pipe.fileno(), F_SETPIPE_SZ, _PIPE_BYTES)
    return pipe.fileno()


def _attempt(step: Callable[[], _T]) -> _T | None:
    """What *step* gives, or None when the pipe is not ready."""
    try:
        return step()
    except BlockingIOError:
        return None
    except OSError as error:
        raise ChildLost(f"its pipe broke: {error.strerror}") from error


def _wait(descriptor: int, event: int, deadline: float) -> None:
    left = deadline - time.monotonic()
    poll = select.poll()
    poll.register(descriptor, event)
    if left <= 0 or not poll.poll(left * 1000):
        raise ChildLost("it was late")
