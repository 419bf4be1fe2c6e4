"""``frames encode|decode``: messages as pictures of codes and back, for scripts. They open no vault and ask nothing."""

from pathlib import Path

import click

from coldtusk_offline.cli import light, opening
from coldtusk_shared import files, limits
from coldtusk_shared.transport import framing, scanning


@click.group("frames")
def command() -> None:
    """Messages as pictures of codes, and back."""


@command.command("encode")
@click.argument("message", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new .gif, .apng or .png, or a folder.")
@light.FPS
def encode(message: Path, out: Path, fps: int) -> None:
    """Write the codes of MESSAGE as an animation, or each as a picture of the folder --out."""
    count = framing.write_pictures(out, files.read_input(message, limits.MESSAGE_BYTES), fps)
    click.echo(f"Written to {out}: {count} code{'s' if count > 1 else ''}.")


@command.command("decode")
@click.argument("source")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the message goes; a new file.")
def decode(source: str, out: Path) -> None:
    """Write the message that SOURCE shows to --out. Who made it is not checked."""
    opening.require_free(out)
    message = scanning.read_message(source, scanning.anything, watching=False)
    files.write_new(out, message)
    click.echo(f"Written to {out}: {len(message)} bytes.")
