"""``frames encode|decode``: messages as pictures of codes and back, for scripts."""

from pathlib import Path

import click

from coldtusk_online.cli import light, options
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.options import PATH
from coldtusk_online.cli.output import Shown
from coldtusk_shared import files, limits
from coldtusk_shared.errors import Refused
from coldtusk_shared.file_errors import EXISTS, place
from coldtusk_shared.transport import framing, scanning


@click.group("frames", help="Messages as pictures of codes, and back.")
def group() -> None:
    """They need no settings."""


@options.command("encode", help="Write the codes of MESSAGE as an animation, or each as a picture of the folder --out.")
@click.argument("message", type=PATH)
@click.option("--out", type=PATH, required=True, help="A new .gif, .apng or .png, or a folder.")
@light.FPS
def encode(desk: Desk, message: Path, out: Path, fps: int) -> Shown:
    """As dense as nearly every camera reads."""
    del desk
    count = framing.write_pictures(out, files.read_input(message, limits.MESSAGE_BYTES), fps)
    return Shown({"file": str(out), "codes": count}, f"Written to {out}: {count} code{'s' if count > 1 else ''}.")


@options.command("decode", help="Write the message that SOURCE shows to --out. Who made it is not checked.")
@click.argument("source")
@click.option("--out", type=PATH, required=True, help="Where the message goes; a new file.")
def decode(desk: Desk, source: str, out: Path) -> Shown:
    """A folder is read as it is, and not watched."""
    del desk
    if files.exists(out):
        raise Refused(EXISTS, "something stands there already", where=place(out))
    message = scanning.read_message(source, scanning.anything, watching=False)
    files.write_new(out, message)
    return Shown({"file": str(out), "bytes": len(message)}, f"Written to {out}: {len(message)} bytes.")


for _command in (encode, decode):
    group.add_command(_command)
