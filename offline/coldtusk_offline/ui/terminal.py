"""The operator's terminal.

What was typed before a prompt appeared is thrown away: a code or a device that types ahead approves nothing.
"""

import os
import sys
import termios
from typing import TextIO

from coldtusk_offline import passphrase
from coldtusk_offline.secret import Secret
from coldtusk_shared.errors import Code, Outside, Refused

NO_TERMINAL = Code("terminal.none", "run the command in a terminal: a person must see the screen and type")
CLOSED = Code("terminal.closed", "nothing was signed or recorded: start again in a terminal that stays")

_LINE_CHARACTERS = 4096
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
        self._screen.write(f"{text}\n")
        self._screen.flush()

    def ask(self, prompt: str) -> str:
        """One line, typed after *prompt* appeared."""
        self._drain()
        self._screen.write(prompt)
        self._screen.flush()
        typed = self._keyboard.readline(_LINE_CHARACTERS)
        if not typed.endswith("\n"):
            raise Refused(CLOSED, "the terminal was closed, or the line is too long")
        return typed[:-1]

    def ask_secret(self, prompt: str) -> str:
        """One line that is not shown."""
        descriptor = self._keyboard.fileno()
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
            self._screen.write("\x1b[H\x1b[2J\x1b[3J")
            self._screen.flush()

    def passphrase(self, prompt: str = "Passphrase: ") -> Secret:
        """The passphrase of a vault that exists."""
        return passphrase.typed(self.ask_secret(prompt))

    def new_passphrase(self) -> Secret:
        """The passphrase of a new vault, typed twice."""
        first = self.ask_secret("New passphrase (at least 14 characters; six random words are better): ")
        return passphrase.chosen(first, self.ask_secret("The same again: "))

    def _drain(self) -> None:
        termios.tcflush(self._keyboard.fileno(), termios.TCIFLUSH)
