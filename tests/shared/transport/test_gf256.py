"""GF(256) on rows: what plain polynomials give, byte by byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared.transport import gf256
from tests.shared.transport import slow_fountain

_weighted_rows = st.lists(st.tuples(st.binary(min_size=5, max_size=5), st.integers(0, 255)), max_size=40)


def test_all_products() -> None:
    """Each of the 256 tables is the row of the multiplication table."""
    expected = [bytes(slow_fountain.multiply(left, right) for right in range(256)) for left in range(256)]
    assert expected == [gf256.table(factor) for factor in range(256)]


def test_all_inverses() -> None:
    """Each element but zero has the inverse that a search finds."""
    assert [slow_fountain.inverse(element) for element in range(1, 256)] == [*map(gf256.inverse, range(1, 256))]


def test_zero_has_no_inverse() -> None:
    """Asking for it is a mistake of ours."""
    with pytest.raises(RuntimeError, match="zero"):
        gf256.inverse(0)


def test_the_polynomial() -> None:
    """2 to the eighth is what the polynomial says, and 2 generates all: 0x11D is primitive."""
    powers = [1]
    while (following := gf256.table(2)[powers[-1]]) != 1:
        powers.append(following)
    assert (gf256.POLYNOMIAL ^ 0x100, 255, 255) == (powers[8], len(powers), len(set(powers)))


@given(st.binary(min_size=1, max_size=40), st.integers(0, 255))
def test_a_row_times_a_factor(row: bytes, factor: int) -> None:
    """Each byte by itself; leading zeros stay."""
    expected = bytes(slow_fountain.multiply(byte, factor) for byte in row)
    assert expected == gf256.times(int.from_bytes(row), factor, len(row)).to_bytes(len(row))


@given(_weighted_rows)
def test_a_weighted_sum(rows: list[tuple[bytes, int]]) -> None:
    """By buckets and bits as one after the other."""
    expected = bytes(5)
    for row, weight in rows:
        expected = bytes(one ^ slow_fountain.multiply(other, weight) for one, other in zip(expected, row, strict=True))
    total = gf256.weighted_sum([int.from_bytes(row) for row, _ in rows], bytes(weight for _, weight in rows), 5)
    assert expected == total.to_bytes(5)
