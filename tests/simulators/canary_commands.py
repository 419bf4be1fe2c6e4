"""The installed commands as processes, each of them kept: what it was started with, and all that it said.

What it was started with is read from the kernel, as anybody on the machine can: ``/proc/PID/cmdline`` and ``environ``.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import pexpect

from tests.offline.commands import TYPED

SECONDS: Final = 60
"""Nothing takes a tenth of it; what hangs ends as a failure."""
_LOUD: Final = {"PYTHONFAULTHANDLER": "1"}
"""A crash is told with a traceback, as some machines are set up to."""
_COMMANDS: Final = Path(sys.executable).parent
_NUMBERS: Final = count(1)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its status (minus the signal that killed it), and what it said."""

    status: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Commands:
    """Runs commands in the folder *work*, and keeps what it sees of them in the folder *logs*."""

    work: Path
    logs: Path
    variables: dict[str, str]

    def start(self, program: str, *arguments: str, under: Sequence[str] = (), stderr: Path | None = None) -> "Started":
        """Start it; *under* is a command that becomes it, *stderr* another file for its words."""
        log = self._log(arguments[0])
        out, err = Path(f"{log}.out"), stderr or Path(f"{log}.err")
        with out.open("wb") as out_file, err.open("wb") as err_file:
            process = subprocess.Popen(
                [*under, str(_COMMANDS / program), *arguments],
                cwd=self.work,
                env=self._environment(program),
                stdin=subprocess.DEVNULL,
                stdout=out_file,
                stderr=err_file,
            )
        _keep_start(process.pid, log)
        return Started(process, out, err)

    def online(self, *arguments: str) -> Ended:
        """Run the online half to its end."""
        return self.start("coldtusk-online", *arguments).end()

    def offline(self, *arguments: str) -> Ended:
        """Run the offline half without a terminal."""
        return self.start("coldtusk-offline", *arguments).end()

    def at_terminal(self, *arguments: str, answers: Sequence[tuple[str, str]] = ()) -> str:
        """Run the offline half at a terminal, past its passphrase, with an *answer* to each prompt; what it showed."""
        log = self._log(arguments[0])
        with Path(f"{log}.tty").open("w", encoding="utf-8") as shown:
            child = pexpect.spawn(
                str(_COMMANDS / "coldtusk-offline"),
                list(arguments),
                cwd=str(self.work),
                env=self._environment("coldtusk-offline"),
                encoding="utf-8",
                timeout=SECONDS,
                dimensions=(200, 100),
            )
            _keep_start(child.pid, log)
            child.delaybeforesend = None  # the prompt is there: nothing is typed ahead
            child.logfile_read = shown
            for prompt, answer in (("Passphrase: ", TYPED), *answers):
                child.expect_exact(prompt)
                child.sendline(answer or _phrase(Path(shown.name)))
            child.expect(pexpect.EOF)
            child.close()
        said = Path(shown.name).read_text(encoding="utf-8")
        assert child.exitstatus == 0, said
        return said

    def _log(self, name: str) -> Path:
        self.logs.mkdir(exist_ok=True)
        return self.logs / f"{next(_NUMBERS):03}-{name}"

    def _environment(self, program: str) -> dict[str, str]:
        """The offline half's lines are counted; the online half's are not, and limits hit whoever counts."""
        counts = program == "coldtusk-offline"
        kept = {name: value for name, value in os.environ.items() if counts and name.startswith("COVERAGE_")}
        return {
            "PATH": f"{_COMMANDS}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            **_LOUD,
            **kept,
            **self.variables,
        }


@dataclass(frozen=True, slots=True)
class Started:
    """A command that runs, and the files of what it says."""

    process: "subprocess.Popen[bytes]"
    out: Path
    err: Path

    def end(self, signal: int | None = None) -> Ended:
        """Wait for its end; *signal* is sent to it before."""
        try:
            if signal is not None:
                self.process.send_signal(signal)
            status = self.process.wait(timeout=SECONDS)
        finally:
            self.process.kill()
            self.process.wait()
        err = self.err.read_text(encoding="utf-8") if self.err.is_file() else ""
        return Ended(status, self.out.read_text(encoding="utf-8"), err)


def _keep_start(pid: int, log: Path) -> None:
    for name in ("cmdline", "environ"):
        Path(f"{log}.{name}").write_bytes(_started_with(Path(f"/proc/{pid}/{name}")))


def _started_with(file: Path) -> bytes:
    """What stands there; for a moment after a program was loaded it is nothing."""
    until = time.monotonic() + SECONDS
    while not (found := file.read_bytes()):
        assert time.monotonic() < until, file
    return found


def _phrase(shown: Path) -> str:
    """What the screen says signs the request."""
    rows = shown.read_text(encoding="utf-8").splitlines()
    return next(row for row in reversed(rows) if row.startswith("To sign")).split("type  ", 1)[1].strip()
