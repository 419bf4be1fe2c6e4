"""The operator's terminal, its keyboard a real pseudo-terminal: nothing typed ahead counts, secrets are not shown."""

import errno
import io
import os
import pty
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_offline.secret import Secret
from coldtusk_offline.ui.terminal import Terminal
from tests.offline.payments import code_of

LONGEST = 4095
"""Bytes of one line that the kernel keeps, without its end."""


class Person(io.StringIO):
    """Somebody in front of the screen, who types the next answer as soon as its prompt appears, and never before."""

    def __init__(self, master: int, slave: int) -> None:
        super().__init__()
        self.master = master
        self.slave = slave
        self.answers: list[tuple[str, bytes]] = []
        self.echoed: list[bool] = []

    def isatty(self) -> bool:
        """It is a screen."""
        return True

    def write(self, text: str) -> int:
        """See *text*; answer it if it is the prompt that is waited for."""
        if self.answers and self.answers[0][0] == text:
            self.echoed.append(self.echoes())
            self.types(self.answers.pop(0)[1])
        return super().write(text)

    def types(self, data: bytes) -> None:
        """Type now."""
        os.write(self.master, data)

    def will(self, *answers: bytes, prompt: str = "> ") -> None:
        """Type these, each at its own prompt."""
        self.answers += [(prompt, answer) for answer in answers]

    def echoes(self) -> bool:
        """Whether the terminal shows what is typed."""
        flags: int = termios.tcgetattr(self.slave)[3]
        return bool(flags & termios.ECHO)

    def one_key_at_a_time(self) -> None:
        """Switch the terminal to raw lines, as another program may leave it: one read may bring several lines."""
        attributes = termios.tcgetattr(self.slave)
        attributes[3] &= ~termios.ICANON
        termios.tcsetattr(self.slave, termios.TCSANOW, attributes)


@pytest.fixture
def person() -> Iterator[Person]:
    """A person at a pseudo-terminal of their own."""
    master, slave = pty.openpty()
    one = Person(master, slave)
    yield one
    os.close(slave)
    if one.master == master:
        os.close(master)


@pytest.fixture
def terminal(person: Person) -> Iterator[Terminal]:
    """The device's side of it."""
    with os.fdopen(os.dup(person.slave), encoding="utf-8") as keyboard:
        yield Terminal(keyboard, person)


class TestAsking:
    """One line, typed after the prompt."""

    def test_gives_the_line(self, person: Person, terminal: Terminal) -> None:
        """As it was typed, blanks and all; any script."""
        person.will(b"  send 1.5 WART\n", b"\n", "M\u00e4rz \u7d66\u4e0e\n".encode())
        assert ["  send 1.5 WART", "", "M\u00e4rz \u7d66\u4e0e"] == [terminal.ask("> ") for _ in range(3)]
        assert [True, True, True] == person.echoed

    def test_throws_away_what_was_typed_ahead(self, person: Person, terminal: Terminal) -> None:
        """Whole lines, several of them, and half of one."""
        person.types(b"send 1.5 WART to 6f93\nsend 1.5 WART to 6f93\nsen")
        person.will(b"late\n")
        assert terminal.ask("> ") == "late"

    def test_throws_away_what_came_with_the_line_before(self, person: Person, terminal: Terminal) -> None:
        """A device that types two lines at once answers one prompt, not two; in both modes of a terminal."""
        for raw in (False, True):
            if raw:
                person.one_key_at_a_time()
            person.will(b"no\nsend 1.5 WART to 6f93\n", b"late\n")
            assert ["no", "late"] == [terminal.ask("> "), terminal.ask("> ")]

    def test_line_may_come_in_pieces(self, person: Person, terminal: Terminal) -> None:
        """Ctrl-D in the middle of a line ends a read, not the line."""
        person.will(b"se\x04nd\n")
        assert terminal.ask("> ") == "send"

    def test_takes_the_longest_line_of_the_kernel(self, person: Person, terminal: Terminal) -> None:
        """And no longer one, where the terminal gives one."""
        person.will(b"x" * LONGEST + b"\n")
        assert terminal.ask("> ") == "x" * LONGEST
        person.one_key_at_a_time()
        person.will(b"x" * (LONGEST + 2))
        assert code_of(terminal.ask, "> ") == "terminal.closed"

    def test_what_is_no_text_is_passed_on_as_such(self, person: Person, terminal: Terminal) -> None:
        """A keyboard with another encoding is no fault of Coldtusk."""
        person.will(b"pa\xdfwort\n", b"pa\xdfwort \xe4\xf6 long enough\n")
        assert terminal.ask("> ") == "pa\udcdfwort"
        assert code_of(terminal.passphrase, "> ") == "passphrase.characters"

    def test_end_of_input_is_a_closed_terminal(self, person: Person, terminal: Terminal) -> None:
        """Ctrl-D at the prompt."""
        person.will(b"\x04")
        assert code_of(terminal.ask, "> ") == "terminal.closed"

    def test_hangup_is_a_closed_terminal(self, person: Person, terminal: Terminal) -> None:
        """The other end is gone: for every way to ask."""
        os.close(person.master)
        person.master = -1
        for ask in (terminal.ask, terminal.ask_secret, terminal.passphrase):
            assert code_of(ask, "> ") == "terminal.closed"

    def test_screen_that_is_gone_is_a_closed_terminal(
        self, person: Person, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Nothing is asked on a screen that nobody sees."""

        def gone(_text: str) -> int:
            raise OSError(errno.EIO, "gone")

        monkeypatch.setattr(person, "write", gone)
        assert code_of(terminal.show, "text") == "terminal.closed"
        assert code_of(terminal.ask, "> ") == "terminal.closed"


class TestSecrets:
    """Passphrases, words, keys."""

    def test_are_not_echoed(self, person: Person, terminal: Terminal) -> None:
        """And the terminal echoes again afterwards."""
        person.will(b"correct horse battery staple\n")
        assert terminal.ask_secret("> ") == "correct horse battery staple"
        assert ([False], True) == (person.echoed, person.echoes())
        assert person.getvalue() == "> \n"

    def test_echo_comes_back_after_a_failure(self, person: Person, terminal: Terminal) -> None:
        """Ctrl-D, or an interrupt."""
        person.will(b"\x04")
        assert code_of(terminal.ask_secret, "> ") == "terminal.closed"
        assert person.echoes()

    def test_new_passphrase_is_typed_twice(self, person: Person, terminal: Terminal) -> None:
        """Different ones are refused, and neither is shown."""
        first, second = (
            "New passphrase (at least 14 characters; six random words are better): ",
            "The same again: ",
        )
        person.will(b"correct horse battery staple\n", prompt=first)
        person.will(b"correct horse battery staple\n", prompt=second)
        assert terminal.new_passphrase() == Secret(b"correct horse battery staple")
        person.will(b"correct horse battery staple\n", prompt=first)
        person.will(b"correct horse battery stable\n", prompt=second)
        assert code_of(terminal.new_passphrase) == "passphrase.different"
        assert "horse" not in person.getvalue()


class TestScreen:
    """What is shown."""

    def test_shows_a_line(self, person: Person, terminal: Terminal) -> None:
        """With its end."""
        terminal.show("text")
        assert person.getvalue() == "text\n"

    def test_clears_the_scroll_back_too(
        self, person: Person, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """ECMA-48 with xterm's 3J; a dumb terminal gets no escapes."""
        monkeypatch.setenv("TERM", "xterm")
        terminal.clear()
        assert person.getvalue() == "\x1b[H\x1b[2J\x1b[3J"
        monkeypatch.setenv("TERM", "dumb")
        terminal.clear()
        assert person.getvalue() == "\x1b[H\x1b[2J\x1b[3J"

    def test_both_ends_must_be_terminals(self, person: Person, tmp_path: Path) -> None:
        """A pipe or a file answers nothing, and sees nothing."""
        with (
            os.fdopen(os.dup(person.slave), encoding="utf-8") as keyboard,
            (tmp_path / "file").open("w+", encoding="utf-8") as file,
        ):
            assert code_of(Terminal, file, person) == "terminal.none"
            assert code_of(Terminal, keyboard, file) == "terminal.none"
