"""Quantities and charges: what the chain holds of them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.coinspark import quantity as amounts
from coldtusk_shared.services.coinspark.quantity import BASIS_POINTS_MOST, FLAT_CHARGE_MOST, QUANTITY_MOST, Rounding
from tests.shared.services.coinspark.asset_samples import VECTORS

_MAKERS = {"raw_quantity": amounts.quantity, "charge_flat_raw_qty": amounts.flat_charge}
_MOST = {"raw_quantity": QUANTITY_MOST, "charge_flat_raw_qty": FLAT_CHARGE_MOST}
_ROWS = VECTORS["rounding"]
_HELD = sorted({mantissa * 10**exponent for mantissa in range(1, 1001) for exponent in range(12)})
"""All quantities that the chain can hold."""
_CHARGES = sorted(
    {mantissa * 10**exponent for mantissa in range(101) for exponent in range(3) if mantissa <= 50 or exponent < 2}
)
roundings = st.sampled_from(Rounding)
quantities = st.one_of(
    st.integers(1, QUANTITY_MOST),
    st.builds(lambda places, off: 10**places - off, st.integers(1, 14), st.integers(0, 9)),
)


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: f"{row['field']}-{row['in']}-{row['rounding']}")
def test_library_rows(row: dict[str, Any]) -> None:
    """What the public libraries make of it; what they overflow or clamp is refused."""
    make, rounding = _MAKERS[row["field"]], Rounding(str(row["rounding"]))
    if row["in"] > _MOST[row["field"]]:
        with pytest.raises(BadInput):
            make(row["in"], rounding)
        return
    rounded = make(row["in"], rounding)
    assert (row["mantissa"], row["exponent"], row["actual"]) == (rounded.mantissa, rounded.exponent, rounded.actual)


@given(quantities)
def test_down_is_the_next_that_the_chain_holds(requested: int) -> None:
    """Rounding down and up, found by looking through all quantities that there are."""
    below = max(one for one in _HELD if one <= requested)
    above = min(one for one in _HELD if one >= requested)
    assert below == amounts.quantity(requested, Rounding.DOWN).actual
    assert above == amounts.quantity(requested, Rounding.UP).actual
    assert amounts.quantity(requested, Rounding.NEAREST).actual in (below, above)


@given(quantities, roundings)
def test_a_quantity_fits(requested: int, rounding: Rounding) -> None:
    """Whatever is taken fits the metadata, carries included, and rounding it again changes nothing."""
    rounded = amounts.quantity(requested, rounding)
    assert 1 <= rounded.mantissa <= 1000
    assert 0 <= rounded.exponent <= 11
    assert rounded.actual <= QUANTITY_MOST
    assert rounded.actual == amounts.quantity(rounded.actual, rounding).actual


def test_every_charge_fits() -> None:
    """All charges there are, with all roundings: no carry leaves the range."""
    for requested in range(FLAT_CHARGE_MOST + 1):
        below = max(one for one in _CHARGES if one <= requested)
        above = min(one for one in _CHARGES if one >= requested)
        found = [amounts.flat_charge(requested, rounding) for rounding in Rounding]
        assert [below, above] == [found[0].actual, found[2].actual]
        assert found[1].actual in (below, above)
        assert all(one.mantissa <= (50 if one.exponent == 2 else 100) and one.exponent <= 2 for one in found)


def test_nearest_is_not_nearest() -> None:
    """The libraries' way: 10051 is nearer to 10100 and becomes 10000; up is the service's default."""
    assert 10_000 == amounts.quantity(10_051, Rounding.NEAREST).actual
    assert 12_400 == amounts.quantity(12_345, Rounding.UP).actual


@pytest.mark.parametrize("requested", [0, -1, QUANTITY_MOST + 1, 2**64, "1", 1.0, True, None], ids=str)
def test_quantities_refused(requested: Any) -> None:
    """Nothing, and what is beyond the range, is refused before rounding."""
    with pytest.raises(BadInput) as caught:
        amounts.quantity(requested, Rounding.DOWN, "fields.raw_quantity")
    assert ("coinspark.quantity", "fields.raw_quantity") == (caught.value.code.name, caught.value.where)


@pytest.mark.parametrize("requested", [-1, FLAT_CHARGE_MOST + 1, 9999, "8", False], ids=str)
def test_charges_refused(requested: Any) -> None:
    """The libraries clamp 9999 to 5000; here nobody is asked about it."""
    with pytest.raises(BadInput) as caught:
        amounts.flat_charge(requested, Rounding.DOWN)
    assert "coinspark.flat-charge" == caught.value.code.name


def test_basis_points() -> None:
    """0 to 250, and nothing else."""
    assert [0, BASIS_POINTS_MOST] == [amounts.check_basis_points(value) for value in (0, BASIS_POINTS_MOST)]
    for value in (-1, BASIS_POINTS_MOST + 1, "1", True):
        with pytest.raises(BadInput) as caught:
            amounts.check_basis_points(value)
        assert "coinspark.basis-points" == caught.value.code.name
