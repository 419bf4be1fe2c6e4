"""Assets: what they may be called, and the proof of their facts (DESIGN, Evidence).

An asset's hash is the SHA-256 of the 65 bytes that created it, so these bytes prove its name, decimals and supply to
a machine without a network. They do not prove who made it, nor that it exists: anyone can mint "USDT".
"""

import hashlib
import struct
from dataclasses import dataclass
from typing import NewType

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.services.warthog import fee
from coldtusk_shared.services.warthog.amount import AssetUnits, check_decimals
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.text import quoted

__all__ = ["AssetFacts", "AssetHash", "check_decimals", "check_name", "check_supply", "parse_preimage", "prove"]

NAME = Code("warthog.asset.name", "an asset's name is 1 to 5 of A-Z, a-z and 0-9")
SUPPLY = Code("warthog.asset.supply", "an asset's supply is 1 to 2^63-1 smallest units: the node crashes above it")
PREIMAGE = Code("warthog.asset.preimage", "ask a node for the asset again, or leave the proof out")
UNPROVED = Code("warthog.asset.other-hash", "the proof is of another asset: find out who exchanged it")

AssetHash = NewType("AssetHash", bytes)
"""The 32 bytes that name an asset: two assets may share everything else."""

_LAYOUT = struct.Struct(">32sII3sQQB5s")
"""pinHash, pinHeight, nonceId, reserved, feeE8, supplyU64, decimals, name (facts: Signing)."""
_RESERVED = bytes(3)
_PIN_STEP = 32
_NAME_BYTES = 5
_NAME_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """What the creation of an asset says: *supply* in smallest units, and the triple's rest for the curious."""

    hash: AssetHash
    name: str
    decimals: int
    supply: AssetUnits
    pin_height: int
    nonce_id: int
    fee_e8: FeeE8


def prove(preimage: bytes, asset_hash: bytes) -> AssetFacts:
    """The facts of the asset *asset_hash*, proved by the bytes that created it.

    :raises BadInput: ``warthog.asset.other-hash``, and what :func:`parse_preimage` raises.
    """
    facts = parse_preimage(preimage)
    if facts.hash != asset_hash:
        raise BadInput(UNPROVED, f"these bytes created the asset {facts.hash.hex()}")
    return facts


def parse_preimage(preimage: bytes) -> AssetFacts:
    """The facts in the 65 bytes of an assetCreation, and the hash that they give. Only what a chain can hold is taken.

    :raises BadInput: ``warthog.asset.preimage``, ``warthog.asset.name``, ``warthog.asset.supply``,
        ``warthog.decimals``, ``warthog.fee.range``, ``warthog.fee.inexact``.
    """
    if len(preimage) != _LAYOUT.size:
        raise BadInput(PREIMAGE, f"{len(preimage)} bytes, the creation of an asset has {_LAYOUT.size}")
    _, pin_height, nonce_id, reserved, fee_e8, supply, decimals, name = _LAYOUT.unpack(preimage)
    if reserved != _RESERVED:
        raise BadInput(PREIMAGE, "the reserved bytes are not zero")
    if pin_height % _PIN_STEP:
        raise BadInput(PREIMAGE, f"{pin_height} is not a pin height")
    return AssetFacts(
        hash=AssetHash(hashlib.sha256(preimage).digest()),
        name=_unpad(name),
        decimals=check_decimals(decimals),
        supply=check_supply(supply),
        pin_height=pin_height,
        nonce_id=nonce_id,
        fee_e8=fee.require_exact(fee_e8),
    )


def check_name(text: object, where: str = "") -> str:
    """*text* if an asset can be called so.

    :raises BadInput: ``warthog.asset.name``.
    """
    if not isinstance(text, str):
        raise BadInput(NAME, f"a {type(text).__name__} is not a name", where=where)
    if not 1 <= len(text) <= _NAME_BYTES or not _NAME_CHARACTERS.issuperset(text):
        raise BadInput(NAME, f"{quoted(text)} is not an asset's name", where=where)
    return text


def check_supply(value: object, where: str = "") -> AssetUnits:
    """*value* if an asset can have such a supply, in smallest units.

    :raises BadInput: ``warthog.asset.supply``.
    """
    if type(value) is not int or not 0 < value <= limits.ASSET_SUPPLY_U64:
        raise BadInput(SUPPLY, "not a supply from 1 to 2^63-1 smallest units", where=where)
    return AssetUnits(value)


def _unpad(name: bytes) -> str:
    """The name in its 5 bytes; a zero inside it stays and is refused."""
    return check_name(name.rstrip(b"\0").decode("latin-1"))
