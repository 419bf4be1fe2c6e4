"""Programs in a fresh interpreter: without pytest, and without a variable of Python's."""

import os
import subprocess
import sys

_KEPT = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR")
SECONDS = 120
"""A program that hangs ends as a failure; none needs a tenth of it."""


def plain_environment() -> dict[str, str]:
    """The variables that a program of an operator sees."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ}


def measured_environment() -> dict[str, str]:
    """The same, with those of a coverage run, which loads a socket before the program starts."""
    coverage = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
    return plain_environment() | coverage


def run_python(source: str, *, measured: bool = False) -> str:
    """Run *source* and return what it printed; an exit status but 0 fails with what it said."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", source],
        env=measured_environment() if measured else plain_environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
