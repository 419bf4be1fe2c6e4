"""The camera model itself: what must be read is read, what no camera reads is not, and a seed is a film."""

from collections.abc import Iterator
from itertools import islice

import numpy as np
import pytest

from coldtusk_shared.transport.recognition import codes_in
from coldtusk_shared.transport.symbol import Matrix, framed_size, matrix
from tests.simulators.camera import HD, Camera, Setting, Shot, Show, looped
from tests.simulators.camera_optics import Pose, Size
from tests.simulators.camera_sensor import Sensor
from tests.simulators.camera_shutter import Shutter
from tests.simulators.camera_timing import NOTHING_LOST, Clock, Losses

_VERSION = 10
_SMALL = Size(320, 240)
_FRAMED = framed_size(_VERSION)


def _symbols(count: int) -> list[Matrix]:
    random = np.random.default_rng(_VERSION)
    return [matrix(_payload(number) + random.bytes(200), _VERSION) for number in range(count)]


def _payload(number: int) -> bytes:
    return b"screen" + bytes([number])


def _read(shot: Shot) -> list[int]:
    """The numbers of the screens that a frame shows."""
    return [code[6] for code in codes_in(shot.luma.plane, shot.luma.width, shot.luma.height)]


def _shots(setting: Setting, show: Show, count: int, seed: int = 0) -> Iterator[Shot]:
    return islice(Camera(setting, show.side).film(show, seed), count)


def _reads(scale: float, count: int = 12) -> int:
    """How many of *count* hands read a symbol that stands still, with *scale* camera pixels a module."""
    random = np.random.default_rng(int(10 * scale))
    show = looped(_symbols(1), 5, 1)
    fill = scale * _FRAMED / HD.height
    poses = [Pose(fill, *random.uniform(-8, 8, 3), *random.uniform(-0.1, 0.1, 2)) for _ in range(count)]
    return sum([0] == _read(next(_shots(Setting(pose), show, 1, seed))) for seed, pose in enumerate(poses))


def test_a_sharp_front_view_is_read() -> None:
    """Every frame of it."""
    show = looped(_symbols(1), 5, 1)
    setting = Setting(Pose(0.9), _SMALL, blur=0.3)
    assert [[0]] * 20 == [_read(shot) for shot in _shots(setting, show, 20)]


def test_three_pixels_a_module_are_enough() -> None:
    """As the facts page has it, for every hand."""
    assert 12 == _reads(3.2)


def test_less_than_two_pixels_a_module_are_too_few() -> None:
    """As the facts page has it, for nearly every hand."""
    assert _reads(1.8) <= 2


def test_pixels_a_module() -> None:
    """What is reported is what the pose says in front view, and less at the far side of a tilted screen."""
    front = Camera(Setting(Pose(0.5)), 5 * _FRAMED)
    tilted = Camera(Setting(Pose(0.5, tilt=30)), 5 * _FRAMED)
    assert front.pixels_a_module(_FRAMED) == pytest.approx(0.5 * 720 / _FRAMED)
    assert tilted.pixels_a_module(_FRAMED) < 0.9 * front.pixels_a_module(_FRAMED)


def test_a_rolling_shutter_tears() -> None:
    """A screen that changes while the middle rows are read is lost; a camera that looks at once sees one of the two."""
    show = looped(_symbols(2), 5, 10)
    clock = Clock(15.0, phase=0.080 * 15)
    rolling = Setting(Pose(0.9), _SMALL, shutter=Shutter(0.030, 0.010), clock=clock)
    at_once = Setting(Pose(0.9), _SMALL, shutter=Shutter(0.0, 0.002), clock=clock)
    assert [[]] == [_read(shot) for shot in _shots(rolling, show, 1)]
    assert [[0]] == [_read(shot) for shot in _shots(at_once, show, 1)]


def test_rows_mix_neighbouring_screens() -> None:
    """What is white and then black is gray in the rows that saw the change, and the upper rows saw the white longer."""
    show = Show(lambda number: bytes([255, 0][number % 2 :][:1] * 100**2), 100, 10)
    setting = Setting(Pose(0.9), _SMALL, shutter=Shutter(0.030, 0.030), clock=Clock(phase=0.070 * 15))
    luma = next(_shots(setting, show, 1)).luma
    column = np.frombuffer(luma.plane, np.uint8).reshape(luma.height, luma.width)[:, luma.width // 2]
    bands = [float(column[at : at + 20].mean()) for at in range(20, 200, 40)]
    assert bands == sorted(bands, reverse=True)
    assert bands[0] - bands[-1] > 60


def test_every_row_gets_all_of_its_light() -> None:
    """The shares of the screens in it make one, however fast they change."""
    for fps in (1.0, 10.0, 24.0, 60.0):
        shares = Shutter(0.030, 0.010).shares(0.777, 240, fps)
        assert np.sum(list(shares.values()), axis=0) == pytest.approx(np.ones(240), abs=1e-5)


def test_a_seed_is_a_film() -> None:
    """Byte for byte, and the next seed is another one."""
    show = looped(_symbols(2), 3, 10)
    setting = Setting(Pose(0.8, 5, 5, 5), _SMALL, losses=Losses(0.5))
    first, again, other = (list(_shots(setting, show, 5, seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_late_camera() -> None:
    """Joined after 0.9 seconds of ten screens a second, the first screen seen is the tenth."""
    show = looped(_symbols(20), 5, 10)
    shot = next(_shots(Setting(Pose(0.9), _SMALL, late=0.9), show, 1))
    assert [9] == _read(shot)
    assert shot.seconds == pytest.approx(0.94)


def test_clocks() -> None:
    """A period is what the rate says, the phase moves all frames, and a fast clock gains."""
    assert 1.0 == Clock(10.0).at(10)
    assert Clock(10.0, phase=0.5).at(0) == pytest.approx(0.05)
    assert Clock(10.0, skew=0.001).at(1000) == pytest.approx(99.9, abs=0.001)
    phases = [clock.phase for clock in Clock.phases(15.0, 5, np.random.default_rng(1))]
    assert [0, 1, 2, 3, 4] == [int(5 * phase) for phase in phases]


@pytest.mark.parametrize("burst", [None, 2.0, 6.0])
@pytest.mark.parametrize("rate", [0.3, 0.5])
def test_losses(rate: float, burst: float | None) -> None:
    """As many as asked for, and in bursts of the length asked for; independent ones have bursts of their own."""
    trace = list(islice(Losses(rate, burst).trace(np.random.default_rng(7)), 40_000))
    begins = sum(lost and not before for before, lost in zip([False, *trace], trace, strict=False))
    assert sum(trace) / len(trace) == pytest.approx(rate, abs=0.02)
    assert sum(trace) / begins == pytest.approx(burst or 1 / (1 - rate), rel=0.05)


def test_nothing_lost() -> None:
    """A rate of zero loses nothing."""
    assert not any(islice(NOTHING_LOST.trace(np.random.default_rng(1)), 1000))


def test_lost_frames_are_missing() -> None:
    """The frames that stay are where they were without losses."""
    show = looped(_symbols(1), 3, 10)
    every = [shot.seconds for shot in _shots(Setting(size=_SMALL), show, 40)]
    some = [shot.seconds for shot in _shots(Setting(size=_SMALL, losses=Losses(0.5)), show, 10)]
    assert set(some) < set(every)


def test_light_is_not_lost() -> None:
    """Without noise and JPEG white is white and black is nearly black, whatever the pose."""
    quiet = Sensor(full_well=1e9, read_noise=0, jpeg=None)
    setting = Setting(Pose(0.8, 10, 10, 30), _SMALL, blur=1.0, sensor=quiet)
    show = Show(lambda number: bytes([255 * (number % 2)]) * 900, 30, 15)
    planes = [shot.luma.plane for shot in _shots(setting, show, 2)]
    assert [43, 230] == [plane[120 * 320 + 160] for plane in planes]


def test_a_screen_of_another_size_is_our_own_mistake() -> None:
    """The index maps are made for one."""
    show = Show(lambda _: bytes(100), 11, 10)
    with pytest.raises(RuntimeError, match="11 by 11"):
        next(_shots(Setting(size=_SMALL), show, 1))
