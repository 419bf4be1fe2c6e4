"""The digest of the installed code, for the receipt: it finds mistakes and drift, not malice (DESIGN: Threats)."""

import hashlib
from pathlib import Path

import coldtusk_offline
import coldtusk_shared

BUILT = 1_795_132_800
"""2026-11-20 00:00 UTC: no true time lies before this release was made."""
_SUFFIXES = {".py", ".cddl", ".txt", ".json"}


def digest() -> bytes:
    """SHA-256 over ``SHA-256(file) path`` of every source and data file of both packages, sorted by path."""
    folders = [Path(coldtusk_offline.__file__).parent, Path(coldtusk_shared.__file__).parent]
    lines = sorted(line for folder in folders for line in _lines(folder))
    return hashlib.sha256("".join(lines).encode()).digest()


def _lines(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.suffix in _SUFFIXES and path.is_file())
    return [f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.relative_to(folder.parent)}\n" for path in files]
