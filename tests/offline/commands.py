"""The installed command ``coldtusk-offline`` as an operator runs it: in a folder, at a terminal, or without one."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pyte

from tests.simulators.desk import PASSPHRASE, Desk, make_desk

COMMAND = Path(sys.executable).parent / "coldtusk-offline"
TYPED = PASSPHRASE.reveal().decode()
_SECONDS = 30


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit status, and all that was on its screen."""

    status: int
    shown: str


class AtTerminal:
    """One command at a terminal of its own, and the person in front of it."""

    def __init__(self, command: Sequence[str], folder: Path, rows: int, **environment: str) -> None:
        self.child = pexpect.spawn(
            command[0],
            list(command[1:]),
            cwd=str(folder),
            env={**_environment(), "TERM": "xterm", **environment},
            encoding="utf-8",
            timeout=_SECONDS,
            dimensions=(rows, 80),
        )
        self.child.delaybeforesend = None  # the prompt is there: nothing is typed ahead
        self.shown = ""
        self.screen = pyte.Screen(80, rows)
        self._stream = pyte.Stream(self.screen)

    def sees(self, prompt: str) -> "AtTerminal":
        """Wait for *prompt*."""
        self.child.expect_exact(prompt)
        self._take(f"{self.child.before}{self.child.after}")
        return self

    def types(self, text: str) -> "AtTerminal":
        """Type a line."""
        self.child.sendline(text)
        return self

    def answers(self, prompt: str, text: str) -> "AtTerminal":
        """Wait for *prompt*, then type *text*."""
        return self.sees(prompt).types(text)

    def unlocks(self, passphrase: str = TYPED) -> "AtTerminal":
        """Type the passphrase."""
        return self.answers("Passphrase: ", passphrase)

    def ends(self) -> Ended:
        """Wait for the end."""
        self.child.expect(pexpect.EOF)
        self._take(str(self.child.before))
        self.child.close()
        return Ended(int(self.child.exitstatus if self.child.exitstatus is not None else -1), self.shown)

    def display(self) -> str:
        """What stands on the screen, without blanks at the ends of its rows."""
        return "\n".join(row.rstrip() for row in self.screen.display).rstrip() + "\n"

    def _take(self, text: str) -> None:
        self._stream.feed(text)
        self.shown += text.replace("\r", "")


@dataclass(frozen=True)
class Place:
    """A folder with a device in it, and a host that is paired with it."""

    folder: Path
    desk: Desk

    @property
    def home(self) -> Path:
        """The device's folder."""
        return self.desk.home.path

    def put(self, name: str, data: bytes) -> str:
        """Write a file; its name, for an argument."""
        (self.folder / name).write_bytes(data)
        return name

    def at_terminal(self, *arguments: str, rows: int = 60, **environment: str) -> AtTerminal:
        """Run the command at a terminal."""
        chosen = {"COLDTUSK_OFFLINE_HOME": str(self.home), **environment}
        return AtTerminal([str(COMMAND), *arguments], self.folder, rows, **chosen)

    def opened(self, *arguments: str) -> AtTerminal:
        """Run it, and type the passphrase."""
        return self.at_terminal(*arguments).unlocks()

    def piped(self, *arguments: str, **environment: str) -> Ended:
        """Run it without a terminal."""
        done = subprocess.run(
            [str(COMMAND), *arguments],
            cwd=self.folder,
            env={**_environment(), "COLDTUSK_OFFLINE_HOME": str(self.home), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            timeout=_SECONDS,
        )
        return Ended(done.returncode, done.stdout)


def make_place(folder: Path) -> Place:
    """A new device with two accounts and one host."""
    return Place(folder, make_desk(folder))


def empty_place(folder: Path) -> Place:
    """A folder for a device that is still to be made."""
    made = make_desk(folder / "elsewhere")
    return Place(folder, Desk(type(made.home)(folder / "device"), made.means, made.host))


def error_of(ended: Ended) -> tuple[int, str]:
    """The exit status and the code of the one error line."""
    [code] = re.findall(r"^error \[([a-z0-9.-]+)\] .+ -- .+$", ended.shown, re.MULTILINE)
    return ended.status, code


def _environment() -> dict[str, str]:
    """Ours, so that coverage is measured; a terminal of the usual kind."""
    return {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
