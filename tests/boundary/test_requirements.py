"""The pinned requirements: whole, hashed, from nowhere in particular, and what the members ask for."""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.boundary.source_tree import ROOT

_FOLDER = ROOT / "requirements"
_FILES = sorted(_FOLDER.glob("*.txt"))
_PIN = re.compile(
    r"^(?P<name>[a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==(?P<version>\S+?)(?: ; .+?)?"
    r"(?P<hashes>(?: --hash=sha256:[0-9a-f]{64})+)$"
)
_OURS = {"coldtusk-shared", "coldtusk-online", "coldtusk-offline"}


class Pin(NamedTuple):
    """One pinned package."""

    name: str
    version: str


def _lines(path: Path) -> list[str]:
    joined = re.sub(r"\s*\\\n\s*", " ", path.read_text(encoding="utf-8"))
    return [line for line in joined.splitlines() if line]


def _pins(name: str) -> dict[str, str]:
    matches = [_PIN.match(line) for line in _lines(_FOLDER / name)]
    return {match["name"]: match["version"] for match in matches if match}


def _asked(member: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / member / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(line) for line in project["dependencies"]]


def _groups() -> dict[str, list[Requirement]]:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    return {name: [Requirement(line) for line in lines] for name, lines in groups.items()}


_EXPECTED = {
    "offline.txt": [*_asked("shared"), *_asked("offline")],
    "online.txt": [*_asked("shared"), *_asked("online")],
    "dev.txt": [*_asked("shared"), *_asked("offline"), *_asked("online"), *_groups()["dev"]],
    "cose-oracle.txt": _groups()["cose-oracle"],
    "tools.txt": _groups()["tools"],
}


def test_files() -> None:
    """There is one file a half, one for development, and one for the independent COSE library."""
    assert sorted(_EXPECTED) == [path.name for path in _FILES]


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_every_line_is_a_hashed_pin(path: Path) -> None:
    """One exact version and its hashes: no index, no address, no path, no option."""
    assert [] == [line for line in _lines(path) if not _PIN.match(line)]


@pytest.mark.parametrize(("name", "asked"), _EXPECTED.items(), ids=_EXPECTED)
def test_pins_answer_the_members(name: str, asked: list[Requirement]) -> None:
    """What a member asks for is pinned, at a version that it takes (`make requirements` after a change)."""
    pins = _pins(name)
    theirs = [requirement for requirement in asked if requirement.name not in _OURS]
    wrong = [str(need) for need in theirs if pins.get(canonicalize_name(need.name), "") not in need.specifier]
    assert [] == wrong


def test_one_version_in_all() -> None:
    """What is tested is what is shipped: both halves pin what the development environment has."""
    developed = _pins("dev.txt")
    for name in ("offline.txt", "online.txt"):
        assert _pins(name).items() <= developed.items()


def test_halves_ask_for_our_own_version() -> None:
    """The halves take the shared part of their own version, and all three members have the same."""
    projects = [
        tomllib.loads((ROOT / member / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        for member in ("shared", "online", "offline")
    ]
    (version,) = {project["version"] for project in projects}
    for member in ("online", "offline"):
        assert f"coldtusk-shared=={version}" in [str(requirement) for requirement in _asked(member)]
