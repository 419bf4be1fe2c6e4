"""What the repository must not hold: addresses of registries, and places of the machine it was written on."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.boundary.source_tree import ROOT

_REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|--(extra-)?index-url", re.IGNORECASE
)
_PLACES = re.compile(r"(?<![\w.])/(root|work|home/\w+|Users/\w+)/")


def _files() -> list[Path]:
    """All that is tracked or would be."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def _found(pattern: re.Pattern[str]) -> list[str]:
    texts = ((path, path.read_text(encoding="utf-8", errors="replace")) for path in _files())
    lines = ((path, number, line) for path, text in texts for number, line in enumerate(text.splitlines(), 1))
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}" for path, number, line in lines if pattern.search(line)
    ]


def test_there_are_files() -> None:
    """The search is not over nothing."""
    assert {ROOT / "pyproject.toml", ROOT / "Makefile", ROOT / "requirements" / "offline.txt"} <= set(_files())


def test_no_registry() -> None:
    """Where packages come from is the business of whoever installs."""
    assert [] == _found(_REGISTRIES)


def test_no_place_of_this_machine() -> None:
    """No path that is true on one machine only."""
    assert [] == _found(_PLACES) + _found(re.compile(re.escape(f"{ROOT}/")))


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc"])
def test_no_module_without_a_subject(name: str) -> None:
    """A module has a name that says what it is about."""
    assert [] == [str(path) for path in _files() if path.stem == name and path.suffix == ".py"]
