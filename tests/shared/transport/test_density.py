"""The density that is chosen without a setting, and the keys that move it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import limits
from coldtusk_shared.transport import density
from coldtusk_shared.transport.density import Density, choose
from coldtusk_shared.transport.fountain import smallest_capacity
from coldtusk_shared.transport.symbol import capacity, framed_size, version_for

_ROOMY = 10_000
_HEADER = 19
_DIGEST = 32


class TestStart:
    """Where it begins."""

    def test_version_20_where_there_is_room(self) -> None:
        """105 modules of 4.5 pixels are two thirds of a camera's 720 lines."""
        assert 20 == choose(_ROOMY, smallest_capacity(5000)).version
        assert framed_size(20) * density.AIM <= density.CAMERA_LINES * density.FILLED < framed_size(21) * density.AIM

    def test_the_docstring_counts_right(self) -> None:
        """Pixels a module at the same distance, as the module's page has them."""
        filled = density.AIM * framed_size(20)
        told = {10: "7.3", 15: "5.6", 20: "4.5", 25: "3.8", 30: "3.3", 35: "2.9", 40: "2.6"}
        assert told == {version: f"{float(filled / framed_size(version)):.1f}" for version in told}
        assert Fraction(315) == 3 * framed_size(20)
        assert 3 * framed_size(20) <= 480 * density.FILLED

    @pytest.mark.parametrize(("room", "expected"), [(48, 5), (100, 18), (105, 20), (104, 19), (29, 1)])
    def test_the_area_limits_it(self, room: int, expected: int) -> None:
        """A terminal of 80 by 24 characters has room for version 5."""
        assert expected == choose(room, 17).version

    @pytest.mark.parametrize("room", [-100, 0, 28, 29, 48, 184, 185, _ROOMY])
    @pytest.mark.parametrize("length", [1, 5000, 100_000, limits.MESSAGE_BYTES])
    def test_a_message_never_takes_too_many_frames(self, length: int, room: int) -> None:
        """The fragments of the sparsest choice are at most FRAGMENTS; the room yields."""
        chosen = choose(room, smallest_capacity(length))
        for _ in range(10):
            chosen = chosen.sparser()
        fragment = capacity(chosen.version) - _HEADER
        assert -(-(length + _DIGEST) // fragment) <= limits.FRAGMENTS
        assert version_for(smallest_capacity(length)) == chosen.lowest == chosen.version

    def test_the_longest_message_needs_version_16(self) -> None:
        """Below it 1 MiB is more than FRAGMENTS frames, whatever the window."""
        assert Density(version=16, lowest=16, highest=16) == choose(48, smallest_capacity(limits.MESSAGE_BYTES))


class TestKeys:
    """The keys + and -."""

    def test_denser_and_back(self) -> None:
        """Five versions a press, up to the largest."""
        start = choose(_ROOMY, 20)
        seen = [start]
        while seen[-1] != seen[-1].denser():
            seen.append(seen[-1].denser())
        assert [20, 25, 30, 35, 40] == [step.version for step in seen]
        assert start == seen[1].sparser()

    def test_sparser_ends_at_the_message(self) -> None:
        """The last press is shorter, then nothing changes."""
        lowest = choose(_ROOMY, 20).sparser().sparser().sparser().sparser()
        assert version_for(20) == lowest.version == lowest.lowest
        assert lowest == lowest.sparser()

    def test_denser_ends_at_the_area(self) -> None:
        """No more modules than there is room for."""
        assert 23 == choose(framed_size(23), 20).denser().version

    def test_another_area_keeps_what_it_can(self) -> None:
        """A smaller window takes versions away, a larger one only gives room."""
        dense = choose(_ROOMY, 20).denser()
        small = dense.within(framed_size(12))
        assert (25, 12, 12) == (dense.within(framed_size(30)).version, small.version, small.highest)
        assert (12, 40) == (small.within(_ROOMY).version, small.within(_ROOMY).highest)

    @given(st.integers(-10, 300), st.integers(1, 2953), st.lists(st.booleans(), max_size=12))
    def test_always_within_the_bounds(self, room: int, smallest: int, presses: list[bool]) -> None:
        """Whatever is pressed."""
        chosen = choose(room, smallest)
        for plus in presses:
            chosen = chosen.denser() if plus else chosen.sparser()
            assert chosen.lowest <= chosen.version <= chosen.highest
            assert framed_size(chosen.version) <= max(room, framed_size(chosen.lowest))
