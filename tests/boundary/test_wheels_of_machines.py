"""The pins of the offline half are valid on both processors and on every Python that we support.

The wheels come from the index that this machine's pip is set up with; where there is none these tests fail.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.boundary.source_tree import ROOT

_REQUIREMENTS = ROOT / "requirements" / "offline.txt"
_GLIBC = range(17, 35)
"""glibc 2.17 to 2.34: Raspberry Pi OS bookworm has 2.36, and cryptography needs 2.34 on aarch64."""


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_every_pin_has_a_wheel(machine: str, version: str, tmp_path: Path) -> None:
    """For each there is a wheel of every pin, and its hash is listed."""
    tags = [f"manylinux_2_{minor}_{machine}" for minor in _GLIBC] + [f"manylinux2014_{machine}"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--only-binary", ":all:", "--no-deps", "--dest", str(tmp_path)]
    command += ["--implementation", "cp", "--python-version", version]
    command += [option for tag in tags for option in ("--platform", tag)]
    done = subprocess.run([*command, "-r", _REQUIREMENTS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = _REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if "==" in line and "'win32'" not in line]
    assert len(pins) == len(list(tmp_path.glob("*.whl")))
