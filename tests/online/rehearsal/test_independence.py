"""The rehearsal node checks Coldtusk's work, so it must not share it."""

import ast
from pathlib import Path

import coldtusk_online.rehearsal

ALLOWED = {"coldtusk_shared.errors", "coldtusk_shared.limits", "coldtusk_shared.services.warthog.network"}


def _imported() -> set[str]:
    folder = Path(coldtusk_online.rehearsal.__file__).parent
    nodes = [node for path in folder.glob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    froms = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return froms | {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}


def test_it_shares_no_rule_with_the_rest() -> None:
    """Of Coldtusk it imports errors, caps and the name of the network, and itself."""
    ours = {name for name in _imported() if name.startswith("coldtusk")}
    assert ALLOWED == {name for name in ours if not name.startswith("coldtusk_online.rehearsal")}
