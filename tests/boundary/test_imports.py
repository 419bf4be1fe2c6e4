"""Who may import what: the contracts hold, they are not blind, and a fresh process agrees with them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coldtusk_offline.guard import REFUSED_IMPORTS
from tests.boundary.fresh_process import run_python
from tests.boundary.source_tree import OFFLINE, ONLINE, PACKAGES, ROOT, SHARED, Import, imports, module_name, modules

_ONE_DOOR = frozenset(
    {"_socket", "_ssl", "http.client", "http.server", "socket", "socketserver", "ssl", "urllib.request"}
)

_IMPORT_ALL = """
import importlib, json, sys
for name in {names!r}:
    importlib.import_module(name)
print(json.dumps(sorted(sys.modules)))
"""

_IMPORT_ALL_GUARDED = """
import importlib
from coldtusk_offline import guard
guard.install()
for name in {names!r}:
    importlib.import_module(name)
"""


def _names(*packages: Path) -> list[str]:
    return [module_name(path) for path in modules(*packages)]


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """The contracts over the packages in *folder*."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": ":".join(str(folder / package.parent.name) for package in PACKAGES),
    }
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages and the contracts, to break, with one more command in each half."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        shutil.copytree(
            package, tmp_path / package.parent.name / package.name, ignore=shutil.ignore_patterns("__pycache__")
        )
    for half in (ONLINE, OFFLINE):
        for name in ("__init__.py", "planted.py"):
            (tmp_path / half.parent.name / half.name / "cli" / name).touch()
    return tmp_path


def test_contracts_hold(copy: Path) -> None:
    """The packages as they are keep every contract."""
    done = _lint(copy)
    assert (0, "0 broken") == (done.returncode, done.stdout.strip().rpartition(", ")[2].rstrip(".")), done.stdout


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("shared/coldtusk_shared/planted.py", "import coldtusk_offline", "The shared half knows neither half"),
        ("shared/coldtusk_shared/planted.py", "import coldtusk_online", "The shared half knows neither half"),
        ("offline/coldtusk_offline/planted.py", "import coldtusk_online", "The halves do not know each other"),
        ("online/coldtusk_online/planted.py", "import coldtusk_offline", "The halves do not know each other"),
        ("offline/coldtusk_offline/planted.py", "import socket", "Nothing offline or shared can open a socket"),
        (
            "offline/coldtusk_offline/planted.py",
            "def f():\n    import ssl",
            "Nothing offline or shared can open a socket",
        ),
        ("shared/coldtusk_shared/planted.py", "from http import client", "Nothing offline or shared can open a socket"),
        ("shared/coldtusk_shared/planted.py", "import urllib.request", "Nothing offline or shared can open a socket"),
        ("offline/coldtusk_offline/planted.py", "import asyncio", "Nothing offline or shared can open a socket"),
        ("offline/coldtusk_offline/planted.py", "import email.message", "Nothing offline or shared can open a socket"),
        (
            "offline/coldtusk_offline/planted.py",
            "import multiprocessing",
            "Nothing offline or shared can open a socket",
        ),
        (
            "online/coldtusk_online/planted.py",
            "import socket",
            "Only coldtusk_online.http, the webhook server and the rehearsal open a socket",
        ),
        (
            "online/coldtusk_online/planted.py",
            "import http.client",
            "Only coldtusk_online.http, the webhook server and the rehearsal open a socket",
        ),
        (
            "offline/coldtusk_offline/planted.py",
            "import coldtusk_offline.cli.planted",
            "Only the command line imports the offline commands",
        ),
        (
            "online/coldtusk_online/planted.py",
            "import coldtusk_online.cli.planted",
            "Only the command line imports the online commands",
        ),
    ],
)
def test_a_planted_violation_is_caught(copy: Path, module: str, planted: str, contract: str) -> None:
    """Each contract breaks when its rule is broken, and says which one it is."""
    (copy / module).write_text(f"{planted}\n", encoding="utf-8")
    done = _lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{contract} BROKEN" in done.stdout


def _reaches(found: Import, forbidden: frozenset[str]) -> bool:
    """Whether the statement loads a forbidden module: `from a import b` loads a, and a.b if that is one."""
    parents = found.module.split(".")
    loaded = {".".join(parents[: end + 1]) for end in range(len(parents))} | {found.dotted}
    return bool(loaded & forbidden)


def test_no_dotted_network_module_offline_or_shared() -> None:
    """What import-linter cannot see: submodules of the standard library that load a socket."""
    found = [statement for path in modules(OFFLINE, SHARED) for statement in imports(path)]
    assert [] == [str(statement) for statement in found if _reaches(statement, REFUSED_IMPORTS)]


def test_one_door_online() -> None:
    """Only http.py, the webhook server and the rehearsal import what opens a socket, submodules included."""
    doors = {ONLINE / name for name in ("http.py", "webhooks/server.py", "webhooks/uvicorn_server.py")}
    inside = [path for path in modules(ONLINE) if path not in doors and ONLINE / "rehearsal" not in path.parents]
    found = [statement for path in inside for statement in imports(path)]
    assert [] == [str(statement) for statement in found if _reaches(statement, _ONE_DOOR)]


def test_the_door_exists() -> None:
    """The exception is about a module that is there."""
    assert any(_reaches(statement, _ONE_DOOR) for statement in imports(ONLINE / "http.py"))


@pytest.mark.parametrize(
    ("statement", "reached"),
    [
        (Import(ROOT, 1, "importlib.metadata", ""), True),
        (Import(ROOT, 1, "importlib", "metadata"), True),
        (Import(ROOT, 1, "email.message", "Message"), True),
        (Import(ROOT, 1, "importlib", "resources"), False),
        (Import(ROOT, 1, "logging", ""), False),
    ],
)
def test_reaching_is_seen(statement: Import, *, reached: bool) -> None:
    """Both spellings of a submodule count, and its innocent siblings do not."""
    assert reached == _reaches(statement, REFUSED_IMPORTS)


def test_a_fresh_process_loads_no_network_module() -> None:
    """All of the offline and the shared half with their libraries, in a process without pytest."""
    loaded = json.loads(run_python(_IMPORT_ALL.format(names=_names(SHARED, OFFLINE))))
    assert [] == sorted(REFUSED_IMPORTS.intersection(loaded))
    assert set(_names(SHARED, OFFLINE)) <= set(loaded)


def test_a_fresh_process_sees_a_network_module() -> None:
    """The same search finds one that is there."""
    loaded = json.loads(run_python(_IMPORT_ALL.format(names=["ssl"])))
    assert {"_socket", "_ssl", "socket", "ssl"} <= REFUSED_IMPORTS.intersection(loaded)


def test_everything_loads_behind_the_guard() -> None:
    """No module of the offline half, and no library of it, needs what the guard refuses once a command starts."""
    run_python(_IMPORT_ALL_GUARDED.format(names=_names(SHARED, OFFLINE)))
