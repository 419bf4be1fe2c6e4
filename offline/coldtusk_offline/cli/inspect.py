"""``inspect``: what a message says, before anybody trusts it. It opens no vault and asks nothing."""

from pathlib import Path

import click

from coldtusk_offline.cli import light
from coldtusk_offline.inspection import inspect
from coldtusk_shared import files, limits


@click.command("inspect")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@light.SCAN
def command(file: Path | None, source: str | None) -> None:
    """Say what FILE, or what --scan reads, is and what it claims. Nothing here is checked against a pinned key."""
    light.require_one(file, source, "FILE")
    click.echo(inspect(_read(file, source or "")))


def _read(file: Path | None, source: str) -> bytes:
    if file is not None:
        return files.read_input(file, limits.MESSAGE_BYTES)
    return light.scanned(source, None)
