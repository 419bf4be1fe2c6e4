"""Milliseconds a frame: to encode, to draw, and to decode in the child against in the process."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from itertools import islice
from typing import TypeAlias

import numpy as np

from coldtusk_shared.transport import halfblocks
from coldtusk_shared.transport.decoder import Decoder
from coldtusk_shared.transport.fountain import Encoder
from coldtusk_shared.transport.pictures import pixels, png
from coldtusk_shared.transport.recognition import codes_in
from coldtusk_shared.transport.sources import Luma
from coldtusk_shared.transport.symbol import Matrix, capacity, matrix
from tests.bench.figures import Bound, Figure, Goal, Of, spread
from tests.simulators.camera import Camera, Setting, looped
from tests.simulators.camera_optics import Pose
from tests.simulators.camera_sensor import Sensor

PHASES = 5
_SCALE = 5
_CHILD = Goal(Of.RATIO, Bound.AT_MOST, 1.7)
_SHARP = Setting(Pose(0.78), blur=0, sensor=Sensor(full_well=1e9, read_noise=0, jpeg=None))
_HELD = Setting(Pose(0.78, tilt=4, pan=-5, roll=2))
_CLOSE = Setting(Pose(0.94, tilt=4, pan=-5, roll=1))

Work: TypeAlias = Callable[[], object]
Pair: TypeAlias = tuple[Work, Work]
"""What is measured, and its reference."""


def measure() -> Iterator[Figure]:
    """Each the minimum of interleaved rounds, in five phases: other bytes, or other frames of a film."""
    for length, name in ((100_000, "100 kB"), (1_000_000, "1 MB")):
        yield _figure(f"encode, version 20, {name}", "a fragment as it is", _encodings(length), rounds=20)
    for version in (10, 20, 25, 40):
        yield _figure(f"draw pixels, version {version}", "qrcode alone, with its search for a mask", _drawings(version))
    yield _figure("draw half-blocks, version 20", "the symbol alone", _renderings(halfblocks.render))
    yield _figure("draw a PNG, version 20", "the symbol alone", _renderings(partial(png, scale=_SCALE)))
    yield from _decodings()


def _figure(name: str, reference: str, phases: Sequence[Pair], rounds: int = 3, goal: Goal | None = None) -> Figure:
    timed = [_timed(pair, rounds) for pair in phases]
    value, sides = spread([one for one, _ in timed])
    beside, _ = spread([other for _, other in timed])
    return Figure(name, value, "ms", reference, beside, goal, sides)


def _timed(pair: Pair, rounds: int) -> tuple[float, float]:
    times = [tuple(map(_milliseconds, pair)) for _ in range(rounds)]
    one, other = (min(column) for column in zip(*times, strict=True))
    return one, other


def _milliseconds(work: Work) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def _encodings(length: int) -> list[Pair]:
    """A combination of all fragments, against a fragment."""
    encoder = Encoder(_bytes(length, 0), capacity(20))
    numbers = range(PHASES)
    return [(partial(encoder.frame, encoder.fragments + at), partial(encoder.frame, at)) for at in numbers]


def _drawings(version: int) -> list[Pair]:
    payloads = [_bytes(capacity(version), phase) for phase in range(PHASES)]
    return [(partial(_drawn, one, version), partial(_searched, one, version)) for one in payloads]


def _renderings(render: Callable[[Matrix], object]) -> list[Pair]:
    payloads = [_bytes(capacity(20), phase) for phase in range(PHASES)]
    return [(partial(render, matrix(one, 20)), partial(matrix, one, 20)) for one in payloads]


def _drawn(data: bytes, version: int) -> bytes:
    return pixels(matrix(data, version), _SCALE)


def _searched(data: bytes, version: int) -> None:
    """*data* as ``qrcode`` draws it by itself."""
    library, parts = import_module("qrcode.main"), import_module("qrcode.util")
    symbol = library.QRCode(version=version, error_correction=1)
    symbol.add_data(parts.QRData(data, mode=parts.MODE_8BIT_BYTE), optimize=0)
    symbol.make(fit=False)


def _decodings() -> Iterator[Figure]:
    kinds = (("version 25, sharp", 25, _SHARP), ("version 25, held", 25, _HELD), ("version 40, held", 40, _CLOSE))
    with Decoder() as decoder:
        for name, version, setting in kinds:
            phases = [(partial(_in_child, decoder, luma), partial(_here, luma)) for luma in _frames(version, setting)]
            yield _figure(f"decode in the child, {name}", "decode in the process", phases, 20, _CHILD)


def _frames(version: int, setting: Setting) -> list[Luma]:
    """Frames of a film of one symbol that stands still."""
    show = looped([matrix(_bytes(capacity(version), 0), version)], _SCALE, 1)
    film = Camera(setting, show.side).film(show, 0)
    return [shot.luma for shot in islice(film, PHASES)]


def _in_child(decoder: Decoder, luma: Luma) -> None:
    if not decoder.luma(luma.width, luma.height, luma.plane):
        raise RuntimeError("the child reads every frame")


def _here(luma: Luma) -> None:
    if not codes_in(luma.plane, luma.width, luma.height):
        raise RuntimeError("this process reads every frame")


def _bytes(length: int, seed: int) -> bytes:
    return np.random.default_rng(seed).bytes(length)
