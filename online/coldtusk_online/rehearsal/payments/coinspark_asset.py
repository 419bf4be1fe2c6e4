"""What a CoinSpark asset is on the chain: rounded quantities, 40 bytes of metadata, and the asset hash.

Facts: CoinSpark. Three characters of domain and path take two bytes; what is left of 40 holds the hash.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from math import floor
from typing import Final
from urllib.parse import urlsplit

_OFF: Final = {-1: 0, 0: 4, 1: 9}
_TEXT: Final = "0123456789abcdefghijklmnopqrstuvwxyz-.<>"
_ROOM: Final = 40
_LEAST_HASH: Final = 12
_LISTED: Final = (
    "at au be biz br ca ch cn co.jp co.kr co.uk co.za co com.ar com.au com.br com.cn com.mx com.tr com.tw com.ua com cz"
    " de dk edu es eu fr gov gr hk hu il in info ir it jp kr me mx net nl no org pl ps ro ru se sg tr tv tw ua uk us vn"
)
_SUFFIXES: Final = tuple(_LISTED.split())
"""In the order of their indexes, from 1."""
_PATH: Final = re.compile(r"/(coinspark/)?([a-z0-9.-]{1,24})/")
_DOMAIN: Final = re.compile(r"[a-z0-9.-]{1,32}")
_IPV4: Final = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})")
_TRIMMED: Final = " \t\r\n"


class NoAsset(Exception):
    """The parameters make no asset."""


@dataclass(frozen=True, slots=True)
class Rounded:
    """mantissa x 10^exponent."""

    mantissa: int
    exponent: int

    @property
    def actual(self) -> int:
        """The quantity that the chain holds."""
        return int(self.mantissa * 10**self.exponent)


@dataclass(frozen=True, slots=True)
class AssetText:
    """The texts that the asset hash covers, untrimmed, and the contract's bytes."""

    name: str
    issuer: str
    description: str
    units: str
    issue_date: str
    expiry_date: str
    rate: Decimal
    multiple: Decimal
    contract: bytes


def rounded(quantity: int, rounding: int, most: int) -> Rounded:
    """*quantity* with a mantissa of at most *most*: 1000 for the quantity, 100 for the flat charge."""
    exponent = 0
    while quantity > most:
        quantity, exponent = (quantity + _OFF[rounding]) // 10, exponent + 1
    return Rounded(quantity, exponent)


def place_bytes(url: str) -> bytes:
    """The packing byte, domain and path of the asset page *url*; :class:`NoAsset` for one that cannot be packed."""
    parts = urlsplit(url)
    path = _PATH.fullmatch(parts.path)
    if parts.scheme not in {"http", "https"} or parts.netloc != parts.hostname or parts.query or parts.fragment:
        raise NoAsset("asset_url: not a plain http or https URL")
    if path is None or _DOMAIN.fullmatch(parts.netloc) is None:
        raise NoAsset("asset_url: domain or path cannot be packed")
    end = path[2] + (">" if path[1] else "<")
    address = _IPV4.fullmatch(parts.netloc)
    if address is not None:
        octets = bytes(int(octet) for octet in address.groups())
        return bytes([63 | (0x40 if parts.scheme == "https" else 0)]) + octets + _packed(end)
    prefix, short = (1, parts.netloc[4:]) if parts.netloc.startswith("www.") else (0, parts.netloc)
    suffix = max((text for text in _SUFFIXES if short.endswith("." + text)), key=len, default="")
    short = short.removesuffix("." + suffix) if suffix else short
    index = _SUFFIXES.index(suffix) + 1 if suffix else 0
    return bytes([prefix << 6 | index]) + _packed(short + (">" if parts.scheme == "https" else "<") + end)


def metadata(quantity: Rounded, flat: Rounded, basis_points: int, place: bytes, asset_hash: bytes) -> bytes:
    """The bytes of the genesis metadata; :class:`NoAsset` when fewer than 12 bytes of the hash have room."""
    word = quantity.exponent * 1001 + quantity.mantissa
    charges = b""
    if flat.mantissa:
        word, charges = word | 0x4000, bytes([flat.exponent * 101 + flat.mantissa])
    if basis_points:
        word, charges = word | 0x8000, charges + bytes([basis_points])
    head = b"SPKg" + word.to_bytes(2, "little") + charges + place
    if _ROOM - len(head) < _LEAST_HASH:
        raise NoAsset("asset_url: too long, the metadata has no room for the asset hash")
    return head + asset_hash[: min(_ROOM - len(head), len(asset_hash))]


def asset_hash(text: AssetText) -> bytes:
    """SHA-256 over the texts and the contract."""
    texts = (text.name, text.issuer, text.description, text.units, text.issue_date, text.expiry_date)
    hashed = b"".join(one.strip(_TRIMMED).encode() + b"\0" for one in texts)
    for number in (text.rate, text.multiple):
        hashed += b"%d\0" % floor(Fraction(number) * 10**6 + Fraction(1, 2))
    return sha256(hashed + text.contract + b"\0").digest()


def _packed(text: str) -> bytes:
    packed = b""
    for start in range(0, len(text), 3):
        values = [_TEXT.index(mark) for mark in text[start : start + 3]]
        packed += sum(value * 40**place for place, value in enumerate(values)).to_bytes(2, "little")
    return packed
