"""The exact bytes that are signed (facts: Signing). Their SHA-256 is the transaction hash."""

import hashlib
import struct
from typing import NewType

from coldtusk_shared.services.warthog.layout import BY_BODY
from coldtusk_shared.services.warthog.transaction import Transaction

Txid = NewType("Txid", bytes)
"""32 bytes. Of an asset creation it is the asset's hash too."""

_PIN_HASH_BYTES = 32
_COMMON = struct.Struct(">32sII3xQ")
"""What every type has; 3x are the reserved zeros."""


def preimage(transaction: Transaction) -> bytes:
    """PinHash 32 | pinHeight u32 | nonceId u32 | 000000 | feeE8 u64 | the type's fields, big-endian."""
    body = transaction.body
    layout = BY_BODY[type(body)]
    if len(transaction.pin_hash) != _PIN_HASH_BYTES:  # struct would cut it or fill it up
        raise RuntimeError(f"a pin hash of {len(transaction.pin_hash)} bytes")
    common = (transaction.pin_hash, transaction.pin_height, transaction.nonce_id, transaction.fee_e8)
    parts = [_COMMON.pack(*common)]
    parts += [field.form.pack(value) for field, value in zip(layout.fields, layout.values(body), strict=True)]
    signed = b"".join(parts)
    if len(signed) != layout.size:  # the length alone tells the node the type
        raise RuntimeError(f"{layout.name}: {len(signed)} bytes, not {layout.size}")
    return signed


def txid(transaction: Transaction) -> Txid:
    """The transaction hash, known before anything is sent."""
    return Txid(hashlib.sha256(preimage(transaction)).digest())
