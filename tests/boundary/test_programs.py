"""What happens where a program is missing that tests use: a skip by its name, or a failure; and words at both ends."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.boundary.source_tree import ROOT
from tests.simulators.programs import NEED_ALL, at_the_end, at_the_start, node, packages, program, without_network

_TESTS = '''
from tests.simulators.programs import node, program, without_network


def test_video():
    """Wants ffmpeg."""
    program("ffmpeg")


def test_again():
    """Wants it too."""
    program("ffmpeg")


def test_javascript():
    """Wants node."""
    node("console.log(1)")


def test_namespace():
    """Wants unshare."""
    without_network()


def test_nothing():
    """Wants nothing."""
'''


def _bare_path(folder: Path) -> str:
    """A PATH with none of the programs."""
    folder.mkdir()
    for name in ("git", "sh", "cat"):
        if found := shutil.which(name):
            (folder / name).symlink_to(found)
    return str(folder)


def _pytest(tmp_path: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the five tests above as this project's tests are run, where no program is."""
    (tmp_path / "test_five.py").write_text(_TESTS, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != NEED_ALL}
    environment |= {"PATH": _bare_path(tmp_path / "bin"), **variables}
    options = [
        "-p",
        "no:cacheprovider",
        "-p",
        "tests.conftest",
        "--rootdir",
        str(ROOT),
        "-c",
        str(ROOT / "pyproject.toml"),
    ]
    command = [sys.executable, "-m", "pytest", *options, "--no-cov", str(tmp_path / "test_five.py")]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_skipped_by_name(tmp_path: Path) -> None:
    """It passes, says so before the first test, and counts after the last one what was skipped and how to get it."""
    done = _pytest(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "1 passed, 4 skipped" in done.stdout
    missing = "programs: ffmpeg, node, openssl, unshare missing: the tests that need them are skipped."
    assert f"{missing} On Debian: apt install ffmpeg nodejs openssl util-linux" in done.stdout
    said = "Skipped: 2 for want of ffmpeg, 1 for want of node, 1 for want of unshare."
    how = "On Debian: apt install ffmpeg nodejs util-linux"
    assert f"{said} {how}" == done.stdout.splitlines()[-2]


def test_a_failure_where_nothing_may_be_missing(tmp_path: Path) -> None:
    """As `.ci/run` asks: the four fail, each with the name of the program."""
    done = _pytest(tmp_path, **{NEED_ALL: "1"})
    assert done.returncode == 1
    assert "1 passed, 4 skipped" not in done.stdout
    assert 4 == len(re.findall(r"^FAILED .*needs the program (?:ffmpeg|node|unshare)", done.stdout, re.MULTILINE))


def test_ci_asks_for_all() -> None:
    """`.ci/run` sets the variable, and installs from the same list."""
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"export {NEED_ALL}=1" in text
    assert "tests/programs.txt" in text


def test_here() -> None:
    """Where nothing is missing, that is said, and nothing at the end."""
    for name in packages():
        program(name)
    assert at_the_start() == "programs: all that the tests use are here"
    assert at_the_end(["needs root", "takes long"]) == ""
    assert without_network()[0] == "unshare"
    assert node("process.stdout.write(process.argv[1] + require('fs').readFileSync(0))", "b", "a") == "ab"


def test_a_program_that_is_not_listed() -> None:
    """It would be in nobody's words and installed by nobody."""
    with pytest.raises(RuntimeError, match=r"tests/programs\.txt"):
        program("gpg")


_CALLED = re.compile(r'(?<!program)[\[(]"(?:ffmpeg|node|openssl|unshare)", "-')


def test_one_door() -> None:
    """No test calls a listed program by itself: it would fail where the program is missing."""
    files = (path for path in (ROOT / "tests").rglob("*.py") if path.name not in {"programs.py", Path(__file__).name})
    found = {str(path.relative_to(ROOT)) for path in files if _CALLED.search(path.read_text(encoding="utf-8"))}
    assert set() == found
