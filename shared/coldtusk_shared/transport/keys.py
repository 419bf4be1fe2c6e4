"""What is typed at the live display, as keys that mean something there."""

import re
from collections.abc import Mapping
from enum import Enum, auto
from typing import Final


class Key(Enum):
    """A key of the live display."""

    DENSER = auto()
    """Fewer codes of smaller modules."""
    COARSER = auto()
    """More codes of bigger modules."""
    DONE = auto()


_SEQUENCE: Final = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|[P\]^_].*?(?:\x07|\x1b\\)|.|$)",  # ECMA-48, 5.3 to 5.6
    re.DOTALL,
)
"""Arrows, keypads, the Alt key, a terminal's answer: whatever letters they have, they are none of ours."""
_KEYS: Final[Mapping[int, Key]] = {
    **dict.fromkeys(b"+=", Key.DENSER),
    **dict.fromkeys(b"-_", Key.COARSER),
    **dict.fromkeys(b"qQ\r\n\x04", Key.DONE),
}
"""With and without the shift key; ``q``, Enter and Ctrl-D end the display."""


def keys(typed: bytes) -> list[Key]:
    """The keys in *typed*, which was read at once; escape sequences hold none."""
    return [_KEYS[byte] for byte in _SEQUENCE.sub(b"", typed) if byte in _KEYS]
