"""Bytes a second through the camera model, the decoder child and the receiver, as the live commands use them.

A plain camera: 1280x720 at 15 frames a second, held by a hand, joined late. With the model's shutter a version 40
that fills the frame needs the 38 ms of the facts page ("Rate"). Each of five phases has a pose and a clock of its own,
and is filmed once; then the same film is received with many loss traces, so that no lucky trace decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from statistics import median

import numpy as np

from coldtusk_shared.transport.decoder import Decoder
from coldtusk_shared.transport.fountain import Encoder
from coldtusk_shared.transport.pictures import pixels
from coldtusk_shared.transport.receiver import Receiver
from coldtusk_shared.transport.symbol import capacity, framed_size, matrix
from tests.bench.figures import Bound, Figure, Goal, Of, spread
from tests.simulators.camera import HD, Camera, Setting, Shot, Show
from tests.simulators.camera_optics import Pose
from tests.simulators.camera_timing import NOTHING_LOST, Clock, Losses

PHASES = 5
_CAMERA = 15.0
_DROPPED = Losses(0.3)
_TRACES = 20
_SCALE = 5
_SEED = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """*length* bytes in symbols of *version*, *shown* a second, filling *fill* of the frame's height.

    *goal* is in kB a second.
    """

    version: int
    shown: int
    fill: float
    length: int
    goal: float


TRIALS = (
    Trial(25, 11, 0.78, 80_000, 9.0),
    Trial(40, 11, 0.94, 200_000, 20.0),
)


@dataclass(frozen=True, slots=True)
class Take:
    """One phase: kB a second with every frame, and with frames dropped; camera pixels a module."""

    whole: float
    dropped: float
    scale: float


def measure() -> Iterator[Figure]:
    """Goodput with 30 % of the camera's frames dropped, against the same films with none dropped."""
    with Decoder() as decoder:
        for trial in TRIALS:
            yield _figure(trial, _takes(trial, decoder))


def _figure(trial: Trial, takes: list[Take]) -> Figure:
    value, sides = spread([take.dropped for take in takes])
    undropped, _ = spread([take.whole for take in takes])
    pixels_a_module = min(take.scale for take in takes)
    name = f"goodput, version {trial.version}, {trial.shown}/s, {pixels_a_module:.1f} px a module, 30% dropped"
    goal = Goal(Of.VALUE, Bound.AT_LEAST, trial.goal)
    return Figure(name, value, "kB/s", "with none dropped", undropped, goal, sides)


def _takes(trial: Trial, decoder: Decoder) -> list[Take]:
    random = np.random.default_rng(_SEED)
    show = _show(random.bytes(trial.length), trial)
    settings = [_setting(trial, clock, random) for clock in Clock.phases(_CAMERA, PHASES, random)]
    return [_take(trial, show, setting, decoder) for setting in settings]


def _show(message: bytes, trial: Trial) -> Show:
    """The endless row of *message*'s symbols; each is drawn once, whichever phases see it."""
    encoder = Encoder(message, capacity(trial.version))

    @cache
    def screen(number: int) -> bytes:
        return pixels(matrix(encoder.frame(number), trial.version), _SCALE)

    return Show(screen, framed_size(trial.version) * _SCALE, trial.shown)


def _setting(trial: Trial, clock: Clock, random: np.random.Generator) -> Setting:
    """As a hand holds a camera: some degrees off, some pixels off the middle, some seconds late."""
    tilt, pan, roll = random.uniform(-5, 5), random.uniform(-5, 5), random.uniform(-2, 2)
    pose = Pose(trial.fill, tilt, pan, roll, random.uniform(-0.2, 0.2), random.uniform(-0.01, 0.01))
    return Setting(pose, HD, clock=clock, late=random.uniform(0, 3))


def _take(trial: Trial, show: Show, setting: Setting, decoder: Decoder) -> Take:
    camera = Camera(setting, show.side)
    film = Film(camera.film(show, _SEED), decoder)
    whole, *dropped = [
        trial.length / 1e3 / (_whole_at(film, losses, seed) - setting.late)
        for seed, losses in enumerate((NOTHING_LOST, *(_DROPPED,) * _TRACES))
    ]
    return Take(whole, median(dropped), camera.pixels_a_module(framed_size(trial.version)))


class Film:
    """What was read in each frame of a film, and when; a frame is made and decoded once, when it is first wanted."""

    def __init__(self, shots: Iterable[Shot], decoder: Decoder) -> None:
        self._coming = ((shot.seconds, _codes(shot, decoder)) for shot in shots)
        self._seen: list[tuple[float, list[bytes]]] = []

    def __getitem__(self, number: int) -> tuple[float, list[bytes]]:
        """The seconds of the show, and the payloads."""
        while number >= len(self._seen):
            self._seen.append(next(self._coming))
        return self._seen[number]


def _codes(shot: Shot, decoder: Decoder) -> list[bytes]:
    return decoder.luma(shot.luma.width, shot.luma.height, shot.luma.plane)


def _whole_at(film: Film, losses: Losses, seed: int) -> float:
    """When the message was whole, in seconds of the show."""
    receiver = Receiver()
    for number, lost in enumerate(losses.trace(np.random.default_rng(seed))):
        if lost:
            continue
        seconds, codes = film[number]
        for code in codes:
            receiver.take(code)
        if receiver.message is not None:
            return seconds
    raise RuntimeError("a trace has no end")
