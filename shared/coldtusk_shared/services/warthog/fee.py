"""Fees: 16 bits on the chain (facts: Fee).

A fee is a number of E8 with at most 11 significant bits. Its code holds the place of the highest bit in 6 bits and
the 10 bits below it. The node rounds down (below the minimum fee, if it must be) and its own ceil is wrong in
places: we round up, exactly, and never send what is not exact.
"""

from typing import NewType

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code

RANGE = Code("warthog.fee.range", "a fee is a whole number of E8 from 1 to the supply of WART, 1892160000000000")
INEXACT = Code("warthog.fee.inexact", "a fee has at most 11 significant bits: round it up to the next such number")
CODE = Code("warthog.fee.code", "a fee's code is a whole number from 0 to 65535")

FeeE8 = NewType("FeeE8", int)
"""A fee in E8 that 16 bits hold exactly, 1 to ``limits.FEE_MAX_E8``."""

_BITS = 11
_FRACTION_BITS = 10
_FRACTION = (1 << _FRACTION_BITS) - 1


def require_exact(value: object) -> FeeE8:
    """*value* as a fee, if it is one exactly.

    :raises BadInput: ``warthog.fee.range`` or ``warthog.fee.inexact``.
    """
    if type(value) is not int or not 0 < value <= limits.FEE_MAX_E8:
        raise _out_of_range(value, limits.FEE_MAX_E8)
    spare = value.bit_length() - _BITS
    if spare > 0 and value & ((1 << spare) - 1):
        raise BadInput(INEXACT, f"{value} E8 is not a fee of 16 bits")
    return FeeE8(value)


def is_exact(value: object) -> bool:
    """Whether *value* is a fee: what :func:`require_exact` takes."""
    if type(value) is not int or not 0 < value <= limits.FEE_MAX_E8:
        return False
    return value.bit_length() <= _BITS or not value & ((1 << value.bit_length() - _BITS) - 1)


def floor(e8: int) -> FeeE8:
    """The highest fee that is not above *e8*, 1 to the supply: what the node would make of it.

    :raises BadInput: ``warthog.fee.range``.
    """
    spare = _spare_bits(e8)
    return FeeE8(e8 >> spare << spare)


def ceil(e8: int) -> FeeE8:
    """The lowest fee that is not below *e8*, 1 to the supply.

    :raises BadInput: ``warthog.fee.range``.
    """
    spare = _spare_bits(e8)
    return FeeE8(-(-e8 >> spare) << spare)


def encode(fee_e8: FeeE8) -> int:
    """The canonical 16-bit code of *fee_e8*.

    :raises BadInput: as :func:`require_exact`.
    """
    value = require_exact(fee_e8)
    exponent = value.bit_length() - 1
    shift = exponent - _FRACTION_BITS
    mantissa = value >> shift if shift >= 0 else value << -shift
    return exponent << _FRACTION_BITS | mantissa & _FRACTION


def decode(code: int) -> int:
    """The E8 that the 16 bits *code* stand for, as the node reads them: for comparing, not for paying.

    Any code has a value; 9217 of them are not the one that :func:`encode` gives, and some values are above the supply.

    :raises BadInput: ``warthog.fee.code``.
    """
    if type(code) is not int or not 0 <= code <= 0xFFFF:
        raise BadInput(CODE, f"{_shown(code)} is not a fee's code")
    mantissa = code & _FRACTION | _FRACTION + 1
    shift = (code >> _FRACTION_BITS) - _FRACTION_BITS
    return mantissa << shift if shift >= 0 else mantissa >> -shift


def _spare_bits(e8: object) -> int:
    if type(e8) is not int or not 0 < e8 <= limits.WART_SUPPLY_E8:
        raise _out_of_range(e8, limits.WART_SUPPLY_E8)
    return max(0, e8.bit_length() - _BITS)


def _out_of_range(value: object, highest: int) -> BadInput:
    return BadInput(RANGE, f"{_shown(value)} is not a fee in E8 from 1 to {highest}")


def _shown(value: object) -> str:
    """An integer of a sane size, or what else it is: *value* is untrusted."""
    if type(value) is int and value.bit_length() <= 64:
        return str(value)
    return f"this {type(value).__name__}"
