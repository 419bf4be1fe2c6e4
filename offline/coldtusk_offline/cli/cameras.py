"""``cameras``: what --scan can read live on this machine."""

import click

from coldtusk_shared.transport import sources_open


@click.command("cameras")
def command() -> None:
    """List the cameras that --scan can read; plain `camera` is the first of them that works."""
    found = sources_open.available()
    click.echo("\n".join(found) if found else "No camera: connect one, and install ffmpeg or rpicam-apps.")
