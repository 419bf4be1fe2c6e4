"""Made-up secrets, and the search for them: in files and in the memory of a process, in every form of their bytes.

A search that finds nothing proves something only if it finds what is there: whoever uses this plants one, too.
"""

import base64
import html
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import quote, quote_plus

_MAPPING: Final = re.compile(r"([0-9a-f]+)-([0-9a-f]+) ([rwxps-]{4}) [0-9a-f]+ [0-9a-f:]+ \d+ *(.*)")
_OF_THE_KERNEL: Final = frozenset({"[vvar]", "[vvar_vclock]", "[vsyscall]"})
_PADS: Final = {"inner pad of its HMAC": 0x36, "outer pad of its HMAC": 0x5C}
"""RFC 2104: whoever has such a block has the key."""


@dataclass(frozen=True)
class Canary:
    """A secret *text* under the *name* by which a failing test says what it found."""

    name: str
    text: str

    @cached_property
    def forms(self) -> dict[bytes, str]:
        """What to look for, and how it is called. Equal bytes stand once."""
        plain = self.text.encode()
        made = {**_texts(self.text), **_codes(plain), **_wide(self.text)}
        pads = {name: bytes(byte ^ pad for byte in plain) for name, pad in _PADS.items()}
        return {value: name for name, value in reversed([*made.items(), *pads.items()])}

    def found(self, data: bytes) -> list[str]:
        """The forms of it that stand in *data*."""
        return [f"{self.name}, {name}" for value, name in self.forms.items() if value in data]


_TELLING = 12
"""A run this long stands nowhere by chance; a single word of a passphrase is also a word of some digest."""


def _texts(text: str) -> dict[str, bytes]:
    """As a text is written inside other texts. Most ways, and ways inside ways, leave letters and digits alone."""
    run = max(re.findall("[A-Za-z0-9]+", text), key=len)
    inner = json.dumps(text)[1:-1]
    escaped = "".join(f"\\u{ord(character):04x}" for character in text)
    forms = {
        "letters and digits of it": run if len(run) >= _TELLING else text,
        "plain": text,
        "reversed": text[::-1],
        "JSON": inner,
        "JSON with every slash escaped": inner.replace("/", "\\/"),
        "JSON with everything escaped": escaped,
        "JSON in JSON": json.dumps(inner)[1:-1],
        "repr": repr(text)[1:-1],
        "repr of bytes": repr(text.encode())[2:-1],
        "HTML": html.escape(text),
        "percent": quote(text, safe=""),
        "percent in a path": quote(text),
        "percent in small letters": re.sub("%..", lambda one: one[0].lower(), quote(text, safe="")),
        "percent of every byte": "".join(f"%{byte:02X}" for byte in text.encode()),
        "form": quote_plus(text),
    }
    return {name: form.encode() for name, form in forms.items()}


def _codes(plain: bytes) -> dict[str, bytes]:
    """As bytes are written as text."""
    small = plain.hex()
    forms = {"hex": small, "hex in capitals": small.upper(), "hex in pairs": plain.hex(" ", 2)}
    found = {name: form.encode() for name, form in forms.items()}
    found["base32"] = base64.b32encode(plain[: len(plain) // 5 * 5])
    for shift in range(3):
        for kind, encode in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
            found[f"{kind} behind {shift}"] = _inside(encode(bytes(shift) + plain), shift, len(plain))
    return found


def _inside(encoded: bytes, shift: int, length: int) -> bytes:
    """The digits that hang on the secret alone: not on what stands before it or behind."""
    first, last = -(-shift * 8 // 6), (shift + length) * 8 // 6
    return encoded[first:last]


def _wide(text: str) -> dict[str, bytes]:
    """As CPython and others keep a text beside one that needs wider characters."""
    return {name: text.encode(name) for name in ("utf-16-le", "utf-16-be", "utf-32-le")}


def in_data(data: bytes, canaries: Iterable[Canary]) -> list[str]:
    """What of *canaries* stands in *data*."""
    return [found for one in canaries for found in one.found(data)]


def in_files(folders: Iterable[Path], canaries: Iterable[Canary]) -> list[str]:
    """What of *canaries* stands in the files below *folders*, or in their names: free pages, journals, logs and all."""
    wanted = list(canaries)
    return [
        f"{path}: {found}"
        for path in _paths(folders)
        for data in (str(path).encode(), path.read_bytes() if path.is_file() else b"")
        for found in in_data(data, wanted)
    ]


def _paths(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(folder.rglob("*"))


def memory(pid: int) -> bytes:
    """All that the process *pid* has in its own memory: what it may write, and what has no file behind it.

    :raises PermissionError: if this machine forbids to look; then nothing is proved.
    """
    maps = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as file:
        parts = [_read(file.fileno(), start, end) for start, end in _own(maps)]
    assert parts, "a process has memory"
    return b"".join(parts)


def _own(maps: str) -> Iterator[tuple[int, int]]:
    for line in maps.splitlines():
        match = _MAPPING.fullmatch(line)
        assert match is not None, line
        start, end, rights, name = match.groups()
        of_a_file = name.startswith("/") and "w" not in rights
        if rights.startswith("r") and name not in _OF_THE_KERNEL and not of_a_file:
            yield int(start, 16), int(end, 16)


def _read(descriptor: int, start: int, end: int) -> bytes:
    parts: list[bytes] = []
    while start < end:
        parts.append(os.pread(descriptor, end - start, start))
        assert parts[-1], "the mapping is there, so it can be read"
        start += len(parts[-1])
    return b"".join(parts)
