"""The progress as a person sees it."""

import io

import pyte
import pytest

from coldtusk_shared.transport.progress_line import ProgressLine, bar
from coldtusk_shared.transport.receiver import Progress
from coldtusk_shared.transport.sighting import Hint, Status


def _status(rank: int = 0, *, needed: int = 120, hint: Hint | None = None) -> Status:
    return Status(Progress(rank, needed) if needed else None, 8.44, 9.6, 31, hint)


@pytest.mark.parametrize(
    ("status", "width", "expected"),
    [
        (_status(60), 79, "[###############---------------] 60/120 codes, 50 %, 8.4/s, 10 s left"),
        (_status(119), 79, "[#############################-] 119/120 codes, 99 %, 8.4/s, 10 s left"),
        (_status(60), 50, "[#####------] 60/120 codes, 50 %, 8.4/s, 10 s left"),
        (_status(60), 46, "60/120 codes, 50 %, 8.4/s, 10 s left"),
        (_status(60), 9, "60/120 co"),
        (_status(needed=0), 79, "looking for codes, 31 pictures so far"),
        (Status(Progress(1, 1000), 0.5, None, 3, None), 79, "[" + "-" * 30 + "] 1/1000 codes, 0 %, 0.5/s"),
        (Status(Progress(1, 1000), 0.5, 1998, 3, None), 79, "[" + "-" * 30 + "] 1/1000 codes, 0 %, 0.5/s, 34 min left"),
    ],
)
def test_bar(status: Status, width: int, expected: str) -> None:
    """As wide as there is room, whole when the message is."""
    assert expected == bar(status, width)
    assert len(bar(status, width)) <= width


@pytest.mark.parametrize("hint", Hint)
def test_a_hint_takes_one_row(hint: Hint) -> None:
    """Of a usual terminal."""
    assert len(f"Hint: {hint.value}") < 80


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _line(stream: io.StringIO, times: list[float], term: str = "xterm") -> ProgressLine:
    return ProgressLine(stream, clock=lambda: times.pop(0) if len(times) > 1 else times[0], environment={"TERM": term})


def _screen(text: str) -> list[str]:
    screen = pyte.Screen(80, 12)
    pyte.Stream(screen).feed(text.replace("\n", "\r\n"))
    return [row.rstrip() for row in screen.display if row.strip()]


class TestTerminal:
    """One row that changes."""

    def test_a_reading(self) -> None:
        """The bar is drawn over itself; the hint stays above it; at the end no half row is left."""
        stream = _Terminal()
        line = _line(stream, [0.0, 0.0, 1.0, 2.0, 3.0, 4.0])
        line.begin("camera")
        line.show(_status(needed=0))
        line.show(_status(60))
        assert [["Reading camera. Ctrl-C ends it.", bar(_status(60), 79)], True] == [
            _screen(stream.getvalue()),
            "looking for codes" in stream.getvalue(),
        ]
        line.show(_status(60, hint=Hint.DARK))
        line.show(_status(60, hint=Hint.DARK))
        assert [f"Hint: {Hint.DARK.value}", bar(_status(60), 79)] == _screen(stream.getvalue())[1:]
        line.done(5000)
        assert "Read 5000 bytes in 4.0 s." == _screen(stream.getvalue())[-1]
        assert 3 == len(_screen(stream.getvalue()))

    def test_a_reading_that_fails(self) -> None:
        """How far it came stays, and the error has a row of its own; where nothing was drawn, no row is left empty."""
        stream = _Terminal()
        line = _line(stream, [0.0, 0.0])
        line.end()
        line.show(_status(60))
        line.end()
        line.end()
        stream.write("error\n")
        assert [bar(_status(60), 79), "error"] == _screen(stream.getvalue())
        assert 2 == stream.getvalue().count("\n")

    def test_it_is_not_drawn_for_every_frame(self) -> None:
        """Ten times a second is enough."""
        stream = _Terminal()
        line = _line(stream, [0.0, *(number / 1000 for number in range(1000)), 1.0])
        for rank in range(1000):
            line.show(_status(rank, needed=2000))
        assert 10 == stream.getvalue().count("/2000")

    def test_a_hint_is_said_again_when_it_comes_again(self) -> None:
        """Not while it stays."""
        stream = _Terminal()
        line = _line(stream, [0.0])
        for hint in (Hint.DARK, Hint.DARK, None, Hint.DARK, Hint.NO_CODE):
            line.show(_status(1, hint=hint))
        assert 3 == stream.getvalue().count("Hint: ")


@pytest.mark.parametrize("stream", [io.StringIO(), _Terminal()], ids=["a pipe", "a dumb terminal"])
def test_plain_lines(stream: io.StringIO) -> None:
    """Whole lines, one in five seconds, and nothing that moves a cursor."""
    line = _line(stream, [0.0, 1.0, 2.0, 6.0, 7.0, 12.0, 12.0], "dumb")
    line.begin("camera")
    for rank in (1, 2, 6, 7, 12):
        line.show(_status(rank, hint=Hint.DARK if rank == 7 else None))
    line.end()
    line.done(9)
    said = stream.getvalue().splitlines()
    shown = [f"{rank}/120" for rank in (6, 12)]
    assert ["Reading camera. Ctrl-C ends it.", "Read 9 bytes in 12.0 s."] == [said[0], said[-1]]
    assert [text.split("] ")[-1].split()[0] for text in said[1:-1] if "codes," in text] == shown
    assert f"Hint: {Hint.DARK.value}" in said
    assert not {"\r", "\x1b"} & set(stream.getvalue())
