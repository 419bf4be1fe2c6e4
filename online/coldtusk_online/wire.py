"""What a server may take of our time and memory: a deadline over a whole exchange, and an allowance of bytes.

A timeout for each read is not enough: a server that sends one byte now and then would hold us for ever (facts: HTTP).
"""

import io
from collections.abc import Callable
from typing import Any, Protocol


class Deadline:
    """A point in time, *seconds* from its making by *clock*."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock = clock
        self._end = clock() + seconds
        self.seconds = seconds

    def left(self) -> float:
        """The seconds that are left, above 0.

        :raises TimeoutError: when none are.
        """
        left = self._end - self._clock()
        if left <= 0:
            raise TimeoutError
        return left


class Socket(Protocol):
    """What is needed of a socket, plain or TLS."""

    def settimeout(self, value: float, /) -> None:
        """Bound the next call."""

    def recv_into(self, buffer: memoryview, /) -> int:
        """Take what has come; 0 at the end."""

    def send(self, data: memoryview, /) -> int:
        """Send some of *data*."""


class AllowanceSpent(Exception):
    """The server sent more than it was allowed to."""


class Wire(io.RawIOBase):
    """The receiving side of *socket* as a raw stream: each read gets the time that is left, all of them *allowance*."""

    def __init__(self, socket: Socket, deadline: Deadline, allowance: int) -> None:
        super().__init__()
        self._socket = socket
        self._deadline = deadline
        self.allowance = allowance

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill *buffer* with what has come, at most the allowance.

        :raises TimeoutError: when the deadline is over.
        :raises AllowanceSpent: when nothing more may be taken.
        """
        if not self.allowance:
            raise AllowanceSpent
        self._socket.settimeout(self._deadline.left())
        got = self._socket.recv_into(memoryview(buffer)[: self.allowance])
        self.allowance -= got
        return got

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What http.client asks a socket for."""
        return io.BufferedReader(self)


def send_all(socket: Socket, data: bytes, deadline: Deadline) -> None:
    """Send all of *data*.

    :raises TimeoutError: when the deadline is over; some of it may have been sent.
    """
    rest = memoryview(data)
    while rest:
        socket.settimeout(deadline.left())
        rest = rest[socket.send(rest) :]
