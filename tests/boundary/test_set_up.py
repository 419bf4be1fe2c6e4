"""How the Makefile finds a Python: the first supported one, whatever else stands on the path."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.boundary.source_tree import ROOT

_SENTENCE = "Coldtusk is tested with Python 3.11, 3.12 and 3.13, and runs on no other."
_TOOLS = ("bash", "make", "rm", "touch", "sed")


def _say(version: str) -> str:
    """An interpreter that says *version*, and whose `-m` says what it was asked for and fails."""
    answers = f'[ "$1" = --version ] && echo "Python {version}.0" && exit; [ "$1" = -m ] && exit 9; echo {version}'
    return f"#!/bin/sh\n{answers}\n"


_BROKEN_SHIM = "#!/bin/sh\necho 'pyenv: python3: command not found' >&2\nexit 127\n"
_NO_VENV = "#!/bin/sh\necho \"ModuleNotFoundError: No module named 'ensurepip'\" >&2\nexit 1\n"


def _set_up(folder: Path, programs: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """`make setup` where the PATH has *programs* and little else; it ends at the first call of the Python found."""
    place = folder / "bin"
    place.mkdir()
    for name in _TOOLS:
        (place / name).symlink_to(str(shutil.which(name)))
    for name, text in programs.items():
        (place / name).write_text(text, encoding="utf-8")
        (place / name).chmod(0o755)
    environment = {
        name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "PYTHON"}
    }
    command = ["make", "setup", f"VENV={folder / 'venv'}", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment | {"PATH": str(place)}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_supported(tmp_path: Path, version: str) -> None:
    """Each of them is taken."""
    done = _set_up(tmp_path, {"python3": _say(version)})
    assert f"with Python {version}.0" in done.stdout


@pytest.mark.parametrize("python3", [_BROKEN_SHIM, _NO_VENV, _say("3.14"), _say("3.9"), None])
def test_a_good_one_behind_another(tmp_path: Path, python3: str | None) -> None:
    """A shim without a version, one without venv, a newer, an older and none stop nobody who has a good one too."""
    programs = {"python3.12": _say("3.12")} | ({"python3": python3} if python3 else {})
    done = _set_up(tmp_path, programs)
    assert "with Python 3.12.0" in done.stdout


@pytest.mark.parametrize("version", ["3.10", "3.14", "3.15"])
def test_no_other(tmp_path: Path, version: str) -> None:
    """A version that is not tested is refused with the sentence, and is named."""
    done = _set_up(tmp_path, {"python3": _say(version)})
    assert 0 != done.returncode
    assert f"{_SENTENCE} None with venv is here." in done.stderr
    assert f"Found: python3 is {version}." in done.stderr
    assert not (tmp_path / "venv").exists()


def test_none(tmp_path: Path) -> None:
    """Where there is none, it is said what to install."""
    done = _set_up(tmp_path, {})
    assert _SENTENCE in done.stderr
    assert "Found:" not in done.stderr
    assert "apt install python3 python3-venv" in done.stderr


def test_a_chosen_one(tmp_path: Path) -> None:
    """PYTHON= is taken as it stands, and no other instead of it."""
    programs = {"python3": _say("3.12"), "mine": _say("3.14")}
    done = _set_up(tmp_path, programs, "PYTHON=mine")
    assert f"{_SENTENCE} None with venv is here at mine." in done.stderr
    assert "Found: mine is 3.14." in done.stderr
