"""CoinSpark addresses: a bitcoin address with flags and a payment reference in it (facts: CoinSpark, address).

The form has no checksum of its own and the public decoder takes nearly every slip. The bitcoin address inside has one:
it is checked here, together with its version, the flag for assets, and that the text is the only way to write all this.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.services.coinspark import base58check
from coldtusk_shared.services.coinspark.base58check import ALPHABET, BASE
from coldtusk_shared.text import quoted

FORM = Code("coinspark.address.form", 'a CoinSpark address begins with "s"; a bitcoin address is none: ask the payee')
CHECKSUM = Code("coinspark.address.checksum", "a character is wrong: copy the address again and compare it")
VERSION = Code("coinspark.address.version", "the bitcoin address inside is of no bitcoin network: ask the payee")
NOT_CANONICAL = Code("coinspark.address.not-canonical", "no wallet writes an address so: ask the payee for it again")
NO_ASSETS = Code("coinspark.address.no-assets", "this address takes no assets: ask the payee for one that does")

_PREFIX = "s"
_HEADER = 2
_SHIFT = 13
_FLAG_STEP = 10
_FLAGS_MOST = 0x7F_FFFF
_REFERENCE_MOST = 2**52 - 1
_ASSETS = 1
_LONGEST = 64
"""2 + 4 characters of flags, 9 of a reference and 35 of an address are 50."""
_TESTNET = {0x00: False, 0x05: False, 0x6F: True, 0xC4: True}
"""Version bytes of bitcoin addresses (pay to a key's hash, to a script's hash), and their network."""


@dataclass(frozen=True, slots=True)
class CoinSparkAddress:
    """*payload* is the inner bitcoin address's version and hash (21 bytes); *reference* 0 is none."""

    payload: bytes
    flags: int
    reference: int

    @classmethod
    def parse(cls, text: str, where: str = "") -> "CoinSparkAddress":
        """The address that *text* writes.

        :raises BadInput: ``coinspark.address.form``, ``.checksum``, ``.version``, ``.not-canonical``, ``.no-assets``.
        """
        flags, reference, inner = _decode(text, where)
        payload = base58check.decode(inner)
        if payload is None:
            raise BadInput(CHECKSUM, "the checksum of the bitcoin address inside is wrong", where=where)
        if payload[0] not in _TESTNET:
            raise BadInput(VERSION, f"version {payload[0]}", where=where)
        address = cls(payload, flags, reference)
        if flags > _FLAGS_MOST or reference > _REFERENCE_MOST or address.text != text:
            raise BadInput(NOT_CANONICAL, "not as a wallet writes it", where=where)
        if not flags & _ASSETS:
            raise BadInput(NO_ASSETS, "its flag for assets is not set", where=where)
        return address

    @property
    def bitcoin(self) -> str:
        """The bitcoin address inside."""
        return base58check.encode(self.payload)

    @property
    def testnet(self) -> bool:
        """Whether the bitcoin address inside is of the test network."""
        return _TESTNET[self.payload[0]]

    @property
    def text(self) -> str:
        """The address itself."""
        flags, reference = _digits(self.flags), _digits(self.reference)
        extra = flags + reference
        inner = [
            (ALPHABET.index(character) + _SHIFT + _extra(extra, place)) % BASE
            for place, character in enumerate(self.bitcoin)
        ]
        values = [0, len(flags) * _FLAG_STEP + len(reference), *extra, *inner]
        for place in _mixed(values):
            values[place] = (values[place] + values[-place]) % BASE
        return _PREFIX + "".join(ALPHABET[value] for value in values[1:])


def _decode(text: str, where: str) -> tuple[int, int, str]:
    """The flags, the reference and the inner address of *text*, none of them checked."""
    if not text.startswith(_PREFIX) or not _HEADER < len(text) <= _LONGEST or not set(ALPHABET).issuperset(text):
        raise BadInput(FORM, f"{quoted(text)} is no CoinSpark address", where=where)
    values = [ALPHABET.index(character) for character in text]
    for place in _mixed(values):
        values[place] = (values[place] - values[-place]) % BASE
    flag_count, reference_count = divmod(values[1], _FLAG_STEP)
    end = _HEADER + flag_count + reference_count
    extra = values[_HEADER:end]
    inner = "".join(
        ALPHABET[(value - _SHIFT - _extra(extra, place)) % BASE] for place, value in enumerate(values[end:])
    )
    return _number(extra[:flag_count]), _number(extra[flag_count:]), inner


def _mixed(values: Sequence[int]) -> range:
    """The places of the first half, to which those of the second are added."""
    return range(1, (len(values) + 1) // 2)


def _extra(extra: Sequence[int], place: int) -> int:
    return extra[place % len(extra)] if extra else 0


def _number(digits: Sequence[int]) -> int:
    return sum(digit * BASE**place for place, digit in enumerate(digits))


def _digits(number: int) -> list[int]:
    """*number* in base 58, the least digit first; none for 0."""
    digits = []
    while number:
        number, digit = divmod(number, BASE)
        digits.append(digit)
    return digits
