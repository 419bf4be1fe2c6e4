"""Symbols on a terminal: read back from its screen, black on white in every theme, and what a window cannot carry."""

import pyte
import pytest
from PIL import Image, ImageDraw

from coldtusk_shared.errors import Outside
from coldtusk_shared.transport import halfblocks
from coldtusk_shared.transport.halfblocks import Window
from coldtusk_shared.transport.symbol import Matrix, matrix
from tests.shared.transport.readback import PATTERNS, VERSIONS, payload, read

_CELL = (4, 8)
_THEMES = {
    "dark": {"default": ("d4d4d4", "1e1e1e")},
    "light": {"default": ("3c3c3c", "fdf6e3")},
    "black and white swapped": {"default": ("000000", "ffffff")},
}
_SHAPES = {" ": None, "█": (0, 8), "▀": (0, 4), "▄": (4, 8)}
_BEFORE = {"nothing": "", "reverse, bold and faint": "\x1b[7;1;2m", "colours": "\x1b[31;42m"}


def _screen(text: str, window: Window, before: str = "") -> pyte.Screen:
    """*text* as a terminal of *window* and one free row shows it, each line end as a terminal driver sends it."""
    screen = pyte.Screen(window.columns, window.rows + 1)
    pyte.Stream(screen).feed(before + text.replace("\n", "\r\n"))
    return screen


def _drawn(screen: pyte.Screen, theme: str) -> Image.Image:
    """The screen in pixels: a character is as many as the cell has, its block in the foreground's colour."""
    width, height = _CELL
    picture = Image.new("RGB", (screen.columns * width, screen.lines * height))
    draw = ImageDraw.Draw(picture)
    for row in range(screen.lines):
        for column in range(screen.columns):
            cell = screen.buffer[row][column]
            ink, paper = (_colour(name, index, theme) for index, name in enumerate((cell.fg, cell.bg)))
            if cell.reverse:
                ink, paper = paper, ink
            left, top = column * width, row * height
            draw.rectangle((left, top, left + width - 1, top + height - 1), fill=paper)
            if shape := _SHAPES[cell.data]:
                draw.rectangle((left, top + shape[0], left + width - 1, top + shape[1] - 1), fill=ink)
    return picture


def _colour(name: str, index: int, theme: str) -> str:
    """A colour by number is what it is; any other would be the theme's to choose."""
    return f"#{_THEMES[theme][name][index] if name == 'default' else name}"


def _read_back(made: Matrix, version: int, theme: str = "dark", before: str = "") -> list[bytes]:
    window = halfblocks.needed(version)
    picture = _drawn(_screen(halfblocks.render(made), window, before), theme).convert("L")
    return read(picture.tobytes(), picture.width)


class TestRender:
    """Text that is a symbol."""

    @pytest.mark.parametrize("version", VERSIONS)
    def test_is_read_back_from_the_screen(self, version: int) -> None:
        """In a window that it just fits."""
        data = payload("all byte values", version)
        assert [data] == _read_back(matrix(data, version), version)

    @pytest.mark.parametrize("pattern", PATTERNS)
    def test_every_payload_is_read_back(self, pattern: str) -> None:
        """NULs and all other bytes."""
        data = payload(pattern, 10)
        assert [data] == _read_back(matrix(data, 10), 10)

    @pytest.mark.parametrize("before", _BEFORE.values(), ids=_BEFORE)
    @pytest.mark.parametrize("theme", _THEMES)
    def test_is_black_on_white_in_every_theme(self, theme: str, before: str) -> None:
        """Whatever the theme and whatever was on before, a reader that takes no inverted code reads it."""
        assert [b"in every theme"] == _read_back(matrix(b"in every theme", 2), 2, theme, before)

    def test_colours_only_its_own_cells(self) -> None:
        """A row ends without colour, and so does the screen."""
        window = Window(halfblocks.needed(1).columns + 3, 20)
        screen = _screen(halfblocks.render(matrix(b"x", 1)), window)
        beside = {screen.buffer[row][column].bg for row in range(16) for column in range(29, 32)}
        assert ({"default"}, "default") == (beside, screen.cursor.attrs.bg)

    def test_a_row_begins_with_its_colours(self) -> None:
        """The codes, as the module's page has them."""
        rows = halfblocks.render(matrix(b"x", 1)).split("\n")
        assert 15 == len(rows)
        assert {("\x1b[0;38;5;231;48;5;232m", 29, "\x1b[0m")} == {(row[:22], len(row[22:-4]), row[-4:]) for row in rows}

    def test_the_quiet_zone_is_light(self) -> None:
        """Four modules above and at the sides, five below: a symbol has an odd number of rows."""
        rows = [row[22:-4] for row in halfblocks.render(matrix(b"x", 1)).split("\n")]
        assert ["█" * 29] * 4 == rows[:2] + rows[-2:]
        assert {"█" * 8} == {row[:4] + row[-4:] for row in rows}
        assert {"█", "▄"} == set(rows[-3])


class TestWindow:
    """What fits where."""

    @pytest.mark.parametrize(("version", "columns", "rows"), [(1, 29, 15), (5, 45, 23), (20, 105, 53), (40, 185, 93)])
    def test_needed(self, version: int, columns: int, rows: int) -> None:
        """A module is a column wide and half a row high."""
        assert Window(columns, rows) == halfblocks.needed(version)

    @pytest.mark.parametrize("version", VERSIONS)
    def test_fits_to_the_character(self, version: int) -> None:
        """The window needed, and none that is a character less."""
        least = halfblocks.needed(version)
        assert halfblocks.fits(version, least)
        assert not halfblocks.fits(version, Window(least.columns - 1, least.rows))
        assert not halfblocks.fits(version, Window(least.columns, least.rows - 1))

    @pytest.mark.parametrize(("window", "expected"), [((80, 24), 48), ((40, 60), 40), ((0, 0), 0), ((-1, -1), 0)])
    def test_room(self, window: tuple[int, int], expected: int) -> None:
        """The shorter side counts."""
        assert expected == halfblocks.room(Window(*window))

    def test_check_takes_what_fits(self) -> None:
        """Nothing is raised."""
        halfblocks.check(5, Window(80, 24))

    def test_check_says_the_size_needed_and_the_way_out(self) -> None:
        """A window that is too small: its size, the size needed, and that a picture or a file does it as well."""
        with pytest.raises(Outside) as caught:
            halfblocks.check(20, Window(80, 24))
        assert "qr.window-too-small" == caught.value.code.name
        assert "80 columns by 24 rows" in caught.value.what
        assert "105 columns by 53 rows" in caught.value.what
        assert "picture or a file" in caught.value.code.hint
