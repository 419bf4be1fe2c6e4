"""Limit prices: 3 bytes on the chain (facts: Limit price).

A price is WART for an asset. The chain holds it as a mantissa of 16 bits, the highest of them set, and an exponent
0 to 127; it is mantissa * 2**(exponent - 79) in WART-E8 per smallest asset unit. Only these three bytes are signed.
The node's own conversion computes in doubles and is off by a step now and then; ours is exact.
"""

from dataclasses import dataclass
from fractions import Fraction

from coldtusk_shared import limits, plain_decimal
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.services.warthog.amount import WART_DECIMALS, check_decimals

FORM = Code("warthog.price.form", "a limit price is 3 bytes: a mantissa of 0x8000 or more and an exponent up to 127")
RANGE = Code("warthog.price.range", "no limit price is near it: write another one, and look at the asset's decimals")

_LOWEST_MANTISSA = 0x8000
_HIGHEST_MANTISSA = 0xFFFF
_MANTISSA_BITS = 16
_HIGHEST_EXPONENT = 127
_BIAS = 63 + _MANTISSA_BITS
_EXACT_COLUMNS = 24
_ROUNDED_DIGITS = 12
"""Two neighbouring prices differ in the fifth digit."""


@dataclass(frozen=True, slots=True)
class LimitPrice:
    """A price that three bytes hold. *mantissa* is 0x8000 to 0xFFFF, *exponent* 0 to 127.

    A mantissa below or an exponent above crashes the v0.10 node later, so there is no such object.

    :raises BadInput: ``warthog.price.form``.
    """

    mantissa: int
    exponent: int

    def __post_init__(self) -> None:
        if type(self.mantissa) is not int or not _LOWEST_MANTISSA <= self.mantissa <= _HIGHEST_MANTISSA:
            raise BadInput(FORM, "the mantissa is not 0x8000 to 0xFFFF")
        if type(self.exponent) is not int or not 0 <= self.exponent <= _HIGHEST_EXPONENT:
            raise BadInput(FORM, "the exponent is not 0 to 127")

    @classmethod
    def from_bytes(cls, data: bytes) -> "LimitPrice":
        """The price of the 3 bytes that are signed.

        :raises BadInput: ``warthog.price.form``.
        """
        if len(data) != 3:
            raise BadInput(FORM, f"{len(data)} bytes are no limit price")
        return cls(data[0] << 8 | data[1], data[2])

    def to_bytes(self) -> bytes:
        """The 3 bytes that are signed: mantissa, big-endian, and exponent."""
        return bytes((self.mantissa >> 8, self.mantissa & 0xFF, self.exponent))

    @property
    def value(self) -> Fraction:
        """WART-E8 per smallest asset unit."""
        return self.mantissa * Fraction(2) ** (self.exponent - _BIAS)

    def per_unit(self, decimals: int) -> Fraction:
        """WART per whole unit of an asset of *decimals*: the price as people say it."""
        return self.value * Fraction(10) ** (check_decimals(decimals) - WART_DECIMALS)

    def exact_text(self, decimals: int) -> str:
        """:meth:`per_unit` as a plain decimal, all of it: up to about 90 digits, since every power of two ends."""
        return plain_decimal.exact_text(self.per_unit(decimals))

    def display(self, decimals: int) -> str:
        """For a screen: :meth:`exact_text` if it is short, else "about " and its first 12 digits, rounded."""
        exact = self.exact_text(decimals)
        rounded = plain_decimal.rounded_text(self.per_unit(decimals), _ROUNDED_DIGITS)
        return exact if len(exact) <= _EXACT_COLUMNS or exact == rounded else f"about {rounded}"


def parse_price_text(text: object, where: str = "") -> Fraction:
    """The price that *text* writes: a canonical plain decimal of at most ``limits.PRICE_DIGITS`` digits.

    Zeros at the end are taken ("1.50"), and so is 0, for which :func:`floor_price` then finds no limit.

    :raises BadInput: ``decimal.form`` or ``decimal.digits``.
    """
    whole, behind = plain_decimal.split(text, limits.PRICE_DIGITS, where)
    return Fraction(int(whole + behind), 10 ** len(behind))


def floor_price(price: Fraction, decimals: int) -> LimitPrice:
    """The highest limit not above *price*, in WART per whole unit of an asset of *decimals*.

    :raises BadInput: ``warthog.price.range`` unless both the floor and the ceil exist, ``warthog.decimals``.
    """
    return bounds(price, decimals)[0]


def ceil_price(price: Fraction, decimals: int) -> LimitPrice:
    """The lowest limit not below *price*; otherwise as :func:`floor_price`."""
    return bounds(price, decimals)[1]


def limit_for(is_buy: bool, price: Fraction, decimals: int) -> LimitPrice:
    """The limit that is never a worse price than *price*: the floor for a buyer, the ceil for a seller.

    :raises BadInput: as :func:`floor_price`.
    """
    return bounds(price, decimals)[0 if is_buy else 1]


def bounds(price: Fraction, decimals: int) -> tuple[LimitPrice, LimitPrice]:
    """The floor and the ceil of *price*; they are equal if three bytes hold it exactly.

    :raises BadInput: as :func:`floor_price`.
    """
    if type(price) is not Fraction:
        raise RuntimeError("a price is a Fraction")
    e8 = price * Fraction(10) ** (WART_DECIMALS - check_decimals(decimals))
    if not _LOWEST.value <= e8 <= _HIGHEST.value:
        raise BadInput(RANGE, f"the price is outside the limits that exist for an asset of {decimals} decimals")
    exponent = _highest_bit(e8) - (_MANTISSA_BITS - 1) + _BIAS
    mantissa = e8 / Fraction(2) ** (exponent - _BIAS)
    floor = LimitPrice(int(mantissa), exponent)
    return floor, floor if mantissa == floor.mantissa else _next(floor)


def _highest_bit(value: Fraction) -> int:
    """The k with 2**k <= *value* < 2**(k+1)."""
    k = value.numerator.bit_length() - value.denominator.bit_length()
    return k if value >= Fraction(2) ** k else k - 1


def _next(price: LimitPrice) -> LimitPrice:
    if price.mantissa == _HIGHEST_MANTISSA:
        return LimitPrice(_LOWEST_MANTISSA, price.exponent + 1)
    return LimitPrice(price.mantissa + 1, price.exponent)


_LOWEST = LimitPrice(_LOWEST_MANTISSA, 0)
_HIGHEST = LimitPrice(_HIGHEST_MANTISSA, _HIGHEST_EXPONENT)
