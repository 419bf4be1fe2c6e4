"""The source files of the three packages, found by path: nothing of Coldtusk is imported to look at it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / "shared" / "coldtusk_shared"
ONLINE = ROOT / "online" / "coldtusk_online"
OFFLINE = ROOT / "offline" / "coldtusk_offline"
PACKAGES = (SHARED, ONLINE, OFFLINE)
TESTS = ROOT / "tests"


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement's target, *module* being everything before the imported name."""

    file: Path
    line: int
    module: str
    name: str

    @property
    def dotted(self) -> str:
        """The module and the name in one; the name may be a module or a value."""
        return f"{self.module}.{self.name}" if self.name else self.module

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line} imports {self.dotted}"


def modules(*packages: Path) -> list[Path]:
    """Every source file of *packages*."""
    return sorted(path for package in packages for path in package.rglob("*.py"))


def module_name(path: Path) -> str:
    """The dotted name that imports the file at *path*."""
    package = next(package for package in PACKAGES if path.is_relative_to(package))
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def tree(path: Path) -> ast.Module:
    """The file at *path* as Python reads it."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> Iterator[Import]:
    """Every import in the file at *path*, at any depth, relative ones made absolute."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(path, node.lineno, alias.name, "")
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(path, node)
            for alias in node.names:
                yield Import(path, node.lineno, module, alias.name)


def dotted_names(path: Path) -> Iterator[tuple[int, str]]:
    """Every name and attribute chain in the file at *path* with its line: ``ec.derive_private_key``, ``PrivateKey``."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name | ast.Attribute):
            yield node.lineno, ast.unparse(node)


def _absolute(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    inside = module_name(path).split(".")
    package = inside if path.name == "__init__.py" else inside[:-1]
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, *filter(None, [node.module])])
