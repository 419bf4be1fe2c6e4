"""What crosses by light: the options of the commands that read codes or show them, and what these options mean.

The transport is imported when codes are read or shown: whoever carries files does not wait for it.
"""

from pathlib import Path

import click

from coldtusk_offline.cli import opening
from coldtusk_shared import limits
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.transport import USUAL_RATE

SCAN = click.option(
    "--scan", "source", metavar="SOURCE", help="Read codes: a picture, GIF, video or folder, or camera (see cameras)."
)
SHOW = click.option("--show", "live", is_flag=True, help="Show it as codes on this terminal.")
FPS = click.option(
    "--fps",
    type=click.IntRange(*limits.FRAMES_A_SECOND),
    default=USUAL_RATE,
    show_default=True,
    help="Codes a second.",
)


def require_one(path: Path | None, source: str | None, name: str) -> None:
    """A message comes from a file or by light."""
    if (path is None) is (source is None):
        raise click.UsageError(f"give either {name} or --scan SOURCE")


def require_outlet(out: Path | None, *, live: bool) -> None:
    """What is made goes to a free place or to a terminal that shows codes: better seen before a passphrase is asked."""
    if out is None and not live:
        raise click.UsageError("give --out FILE, --show, or both")
    if out is not None:
        opening.require_free(out)
    if live:
        from coldtusk_shared.transport import live_screen

        live_screen.check_terminal()


def scanned(source: str, type_: MessageType | None) -> bytes:
    """The message of *type_*, or of any, that *source* shows."""
    from coldtusk_shared.transport import scanning

    return scanning.read_message(source, scanning.any_sealed if type_ is None else scanning.of_type(type_))


def show(message: bytes, title: str, rate: int) -> None:
    """*message* as codes on the terminal, until a person ends it."""
    from coldtusk_shared.transport import display

    display.show(message, title, rate)
