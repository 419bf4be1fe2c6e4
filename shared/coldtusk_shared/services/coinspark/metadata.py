"""The genesis metadata: the 40 bytes that make an asset on the chain (facts: CoinSpark, metadata).

All but the asset's hash is known beforehand, the length that is left for the hash too. The service chooses the issue
date and writes the contract, so the hash itself can only be computed from its reply.
"""

from dataclasses import dataclass

from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.services.coinspark.packing import pack
from coldtusk_shared.services.coinspark.quantity import Rounded
from coldtusk_shared.services.coinspark.web_address import AssetUrl

HASH_SHORT = Code("coinspark.metadata.hash-short", "shorten the asset's URL: 12 bytes must be left for its hash")

METADATA_BYTES = 40
HASH_BYTES = 32
HASH_LEAST = 12
_IDENTIFIER = b"SPKg"
_QUANTITY_STEP = 1001
_FLAT_STEP = 101
_HAS_FLAT, _HAS_BASIS_POINTS = 0x4000, 0x8000


@dataclass(frozen=True, slots=True)
class Genesis:
    """What the metadata says of an asset, beside its hash.

    :raises BadInput: ``coinspark.metadata.hash-short``.
    """

    quantity: Rounded
    flat: Rounded
    basis_points: int
    url: AssetUrl

    def __post_init__(self) -> None:
        if self.hash_bytes < HASH_LEAST:
            raise BadInput(HASH_SHORT, f"{max(0, self.hash_bytes)} bytes would be left, {HASH_LEAST} are needed")

    @property
    def head(self) -> bytes:
        """The bytes before the hash."""
        return _IDENTIFIER + self._amounts() + pack(self.url)

    @property
    def hash_bytes(self) -> int:
        """How many bytes of the asset's hash the metadata holds: 29 at most, since every address takes some."""
        return METADATA_BYTES - len(self.head)

    def metadata(self, asset_hash: bytes) -> bytes:
        """The whole metadata, with the first bytes of *asset_hash*."""
        if len(asset_hash) != HASH_BYTES:
            raise RuntimeError(f"an asset's hash has {HASH_BYTES} bytes")
        return self.head + asset_hash[: self.hash_bytes]

    def _amounts(self) -> bytes:
        flat, points = self.flat.actual > 0, self.basis_points > 0
        packed = self.quantity.exponent * _QUANTITY_STEP + self.quantity.mantissa
        packed |= (_HAS_FLAT if flat else 0) | (_HAS_BASIS_POINTS if points else 0)
        charges = [self.flat.exponent * _FLAT_STEP + self.flat.mantissa] if flat else []
        charges += [self.basis_points] if points else []
        return packed.to_bytes(2, "little") + bytes(charges)
