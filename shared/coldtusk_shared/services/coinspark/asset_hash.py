"""The hash that binds an asset on the chain to its page and its contract (facts: CoinSpark, asset hash)."""

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from coldtusk_shared.errors import BadInput, Code

NUL = Code("coinspark.hash.nul", "do not use the reply: a text with a zero byte could be read as two")

_MILLION = 10**6
_HALF = Fraction(1, 2)
_BLANKS = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Hashed:
    """What is hashed beside the contract: the texts of the asset's page, its rate and its multiple, exactly."""

    name: str
    issuer: str
    description: str
    units: str
    issue_date: str
    expiry_date: str
    interest_rate: Fraction
    multiple: Fraction


def asset_hash(page: Hashed, contract: bytes) -> bytes:
    """The 32 bytes for *page* and the contract's file as it is.

    :raises BadInput: ``coinspark.hash.nul``.
    """
    texts = [page.name, page.issuer, page.description, page.units, page.issue_date, page.expiry_date]
    parts = [*(text.strip(_BLANKS) for text in texts), _millionths(page.interest_rate), _millionths(page.multiple)]
    if any("\0" in part for part in parts):
        raise BadInput(NUL, "a text of the asset's page has a zero byte")
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() + b"\0")
    digest.update(contract + b"\0")
    return digest.digest()


def _millionths(value: Fraction) -> str:
    return str(floor(value * _MILLION + _HALF))
