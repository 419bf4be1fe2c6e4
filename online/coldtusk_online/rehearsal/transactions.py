"""The seven transactions as the node sees them: the signed bytes, what they spend, who signed.

Written from the Warthog document's byte tables with ``struct``; independent of
``coldtusk_shared``'s preimage (an error there must not be repeated here).
"""

import hashlib
import struct
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import coincurve

from coldtusk_online.rehearsal.numbers import Price
from coldtusk_online.rehearsal.reasons import Reason, Rejection

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


class Spend(NamedTuple):
    """What a transaction takes beside its fee: WART in E8, and *amount* units of a token."""

    wart: int = 0
    asset_hash: bytes | None = None
    liquidity: bool = False
    amount: int = 0


@dataclass(frozen=True, slots=True)
class WartTransfer:
    """WART to another address."""

    label: ClassVar[str] = "wartTransfer"
    to: bytes
    e8: int

    def packed(self) -> bytes:
        """Bytes 52 to the end of the signed bytes."""
        return struct.pack(">20sQ", self.to, self.e8)

    def spend(self) -> Spend:
        """What it takes."""
        return Spend(wart=self.e8)


@dataclass(frozen=True, slots=True)
class TokenTransfer:
    """An asset or its liquidity to another address."""

    label: ClassVar[str] = "tokenTransfer"
    asset_hash: bytes
    liquidity: bool
    to: bytes
    units: int

    def packed(self) -> bytes:
        """Bytes 52 to the end of the signed bytes."""
        return struct.pack(">32s?20sQ", self.asset_hash, self.liquidity, self.to, self.units)

    def spend(self) -> Spend:
        """What it takes."""
        return Spend(0, self.asset_hash, self.liquidity, self.units)


@dataclass(frozen=True, slots=True)
class LimitSwap:
    """An order to buy or sell an asset; *units* are of what it gives away."""

    label: ClassVar[str] = "limitSwap"
    asset_hash: bytes
    buy: bool
    units: int
    limit: Price

    def packed(self) -> bytes:
        """Bytes 52 to the end of the signed bytes."""
        return struct.pack(">32s?Q3s", self.asset_hash, self.buy, self.units, self.limit.raw)

    def spend(self) -> Spend:
        """What it takes: it rests, and this is locked."""
        return Spend(self.units, self.asset_hash) if self.buy else Spend(0, self.asset_hash, False, self.units)


@dataclass(frozen=True, slots=True)
class LiquidityDeposit:
    """An asset and WART into the asset's pool."""

    label: ClassVar[str] = "liquidityDeposit"
    asset_hash: bytes
    units: int
    e8: int

    def packed(self) -> bytes:
        """Bytes 52 to the end of the signed bytes."""
        return struct.pack(">32sQQ", self.asset_hash, self.units, self.e8)

    def spend(self) -> Spend:
        """What it takes."""
        return Spend(self.e8, self.asset_hash, False, self.units)


@dataclass(frozen=True, slots=True)
class LiquidityWithdrawal:
    """Shares of a pool back into asset and WART."""

    label: ClassVar[str] = "liquidityWithdrawal"
    asset_hash: bytes
    shares: int

    def packed(self) -> bytes:
        """Bytes 52 to the end of the signed bytes."""
        return struct.pack(">32sQ", self.asset_hash, self.shares)

    def spend(self) -> Spend:
        """What it takes."""
        return Spend(0, self.asset_hash, True, self.shares)


@dataclass(frozen=True, slots=True)
class Cancelation:
    """Names a pending transaction or an open order of the same account."""

    label: ClassVar[str] = "cancelation"
    height: int
    nonce_id: int

    def packed(self) -> bytes:
        """Bytes 52 to the end of the signed bytes."""
        return struct.pack(">II", self.height, self.nonce_id)

    def spend(self) -> Spend:
        """Nothing but the fee."""
        return Spend()


@dataclass(frozen=True, slots=True)
class AssetCreation:
    """A new asset, all of it to the sender."""

    label: ClassVar[str] = "assetCreation"
    name: str
    decimals: int
    supply: int

    def packed(self) -> bytes:
        """Bytes 52 to the end of the signed bytes."""
        return struct.pack(">QB5s", self.supply, self.decimals, self.name.encode("ascii"))

    def spend(self) -> Spend:
        """Nothing but the fee."""
        return Spend()


Body = WartTransfer | TokenTransfer | LimitSwap | LiquidityDeposit | LiquidityWithdrawal | Cancelation | AssetCreation


@dataclass(frozen=True, slots=True)
class Transaction:
    """What one POST carried; the sender is not in it but in the signature."""

    body: Body
    pin_height: int
    nonce_id: int
    fee_e8: int
    signature: bytes

    def digest(self, pin_hash: bytes) -> bytes:
        """The transaction's hash, which is what was signed."""
        head = struct.pack(">32sII3xQ", pin_hash, self.pin_height, self.nonce_id, self.fee_e8)
        return hashlib.sha256(head + self.body.packed()).digest()


def signature_parses(raw: bytes) -> bool:
    """Whether the node's reader takes the 65 bytes: r and s below the order, s low, recid at most 3."""
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:64], "big")
    return r < ORDER and s <= ORDER // 2 and raw[64] <= 3


def signer(signature: bytes, digest: bytes) -> bytes:
    """The 20-byte address whose key made *signature* over *digest*; by public-key recovery alone."""
    try:
        key = coincurve.PublicKey.from_signature_and_message(signature, digest, hasher=None)
    except Exception as fault:  # coincurve raises bare Exception for what does not recover
        raise Rejection(Reason.CORRUPTED_SIGNATURE) from fault
    return hashlib.new("ripemd160", hashlib.sha256(key.format(compressed=True)).digest()).digest()
