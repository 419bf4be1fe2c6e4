"""A QR symbol as terminal text: a character is two modules, one above the other.

**Colours.** Many readers do not take an inverted code, and a theme decides what "black" is: so every row sets both
colours. They come from the fixed part of the 256 colours, because themes move the 16 named ones (a light theme may swap
black and white) and some also 16 to 21; and they are not 24-bit colours, which some terminals misread as "faint" or
"blink". Light modules are the *foreground*, white (``38;5;231``, #ffffff); dark ones the *background*, black
(``48;5;232``, #080808). The text console of Linux knows 16 colours, and there this way round gives true white on true
black; as background the same white would be a grey. The leading ``0`` ends what was on before: reverse, bold, faint.
A row ends in ``0`` as well, so that nothing beside the symbol is coloured.
"""

from dataclasses import dataclass
from typing import Final

from coldtusk_shared.errors import Code, Outside
from coldtusk_shared.transport.symbol import Matrix, framed_size

WINDOW_TOO_SMALL = Code(
    "qr.window-too-small", "enlarge the window or shrink its font; or write a picture or a file instead"
)

_ON: Final = "\x1b[0;38;5;231;48;5;232m"
_OFF: Final = "\x1b[0m"
_CHARACTERS: Final = "█▄▀ "
"""Both modules light, the upper one dark, the lower one dark, both dark."""


@dataclass(frozen=True, slots=True)
class Window:
    """An area of a terminal, in characters."""

    columns: int
    rows: int

    def __str__(self) -> str:
        return f"{self.columns} columns by {self.rows} rows"


def room(window: Window) -> int:
    """The modules on a side, quiet zone included, that *window* has room for."""
    return max(0, min(window.columns, 2 * window.rows))


def needed(version: int) -> Window:
    """The smallest window that carries a symbol of *version*."""
    side = framed_size(version)
    return Window(side, (side + 1) // 2)


def fits(version: int, window: Window) -> bool:
    """Whether *window* carries a symbol of *version*."""
    return framed_size(version) <= room(window)


def check(version: int, window: Window) -> None:
    """Raise :class:`Outside` when *window* does not carry a symbol of *version*; it says which size would."""
    if not fits(version, window):
        what = f"the window has {window} for the code, which takes {needed(version)}"
        raise Outside(WINDOW_TOO_SMALL, what)


def render(matrix: Matrix) -> str:
    """*matrix* with its quiet zone, black on white in every theme: lines of equal width, no line end after the last.

    A symbol has an odd number of rows: the quiet zone has a fifth one below.
    """
    rows = matrix.framed()
    below = bytes(len(rows))
    pairs = zip(rows[::2], (*rows[1::2], below), strict=True)
    return "\n".join(f"{_ON}{_line(upper, lower)}{_OFF}" for upper, lower in pairs)


def _line(upper: bytes, lower: bytes) -> str:
    return "".join([_CHARACTERS[above + 2 * below] for above, below in zip(upper, lower, strict=True)])
