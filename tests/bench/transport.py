"""The QR transport: frames needed, bytes a second through the camera model, milliseconds a frame.

Fixed seeds; five phases, of which the median is the value and the least and the greatest stand beside it.
"""

from collections.abc import Iterator

from tests.bench import transport_camera, transport_cost, transport_frames
from tests.bench.figures import Figure


def measure() -> Iterator[Figure]:
    """All of them, each as soon as it is there: some two minutes."""
    for part in (transport_frames, transport_camera, transport_cost):
        yield from part.measure()
