"""What crosses by light: the options of the commands that read codes or show them, and what these options mean.

The transport is imported when codes are read or shown: whoever carries files does not wait for it.
"""

from pathlib import Path

import click

from coldtusk_shared import files, limits
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.transport import USUAL_RATE

SCAN = click.option(
    "--scan", "source", metavar="SOURCE", help="Read codes: a picture, GIF, video or folder, or camera (see cameras)."
)
QR = click.option("--qr", "live", is_flag=True, help="Show it as codes on this terminal.")
FPS = click.option(
    "--fps",
    type=click.IntRange(*limits.FRAMES_A_SECOND),
    default=USUAL_RATE,
    show_default=True,
    help="Codes a second.",
)


def message(path: Path | None, source: str | None, type_: MessageType) -> bytes:
    """The message in the file *path*, or that of *type_* that *source* shows."""
    if path is not None:
        return files.read_input(path, limits.MESSAGE_BYTES)
    if source is None:
        raise RuntimeError("one of the two is given")
    from coldtusk_shared.transport import scanning

    return scanning.read_message(source, scanning.of_type(type_))


def check_terminal() -> None:
    """Refuse a terminal that shows no codes, before anything is made for it."""
    from coldtusk_shared.transport import live_screen

    live_screen.check_terminal()


def show(message: bytes, title: str, rate: int) -> None:
    """*message* as codes on the terminal, until a person ends it."""
    from coldtusk_shared.transport import display

    display.show(message, title, rate)
