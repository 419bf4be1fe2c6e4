"""The few digits in which the chain holds a quantity and a flat charge, and what becomes of all others.

A quantity is mantissa 1..1000 times 10^0..11, a flat charge mantissa 0..100 times 10^0..2 and 5000 at most (facts:
CoinSpark, rounding). The service rounds what does not fit, digit by digit, as the public libraries do: so does this
module, and shows it. Beyond their ranges the libraries overflow or clamp; here nothing beyond is rounded at all.
"""

from dataclasses import dataclass
from enum import Enum
from typing import NewType

from coldtusk_shared.errors import BadInput, Code

QUANTITY = Code("coinspark.quantity", "give 1 to 100000000000000 raw units")
FLAT_CHARGE = Code("coinspark.flat-charge", "give 0 to 5000 raw units")
BASIS_POINTS = Code("coinspark.basis-points", "give 0 to 250 hundredths of a percent")

RawUnits = NewType("RawUnits", int)
"""Smallest units of an asset."""

QUANTITY_MOST = 10**14
"""The document's "max 1014" (facts)."""
FLAT_CHARGE_MOST = 5000
BASIS_POINTS_MOST = 250
_QUANTITY_MANTISSA = 1000
_FLAT_MANTISSA = 100


class Rounding(Enum):
    """What the service does with what does not fit: its ``rounding`` parameter. Nothing given is UP."""

    DOWN = "-1"
    NEAREST = "0"
    """Not quite: each digit that is dropped rounds the next, 5 goes down, so 10051 becomes 10000 (facts)."""
    UP = "1"


_OFFSETS = {Rounding.DOWN: 0, Rounding.NEAREST: 4, Rounding.UP: 9}


@dataclass(frozen=True, slots=True)
class Rounded:
    """What the chain holds: *mantissa* times ten to the power *exponent*."""

    mantissa: int
    exponent: int

    @property
    def actual(self) -> RawUnits:
        """The raw units themselves."""
        return RawUnits(self.mantissa * 10**self.exponent)


def quantity(requested: object, rounding: Rounding, where: str = "") -> Rounded:
    """The quantity that is created when *requested* raw units are asked for.

    :raises BadInput: ``coinspark.quantity``.
    """
    if type(requested) is not int or not 1 <= requested <= QUANTITY_MOST:
        raise BadInput(QUANTITY, f"not a quantity from 1 to {QUANTITY_MOST}", where=where)
    return _rounded(requested, rounding, _QUANTITY_MANTISSA)


def flat_charge(requested: object, rounding: Rounding, where: str = "") -> Rounded:
    """The charge of each transfer when *requested* raw units are asked for.

    :raises BadInput: ``coinspark.flat-charge``.
    """
    if type(requested) is not int or not 0 <= requested <= FLAT_CHARGE_MOST:
        raise BadInput(FLAT_CHARGE, f"not a charge from 0 to {FLAT_CHARGE_MOST}", where=where)
    return _rounded(requested, rounding, _FLAT_MANTISSA)


def check_basis_points(value: object, where: str = "") -> int:
    """*value* if it is a charge in hundredths of a percent.

    :raises BadInput: ``coinspark.basis-points``.
    """
    if type(value) is not int or not 0 <= value <= BASIS_POINTS_MOST:
        raise BadInput(BASIS_POINTS, f"not from 0 to {BASIS_POINTS_MOST}", where=where)
    return value


def _rounded(requested: int, rounding: Rounding, most: int) -> Rounded:
    mantissa, exponent = requested, 0
    while mantissa > most:
        mantissa = (mantissa + _OFFSETS[rounding]) // 10
        exponent += 1
    return Rounded(mantissa, exponent)
