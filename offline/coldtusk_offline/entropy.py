r"""Entropy of new keys: the operating system's and dice, mixed, so that neither alone decides.

A device whose random source was silently weak lost its users' coins, and open source did not show it
(lessons: Coldcard). So both sources are asked, each must deliver, and anyone can recompute the mix::

    PRK     = HMAC-SHA256(key = "coldtusk/key-entropy/v1", data = os || rolls)
    entropy = HMAC-SHA256(key = PRK, data = "bip39" || 01)

where *os* is the 32 bytes of the operating system and *rolls* the digits 1 to 6 in ASCII, in order,
without blanks. That is HKDF-SHA256 (RFC 5869), so with OpenSSL 3, *os* and *rolls* in hex::

    openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:OSROLLS \
        -kdfopt salt:coldtusk/key-entropy/v1 -kdfopt info:bip39 HKDF
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from coldtusk_offline.secret import Secret
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code, Outside, Refused

CHARACTERS = Code("dice.characters", "type each roll as a digit from 1 to 6; blanks between them are left out")
TOO_FEW = Code("dice.too-few", "roll on: 50 rolls are needed")
TOO_MANY = Code("dice.too-many", "1000 rolls are more than enough: type fewer")
NOT_ROLLED = Code("dice.not-rolled", "roll a real die and type what it shows, every time")
SOURCE = Code("entropy.source", "make no keys on this machine: its random source is broken")

OS_BYTES = 32
_SALT = b"coldtusk/key-entropy/v1"
_INFO = b"bip39"
_LEAST_FACES = 5


@dataclass(frozen=True, slots=True)
class Gathered:
    """What came from each source and the mix of both, 32 bytes: the transcript of a ceremony, all of it secret."""

    os_bytes: Secret
    rolls: Secret
    entropy: Secret


def gather(os_random: Callable[[int], bytes], ask_rolls: Callable[[], str]) -> Gathered:
    """Ask both sources and mix them.

    Raises :class:`Outside` when the operating system's delivers too little or a constant, and what
    :func:`check_rolls` raises: then there is no key.
    """
    os_bytes = os_random(OS_BYTES)
    if len(os_bytes) != OS_BYTES or len(set(os_bytes)) == 1:
        raise Outside(SOURCE, "the operating system gave no 32 random bytes")
    rolls = check_rolls(ask_rolls())
    return Gathered(Secret(os_bytes), Secret(rolls), mix(os_bytes, rolls))


def check_rolls(text: str) -> bytes:
    """The digits of *text*, at least 50, in ASCII. Raises :class:`BadInput`, or :class:`Refused` for what no die gives.

    An honest die is refused once in some ten million times.
    """
    rolls = "".join(text.split())
    least, most = limits.DICE_ROLLS
    if set(rolls) - set("123456"):
        raise BadInput(CHARACTERS, "there is something else than the digits 1 to 6")
    if len(rolls) < least:
        raise BadInput(TOO_FEW, f"{len(rolls)} rolls")
    if len(rolls) > most:
        raise BadInput(TOO_MANY, f"{len(rolls)} rolls")
    if not _looks_rolled(rolls):
        raise Refused(NOT_ROLLED, "these rolls repeat themselves, or miss faces of the die")
    return rolls.encode("ascii")


def mix(os_bytes: bytes, rolls: bytes) -> Secret:
    """32 bytes of both, as the module says."""
    if len(os_bytes) != OS_BYTES:
        raise RuntimeError("the mix takes 32 bytes of the operating system")
    return Secret(HKDF(algorithm=SHA256(), length=32, salt=_SALT, info=_INFO).derive(os_bytes + rolls))


def _looks_rolled(rolls: str) -> bool:
    faces = Counter(rolls)
    periodic = any(rolls[period:] == rolls[:-period] for period in range(1, len(rolls) // 2 + 1))
    return len(faces) >= _LEAST_FACES and 2 * max(faces.values()) <= len(rolls) and not periodic
