"""``cameras``: what --scan can read live on this machine."""

from coldtusk_online.cli import options
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.output import Shown
from coldtusk_shared.transport import sources_open


@options.command("cameras", help="List the cameras that --scan can read; plain `camera` is the first that works.")
def command(desk: Desk) -> Shown:
    """No settings are needed."""
    del desk
    found = sources_open.available()
    text = "\n".join(found) if found else "No camera: connect one, and install ffmpeg or rpicam-apps."
    return Shown({"cameras": found}, text)
