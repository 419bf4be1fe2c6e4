"""What a terminal shows, as pictures: every frame of a live display, drawn as a dark terminal draws it."""

import re
from pathlib import Path

import pyte
from PIL import Image, ImageDraw

FRAME_END = "\x1b[?2026l"
"""The display says where a frame is whole."""
_CELL = (6, 12)
_DARK = 30
_SHAPES = {"█": (0, 12), "▀": (0, 6), "▄": (6, 12)}
_NEEDED = re.compile(r"any (\d+) do")


class Screens:
    """The whole frames of a display in a terminal of *rows* by *columns*."""

    def __init__(self, rows: int, columns: int) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self._taken: list[Image.Image] = []

    @property
    def enough(self) -> bool:
        """Whether somebody who sees these again and again reads the message, and has some to spare."""
        found = _NEEDED.search(self._screen.display[-1])
        return len(self._taken) >= (int(found[1]) + 2 if found else 1)

    def take(self, frame: str) -> None:
        """Take what the terminal got up to the end of a frame."""
        self._stream.feed(frame)
        self._taken.append(self._drawn())

    def save(self, folder: Path) -> Path:
        """Write them into the new *folder*."""
        folder.mkdir()
        for number, picture in enumerate(self._taken):
            picture.save(folder / f"{number:04}.png")
        return folder

    def _drawn(self) -> Image.Image:
        """The screen in the middle of a dark square."""
        width, height = self._screen.columns * _CELL[0], self._screen.lines * _CELL[1]
        side = max(width, height)
        left, top = (side - width) // 2, (side - height) // 2
        picture = Image.new("L", (side, side), _DARK)
        draw = ImageDraw.Draw(picture)
        for row in range(self._screen.lines):
            for column in range(self._screen.columns):
                cell = self._screen.buffer[row][column]
                if cell.bg != "default":
                    self._draw_cell(draw, cell.data, left + column * _CELL[0], top + row * _CELL[1])
        return picture

    def _draw_cell(self, draw: ImageDraw.ImageDraw, character: str, left: int, top: int) -> None:
        right = left + _CELL[0] - 1
        draw.rectangle((left, top, right, top + _CELL[1] - 1), fill=8)
        if shape := _SHAPES.get(character):
            draw.rectangle((left, top + shape[0], right, top + shape[1] - 1), fill=255)
