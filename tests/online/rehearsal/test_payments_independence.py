"""The stand-ins check Coldtusk's work, so they must not share it."""

import ast
from pathlib import Path

import coldtusk_online.rehearsal.payments

ALLOWED = {"errors", "file_errors", "files", "limits"}
OURS = (
    "coldtusk_online.rehearsal.payments",
    "coldtusk_online.rehearsal.http_bytes",
    "coldtusk_online.rehearsal.loopback",
)


def _imported() -> set[str]:
    folder = Path(coldtusk_online.rehearsal.payments.__file__).parent
    nodes = [node for path in folder.glob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    froms = {f"{node.module}.{name.name}" for node in nodes if isinstance(node, ast.ImportFrom) for name in node.names}
    return froms | {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}


def test_nothing_but_errors_files_and_caps_is_shared() -> None:
    """No body, no MAC, no field table, no rounding, no address, no HTTP of production."""
    shared = {name.split(".")[1] for name in _imported() if name.startswith("coldtusk_shared.")}
    assert shared <= ALLOWED
    online = [name for name in _imported() if name.startswith("coldtusk_online.") and not name.startswith(OURS)]
    assert [] == online
    assert not any(name.startswith("coldtusk_offline") for name in _imported())
