"""A signer for tests against a node: the document's byte tables with struct, RFC 6979 by coincurve.

Written apart from ``coldtusk_shared`` and from the rehearsal node, so that the three can be compared.
"""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass

import coincurve

MIN_FEE = 1_000_448
Value = int | str | bool

_TAIL = {
    "wartTransfer": (">20sQ", ("toAddr", "wartE8")),
    "tokenTransfer": (">32s?20sQ", ("assetHash", "isLiquidity", "toAddr", "amountU64")),
    "limitSwap": (">32s?Q3s", ("assetHash", "isBuy", "amountU64", "limit")),
    "liquidityDeposit": (">32sQQ", ("assetHash", "amountU64", "wartE8")),
    "liquidityWithdrawal": (">32sQ", ("assetHash", "amountE8")),
    "cancelation": (">II", ("cancelHeight", "cancelNonceId")),
    "assetCreation": (">QB5s", ("supplyU64", "decimals", "name")),
}


def preimage(pin_hash: bytes, fields: Mapping[str, Value]) -> bytes:
    """The signed bytes of a transaction with the fields of its JSON."""
    head = struct.pack(">32sII3xQ", pin_hash, int(fields["pinHeight"]), int(fields["nonceId"]), int(fields["feeE8"]))
    form, names = _TAIL[str(fields["type"])]
    return head + struct.pack(form, *(_packable(name, fields[name]) for name in names))


def _packable(name: str, value: Value) -> int | bytes:
    if not isinstance(value, str):
        return value
    if name == "name":
        return value.encode("ascii")
    return bytes.fromhex(value)[:20] if name == "toAddr" else bytes.fromhex(value)


@dataclass(frozen=True, slots=True)
class Wallet:
    """A key made from a word; for tests only."""

    word: str

    @property
    def key(self) -> coincurve.PrivateKey:
        """The private key."""
        return coincurve.PrivateKey(hashlib.sha256(b"test wallet " + self.word.encode()).digest())

    @property
    def address(self) -> str:
        """48 hex digits."""
        inner = hashlib.sha256(self.key.public_key.format(compressed=True)).digest()
        raw = hashlib.new("ripemd160", inner).digest()
        return (raw + hashlib.sha256(raw).digest()[:4]).hex()

    def sign(self, pin_hash: bytes, fields: Mapping[str, Value]) -> tuple[bytes, str]:
        """The transaction's hash and ``signature65``."""
        digest = hashlib.sha256(preimage(pin_hash, fields)).digest()
        return digest, self.key.sign_recoverable(digest, hasher=None).hex()

    def signed(self, pin_hash: bytes, **fields: Value) -> dict[str, Value]:
        """A defi body with its signature; the fee is the minimum unless given."""
        body: dict[str, Value] = {"feeE8": MIN_FEE, **fields}
        return {**body, "signature65": self.sign(pin_hash, body)[1]}

    def signed_main(self, pin_hash: bytes, **fields: Value) -> dict[str, Value]:
        """A body for the main network: ``toAddr``, ``amountE8``, ``pinHeight``, ``nonceId``."""
        body: dict[str, Value] = {"feeE8": MIN_FEE, **fields}
        shadow = {**body, "type": "wartTransfer", "wartE8": body["amountE8"]}
        return {**body, "signature65": self.sign(pin_hash, shadow)[1]}
