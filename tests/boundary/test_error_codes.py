"""Every error code is unique, documented, and raised by a test that names it."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.boundary import error_codes
from tests.boundary.source_tree import ROOT, TESTS

HERE = TESTS / "boundary"
_FORM = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+")


def test_every_code_is_a_module_constant() -> None:
    """A code is made once, at the top of a module, with its name written out: so it can be found."""
    assert error_codes.code_calls() == len(error_codes.declared())


def test_names_are_unique() -> None:
    """One name, one rule."""
    counted = Counter(code.name for code in error_codes.declared())
    assert [] == [name for name, count in counted.items() if count > 1]


def test_names_have_one_form() -> None:
    """A name is area.what, in small letters, digits and hyphens."""
    assert [] == [code.name for code in error_codes.declared() if not _FORM.fullmatch(code.name)]


def test_every_code_is_named_by_a_test() -> None:
    """Somewhere in tests/, but not in this folder, the name stands in quotes or, on a golden screen, in brackets."""
    files = [path for path in TESTS.rglob("*") if path.suffix in {".py", ".json", ".txt"} and HERE not in path.parents]
    written = "\n".join(path.read_text(encoding="utf-8") for path in files)
    named = set(re.findall(r"""["'`[]([a-z0-9.-]+)["'`\]]""", written))
    assert [] == [str(code) for code in error_codes.declared() if code.name not in named]


def test_the_page_is_current(tmp_path: Path) -> None:
    """docs/errors.md is what `make docs-errors` writes, in a process of its own: it imports every command."""
    page = tmp_path / "errors.md"
    command = [sys.executable, str(HERE / "error_codes.py"), str(page)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert page.read_text(encoding="utf-8") == (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
