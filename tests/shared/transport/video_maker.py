"""Videos by ffmpeg, from planes that we have."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.shared.transport.picture_maker import luma
from tests.simulators.programs import program

WIDTH, HEIGHT = 320, 240
PAYLOADS = tuple(bytes([number]) * 60 for number in range(6))


def made_video(path: Path, payloads: Sequence[bytes] = PAYLOADS, *options: str) -> Path:
    """A video of one code a frame at *path*, whose suffix chooses the container."""
    raw = ("-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{WIDTH}x{HEIGHT}", "-r", "10", "-i", "pipe:0")
    command = [program("ffmpeg"), "-v", "error", *raw, *(options or ("-pix_fmt", "yuv420p")), str(path)]
    planes = b"".join(luma(payload, WIDTH, HEIGHT) for payload in payloads)
    subprocess.run(command, input=planes, check=True)
    return path
