"""The pinned sets are closed: what the index gets tomorrow changes no set-up.

The installs ask the index that this machine's pip is set up with; where there is none these tests fail.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.boundary.pythons import NAMES, environment, pythons, versions_of
from tests.boundary.source_tree import ROOT

_FOLDER = ROOT / "requirements"
_FILES = sorted(path.name for path in _FOLDER.glob("*.txt"))
_COSE = ROOT / ".venv-cose" / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
_OLD_PIP = "23.0.1"
"""What Debian 12 brings. It does not run on Python 3.12 and newer, whose own pip is the oldest there."""


def _all_pins(name: str) -> list[Requirement]:
    text = (_FOLDER / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [Requirement(line.split(" --hash")[0]) for line in text.splitlines() if "==" in line]


def _pins(name: str) -> list[Requirement]:
    """The pins of a file that count for the running Python."""
    return [pin for pin in _all_pins(name) if pin.marker is None or pin.marker.evaluate()]


def _installed(name: str) -> dict[str, Distribution]:
    """The distributions of the environment that is made of a file, by their canonical name."""
    path = [str(_COSE)] if name == "cose-oracle.txt" else sys.path
    return {canonicalize_name(one.metadata["Name"]): one for one in distributions(path=path)}


def _asked(pin: Requirement, installed: dict[str, Distribution]) -> Iterator[Requirement]:
    """What the pinned distribution itself asks for, with the extras of its pin."""
    for line in installed[canonicalize_name(pin.name)].requires or []:
        need = Requirement(line)
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in {"", *pin.extras}):
            yield need


def _loose(pins: list[Requirement], installed: dict[str, Distribution]) -> list[str]:
    """Every requirement of a pin that no pin answers in the same form: name, version and extras."""
    by_name = {canonicalize_name(pin.name): pin for pin in pins}
    found = []
    for pin in pins:
        for need in _asked(pin, installed):
            answer = by_name.get(canonicalize_name(need.name))
            version = next((s.version for s in answer.specifier), "") if answer else ""
            if answer is None or version not in need.specifier or not need.extras <= answer.extras:
                found.append(f"{pin.name} asks for {need}, pinned is {answer}")
    return found


@pytest.mark.parametrize("name", ["cose-oracle.txt", "dev.txt", "offline.txt", "online.txt"])
def test_a_requirements_own_requirements_are_pinned_in_the_same_form(name: str) -> None:
    """Whatever a pin asks for is pinned in the same file, at a version that it takes and with its extras."""
    pins = _pins(name)
    assert len(pins) > 3
    assert [] == _loose(pins, _installed(name))


def test_a_pin_that_lost_its_extra_is_found() -> None:
    """The very mistake: pytest-cov asks for coverage[toml], and coverage stands alone."""
    stripped = [Requirement("coverage==7.17.3") if pin.name == "coverage" else pin for pin in _pins("dev.txt")]
    (found,) = _loose(stripped, _installed("dev.txt"))
    assert found.startswith("pytest-cov asks for coverage[toml]")


def _pips(version: str) -> list[str]:
    return ["newest", "bundled", *([_OLD_PIP] if version == "3.11" else [])]


@pytest.fixture(scope="module", params=[(v, pip) for v in pythons() for pip in _pips(v)], ids="-".join)
def python(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of each Python of this machine, with the oldest and the newest pip that it can have."""
    version, pip = request.param
    made = environment(pythons()[version], tmp_path_factory.mktemp("pip") / "venv", pip)
    assert made is not None
    return made


@pytest.mark.parametrize("name", _FILES)
def test_every_file_installs(python: Path, name: str) -> None:
    """Pip takes the file with hashes, and would install its pins alone; with its resolver, which is the strict case."""
    options = ("--quiet", "--dry-run", "--ignore-installed", "--require-hashes", "--only-binary", ":all:")
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "install", *options, "--report", "-"]
    done = subprocess.run([*command, "-r", str(_FOLDER / name)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    items = [one["metadata"] for one in json.loads(done.stdout)["install"]]
    found = {f"{canonicalize_name(one['name'])}=={one['version']}" for one in items}
    pins = _all_pins(name)
    assert set() == found - {f"{pin.name}{pin.specifier}" for pin in pins}
    assert set() == {pin.name for pin in pins if pin.marker is None} - {one.split("==")[0] for one in found}


def test_set_up_resolves_and_builds_nothing() -> None:
    """Every install of the Makefile takes the pinned wheels alone, or our own members without an index."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    installs = [line.strip() for line in text.splitlines() if "pip install" in line]
    assert [
        "INSTALL := -m pip install --quiet --require-hashes --no-deps --only-binary :all: -r",
        "$(BIN)/python -m pip install --quiet --no-deps --no-index --no-build-isolation $(MEMBERS:%=-e ./%); \\",
    ] == installs


@pytest.mark.parametrize("member", ["shared", "online", "offline"])
def test_versions(member: str) -> None:
    """A member runs on the versions that are tested, and says no to others."""
    said = versions_of(member)
    assert [True] * 3 == [f"{name}.0" in said for name in NAMES]
    assert [False, False] == [name in said for name in ("3.10.14", "3.14.0")]
