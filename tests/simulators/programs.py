"""Programs beside Python that tests use: `tests/programs.txt` lists them.

Where one is missing, what needs it is skipped with its name, and the end of the run says how to get it. Where the
variable ``COLDTUSK_TESTS_NEED_ALL`` is set, as in `.ci/run`, a missing program is a failure.
"""

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

NEED_ALL = "COLDTUSK_TESTS_NEED_ALL"
_LIST = Path(__file__).resolve().parents[1] / "programs.txt"
_REASON = "needs the program {}, which is missing"
_SAID = re.compile(re.escape(_REASON).replace(r"\{\}", r"(?P<name>\S+)"))


def packages() -> dict[str, str]:
    """The Debian package of each program, in the order of the list."""
    rows = [line.split() for line in _LIST.read_text(encoding="utf-8").splitlines()]
    return {row[0]: row[1] for row in rows if row and row[0] != "#"}


def program(name: str) -> str:
    """The path of *name*, one of the list. Without it the test is skipped, or fails where nothing may be missing."""
    if name not in packages():
        raise RuntimeError(f"{name} is not in tests/programs.txt")
    found = shutil.which(name)
    if found is None:
        _give_up(_REASON.format(name))
    return found


def _give_up(reason: str) -> NoReturn:
    if os.environ.get(NEED_ALL):
        pytest.fail(f"{reason}, and {NEED_ALL} is set", pytrace=False)
    pytest.skip(reason)


def node(script: str, given: str | bytes = b"", *arguments: str) -> str:
    """What the JavaScript *script* prints when it reads *given*; its arguments are ``process.argv[1]`` and on."""
    sent = given.encode() if isinstance(given, str) else given
    done = subprocess.run([program("node"), "-e", script, *arguments], input=sent, capture_output=True, check=True)
    return done.stdout.decode()


_UNSHARE = ("unshare", "--map-root-user", "--net")


@cache
def _namespace_is_permitted() -> bool:
    return subprocess.run([*_UNSHARE, "true"], capture_output=True, check=False).returncode == 0


def no_network() -> tuple[str, ...]:
    """What stands before a command so that it has no network; nothing where this machine does not permit that."""
    return _UNSHARE if shutil.which("unshare") and _namespace_is_permitted() else ()


def without_network() -> tuple[str, ...]:
    """The same for a test that is about nothing else: skipped where it is not permitted."""
    program("unshare")
    if not _namespace_is_permitted():
        _give_up("needs a network namespace, which this machine does not permit")
    return _UNSHARE


def at_the_start() -> str:
    """The line before the tests: what is missing, so that nobody learns it at the end."""
    missing = [name for name in packages() if shutil.which(name) is None]
    if not missing:
        return "programs: all that the tests use are here"
    return f"programs: {', '.join(missing)} missing: the tests that need them are skipped. {_how(missing)}"


def at_the_end(reasons: Iterable[str]) -> str:
    """The line after the tests: how many were skipped for want of which program; nothing if none was."""
    found = (_SAID.search(reason) for reason in reasons)
    counted = Counter(match["name"] for match in found if match)
    if not counted:
        return ""
    said = ", ".join(f"{count} for want of {name}" for name, count in sorted(counted.items()))
    return f"Skipped: {said}. {_how(counted)}"


def _how(missing: Iterable[str]) -> str:
    wanted = [package for name, package in packages().items() if name in set(missing)]
    return f"On Debian: apt install {' '.join(wanted)}"
