"""UTC by the operator's word: typed, compared with the machine's clock, never backwards."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from coldtusk_offline import utc
from coldtusk_offline.software import BUILT
from coldtusk_offline.utc import Watch
from coldtusk_shared.errors import Refused
from tests.simulators.operator import ScriptedOperator

NOON = int(datetime(2027, 3, 1, 12, 0, 20, tzinfo=UTC).timestamp())


@dataclass
class Clocks:
    """A machine's clocks that a test sets."""

    unix: float = NOON
    ticks: float = 100.0
    operator: ScriptedOperator = field(default_factory=lambda: ScriptedOperator([]))

    def confirm(self, *typed: str, last: int = 0) -> int:
        """What the confirmed clock says a minute later."""
        self.operator = ScriptedOperator(list(typed))
        clock = utc.confirm(self.operator, Watch(lambda: self.unix, lambda: self.ticks), last)
        self.ticks += 60
        return clock.now()


def test_close_to_the_machine() -> None:
    """The machine's seconds are taken, and from then on only what passed counts."""
    clocks = Clocks()
    assert NOON + 60 == clocks.confirm("2027-03-01 12:01")
    assert "This machine's clock says 2027-03-01 12:00 UTC. It proves nothing" in clocks.operator.screen


def test_a_machine_without_a_clock() -> None:
    """The operator's time counts, typed twice."""
    clocks = Clocks(unix=0)
    assert NOON - 20 + 60 == clocks.confirm("2027-03-01  12:00", " 2027-03-01 12:00")
    assert "Your time counts: type it once more." in clocks.operator.screen


@pytest.mark.parametrize(
    "typed",
    [
        ("2027-03-01 13:00", "2027-03-01 13:01"),
        ("noon", "12:00", "2027-03-01 25:00"),
    ],
)
def test_not_confirmed(typed: tuple[str, ...]) -> None:
    """Two different times, and three that are none."""
    with pytest.raises(Refused) as refused:
        Clocks().confirm(*typed)
    assert "utc.not-confirmed" == refused.value.code.name


@pytest.mark.parametrize(
    ("last", "said", "text"),
    [
        (NOON + 3600, "2027-03-01 12:00", "before the last time in the journal, 2027-03-01 13:00 UTC"),
        (0, "2026-11-19 12:00", "before the making of this software, 2026-11-20 00:00 UTC"),
    ],
)
def test_never_backwards(last: int, said: str, text: str) -> None:
    """Not before the last signature, nor before the build."""
    with pytest.raises(Refused) as refused:
        Clocks().confirm(said, said, last=last)
    assert "utc.backwards" == refused.value.code.name
    assert text in refused.value.what


def test_within_the_minute_of_the_last_time() -> None:
    """Who types minutes may be some seconds behind what was confirmed before: the later one counts."""
    assert NOON + 30 + 60 == Clocks().confirm("2027-03-01 12:00", last=NOON + 30)


def test_the_build_is_in_the_past() -> None:
    """Of every true clock, this machine's among them."""
    assert BUILT <= datetime.now(UTC).timestamp()


def test_far_times_are_shown_too() -> None:
    """A number that is no date."""
    assert "99999999999999 s after 1970" == utc.shown(99_999_999_999_999)
