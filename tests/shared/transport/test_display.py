"""The live display: its beat and its loop with a console and a clock of our own, then at a real terminal."""

import hashlib
import os
import signal
import sys
import termios
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import pytest

from coldtusk_shared.errors import BadInput, Outside
from coldtusk_shared.transport import live_screen
from coldtusk_shared.transport.display import Beat, Display, show
from coldtusk_shared.transport.halfblocks import Window
from coldtusk_shared.transport.live_screen import LiveScreen
from coldtusk_shared.transport.receiver import Receiver, Taken
from coldtusk_shared.transport.slides import Slides
from tests.shared.transport.live_terminal import LiveTerminal

_MESSAGE = hashlib.shake_256(b"display").digest(389)
_SCRIPT = """
import hashlib, sys
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.transport.display import show
try:
    show(hashlib.shake_256(b"display").digest({size}), "request", {rate})
except ColdtuskError as error:
    print(error.line())
    sys.exit(error.exit_status)
print("and on it goes")
"""


@dataclass
class Script:
    """A console and a clock: windows by the time, keys by the time; drawing takes *cost* seconds."""

    windows: dict[float, Window]
    keys: dict[float, bytes]
    cost: float = 0.0
    now: float = 0.0
    written: list[tuple[float, str]] = field(default_factory=list)

    def clock(self) -> float:
        """The time."""
        return self.now

    def window(self) -> Window:
        """The latest one."""
        return self.windows[max(at for at in self.windows if at <= self.now)]

    def read(self, seconds: float) -> bytes:
        """The next key within *seconds*."""
        coming = min((at for at in self.keys), default=1e9)
        if coming > self.now + seconds:
            self.now += seconds
            return b""
        self.now = max(self.now, coming)
        return self.keys.pop(coming)

    def write(self, text: str) -> None:
        """Keep *text*, and when it came."""
        self.written.append((round(self.now, 6), text))
        self.now += self.cost


def _run(script: Script, size: int = 389, rate: int = 10) -> list[tuple[float, str]]:
    message = hashlib.shake_256(b"display").digest(size)
    Display(Slides.first(message, "x", script.window()), script, rate, script.clock).run()
    return script.written


def _usual(keys: dict[float, bytes], *, cost: float = 0.0, columns: int = 80, rows: int = 24) -> Script:
    return Script({0.0: Window(columns, rows)}, keys, cost)


class TestBeat:
    """Moments on a grid."""

    def test_steady(self) -> None:
        """The n-th moment is n times the period after the start, however often it was asked."""
        beat, now, moments = Beat(5.0, 10), 5.0, []
        for _ in range(1000):
            now += beat.left(now)
            moments.append(now)
            beat.passed(now)
        assert pytest.approx([5 + number / 10 for number in range(1000)]) == moments

    def test_late_moments_are_skipped(self) -> None:
        """The grid stays where it was."""
        beat = Beat(0.0, 10)
        beat.passed(0.0)
        assert 0.0 == beat.left(0.57)
        beat.passed(0.57)
        assert pytest.approx(0.03) == beat.left(0.57)


class TestLoop:
    """What is written when."""

    def test_frames_in_their_order(self) -> None:
        """Ten a second, each another one, the first one at once."""
        shown = _run(_usual({1.05: b"q"}))
        assert pytest.approx([number / 10 for number in range(11)]) == [at for at, _ in shown]
        assert [f"code {number + 1}," in text for number, (_, text) in enumerate(shown)] == [True] * 11

    def test_slow_terminal(self) -> None:
        """A terminal that takes 130 ms gets five frames a second, on the grid, and no frame is left out."""
        shown = _run(_usual({1.05: b"q"}, cost=0.13))
        assert pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0]) == [at for at, _ in shown]
        assert [f"code {number + 1}," in text for number, (_, text) in enumerate(shown)] == [True] * 6

    def test_one_code_is_written_once(self) -> None:
        """Nothing flickers."""
        assert 1 == len(_run(_usual({9.0: b"\r"}, columns=200, rows=100)))

    def test_density_starts_from_the_first_frame(self) -> None:
        """At once, on an empty screen."""
        shown = _run(_usual({0.25: b"-", 0.4: b"q"}))
        at, text = shown[3]
        assert (0.25, True, True) == (at, "code 1," in text, "\x1b[2J" in text)

    def test_resize_keeps_the_number(self) -> None:
        """The same frames go on in the larger window."""
        script = Script({0.0: Window(80, 24), 0.35: Window(120, 60)}, {0.6: b"q"})
        shown = _run(script)
        numbers = [number for _, text in shown for number in range(1, 20) if f"code {number}," in text]
        assert list(range(numbers[0], numbers[-1] + 1)) == numbers
        assert 1 == sum("\x1b[60;1H" in text and "\x1b[2J" in text for _, text in shown)

    def test_never_large_enough(self) -> None:
        """``qr.window-too-small``: it was said on the screen, and is the command's end."""
        with pytest.raises(Outside, match="33 columns by 18 rows") as caught:
            _run(_usual({1.0: b"q"}, columns=30, rows=10))
        assert "qr.window-too-small" == caught.value.code.name

    def test_made_large_enough(self) -> None:
        """It begins as soon as the window has room."""
        shown = _run(Script({0.0: Window(30, 10), 0.5: Window(80, 24)}, {1.0: b"q"}))
        assert ["enlarge" in shown[0][1], "code 1," in shown[1][1]] == [True, True]

    def test_rate(self) -> None:
        """``qr.bad-rate``."""
        with pytest.raises(BadInput) as caught:
            show(_MESSAGE, "x", 0)
        assert "qr.bad-rate" == caught.value.code.name


def _shown(rows: int = 24, columns: int = 80) -> LiveTerminal:
    return LiveTerminal([sys.executable, "-c", _SCRIPT.format(size=389, rate=10)], rows, columns)


def _collected(terminal: LiveTerminal, receiver: Receiver) -> bytes | None:
    for code in terminal.codes():
        receiver.take(code)
    return receiver.message


class TestTerminal:
    """A process at a pseudo-terminal, its screen read by zxing-cpp."""

    def test_a_message_of_many_codes(self) -> None:
        """In a usual window, until it is whole; then the screen is as it was, and the program goes on."""
        terminal, receiver = _shown(), Receiver()
        terminal.wait(lambda: _collected(terminal, receiver))
        assert _MESSAGE == receiver.message
        terminal.press(b"q")
        assert (0, None) == terminal.end()
        assert terminal.sent.rstrip().endswith(b"\x1b[?25h\x1b[?1049land on it goes")
        assert terminal.before == terminal.settings()

    def test_one_code(self) -> None:
        """In a large window."""
        terminal, receiver = _shown(rows=60, columns=120), Receiver()
        assert Taken.DONE is receiver.take(terminal.wait_for_code())
        terminal.press(b"\r")
        assert ((0, None), _MESSAGE) == (terminal.end(), receiver.message)

    def test_keys(self) -> None:
        """Another density is another cut of the same message; arrows end nothing."""
        terminal = _shown(rows=60, columns=120)
        terminal.wait_for("one code")
        terminal.press(b"\x1b[A")
        terminal.press(b"-")
        terminal.wait_for("any 2 do")
        terminal.press(b"+")
        terminal.wait_for("one code")
        terminal.press(b"\x04")
        assert (0, None) == terminal.end()

    def test_resize(self) -> None:
        """Smaller: fewer modules. Larger: the same frames, in the middle."""
        terminal, receiver = _shown(rows=60, columns=120), Receiver()
        terminal.wait_for("one code")
        terminal.resize(24, 80)
        terminal.wait_for("any 5 do")
        terminal.resize(40, 100)
        terminal.wait(lambda: _collected(terminal, receiver))
        assert _MESSAGE == receiver.message
        terminal.press(b"q")
        assert (0, None) == terminal.end()

    def test_too_small(self) -> None:
        """It says what it needs and waits; ended, the error says so again."""
        terminal = _shown(rows=10, columns=40)
        terminal.wait_for("33 columns by 18 rows")
        terminal.press(b"q")
        assert (5, None) == terminal.end()
        assert b"error [qr.window-too-small]" in terminal.sent

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
    def test_ended_by_a_signal(self, number: signal.Signals) -> None:
        """The terminal is given back first; then the signal does what it does."""
        terminal = _shown()
        terminal.wait_for("any 5 do")
        assert terminal.before != terminal.settings()
        terminal.child.kill(number)
        assert (None, number) == terminal.end()
        assert b"\x1b[?25h\x1b[?1049l" in terminal.sent
        assert terminal.before == terminal.settings()

    def test_ctrl_c(self) -> None:
        """As a person ends it: KeyboardInterrupt, and the terminal is as it was."""
        terminal = _shown()
        terminal.wait_for("any 5 do")
        terminal.press(b"\x03")
        assert (None, signal.SIGINT) == terminal.end()
        assert terminal.before == terminal.settings()
        assert b"\x1b[?1049l" in terminal.sent

    def test_ctrl_z_and_ctrl_backslash_do_nothing(self) -> None:
        """They would leave a terminal without echo and cursor behind."""
        terminal = _shown()
        terminal.wait_for("any 5 do")
        terminal.press(b"\x1a\x1c")
        terminal.wait_for("code 9,")
        terminal.press(b"q")
        assert (0, None) == terminal.end()

    def test_what_was_typed_meanwhile_is_gone(self) -> None:
        """Nothing reaches the next prompt of the same terminal."""
        script = _SCRIPT.format(size=389, rate=10).replace('print("and on', 'print(repr(input("> ")), "and on')
        terminal = LiveTerminal([sys.executable, "-c", script])
        terminal.wait_for("any 5 do")
        terminal.press(b"qsend 1 WART to 6f93\n")
        terminal.wait_for(">")
        terminal.press(b"typed\n")
        assert (0, None) == terminal.end()
        assert "'typed' and on it goes" in terminal.text()


class TestRefused:
    """``display.no-terminal``: where no code can be shown; and a terminal that goes."""

    @pytest.mark.parametrize(
        ("environment", "what"),
        [({"TERM": "dumb"}, "TERM says"), ({"PYTHONIOENCODING": "latin-1"}, "its encoding is iso8859-1")],
    )
    def test_terminals(self, environment: dict[str, str], what: str) -> None:
        """What they would show is no code."""
        terminal = LiveTerminal([sys.executable, "-c", _SCRIPT.format(size=389, rate=10)], environment=environment)
        assert (5, None) == terminal.end()
        shown = " ".join(terminal.text().split())
        assert "error [display.no-terminal]" in shown
        assert what in shown

    def test_no_terminal(self, tmp_path: Path) -> None:
        """A file is none."""
        with (tmp_path / "x").open("w+") as file, pytest.raises(Outside) as caught:
            live_screen.check_terminal(file, file)
        assert "display.no-terminal" == caught.value.code.name

    @pytest.fixture
    def pair(self) -> Iterator[tuple[int, TextIO, TextIO]]:
        """A terminal that controls nothing: its other end, and what a program has of it."""
        master, slave = os.openpty()
        with os.fdopen(slave, encoding="utf-8") as keyboard, os.fdopen(os.dup(slave), "w", encoding="utf-8") as screen:
            yield master, keyboard, screen
        with suppress(OSError):
            os.close(master)

    def test_terminal_that_goes(self, pair: tuple[int, TextIO, TextIO]) -> None:
        """``display.terminal-gone``: nothing can be shown, read or given back."""
        master, text, screen = pair
        with LiveScreen(text, screen) as live:
            os.close(master)
            for use in (lambda: live.write("x"), lambda: live.read(1), live.window):
                with pytest.raises(Outside) as caught:
                    use()
                assert "display.terminal-gone" == caught.value.code.name

    def test_size_that_is_not_said(self, pair: tuple[int, TextIO, TextIO]) -> None:
        """A serial line says 0 by 0."""
        _, text, screen = pair
        with LiveScreen(text, screen) as live:
            assert Window(80, 24) == live.window()

    def test_an_exception(self, pair: tuple[int, TextIO, TextIO]) -> None:
        """The terminal is given back, and the exception goes on."""
        master, text, screen = pair
        before = termios.tcgetattr(text.fileno())
        with pytest.raises(ZeroDivisionError), LiveScreen(text, screen):
            assert before != termios.tcgetattr(text.fileno())
            1 / 0  # noqa: B018 - it is about its exception
        assert before == termios.tcgetattr(text.fileno())
        assert b"".join(os.read(master, 1) for _ in range(len(live_screen._PAGE + live_screen._BACK))).endswith(
            b"\x1b[?1049l"
        )

    def test_a_signal_that_is_ignored_stays_ignored(self, pair: tuple[int, TextIO, TextIO]) -> None:
        """As behind nohup."""
        _, text, screen = pair
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            with LiveScreen(text, screen):
                signal.raise_signal(signal.SIGHUP)
            assert signal.SIG_IGN is signal.getsignal(signal.SIGHUP)
        finally:
            signal.signal(signal.SIGHUP, before)

    def test_a_handler_of_somebody_else_is_called_afterwards(self, pair: tuple[int, TextIO, TextIO]) -> None:
        """With the terminal as it was."""
        _, text, screen = pair
        before, seen = termios.tcgetattr(text.fileno()), []
        previous = signal.signal(signal.SIGTERM, lambda *_: seen.append(termios.tcgetattr(text.fileno())))
        try:
            with pytest.raises(live_screen.Ended, match="SIGTERM"), LiveScreen(text, screen):
                signal.raise_signal(signal.SIGTERM)
        finally:
            signal.signal(signal.SIGTERM, previous)
        assert [before] == seen
