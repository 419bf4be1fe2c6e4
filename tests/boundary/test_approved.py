"""Only the review makes an Approved: everything else may name the type, but not make, copy or rename one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.boundary.source_tree import OFFLINE, PACKAGES, modules, tree

_APPROVAL = OFFLINE / "approval.py"
_REVIEW = OFFLINE / "review.py"
_NAME = "Approved"


def _annotations(node: ast.AST) -> Iterator[ast.expr | None]:
    match node:
        case ast.AnnAssign() | ast.arg():
            yield node.annotation
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield node.returns
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, kind]):
            yield kind
        case ast.MatchClass():
            yield node.cls


def _is_approved(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name == _NAME
        case ast.Constant(value=str() as text):
            return text == _NAME
    return False


def _renamed(node: ast.AST) -> bool:
    return isinstance(node, ast.alias) and node.name == _NAME and node.asname is not None


def makers(module: ast.Module) -> list[int]:
    """The lines where *module* uses Approved as more than a type."""
    typed = {id(part) for node in ast.walk(module) for hint in _annotations(node) if hint for part in ast.walk(hint)}
    nodes = (node for node in ast.walk(module) if id(node) not in typed)
    return [getattr(node, "lineno", 0) for node in nodes if _is_approved(node) or _renamed(node)]


def copies(module: ast.Module) -> bool:
    """Whether *module* knows Approved and makes frozen objects anew with other content."""
    imported = {alias.name for node in ast.walk(module) if isinstance(node, ast.ImportFrom) for alias in node.names}
    functions = (ast.unparse(node.func) for node in ast.walk(module) if isinstance(node, ast.Call))
    called = {
        function.removeprefix("dataclasses.").removeprefix("copy.").removeprefix("object.") for function in functions
    }
    return _NAME in imported and bool(called & {"replace", "__new__", "__setattr__", "deepcopy"})


def test_the_type_and_its_maker_exist() -> None:
    """The rule is about something: approval.py defines the class, review.py makes one."""
    classes = [node.name for node in ast.walk(tree(_APPROVAL)) if isinstance(node, ast.ClassDef)]
    assert _NAME in classes
    assert makers(tree(_REVIEW))


@pytest.mark.parametrize("path", [path for path in modules(*PACKAGES) if path != _REVIEW], ids=lambda path: path.name)
def test_nobody_else_makes_one(path: Path) -> None:
    """No other module calls, renames or hands on the class."""
    assert [] == makers(tree(path))
    assert not copies(tree(path))


@pytest.mark.parametrize(
    "source",
    [
        "x = Approved(1)",
        "x = approval.Approved(1)",
        "make = Approved",
        "x = object.__new__(Approved)",
        "from coldtusk_offline.approval import Approved as A",
        "x = getattr(approval, 'Approved')",
        "x: object = Approved(1)",
        "def f(x: Approved) -> Approved: return Approved()",
    ],
)
def test_the_search_finds(source: str) -> None:
    """Every way to make one is seen."""
    assert makers(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        "from coldtusk_offline.approval import Approved",
        "def f(x: Approved) -> list[Approved]: return [x]",
        "x = isinstance(y, Approved)",
        "class A:\n    approved: Approved | None",
    ],
)
def test_the_search_permits(source: str) -> None:
    """To name the type is no offence."""
    assert [] == makers(ast.parse(source))
