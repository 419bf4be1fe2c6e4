"""Every cap is hit by a test."""

import ast
import re

from tests.boundary.source_tree import PACKAGES, SHARED, TESTS, modules, tree

_HERE = TESTS / "boundary"


def _caps() -> list[str]:
    nodes = tree(SHARED / "limits.py").body
    plain = [node.targets[0] for node in nodes if isinstance(node, ast.Assign)]
    annotated = [node.target for node in nodes if isinstance(node, ast.AnnAssign)]
    return [target.id for target in (*plain, *annotated) if isinstance(target, ast.Name)]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", text))


def test_every_cap_is_named_by_a_test() -> None:
    """A test outside this folder names the constant, so that it follows when the cap moves."""
    tests = (path for path in modules(TESTS) if _HERE not in path.parents)
    named = set().union(*(_words(path.read_text(encoding="utf-8")) for path in tests))
    assert [] == [cap for cap in _caps() if cap not in named]


def test_every_cap_is_used() -> None:
    """A cap that no module reads protects nothing."""
    sources = (path for path in modules(*PACKAGES) if path != SHARED / "limits.py")
    used = set().union(*(_words(path.read_text(encoding="utf-8")) for path in sources))
    own = (SHARED / "limits.py").read_text(encoding="utf-8")
    assert [] == [cap for cap in _caps() if cap not in used and len(re.findall(rf"\b{cap}\b", own)) == 1]
