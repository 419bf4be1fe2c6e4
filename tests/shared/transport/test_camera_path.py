"""The whole way by light: frames, symbols, pixels, the camera model, the decoder child, the receiver.

A request of some items and its response, filmed as a hand holds a camera, with 30 % of the frames dropped. The seeds
are fixed, so every run sees the same film.
"""

from collections.abc import Iterator
from functools import cache
from itertools import islice

import numpy as np
import pytest

from coldtusk_shared.transport import density
from coldtusk_shared.transport.decoder import Decoder
from coldtusk_shared.transport.fountain import Encoder, smallest_capacity
from coldtusk_shared.transport.pictures import Area, pixels, room, scale_for
from coldtusk_shared.transport.receiver import Receiver
from coldtusk_shared.transport.symbol import capacity, framed_size, matrix, version_for
from tests.simulators.camera import HD, Camera, Setting, Show
from tests.simulators.camera_optics import Pose
from tests.simulators.camera_timing import Clock, Losses

_SCREEN = Area(1920, 1080)
_SHOWN = 10
_PATIENCE = 90
"""Frames of the camera, six seconds: more than twice what the slowest of these needs."""

HELD = Setting(Pose(0.7, 6, -5, 4, 0.1, 0.02), HD, clock=Clock(15.0, 0.4, 3e-4), losses=Losses(0.3))
BLURRED = Setting(Pose(0.75, -8, 3, -6), HD, 1.0, clock=Clock(15.0, 0.9, -2e-4), losses=Losses(0.3, 3.0), late=2.3)
FRONT = Setting(Pose(0.7), HD, clock=Clock(30.0, 0.1))


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    """A decoder with the true child."""
    with Decoder() as decoder:
        yield decoder


def _message(length: int) -> bytes:
    return np.random.default_rng(length).bytes(length)


def _show(message: bytes) -> Show:
    """*message* as the live display shows it on a screen: the density by itself, every frame a new symbol."""
    chosen = density.choose(room(_SCREEN), smallest_capacity(len(message)))
    encoder = Encoder(message, capacity(chosen.version))
    version = version_for(len(encoder.frame(0)))
    scale = scale_for(version, _SCREEN)
    frames = cache(lambda number: encoder.frame(number if encoder.fragments > 1 else 0))
    return Show(lambda number: pixels(matrix(frames(number), version), scale), framed_size(version) * scale, _SHOWN)


def _carried(message: bytes, setting: Setting, decoder: Decoder, receiver: Receiver) -> bytes | None:
    show = _show(message)
    for shot in islice(Camera(setting, show.side).film(show, len(message)), _PATIENCE):
        for code in decoder.luma(shot.luma.width, shot.luma.height, shot.luma.plane):
            receiver.take(code)
        if receiver.message is not None:
            break
    return receiver.message


@pytest.mark.parametrize("length", [400, 3_000, 9_000], ids=["one code", "response", "request"])
@pytest.mark.parametrize("setting", [HELD, BLURRED, FRONT], ids=["held", "blurred", "front"])
def test_a_message_crosses(length: int, setting: Setting, decoder: Decoder) -> None:
    """What is shown is what is received, byte for byte, and no frame costs the decoder its child."""
    message = _message(length)
    assert message == _carried(message, setting, decoder, Receiver())
    assert 0 == decoder.lost


def test_the_other_screen_first(decoder: Decoder) -> None:
    """Who films his own request first, and refuses it, gets the response all the same."""
    request, response, receiver = _message(2_500), _message(1_200), Receiver()
    assert request == _carried(request, HELD, decoder, receiver)
    receiver.refuse()
    assert response == _carried(response, HELD, decoder, receiver)


def test_too_far_away(decoder: Decoder) -> None:
    """Where a module has not two pixels nothing is read, and nothing false either."""
    far = Setting(Pose(0.2), HD, clock=Clock(15.0))
    message, receiver = _message(3_000), Receiver()
    assert Camera(far, _show(message).side).pixels_a_module(framed_size(20)) < 2
    assert _carried(message, far, decoder, receiver) is None
    assert receiver.progress is None
