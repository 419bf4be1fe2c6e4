"""The offline half alone, from a folder of wheels: what an operator carries to the machine without a network.

The wheels come from the index that this machine's pip is set up with; where there is none these tests fail.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.boundary.fresh_process import plain_environment
from tests.boundary.source_tree import ROOT
from tests.simulators.programs import no_network

_REQUIREMENTS = ROOT / "requirements" / "offline.txt"
_OURS = ("shared", "offline")


def _run(*command: str | Path, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def _pip(*arguments: str | Path) -> str:
    return _run(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)


def _build(source: Path, wheels: Path) -> dict[str, str]:
    """Build our own wheels of the tree at *source*; by their names, their SHA-256."""
    members = [source / member for member in _OURS]
    _pip("wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", wheels, *members)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(wheels.glob("coldtusk_*.whl"))}


def _requirement(wheel: str, digest: str) -> str:
    name, version = wheel.split("-")[:2]
    return f"{name.replace('_', '-')}=={version} --hash=sha256:{digest}\n"


@pytest.fixture(scope="module")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that is carried over: wheels, and the requirements with the hashes of our own."""
    folder = tmp_path_factory.mktemp("wheelhouse")
    _pip("download", "--require-hashes", "--only-binary", ":all:", "--dest", folder, "-r", _REQUIREMENTS)
    ours = "".join(_requirement(name, digest) for name, digest in _build(ROOT, folder).items())
    (folder / "requirements.txt").write_text(_REQUIREMENTS.read_text(encoding="utf-8") + ours, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def machine(wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that was made without an index, and without a network where that can be taken away."""
    folder = tmp_path_factory.mktemp("machine") / "venv"
    _run(sys.executable, "-m", "venv", folder)
    options = ("--quiet", "--no-index", "--require-hashes", "--find-links")
    install = (
        folder / "bin" / "python",
        "-m",
        "pip",
        "install",
        *options,
        wheelhouse,
        "-r",
        wheelhouse / "requirements.txt",
    )
    _run(*no_network(), *install, environment=plain_environment() | {"PIP_CONFIG_FILE": os.devnull})
    return folder


def test_version(machine: Path) -> None:
    """The command is there and starts."""
    said = _run(*no_network(), machine / "bin" / "coldtusk-offline", "--version", environment=plain_environment())
    assert "0.1.0" in said


def test_self_check(machine: Path, tmp_path: Path) -> None:
    """Every known answer holds with these wheels, and every layer of the guard."""
    environment = plain_environment() | {"HOME": str(tmp_path)}
    _run(*no_network(), machine / "bin" / "coldtusk-offline", "self-check", environment=environment)


def test_no_network_code_is_installed(machine: Path) -> None:
    """Not the online half, and none of its libraries."""
    site = next((machine / "lib").glob("python3*/site-packages"))
    installed = {path.name for path in site.iterdir()}
    assert {"coldtusk_offline", "coldtusk_shared"} <= installed
    assert set() == installed & {"coldtusk_online", "sqlalchemy", "tomlkit", "platformdirs", "httpx", "requests"}


def test_a_changed_wheel_is_refused(wheelhouse: Path, tmp_path: Path) -> None:
    """One byte more in a wheel of ours, and nothing is installed."""
    changed = tmp_path / "wheelhouse"
    shutil.copytree(wheelhouse, changed)
    with next(changed.glob("coldtusk_offline-*.whl")).open("ab") as wheel:
        wheel.write(b"\0")
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--ignore-installed",
        "--no-index",
        "--require-hashes",
    ]
    command += ["--find-links", str(changed), "-r", str(changed / "requirements.txt")]
    done = subprocess.run(command, env=plain_environment(), capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr


def test_wheels_are_rebuilt_byte_by_byte(tmp_path: Path) -> None:
    """Elsewhere, from a copy with other dates, the same bytes come out: the hashes can be checked by anyone."""
    copy = tmp_path / "elsewhere"
    for member in _OURS:
        shutil.copytree(ROOT / member, copy / member, copy_function=shutil.copyfile)
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    assert _build(ROOT, tmp_path / "first") == _build(copy, tmp_path / "second")
