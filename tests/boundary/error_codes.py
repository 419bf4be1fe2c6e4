"""Every error code of the three packages, and the page of the manual that lists them.

``python tests/boundary/error_codes.py docs/errors.md`` writes the page anew (``make docs-errors``).
"""

import ast
import importlib
import sys
from dataclasses import dataclass
from pathlib import Path

if __package__ in {None, ""}:  # started as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from coldtusk_shared.errors import Code
from tests.boundary.source_tree import PACKAGES, ROOT, module_name, modules, tree

_HEAD = """# Errors

Every error is one line: `error [code] where: what -- what to do`. The code is stable; the rest may be worded better
one day. This page is made from the source by `make docs-errors`.

Exit statuses: 0 done; 1 a fault of Coldtusk itself; 2 wrong use of the command line; 3 bad input; 4 refused by a rule,
a passphrase or the operator; 5 the outside world failed; 6 outcome unknown: never send anything new; 130 interrupted.

| code | what to do | said by |
|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Declared:
    """A code as a module declares it: ``CONSTANT = Code(name, hint)``."""

    path: Path
    line: int
    constant: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.path.relative_to(ROOT)}:{self.line})"


def declared() -> list[Declared]:
    """Every module-level code, by the source alone."""
    found = [_declared(path, node) for path in modules(*PACKAGES) for node in tree(path).body]
    return [code for code in found if code is not None]


def code_calls() -> int:
    """How often the source makes a code, anywhere."""
    nodes = (node for path in modules(*PACKAGES) for node in ast.walk(tree(path)))
    return sum(isinstance(node, ast.Call) and _is_code(node.func) for node in nodes)


def page() -> str:
    """The text of docs/errors.md."""
    return _HEAD + "".join(f"| {row} |\n" for row in sorted(_row(code) for code in declared()))


def _declared(path: Path, node: ast.stmt) -> Declared | None:
    match node:
        case ast.Assign(targets=[ast.Name(id=constant)], value=ast.Call() as call) if _is_code(call.func):
            first = call.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                return Declared(path, node.lineno, constant, first.value)
    return None


def _is_code(function: ast.expr) -> bool:
    return ast.unparse(function).rpartition(".")[2] == "Code"


def _row(code: Declared) -> str:
    name = module_name(code.path)
    value = getattr(importlib.import_module(name), code.constant)
    if not isinstance(value, Code):
        raise TypeError(f"{code} is no Code")
    hint = value.hint.replace("|", "\\|")
    return f"`{value.name}` | {hint} | {name}"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
