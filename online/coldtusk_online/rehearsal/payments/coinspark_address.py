"""CoinSpark addresses: ``s``, flags, and a bitcoin address mixed with them, in base 58 (facts: CoinSpark, Address)."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_OFFSET: Final = 13
_LENGTHS: Final = range(4, 100)
ASSETS: Final = 1
"""The flag of an address that may be sent assets."""


class NoAddress(Exception):
    """The text is no address that takes an asset."""


@dataclass(frozen=True, slots=True)
class CoinSparkAddress:
    """What an address says."""

    bitcoin: str
    flags: int
    reference: int


def read_address(text: str) -> CoinSparkAddress:
    """The address *text*, its bitcoin address checked; :class:`NoAddress` otherwise."""
    if len(text) not in _LENGTHS or text[0] != "s" or any(mark not in _BASE58 for mark in text):
        raise NoAddress("not a CoinSpark address")
    values = _unmixed([_BASE58.index(mark) for mark in text])
    flag_count, reference_count = divmod(values[1], 10)
    extra = values[2 : 2 + flag_count + reference_count]
    rest = values[2 + len(extra) :]
    bitcoin = "".join(_BASE58[(v - _OFFSET - (extra[i % len(extra)] if extra else 0)) % 58] for i, v in enumerate(rest))
    if not _checks(bitcoin):
        raise NoAddress("its bitcoin address has a wrong checksum")
    address = CoinSparkAddress(bitcoin, _little(extra[:flag_count]), _little(extra[flag_count:]))
    if not address.flags & ASSETS:
        raise NoAddress("it does not take assets")
    return address


def write_address(address: CoinSparkAddress) -> str:
    """The text of *address*, in the fewest characters."""
    flags, reference = _digits(address.flags), _digits(address.reference)
    extra = flags + reference
    plain = [_BASE58.index(mark) for mark in address.bitcoin]
    mixed = [(v + _OFFSET + (extra[i % len(extra)] if extra else 0)) % 58 for i, v in enumerate(plain)]
    values = [_BASE58.index("s"), 10 * len(flags) + len(reference), *extra, *mixed]
    for index in range(1, (len(values) + 1) // 2):
        values[index] = (values[index] + values[len(values) - index]) % 58
    return "".join(_BASE58[value] for value in values)


def _unmixed(values: list[int]) -> list[int]:
    mixed = [(values[i] - values[len(values) - i]) % 58 for i in range(1, (len(values) + 1) // 2)]
    return [values[0], *mixed, *values[1 + len(mixed) :]]


def _little(digits: list[int]) -> int:
    number = 0
    for digit in reversed(digits):
        number = number * 58 + digit
    return number


def _digits(number: int) -> list[int]:
    digits = []
    while number:
        number, digit = divmod(number, 58)
        digits.append(digit)
    return digits


def _checks(bitcoin: str) -> bool:
    number = _little([_BASE58.index(mark) for mark in reversed(bitcoin)])
    if number >> 200:
        return False
    raw = number.to_bytes(25, "big")
    ones = len(bitcoin) - len(bitcoin.lstrip("1"))
    if ones != len(raw) - len(raw.lstrip(b"\0")):
        return False
    return sha256(sha256(raw[:21]).digest()).digest()[:4] == raw[21:]
