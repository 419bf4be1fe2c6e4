"""The node's number formats, written anew: 16-bit fees, amounts as text, 3-byte prices, addresses, hex.

Independent of ``coldtusk_shared`` on purpose (docs: rehearsal). Rules: facts, "Fee: 16 bits",
"Limit price: 3 bytes", "Amounts", "Keys".
"""

import hashlib
import re
from dataclasses import dataclass
from fractions import Fraction

from coldtusk_online.rehearsal.reasons import Reason, Rejection

U64_MAX = 2**64 - 1
WART_DECIMALS = 8
MANTISSA_LOW, MANTISSA_HIGH = 0x8000, 0xFFFF
EXPONENT_HIGH = 127
EXPONENT_BIAS = 63 + 16
LONGEST_AMOUNT = 20

_FUNDS = re.compile(r"([0-9]*)(?:\.([0-9]*))?")
_PRICE = re.compile(r"([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,4}))?")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})*")
_DIGITS = re.compile(r"[0-9]{1,20}")


def fee_code(e8: int) -> int:
    """The 16 bits of *e8*, rounded down as ``encode16bit`` does; 0 has the code of 1."""
    if e8 == 0:
        return 0
    exponent = e8.bit_length() - 1
    mantissa = e8 << 10 >> exponent
    return exponent << 10 | mantissa & 1023


def fee_value(code: int) -> int:
    """E8 of a 16-bit fee code."""
    return (1024 + (code & 1023)) << (code >> 10) >> 10


def round_fee(e8: int) -> int:
    """The largest fee that 16 bits hold and that is not above *e8* (but 1 for 0)."""
    return fee_value(fee_code(e8))


def read_funds(text: str, decimals: int = WART_DECIMALS) -> int | None:
    """Units of an amount as the node reads it, or ``None``: ``.5``, ``5.`` and ``05`` are taken."""
    found = _FUNDS.fullmatch(text)
    if not found:
        return None
    whole, part = found[1], found[2] or ""
    digits = len(whole) + len(part)
    if not 0 < digits <= LONGEST_AMOUNT or len(part) > decimals:
        return None
    units = int(whole + part.ljust(decimals, "0"))
    return units if units <= U64_MAX else None


def write_funds(units: int, decimals: int = WART_DECIMALS) -> str:
    """An amount as the node writes it: all decimals, but ``0`` for nothing."""
    if units == 0 or decimals == 0:
        return str(units)
    padded = str(units).rjust(decimals + 1, "0")
    return f"{padded[:-decimals]}.{padded[-decimals:]}"


def read_u64(text: str) -> int:
    """An unsigned 64-bit number of a path; raises the node's "Invalid API arguments"."""
    if not _DIGITS.fullmatch(text) or int(text) > U64_MAX:
        raise Rejection(Reason.BAD_ARGUMENTS)
    return int(text)


def read_hex(text: str, size: int, reason: Reason) -> bytes:
    """*size* bytes of hex in either case, or a rejection with *reason*."""
    if len(text) != 2 * size or not _HEX.fullmatch(text):
        raise Rejection(reason)
    return bytes.fromhex(text)


def read_address(text: str) -> bytes:
    """The 20 bytes of an address of 48 hex digits with a right checksum, in either case."""
    raw = read_hex(text, 24, Reason.BAD_ADDRESS)
    if hashlib.sha256(raw[:20]).digest()[:4] != raw[20:]:
        raise Rejection(Reason.BAD_ADDRESS)
    return raw[:20]


def write_address(raw: bytes) -> str:
    """The 48 hex digits of 20 bytes."""
    return (raw + hashlib.sha256(raw).digest()[:4]).hex()


@dataclass(frozen=True, slots=True)
class Price:
    """A 3-byte limit price; its value is mantissa * 2^(exponent - 79) WART-E8 per smallest unit."""

    mantissa: int
    exponent: int

    @property
    def usable(self) -> bool:
        """Whether the real node survives it (facts: "crashes it later")."""
        return self.mantissa >= MANTISSA_LOW and self.exponent <= EXPONENT_HIGH

    @property
    def raw(self) -> bytes:
        """The three bytes that are signed."""
        return self.mantissa.to_bytes(2, "big") + bytes([self.exponent])

    @staticmethod
    def of(raw: bytes) -> "Price":
        """The price of three bytes, usable or not."""
        return Price(int.from_bytes(raw[:2], "big"), raw[2])


def read_price(text: str, decimals: int) -> Fraction:
    """A price as the node reads it, in WART-E8 per smallest unit; ``1e3`` and ``.5`` are taken."""
    found = _PRICE.fullmatch(text)
    digits = (found[1] + (found[2] or "")) if found else ""
    if not found or not digits or len(digits) > 400 or int(digits) == 0:
        raise Rejection(Reason.BAD_PRICE)
    power = int(found[3] or 0) - len(found[2] or "")
    if abs(power) > 400:
        raise Rejection(Reason.BAD_PRICE)
    return Fraction(int(digits)) * Fraction(10) ** (power + WART_DECIMALS - decimals)


def bracket(value: Fraction) -> tuple[Price, Price]:
    """The representable prices at or below and at or above *value*; both exist or it is refused."""
    shift = value.numerator.bit_length() - value.denominator.bit_length() - 16
    while value >= Fraction(2) ** (shift + 16):
        shift += 1
    scaled = value / Fraction(2) ** shift
    low, high = int(scaled), -int(-scaled // 1)
    return _price(low, shift), _price(high, shift)


def _price(mantissa: int, shift: int) -> Price:
    if mantissa > MANTISSA_HIGH:
        mantissa, shift = mantissa >> 1, shift + 1
    exponent = shift + EXPONENT_BIAS
    if not 0 <= exponent <= EXPONENT_HIGH:
        raise Rejection(Reason.BAD_PRICE)
    return Price(mantissa, exponent)
