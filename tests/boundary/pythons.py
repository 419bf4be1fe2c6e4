"""The Pythons of this machine that Coldtusk is tested with, and environments of them with a chosen pip."""

import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

from packaging.specifiers import SpecifierSet

from tests.boundary.source_tree import ROOT

NAMES = ("3.11", "3.12", "3.13")
_ELSEWHERE = (
    (Path.home() / ".pyenv" / "versions", "*/bin/python3"),
    (Path.home() / ".local" / "share" / "uv" / "python", "*/bin/python3"),
    (Path("/usr/bin"), "python3.*"),
    (Path("/usr/local/bin"), "python3.*"),
    (Path("/opt"), "python*/bin/python3"),
)
_ASK = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"


def versions_of(member: str) -> SpecifierSet:
    """What *member* says it runs on."""
    project = tomllib.loads((ROOT / member / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return SpecifierSet(project["requires-python"])


@cache
def pythons() -> dict[str, str]:
    """One interpreter of each supported version that is here and can make an environment; at least the running one."""
    named = [sys.executable, *(found for name in NAMES if (found := shutil.which(f"python{name}")))]
    lying = (str(path) for folder, pattern in _ELSEWHERE for path in sorted(folder.glob(pattern)))
    interpreters: dict[str, str] = {}
    for path in (*named, *lying):
        version = _version(path)
        if version in NAMES:
            interpreters.setdefault(version, path)
    return dict(sorted(interpreters.items()))


def _version(path: str) -> str:
    try:
        done = subprocess.run([path, "-I", "-c", _ASK], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def environment(python: str, folder: Path, pip: str) -> Path | None:
    """The interpreter of a new environment with *pip*: `newest`, `bundled` or a version. None if it cannot run."""
    subprocess.run([python, "-m", "venv", folder], check=True, capture_output=True)
    made = folder / "bin" / "python"
    if pip != "bundled":
        wanted = "pip" if pip == "newest" else f"pip=={pip}"
        command = [str(made), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade", wanted]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    runs = subprocess.run([made, "-m", "pip", "--version"], capture_output=True, check=False)
    return made if runs.returncode == 0 else None
