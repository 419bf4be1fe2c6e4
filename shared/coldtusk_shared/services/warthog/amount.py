"""Amounts: WART in E8, assets in their smallest units (facts: Amounts).

Text in, integer out, and the same text back: there is no rounding. People and files write canonical plain decimals
(:mod:`coldtusk_shared.plain_decimal`); the node takes more, we do not.
"""

from typing import NewType

from coldtusk_shared import limits, plain_decimal
from coldtusk_shared.errors import BadInput, Code

TOO_PRECISE = Code("warthog.amount.too-precise", "write fewer decimals; zeros count too")
ABOVE_SUPPLY = Code("warthog.amount.above-supply", "there are 18921600 WART")
ABOVE_U64 = Code("warthog.amount.above-u64", "an amount has at most 64 bits in smallest units: write a lower one")
DECIMALS = Code("warthog.decimals", "an asset has 0 to 18 decimals")

WartE8 = NewType("WartE8", int)
"""WART times 10**8, 0 to the supply."""
AssetUnits = NewType("AssetUnits", int)
"""Smallest units of an asset or of a liquidity share, 64 bits."""

WART_DECIMALS = 8
LIQUIDITY_DECIMALS = 8
"""A liquidity share has these, never its asset's (DESIGN, Evidence)."""


def parse_wart(text: object, where: str = "") -> WartE8:
    """The amount of WART that *text* writes; 0 is an amount.

    :raises BadInput: ``decimal.form``, ``decimal.digits``, ``warthog.amount.too-precise``,
        ``warthog.amount.above-supply``.
    """
    e8 = _parse(text, WART_DECIMALS, where)
    if e8 > limits.WART_SUPPLY_E8:
        raise BadInput(ABOVE_SUPPLY, f"{format_wart(e8)} WART is more than there is", where=where)
    return WartE8(e8)


def parse_units(text: object, decimals: int, where: str = "") -> AssetUnits:
    """The smallest units that *text* writes for an asset of *decimals*; 0 is an amount.

    :raises BadInput: ``decimal.form``, ``decimal.digits``, ``warthog.amount.too-precise``,
        ``warthog.amount.above-u64``, ``warthog.decimals``.
    """
    units = _parse(text, check_decimals(decimals), where)
    if units > limits.U64:
        raise BadInput(ABOVE_U64, f"{units} smallest units do not fit in 64 bits", where=where)
    return AssetUnits(units)


def format_wart(e8: int) -> str:
    """*e8* as WART, always with 8 decimals: "1.50000000". Balances and sums may be above the supply."""
    return plain_decimal.scaled_text(e8, WART_DECIMALS)


def format_units(units: int, decimals: int) -> str:
    """*units* as whole units, always with all *decimals*, and without a dot if there are none."""
    return plain_decimal.scaled_text(units, decimals)


def check_decimals(value: object, where: str = "") -> int:
    """*value* if an asset can have so many decimals.

    :raises BadInput: ``warthog.decimals``.
    """
    if type(value) is not int or not 0 <= value <= limits.ASSET_DECIMALS:
        raise BadInput(DECIMALS, "not a number of decimals from 0 to 18", where=where)
    return value


def _parse(text: object, decimals: int, where: str) -> int:
    whole, behind = plain_decimal.split(text, limits.AMOUNT_DIGITS, where)
    if len(behind) > decimals:
        raise BadInput(TOO_PRECISE, f"{len(behind)} decimals, the most is {decimals}", where=where)
    return int(whole + behind.ljust(decimals, "0"))
