"""A program at a terminal of its own, whose screen is read back: as text, and as the codes that a camera would see."""

import os
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pexpect
import pyte
from PIL import Image, ImageDraw

from tests.shared.transport.readback import read

SECONDS = 30.0
_CELL = (4, 8)
_SHAPES = {"█": (0, 8), "▀": (0, 4), "▄": (4, 8)}
_GRAY = "808080"


class LiveTerminal:
    """*command* at a terminal of *rows* by *columns*."""

    def __init__(
        self,
        command: Sequence[str],
        rows: int = 24,
        columns: int = 80,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        usual = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        self.child = pexpect.spawn(
            command[0],
            list(command[1:]),
            cwd=None if folder is None else str(folder),
            env={**usual, **(environment or {})},
            timeout=SECONDS,
            dimensions=(rows, columns),
        )
        self.child.delaybeforesend = None
        self.before = termios.tcgetattr(self.child.child_fd)
        self.sent = b""
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)

    def wait(self, condition: Callable[[], object]) -> None:
        """Show what comes until *condition* holds."""
        end = time.monotonic() + SECONDS
        while not condition():
            assert time.monotonic() < end, f"it never came; the screen is\n{self.text()}"
            self._take()

    def wait_for(self, text: str) -> None:
        """Until *text* stands on the screen."""
        self.wait(lambda: text in self.text())

    def wait_for_code(self) -> bytes:
        """Until one code can be read; the code."""
        self.wait(self.codes)
        [code] = self.codes()
        return code

    def press(self, typed: bytes) -> None:
        """Type."""
        self.child.send(typed)

    def resize(self, rows: int, columns: int) -> None:
        """As when a person draws at the window's corner."""
        self.screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def end(self) -> tuple[int | None, int | None]:
        """Wait for the end: the exit status, or the signal."""
        end = time.monotonic() + SECONDS
        while self.child.isalive() and time.monotonic() < end:
            self._take()
        self._take()
        self.child.wait()
        return self.child.exitstatus, self.child.signalstatus

    def settings(self) -> list[object]:
        """How the terminal is set now (termios(3))."""
        return [*termios.tcgetattr(self.child.child_fd)]

    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(row.rstrip() for row in self.screen.display)

    def codes(self) -> list[bytes]:
        """What a camera reads from the screen."""
        picture = self.picture()
        return read(picture.tobytes(), picture.width)

    def picture(self) -> Image.Image:
        """The screen in gray: a colour by number is what it is, any other is the theme's to choose."""
        width, height = _CELL
        picture = Image.new("RGB", (self.screen.columns * width, self.screen.lines * height))
        draw = ImageDraw.Draw(picture)
        for row in range(self.screen.lines):
            for column in range(self.screen.columns):
                cell = self.screen.buffer[row][column]
                ink, paper = (f"#{_GRAY if name == 'default' else name}" for name in (cell.fg, cell.bg))
                left, top = column * width, row * height
                draw.rectangle((left, top, left + width - 1, top + height - 1), fill=paper)
                if shape := _SHAPES.get(cell.data):
                    draw.rectangle((left, top + shape[0], left + width - 1, top + shape[1] - 1), fill=ink)
        return picture.convert("L")

    def _take(self) -> None:
        try:
            part = self.child.read_nonblocking(1 << 16, 0.05)
        except pexpect.TIMEOUT:
            return
        except pexpect.EOF:
            time.sleep(0.01)
            return
        self.sent += part
        self._stream.feed(part)
