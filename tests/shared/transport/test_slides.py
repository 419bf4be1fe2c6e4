"""What is shown when: densities, windows, the status row."""

import hashlib

import pyte
import pytest

from coldtusk_shared import limits
from coldtusk_shared.transport import halfblocks
from coldtusk_shared.transport.halfblocks import Window
from coldtusk_shared.transport.keys import Key
from coldtusk_shared.transport.slides import STATUS_ROWS, Slides

_USUAL, _LARGE = Window(80, 24), Window(200, 100)


def _message(size: int) -> bytes:
    return hashlib.shake_256(b"slides").digest(size)


def _first(size: int = 389, window: Window = _USUAL) -> Slides:
    return Slides.first(_message(size), "request 0f3a12b4c5d6", window)


def _rows(slides: Slides, number: int = 0, rate: int = 10) -> list[str]:
    screen = pyte.Screen(slides.window.columns, slides.window.rows)
    pyte.Stream(screen).feed(slides.cleared(number, rate))
    return [row.rstrip() for row in screen.display]


class TestDensity:
    """Where it starts, and where the keys lead."""

    def test_the_usual_window_carries_version_5(self) -> None:
        """And the status row below it."""
        slides = _first()
        assert (5, True, True) == (slides.version, slides.fits, slides.moving)
        assert _USUAL.rows == halfblocks.needed(5).rows + STATUS_ROWS

    @pytest.mark.parametrize(("size", "version"), [(5000, 20), (100_000, 20), (400, 14), (20, 4)])
    def test_a_large_window_starts_at_20_at_most(self, size: int, version: int) -> None:
        """A message that takes less gets the smallest symbol that holds its part."""
        assert version == _first(size, _LARGE).version

    def test_one_code_stands_still(self) -> None:
        """There is no next frame."""
        slides = _first(400, _LARGE)
        assert (1, False, True) == (slides.encoder.fragments, slides.moving, slides.fits)
        assert slides.drawn(0, 10) == slides.drawn(7, 10).replace("code 8", "code 1")

    def test_denser_and_coarser(self) -> None:
        """Fewer fragments and more."""
        first = _first(5000, _LARGE)
        denser, coarser = first.turned(Key.DENSER), first.turned(Key.COARSER)
        assert denser.encoder.fragments < first.encoder.fragments < coarser.encoder.fragments
        assert coarser.version < first.version < denser.version

    def test_a_press_always_changes_something(self) -> None:
        """Until the end: steps that would show the same codes are passed over."""
        slides, seen = _first(400, _LARGE), []
        while (further := slides.turned(Key.COARSER)) is not slides:
            slides = further
            seen.append(slides.encoder.fragments)
        assert sorted(set(seen)) == seen
        assert slides.density.version == slides.density.lowest

    @pytest.mark.parametrize("key", Key)
    def test_at_the_bound_nothing_changes(self, key: Key) -> None:
        """The same object: no reader starts again."""
        slides = _first(1, Window(34, 18))
        assert slides is slides.turned(key)

    def test_the_window_is_the_bound(self) -> None:
        """A key makes no code that the window does not carry."""
        slides = _first(5000)
        for _ in range(10):
            slides = slides.turned(Key.DENSER)
        assert (5, True) == (slides.version, slides.fits)

    def test_longest_message(self) -> None:
        """MESSAGE_BYTES take no more than FRAGMENTS, and a window of its own size."""
        slides = _first(limits.MESSAGE_BYTES)
        assert not slides.fits
        assert _first(limits.MESSAGE_BYTES, _LARGE).encoder.fragments <= limits.FRAGMENTS


class TestResize:
    """Another window."""

    def test_larger_keeps_the_frames(self) -> None:
        """No reader has to start again."""
        slides = _first(5000)
        assert slides.encoder is slides.resized(_LARGE).encoder

    def test_smaller_keeps_them_while_they_fit(self) -> None:
        """A window between the two."""
        slides = _first(5000, _LARGE)
        assert slides.encoder is slides.resized(Window(110, 60)).encoder

    def test_smaller_than_the_code(self) -> None:
        """Another density that fits, and back in a large window the keys lead up again."""
        slides = _first(5000, _LARGE)
        small = slides.resized(_USUAL)
        assert (5, True) == (small.version, small.fits)
        assert small.resized(_LARGE).turned(Key.DENSER).version > 5

    def test_too_small_for_anything_and_back(self) -> None:
        """The frames are the same afterwards."""
        slides = _first(5000, _LARGE)
        tiny = slides.resized(Window(20, 5))
        assert (False, False) == (tiny.fits, tiny.moving)
        assert slides.encoder is tiny.resized(_LARGE).encoder
        assert tiny.resized(_LARGE).fits


class TestScreen:
    """What a terminal shows."""

    def test_the_code_is_in_the_middle(self) -> None:
        """As much space on either side, within a character; the last row is the status."""
        rows = _rows(_first(5000, Window(101, 41)))
        code = [row for row in rows[:-1] if row]
        left = {len(row) - len(row.lstrip()) for row in code}
        width = len(code[0].strip())
        assert abs((101 - width) // 2 - min(left)) <= 1
        assert abs(sum(not row for row in rows[:20]) - sum(not row for row in rows[20:-1])) <= 1

    def test_status(self) -> None:
        """Which code, how many are needed, and the keys; the title while there is room."""
        expected = "request 0f3a12b4c5d6: code 12, any 5 do, 10/s          + denser - coarser q done"
        assert expected.split() == _rows(_first(), 11)[-1].split()
        assert 79 == len(_rows(_first(), 11)[-1])
        assert "one code" in _rows(_first(400, _LARGE))[-1]

    @pytest.mark.parametrize("columns", range(33, 82))
    def test_status_is_never_wider_than_the_window(self, columns: int) -> None:
        """It would scroll the code away."""
        slides = _first(1, Window(columns, 20))
        rows = _rows(slides)
        assert "q done" in rows[-1]
        assert len(rows[-1]) < columns

    def test_too_small_a_window_says_so(self) -> None:
        """What it has, what is needed, what else there is."""
        said = " ".join(_rows(_first(limits.MESSAGE_BYTES, _USUAL)))
        assert "the window has 80 columns by 24 rows; the code takes 89 columns by 46 rows at least" in said
        assert "enlarge the window or shrink its font; or write a picture or a file instead" in said
        assert "q ends this" in said

    @pytest.mark.parametrize("window", [Window(1, 1), Window(10, 2), Window(29, 15)])
    def test_tiny_windows(self, window: Window) -> None:
        """Nothing fails."""
        assert not Slides.first(_message(9), "x", window).fits
        assert window.rows >= len([row for row in _rows(Slides.first(_message(9), "x", window)) if row])
