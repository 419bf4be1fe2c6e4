"""How the defi node spells values in its replies: amounts, prices, addresses (recorded shapes)."""

from fractions import Fraction

from coldtusk_online.rehearsal.numbers import EXPONENT_BIAS, WART_DECIMALS, Price, fee_code, write_address, write_funds
from coldtusk_online.rehearsal.state import Asset

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def wart(e8: int) -> dict[str, Json]:
    """WART: text and E8."""
    return {"str": write_funds(e8), "E8": e8}


def fee(e8: int) -> dict[str, Json]:
    """A fee with its 16 bits, written as four bytes."""
    return {**wart(e8), "bytes": fee_code(e8).to_bytes(4, "big").hex()}


def units(amount: int, decimals: int) -> dict[str, Json]:
    """An amount of a token: text, smallest units, decimals."""
    return {"str": write_funds(amount, decimals), "u64": amount, "decimals": decimals}


def shares(amount: int) -> dict[str, Json]:
    """Pool shares: always 8 decimals."""
    return units(amount, WART_DECIMALS)


def price(limit: Price, decimals: int) -> dict[str, Json]:
    """A limit price; the two doubles are for people only."""
    power = WART_DECIMALS - decimals
    raw = Fraction(limit.mantissa) * Fraction(2) ** (limit.exponent - EXPONENT_BIAS)
    return {
        "precExponent10": power,
        "exponent2": limit.exponent - EXPONENT_BIAS,
        "mantissa": limit.mantissa,
        "hex": limit.raw.hex(),
        "doubleAdjusted": _number(raw / Fraction(10) ** power),
        "doubleRaw": _number(raw),
    }


def short_asset(asset: Asset) -> dict[str, Json]:
    """An asset as other replies name it."""
    return {"hash": asset.hash.hex(), "id": asset.id, "name": asset.name, "decimals": asset.decimals}


def full_asset(asset: Asset) -> dict[str, Json]:
    """An asset as ``asset/lookup`` gives it."""
    return {
        **short_asset(asset),
        "height": asset.height,
        "ownerAccountId": asset.owner,
        "totalSupply": units(asset.supply, asset.decimals),
        "groupId": asset.token,
        "parentId": None,
    }


def account(account_id: int, address: bytes) -> dict[str, Json]:
    """An account as the balance replies name it."""
    return {"address": write_address(address), "accountId": account_id}


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
