"""The operator's terminal.

What was typed before a prompt appeared is thrown away: a code or a device that types ahead approves nothing.
"""

import os
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from coldtusk_offline import passphrase
from coldtusk_offline.secret import Secret
from coldtusk_shared.errors import Code, Outside, Refused

NO_TERMINAL = Code("terminal.none", "run the command in a terminal: a person must see the screen and type")
CLOSED = Code(
    "terminal.closed", "run the command again in a terminal that stays; what was answered before gets the same answer"
)

_LINE_BYTES = 4096
"""As much as the kernel keeps of one line."""
_ECHO = 3


class Terminal:
    """Screen and keyboard of one session; both must be a real terminal."""

    def __init__(self, keyboard: TextIO | None = None, screen: TextIO | None = None) -> None:
        self._keyboard = sys.stdin if keyboard is None else keyboard
        self._screen = sys.stdout if screen is None else screen
        if not (self._keyboard.isatty() and self._screen.isatty()):
            raise Outside(NO_TERMINAL, "standard input or output is not a terminal")

    def show(self, text: str) -> None:
        """Show *text* and a line end."""
        self._write(f"{text}\n")

    def ask(self, prompt: str) -> str:
        """One line, typed after *prompt* appeared. What is no text comes as lone surrogates."""
        with _explained():
            termios.tcflush(self._keyboard.fileno(), termios.TCIFLUSH)
        self._write(prompt)
        return self._line().decode(self._keyboard.encoding, "surrogateescape")

    def ask_secret(self, prompt: str) -> str:
        """One line that is not shown."""
        descriptor = self._keyboard.fileno()
        with _explained():
            before = termios.tcgetattr(descriptor)
            silent = [*before]
            silent[_ECHO] = before[_ECHO] & ~termios.ECHO
            try:
                termios.tcsetattr(descriptor, termios.TCSAFLUSH, silent)
                return self.ask(prompt)
            finally:
                termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)
                self.show("")

    def clear(self) -> None:
        """Take what was shown off the screen and out of its scroll-back."""
        if os.environ.get("TERM", "dumb") != "dumb":
            self._write("\x1b[H\x1b[2J\x1b[3J")

    def passphrase(self, prompt: str = "Passphrase: ") -> Secret:
        """The passphrase of a vault that exists."""
        return passphrase.typed(self.ask_secret(prompt))

    def new_passphrase(self) -> Secret:
        """The passphrase of a new vault, typed twice."""
        first = self.ask_secret("New passphrase (at least 14 characters; six random words are better): ")
        return passphrase.chosen(first, self.ask_secret("The same again: "))

    def _write(self, text: str) -> None:
        with _explained():
            self._screen.write(text)
            self._screen.flush()

    def _line(self) -> bytes:
        """Read below Python's buffers: what they held of a second line would outlive the flush before its prompt."""
        typed = b""
        while b"\n" not in typed:
            with _explained():
                more = os.read(self._keyboard.fileno(), _LINE_BYTES)
            typed += more
            if not more or len(typed) > _LINE_BYTES:
                self.show("")  # the error has a row of its own
                raise Refused(CLOSED, "the terminal was closed, or the line is too long")
        return typed.partition(b"\n")[0]


@contextmanager
def _explained() -> Iterator[None]:
    """A terminal that is gone, in words."""
    try:
        yield
    except (OSError, termios.error):
        raise Refused(CLOSED, "the terminal is gone") from None
