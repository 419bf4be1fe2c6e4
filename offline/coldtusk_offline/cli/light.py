"""What crosses by light: the options of the commands that read codes or show them, and what these options mean."""

from pathlib import Path

import click

from coldtusk_offline.cli import opening
from coldtusk_shared import limits
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.transport import display, scanning
from coldtusk_shared.transport.live_screen import check_terminal

SCAN = click.option(
    "--scan", "source", metavar="SOURCE", help="Read codes: a picture, GIF, video or folder, or camera (see cameras)."
)
SHOW = click.option("--show", "live", is_flag=True, help="Show it as codes on this terminal.")
FPS = click.option(
    "--fps",
    type=click.IntRange(*limits.FRAMES_A_SECOND),
    default=display.RATE,
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
        check_terminal()


def scanned(source: str, type_: MessageType) -> bytes:
    """The message of *type_* that *source* shows."""
    return scanning.read_message(source, scanning.of_type(type_))
