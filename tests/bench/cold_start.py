"""How long a command takes to come to life, against importing click alone."""

import subprocess
import sys
import time
from pathlib import Path

from tests.bench.figures import Figure

ROUNDS = 25


def measure() -> list[Figure]:
    """``--version`` of both halves. The minimum of interleaved rounds."""
    folder = Path(sys.executable).parent
    bare = [sys.executable, "-c", "import click"]
    return [
        _figure(f"{name} --version", [str(folder / name), "--version"], bare)
        for name in ("coldtusk-offline", "coldtusk-online")
    ]


def _figure(name: str, command: list[str], bare: list[str]) -> Figure:
    rounds = [(_seconds(command), _seconds(bare)) for _ in range(ROUNDS)]
    value, reference = min(one for one, _ in rounds), min(one for _, one in rounds)
    return Figure(name, value * 1e3, "ms", 'python -c "import click"', reference * 1e3)


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start
