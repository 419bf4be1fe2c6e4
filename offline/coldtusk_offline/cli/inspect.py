"""``inspect``: what a message says, before anybody trusts it. It opens no vault and asks nothing."""

from pathlib import Path

import click

from coldtusk_offline.inspection import inspect
from coldtusk_shared import files, limits


@click.command("inspect")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Say what FILE is and what it claims. Nothing here is checked against a pinned key."""
    click.echo(inspect(files.read_input(file, limits.MESSAGE_BYTES)))
