"""A deadline over a whole exchange, and an allowance of bytes."""

import pytest

from coldtusk_online.wire import AllowanceSpent, Deadline, Wire, send_all


class Trickle:
    """A socket that gives or takes one byte a second of a clock of its own, for ever."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timeouts: list[float] = []
        self.sent = b""

    def settimeout(self, value: float, /) -> None:
        """Note it."""
        self.timeouts.append(value)

    def recv_into(self, buffer: memoryview, /) -> int:
        """One byte."""
        self.now += 1
        buffer[:1] = b"x"
        return 1

    def send(self, data: memoryview, /) -> int:
        """One byte."""
        self.now += 1
        self.sent += bytes(data[:1])
        return 1


def test_reading_is_bounded_as_a_whole() -> None:
    """Each read gets what the earlier ones left, and the last one fails."""
    socket = Trickle()
    wire = Wire(socket, Deadline(lambda: socket.now, 3), 100)
    with pytest.raises(TimeoutError):
        wire.makefile("rb").read(10)
    assert [3, 2, 1] == socket.timeouts


def test_sending_is_bounded_as_a_whole() -> None:
    """So is what we send: some of it may have left."""
    socket = Trickle()
    with pytest.raises(TimeoutError):
        send_all(socket, b"abcdef", Deadline(lambda: socket.now, 3))
    assert ([3, 2, 1], b"abc") == (socket.timeouts, socket.sent)


def test_all_is_sent() -> None:
    """In as many calls as it takes."""
    socket = Trickle()
    send_all(socket, b"abc", Deadline(lambda: socket.now, 10))
    assert b"abc" == socket.sent


def test_allowance() -> None:
    """Not a byte more is taken than allowed."""
    socket = Trickle()
    wire = Wire(socket, Deadline(lambda: 0, 1), 5)
    with pytest.raises(AllowanceSpent):
        wire.makefile("rb").read(6)
    assert 5 == socket.now
    assert wire.readable()
