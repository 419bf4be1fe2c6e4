"""The demo's stage: a folder that is removed at the end, both halves as real commands, a terminal for each."""

import json
import os
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pexpect

from tests.demo.screens import FRAME_END, Screens

COMMANDS = Path(sys.executable).parent
COLUMNS = 100
PASSPHRASE = " ".join(
    secrets.choice(("amber", "birch", "cedar", "delta", "ember", "flint", "grove", "heron")) for _ in range(6)
)
DICE = [secrets.choice("123456") for _ in range(99)]
LIVE = (32, 80)
"""Rows and columns of the terminals that show codes."""
_FILM = Path(__file__).with_name("film.py")
_PAGE_LEFT = "\x1b[?1049l"
_PAGE_END = f"\x1b[0m\x1b[2J\x1b[H\x1b[?25h{_PAGE_LEFT}"
_WATCH_SECONDS = 1.0
_SECONDS = 30


class Stage:
    """One folder, its servers, the commands of both halves run in it.

    *watched*: what crosses by light is also shown on the terminal that the demo runs in.
    """

    def __init__(self, *, watched: bool = False) -> None:
        own = shutil.get_terminal_size()
        self._watched = watched and sys.stdout.isatty() and own.lines >= LIVE[0] and own.columns >= LIVE[1]
        self._live = (own.lines, own.columns) if self._watched else LIVE
        self._folder = tempfile.TemporaryDirectory(prefix="coldtusk-demo-")
        self.path = Path(self._folder.name)
        self._servers: list[subprocess.Popen[str]] = []
        self._terminal: pexpect.spawn[str] | None = None
        self._environment = {
            "PATH": f"{self.path}:{COMMANDS}:/usr/bin:/bin",
            "HOME": str(self.path),
            "TERM": "dumb",
            "LANG": "C.UTF-8",
            "COLUMNS": str(COLUMNS),
            "COLDTUSK_ONLINE_CONFIG": str(self.path / "online" / "settings.toml"),
            "COLDTUSK_ONLINE_DATA": str(self.path / "online"),
            "COLDTUSK_OFFLINE_HOME": str(self.path / "offline"),
        }

    def __enter__(self) -> "Stage":
        signal.signal(signal.SIGTERM, _terminate)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._terminal is not None:
            self._terminal.close(force=True)
        for server in self._servers:
            server.terminate()
            server.wait(timeout=_SECONDS)
        self._folder.cleanup()

    def serve(self, *arguments: str, until: str = "listening on ", count: int = 1) -> list[str]:
        """Start a command of the online half that serves; its lines up to the *count*-th that begins with *until*."""
        command = ["coldtusk-online", *arguments]
        _say_command(command)
        server = subprocess.Popen(
            [str(COMMANDS / command[0]), *command[1:]],
            cwd=self.path,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._servers.append(server)
        if server.stdout is None:
            raise RuntimeError("a server's output is piped")
        lines: list[str] = []
        while sum(line.startswith(until) for line in lines) < count:
            lines.append(server.stdout.readline().rstrip("\n"))
            _say(lines[-1])
            if server.poll() is not None:
                raise SystemExit(f"{' '.join(command)} ended with status {server.returncode}")
        return lines

    def stop_last(self) -> str:
        """End the server that was started last, as an operator does; what else it said."""
        server = self._servers.pop()
        server.send_signal(signal.SIGINT)
        said = server.communicate(timeout=_SECONDS)[0]
        _say(said)
        return said

    def online(self, *arguments: str, quiet: bool = False) -> str:
        """Run a command of the online half; what it printed."""
        command = ["coldtusk-online", *arguments]
        if not quiet:
            _say_command(command)
        done = subprocess.run(
            [str(COMMANDS / command[0]), *arguments],
            cwd=self.path,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if not quiet:
            _say(done.stderr + done.stdout)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} ended with status {done.returncode}: {done.stderr}")
        return done.stdout

    def online_json(self, *arguments: str) -> Any:
        """The JSON of a command of the online half, not shown."""
        return json.loads(self.online(*arguments, "--json", quiet=True))

    def at_terminal(self, program: str, *arguments: str, live: bool = False) -> "Session":
        """Run a command that talks to a person, at a terminal of its own; a *live* one shows codes."""
        command = [f"coldtusk-{program}", *arguments]
        _say_command(command)
        self._terminal = pexpect.spawn(
            str(COMMANDS / command[0]),
            list(arguments),
            cwd=str(self.path),
            env={**self._environment, "TERM": "xterm-256color" if live else "dumb"},
            encoding="utf-8",
            timeout=_SECONDS,
            dimensions=self._live if live else (60, COLUMNS),
        )
        self._terminal.delaybeforesend = None  # the prompt is there: nothing is typed ahead
        return Session(self._terminal, " ".join(command))

    def film(self, session: "Session", name: str) -> str:
        """Film what *session* shows until its message can be read, end it, and hang a camera before the film.

        The camera as ``--scan`` takes it: a program *name* that writes frames.
        """
        screens = Screens(*self._live)
        try:
            for frame in session.frames():
                screens.take(frame)
                self._watch(frame)
                if screens.enough:
                    break
            time.sleep(_WATCH_SECONDS if self._watched else 0)
        finally:
            self._watch(_PAGE_END)
        session.press("q")
        folder = screens.save(self.path / f"{name}-screens")
        camera = self.path / name
        words = (sys.executable, str(_FILM), str(folder), str(len(name)))
        camera.write_text(f"#!/bin/sh\nexec {shlex.join(words)}\n", encoding="utf-8")
        camera.chmod(0o700)
        return f"command:1280x720:{name}"

    def _watch(self, shown: str) -> None:
        if self._watched:
            print(shown, end="", flush=True)


class Session:
    """One command at its terminal, and the person in front of it."""

    def __init__(self, terminal: "pexpect.spawn[str]", command: str) -> None:
        self._terminal = terminal
        self._command = command
        self.shown = ""

    def answer(self, prompt: str, typed: str, *, secret: bool = False) -> None:
        """Wait for *prompt*, then type."""
        self._terminal.expect_exact(prompt)
        self._take(prompt)
        print(f"    \033[1m{'(typed unseen)' if secret else typed}\033[0m")
        self._terminal.sendline(typed)

    def end(self) -> str:
        """Wait for the end; all that was shown."""
        self._terminal.expect(pexpect.EOF)
        self._take("")
        self._terminal.close()
        if self._terminal.exitstatus != 0:
            raise SystemExit(f"{self._command} ended with status {self._terminal.exitstatus}")
        return self.shown

    def frames(self) -> Iterator[str]:
        """The frames of a live display, as the terminal gets them."""
        while True:
            self._terminal.expect_exact(FRAME_END)
            yield f"{self._terminal.before}{FRAME_END}"

    def press(self, key: str) -> None:
        """Press a key of the live display."""
        self._terminal.send(key)

    def _take(self, prompt: str) -> None:
        text = f"{self._terminal.before}{prompt}".rpartition(_PAGE_LEFT)[2].replace("\r\n", "\n")
        lines = [_last_drawn(line) for line in text.split("\n")]
        self.shown += "\n".join(lines)
        _say("\n".join(lines))

    def phrase(self, prompt: str) -> str:
        """Wait for *prompt*; what the screen says signs the request."""
        self._terminal.expect_exact(prompt)
        self._take(prompt)
        line = next(row for row in self.shown.splitlines() if row.startswith("To sign"))
        return line.split("type  ", 1)[1].strip()

    def type(self, text: str) -> None:
        """Type *text*."""
        print(f"    \033[1m{text}\033[0m")
        self._terminal.sendline(text)


def open_vault(stage: Stage, *arguments: str, live: bool = False) -> Session:
    """A command of the offline half, past its passphrase."""
    session = stage.at_terminal("offline", *arguments, live=live)
    session.answer("Passphrase: ", PASSPHRASE, secret=True)
    return session


def title(text: str) -> None:
    """The next scene."""
    print(f"\n\033[1m## {text}\033[0m", flush=True)


def _last_drawn(line: str) -> str:
    """What stands in the end in a row that was drawn over and over."""
    return next((part for part in reversed(line.split("\r")) if part.strip()), "")


def _say_command(command: Sequence[str]) -> None:
    print(f"\n\033[36m$ {' '.join(_shell(part) for part in command)}\033[0m", flush=True)


def _say(text: str) -> None:
    for line in text.splitlines():
        if line.strip():
            print(f"    {line}", flush=True)


def _shell(part: str) -> str:
    return f"'{part}'" if " " in part else part


def _terminate(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if os.name != "posix":
    raise SystemExit("the demo needs a POSIX terminal")
