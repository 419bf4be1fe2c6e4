"""The offline commands run where there is no network at all."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.boundary.fresh_process import measured_environment
from tests.simulators.programs import without_network


def _run(tmp_path: Path, *arguments: str | Path) -> str:
    """Run a command without a network, and return what it said."""
    environment = measured_environment() | {"HOME": str(tmp_path)}
    done = subprocess.run(
        [*without_network(), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_there_is_no_network(tmp_path: Path) -> None:
    """The namespace has the loopback alone."""
    said = _run(tmp_path, "cat", "/proc/self/net/dev")
    assert ["lo"] == [line.split(":")[0].strip() for line in said.splitlines() if ":" in line]


@pytest.mark.parametrize("command", ["--version", "--help", "self-check"])
def test_offline_commands(tmp_path: Path, command: str) -> None:
    """What needs no vault runs there as anywhere."""
    assert _run(tmp_path, Path(sys.executable).parent / "coldtusk-offline", command)
