"""Addresses: 20 bytes, written as 48 hex digits with a checksum (facts: Signing, Keys).

The signed bytes hold the 20 bytes only. The checksum is the first 4 bytes of their SHA-256.
"""

import hashlib
from dataclasses import dataclass

from coldtusk_shared.errors import BadInput, Code, Outside
from coldtusk_shared.text import quoted

FORM = Code("warthog.address.form", "an address is 48 lower-case hex digits, without 0x, blanks or groups")
LENGTH = Code("warthog.address.length", "an address is 48 hex digits: copy the whole of it")
NO_CHECKSUM = Code(
    "warthog.address.no-checksum", "ask the payee for the address of 48 digits: 40 have no protection against a slip"
)
CASE = Code("warthog.address.upper-case", "write the address in lower case, as wallets show it")
CHECKSUM = Code("warthog.address.checksum", "a digit is wrong: copy the address again and compare it with the payee's")
NO_RIPEMD160 = Code(
    "warthog.no-ripemd160", "install OpenSSL 3.0.7 or newer, or enable its legacy provider: addresses need RIPEMD-160"
)

_BYTES = 20
_CHECKSUM_BYTES = 4
_DIGITS = 2 * (_BYTES + _CHECKSUM_BYTES)
_GROUP = 4
_KEY_BYTES = 33
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")


@dataclass(frozen=True, slots=True)
class Address:
    """The 20 bytes of an address.

    :raises BadInput: ``warthog.address.length`` for another number of bytes.
    """

    raw: bytes

    def __post_init__(self) -> None:
        if type(self.raw) is not bytes or len(self.raw) != _BYTES:
            raise BadInput(LENGTH, "not the 20 bytes of an address")

    @classmethod
    def parse(cls, text: object, where: str = "") -> "Address":
        """The address that *text* writes in 48 lower-case hex digits.

        :raises BadInput: ``warthog.address.form``, ``.length``, ``.no-checksum``, ``.upper-case``, ``.checksum``.
        """
        data = _hex_bytes(text, where)
        address = cls(data[:_BYTES])
        if data[_BYTES:] != _checksum(address.raw):
            raise BadInput(CHECKSUM, "the checksum of this address is wrong", where=where)
        return address

    @classmethod
    def from_public_key(cls, compressed: bytes) -> "Address":
        """The address of a public key: RIPEMD160(SHA256(*compressed*)), 33 bytes (facts: Keys).

        :raises Outside: ``warthog.no-ripemd160`` if this machine's OpenSSL lacks it.
        """
        if len(compressed) != _KEY_BYTES or compressed[0] not in (2, 3):
            raise RuntimeError("not a compressed public key")
        return cls(_ripemd160(hashlib.sha256(compressed).digest()))

    @property
    def text(self) -> str:
        """The 48 hex digits."""
        return (self.raw + _checksum(self.raw)).hex()

    @property
    def grouped(self) -> str:
        """The 48 hex digits in twelve groups of four, for reading aloud: 59 columns."""
        return (self.raw + _checksum(self.raw)).hex(" ", _GROUP // 2)

    @property
    def is_burn(self) -> bool:
        """Whether it is the all-zero address, of which nobody has the key."""
        return not any(self.raw)


def _checksum(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()[:_CHECKSUM_BYTES]


def _hex_bytes(text: object, where: str) -> bytes:
    """The 24 bytes that *text* writes canonically: ``bytes.fromhex`` alone takes blanks and upper case."""
    if not isinstance(text, str):
        raise BadInput(FORM, f"a {type(text).__name__} is not an address", where=where)
    if not _HEX_DIGITS.issuperset(text):
        raise BadInput(FORM, f"{quoted(text)} is not an address", where=where)
    if len(text) == 2 * _BYTES:
        raise BadInput(NO_CHECKSUM, "this address of 40 digits has no checksum", where=where)
    if len(text) != _DIGITS:
        raise BadInput(LENGTH, f"{len(text)} hex digits, an address has {_DIGITS}", where=where)
    data = bytes.fromhex(text)
    if data.hex() != text:
        raise BadInput(CASE, "this address has upper-case digits", where=where)
    return data


def _ripemd160(data: bytes) -> bytes:
    try:
        return hashlib.new("ripemd160", data).digest()
    except ValueError as error:
        raise Outside(NO_RIPEMD160, "this machine's OpenSSL has no RIPEMD-160") from error
