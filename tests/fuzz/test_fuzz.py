"""The kept corpus through every decoder, and a short coverage-guided run of each.

The corpus needs nothing but Python and is played on every machine. Fuzzing is done by atheris (libFuzzer), which has
wheels for Linux on x86-64 and Python 3.11 to 3.13: elsewhere the short run is skipped, and says so.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS

_HERE = Path(__file__).parent
_CORPUS = _HERE / "corpus"
_RUNS = 2000
_HAS_WHEEL = sys.platform == "linux" and platform.machine() == "x86_64" and sys.version_info < (3, 14)

short_run = pytest.mark.skipif(not _HAS_WHEEL, reason="atheris has no wheel for this machine")


def _fuzzed(target: str, tmp_path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """A run with a fixed seed. It measures coverage by itself: that of the suite would slow it down."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    command = [sys.executable, str(_HERE / "run.py"), target, "-seed=1", f"-artifact_prefix={tmp_path}/", *options]
    return subprocess.run(
        command, env={**environment, "PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=False
    )


def test_every_target_has_a_corpus() -> None:
    """And there is none without a target."""
    assert set(TARGETS) == {folder.name for folder in _CORPUS.iterdir()}


@pytest.mark.parametrize("target", TARGETS)
def test_the_kept_corpus(target: str) -> None:
    """Every input that once led to something new, or to a mistake, through the decoder of today."""
    inputs = sorted((_CORPUS / target).iterdir())
    for path in inputs:
        TARGETS[target](path.read_bytes())
    assert inputs


@short_run
@pytest.mark.parametrize("target", TARGETS)
def test_a_short_run(target: str, tmp_path: Path) -> None:
    """2,000 inputs made from the corpus, within 512 MiB: no find."""
    limits = ["-max_len=600", "-timeout=60", "-rss_limit_mb=512"]
    run = _fuzzed(target, tmp_path, f"-runs={_RUNS}", *limits, str(tmp_path), str(_CORPUS / target))
    finds = [path.name for pattern in ("crash-*", "timeout-*", "oom-*") for path in tmp_path.glob(pattern)]
    assert (0, []) == (run.returncode, finds), run.stdout[-3000:] + run.stderr[-3000:]
    assert "DONE" in run.stderr


@short_run
def test_a_planted_mistake_is_found(tmp_path: Path) -> None:
    """The fuzzer is led by coverage: by chance alone four bytes take 2^32 tries."""
    run = _fuzzed("planted", tmp_path, "-runs=500000", "-max_len=8", str(tmp_path))
    assert "the planted mistake" in run.stdout
    assert [b"\xc0\x1d\x70\x5c"] == [path.read_bytes()[:4] for path in tmp_path.glob("crash-*")]
    assert run.returncode != 0
