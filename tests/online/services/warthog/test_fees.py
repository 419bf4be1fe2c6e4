"""The fee of a payment."""

import pytest

from coldtusk_online.services.warthog.fees import fee_for
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.services.warthog.amount import WartE8

_CAP = WartE8(10_000_000)


@pytest.mark.parametrize(
    ("asked", "minimum", "expected"),
    [
        (None, 1_000_448, 1_000_448),
        (None, 1_000_000, 1_000_448),  # a node that names what 16 bits cannot hold: rounded up here
        ("0.01000448", 1_000_448, 1_000_448),
        ("0.02", 1_000_448, 2_000_896),
    ],
)
def test_the_fee_is_rounded_up_here(asked: str | None, minimum: int, expected: int) -> None:
    """Never down, never by the node."""
    assert expected == fee_for(asked, minimum, _CAP)


@pytest.mark.parametrize(
    ("asked", "minimum", "code"),
    [
        ("0.01", 1_000_448, "warthog.fee.below-minimum"),
        ("0", 1_000_448, "warthog.fee.range"),
        ("0.1001", 1_000_448, "warthog.fee.above-max"),
        (None, 20_000_000, "warthog.fee.above-max"),
        ("0.000000001", 1_000_448, "warthog.amount.too-precise"),
    ],
)
def test_what_is_refused(asked: str | None, minimum: int, code: str) -> None:
    """Below the minimum, above the cap, and what is no fee."""
    with pytest.raises(ColdtuskError) as caught:
        fee_for(asked, minimum, _CAP)
    assert code == caught.value.code.name


def test_the_rounded_fee_is_compared() -> None:
    """A fee that is under the cap as typed and above it as paid is refused."""
    with pytest.raises(ColdtuskError) as caught:
        fee_for("0.02", 1_000_448, WartE8(2_000_000))
    assert "warthog.fee.above-max" == caught.value.code.name
    assert 2_000_896 == fee_for("0.02", 1_000_448, WartE8(2_000_896))
