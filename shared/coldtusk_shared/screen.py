"""Lines of a screen: a label and what stands beside it, never wider than 80 columns."""

from collections.abc import Iterable
from typing import NamedTuple

from coldtusk_shared.text import wrap

COLUMNS = 80
LABEL_COLUMNS = 12
TEXT_COLUMNS = COLUMNS - LABEL_COLUMNS
_BLANK = " " * LABEL_COLUMNS
CONTINUED = "..."
"""Stands in the label's place beside the rest of a folded text: what a host wrote never begins a row of ours."""
_MORE = CONTINUED.ljust(LABEL_COLUMNS)
_GROUP = 4
_GROUPS_A_LINE = 8


class Line(NamedTuple):
    """A label, and one or more texts below one another beside it."""

    label: str
    texts: tuple[str, ...]


def line(label: str, *texts: str) -> Line:
    """A :class:`Line`."""
    return Line(label, texts)


def render(lines: Iterable[Line]) -> str:
    """*lines* as text. A text that would pass column 80 is folded, never cut."""
    rows: list[str] = []
    for label, texts in lines:
        beside = label.ljust(LABEL_COLUMNS)
        for text in texts:
            if len(text) <= TEXT_COLUMNS and text.isascii():
                rows.append(beside + text)
            else:
                rows += _folded(beside, text)
            beside = _BLANK
    return "\n".join(rows)


def _folded(beside: str, text: str) -> list[str]:
    first, *rest = wrap(text, TEXT_COLUMNS)
    return [beside + first, *(_MORE + part for part in rest)]


def heading(text: str) -> str:
    """*text* between two rules, one of the full width."""
    return f"{'=' * COLUMNS}\n{text}\n{'-' * COLUMNS}"


def host_says(text: str) -> str:
    """*text* of the host, quoted, so that it never passes for a word of the device.

    A quotation mark inside is marked by a backslash: the host cannot end its own quotation.
    """
    return f"the host says: {quotation(text)}"


def quotation(text: str) -> str:
    """*text* of somebody else between quotation marks, those inside marked by a backslash."""
    inside = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inside}"'


def grouped(data: bytes) -> tuple[str, ...]:
    """*data* as hex in groups of four, eight groups a line."""
    size = _GROUPS_A_LINE * _GROUP // 2
    return tuple(data[at : at + size].hex(" ", _GROUP // 2) for at in range(0, len(data), size))
