"""A camera before a screen: ``film.py FOLDER SEED`` writes gray frames of 1280x720 for ever, as it sees them.

FOLDER holds the screens that a terminal showed, one picture each, ten a second in a circle. The camera is held by hand,
and three of ten frames are lost.
"""

import sys
import time
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.simulators.camera import HD, Camera, Setting, Show
from tests.simulators.camera_optics import Pose
from tests.simulators.camera_timing import Clock, Losses

_RATE = 10
_HELD = Setting(Pose(0.9, 6, -5, 4, 0.02, 0.02), HD, clock=Clock(15.0, 0.4, 3e-4), losses=Losses(0.3))


def main(folder: Path, seed: int) -> None:
    """Film until nobody reads."""
    screens = [Image.open(path).convert("L") for path in sorted(folder.iterdir())]
    side = screens[0].width
    shown = [screen.tobytes() for screen in screens]
    show = Show(lambda number: shown[number % len(shown)], side, _RATE)
    started = time.monotonic()
    for shot in Camera(_HELD, side).film(show, seed):
        time.sleep(max(0.0, started + shot.seconds - time.monotonic()))
        sys.stdout.buffer.write(shot.luma.plane)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
