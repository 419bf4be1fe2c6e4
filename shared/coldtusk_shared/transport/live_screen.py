"""A terminal taken over for a while: keys one by one, another page, no cursor; and given back whatever happens."""

import codecs
import os
import select
import signal
import sys
import termios
from collections.abc import Mapping
from types import FrameType, TracebackType
from typing import Any, Final, Self, TextIO

from coldtusk_shared.errors import Code, Outside
from coldtusk_shared.transport.halfblocks import Window

NO_TERMINAL = Code("display.no-terminal", "run it at a terminal of UTF-8, or write a file or a picture instead")
GONE = Code("display.terminal-gone", "run the same command again in a terminal that stays")

_PAGE: Final = "\x1b[?1049h\x1b[?25l\x1b[2J"
_BACK: Final = "\x1b[0m\x1b[2J\x1b[H\x1b[?25h\x1b[?1049l"
"""Cleared before it is left: a console without a second page keeps nothing of the code."""
_INPUT_FLAGS, _LOCAL_FLAGS, _CHARACTERS = 0, 3, 6
_OFF: Final = b"\0"
_ENDINGS: Final = (signal.SIGTERM, signal.SIGHUP)
_USUAL: Final = Window(80, 24)
_READ_BYTES: Final = 1024


class Ended(BaseException):
    """A signal that ends the process: it does so once the terminal is given back."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class LiveScreen:
    """A context manager around a terminal: inside, what is typed comes at once and unseen, and Ctrl-C interrupts.

    For the main thread alone. Raises :class:`Outside` where there is no terminal that shows codes, and when it goes.
    """

    def __init__(self, keyboard: TextIO | None = None, screen: TextIO | None = None) -> None:
        keyboard, screen = keyboard or sys.stdin, screen or sys.stdout
        check_terminal(keyboard, screen)
        screen.flush()
        self._keyboard, self._screen = keyboard.fileno(), screen.fileno()
        self._before = termios.tcgetattr(self._keyboard)
        self._handlers = {number: signal.getsignal(number) for number in _ENDINGS}

    def __enter__(self) -> Self:
        for number, before in self._handlers.items():
            if before is not signal.SIG_IGN:
                signal.signal(number, _end)
        try:
            termios.tcsetattr(self._keyboard, termios.TCSAFLUSH, _one_by_one(self._before))
            self.write(_PAGE)
        except BaseException:
            self._give_back()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._give_back()
        if isinstance(error, Ended):
            signal.raise_signal(error.number)

    def window(self) -> Window:
        """Its size now; that of a usual one where it does not say."""
        try:
            size = os.get_terminal_size(self._screen)
        except OSError as error:
            raise _gone(error) from error
        return Window(size.columns, size.lines) if size.columns and size.lines else _USUAL

    def read(self, seconds: float) -> bytes:
        """What is typed, as soon as something is; nothing after *seconds*."""
        try:
            ready, _, _ = select.select([self._keyboard], [], [], max(0.0, seconds))
            if not ready:
                return b""
            typed = os.read(self._keyboard, _READ_BYTES)
        except OSError as error:
            raise _gone(error) from error
        if not typed:
            raise Outside(GONE, "the terminal was closed")
        return typed

    def write(self, text: str) -> None:
        """Show *text*, past Python's buffers."""
        view = memoryview(text.encode())
        try:
            while view:
                view = view[os.write(self._screen, view) :]
        except OSError as error:
            raise _gone(error) from error

    def _give_back(self) -> None:
        """The terminal and the signals as they were; what was typed meanwhile is thrown away."""
        held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, *_ENDINGS})
        try:
            for number, before in self._handlers.items():
                signal.signal(number, before)
            try:
                self.write(_BACK)
            finally:
                termios.tcsetattr(self._keyboard, termios.TCSAFLUSH, self._before)
        except (Outside, termios.error):
            return  # it is gone: there is nothing to give back
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)


def check_terminal(
    keyboard: TextIO | None = None, screen: TextIO | None = None, environment: Mapping[str, str] = os.environ
) -> None:
    """Refuse what shows no code or takes no key: better before anything is asked or signed. Raises Outside."""
    keyboard, screen = keyboard or sys.stdin, screen or sys.stdout
    if not (keyboard.isatty() and screen.isatty()):
        raise Outside(NO_TERMINAL, "standard input or output is not a terminal")
    if environment.get("TERM", "dumb") == "dumb":
        raise Outside(NO_TERMINAL, "TERM says that this terminal shows plain lines alone")
    if codecs.lookup(screen.encoding).name != "utf-8":
        raise Outside(NO_TERMINAL, f"its encoding is {screen.encoding}")


def _one_by_one(attributes: list[Any]) -> list[Any]:
    """*attributes* (termios(3)) without lines and echo; of the keys that send a signal only Ctrl-C stays one."""
    changed = [*attributes]
    changed[_INPUT_FLAGS] &= ~termios.IXON
    changed[_LOCAL_FLAGS] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    changed[_LOCAL_FLAGS] |= termios.ISIG
    characters = [*changed[_CHARACTERS]]
    characters[termios.VMIN], characters[termios.VTIME] = 1, 0
    characters[termios.VSUSP] = characters[termios.VQUIT] = _OFF
    changed[_CHARACTERS] = characters
    return changed


def _end(number: int, _frame: FrameType | None) -> None:
    raise Ended(number)


def _gone(error: OSError) -> Outside:
    return Outside(GONE, f"the terminal is gone: {error.strerror}")
