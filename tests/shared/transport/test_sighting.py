"""What was seen, and what a person is told of it."""

import pytest

from coldtusk_shared.transport.receiver import Progress, Taken
from coldtusk_shared.transport.sighting import HINT_SECONDS, Hint, Look, Sightings, mean_luma, meaning
from coldtusk_shared.transport.sources import Luma

_EMPTY = Look(())


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([], Hint.NO_PICTURE),
        ([_EMPTY], Hint.NO_CODE),
        ([Look((), luma=12), Look((), luma=30)], Hint.DARK),
        ([Look((), luma=12), Look((), luma=90)], Hint.NO_CODE),
        ([Look((), readable=False)], Hint.UNREADABLE),
        ([Look((), readable=False), _EMPTY], Hint.NO_CODE),
        ([Look((Taken.FOREIGN,)), _EMPTY], Hint.FOREIGN),
        ([Look((Taken.FOREIGN, Taken.DAMAGED))], Hint.DAMAGED),
        ([Look((Taken.REPEATED,)), Look((Taken.FOREIGN,))], Hint.STANDING),
        ([Look((Taken.USELESS,))], Hint.STANDING),
        ([Look((Taken.CONTRADICTED, Taken.REPEATED))], Hint.DISTURBED),
        ([Look((Taken.POISONED,))], Hint.DISTURBED),
        ([Look((Taken.REFUSED,)), Look((Taken.POISONED,))], Hint.UNWANTED),
        ([Look((Taken.FOREIGN,), luma=5)], Hint.FOREIGN),
    ],
)
def test_meaning(looks: list[Look], expected: Hint) -> None:
    """What says most counts: a code that is read is not too dark, and ours says more than a poster's."""
    assert expected is meaning(looks)


@pytest.mark.parametrize("taken", [one for one in Taken if one not in {Taken.NEW, Taken.OTHER, Taken.DONE}])
def test_every_outcome_without_a_gain_means_something(taken: Taken) -> None:
    """None is taken for "no code"."""
    assert meaning([Look((taken,))]) not in {Hint.NO_CODE, Hint.NO_PICTURE}


class TestSightings:
    """Looks in time."""

    def test_no_hint_while_it_goes_on(self) -> None:
        """Not before HINT_SECONDS without a gain, whatever else is seen; and none once there is one."""
        seen = Sightings(0.0)
        hints = []
        for tenth in range(100):
            now = tenth / 10
            seen.add(Look((Taken.NEW,) if tenth in {20, 70} else (Taken.FOREIGN,)), now)
            hints.append(seen.status(None, now).hint)
        first = [tenth / 10 for tenth, hint in enumerate(hints) if hint is not None]
        assert [2 + HINT_SECONDS, 7 - 0.1, 7 + HINT_SECONDS - 0.1] == [first[0], first[-1], 9.9]

    def test_the_hint_follows_what_is_seen_now(self) -> None:
        """Light on: it is not dark any more; camera unplugged: nothing arrives."""
        seen = Sightings(0.0)
        for now in range(4):
            seen.add(Look((), luma=3), float(now))
        assert Hint.DARK is seen.status(None, 3.0).hint
        for now in range(4, 9):
            seen.add(Look((), luma=150), float(now))
        assert Hint.NO_CODE is seen.status(None, 8.0).hint
        assert Hint.NO_PICTURE is seen.status(None, 20.0).hint

    def test_rate_and_time_left(self) -> None:
        """New frames of the last seconds; nothing is promised without any."""
        seen = Sightings(0.0)
        assert (0.0, None) == _figures(seen, Progress(0, 100), 0.0)
        for tenth in range(1, 101):
            seen.add(Look((Taken.NEW,)), tenth / 10)
        assert pytest.approx((10, 5), abs=0.3) == _figures(seen, Progress(50, 100), 10.0)
        assert (0.0, None) == _figures(seen, Progress(50, 100), 16.0)
        assert (0.0, None) == _figures(Sightings(0.0), None, 5.0)

    def test_pictures_are_counted(self) -> None:
        """And what is remembered of them is bounded."""
        seen = Sightings(0.0)
        for _ in range(5000):
            seen.add(Look((Taken.NEW,) * 16), 1.0)
        assert (5000, 1024, 1024) == (seen.status(None, 1.0).pictures, len(seen._looks), len(seen._gains))


def _figures(seen: Sightings, progress: Progress | None, now: float) -> tuple[float, float | None]:
    status = seen.status(progress, now)
    return status.rate, status.left


@pytest.mark.parametrize(("width", "height", "value"), [(1, 1, 7), (1280, 720, 0), (100, 50, 100)])
def test_mean_luma(width: int, height: int, value: int) -> None:
    """Of any size; a picture that is half dark is half as bright."""
    area = width * height
    assert value == mean_luma(Luma(width, height, bytes([value]) * area))
    assert abs(value // 2 - mean_luma(Luma(width, 2 * height, bytes([value]) * area + bytes(area)))) <= value * 0.05 + 3
