"""HPKE base mode (RFC 9180) written down from its text, for one suite, from X25519, HMAC and ChaCha20-Poly1305 alone.

Independent of ``cryptography.hazmat.primitives.hpke``, which our code uses and which takes no associated data: the
RFC's own vectors all have some.
"""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

_KEM = b"KEM" + (0x0020).to_bytes(2)
_SUITE = b"HPKE" + (0x0020).to_bytes(2) + (0x0001).to_bytes(2) + (0x0003).to_bytes(2)
_KEY_BYTES, _NONCE_BYTES, _SECRET_BYTES = 32, 12, 32


@dataclass(frozen=True, slots=True)
class Context:
    """What both sides come to: RFC 9180 5.1, with the values on the way there."""

    enc: bytes
    shared_secret: bytes
    key_schedule_context: bytes
    secret: bytes
    key: bytes
    base_nonce: bytes

    def nonce(self, sequence: int) -> bytes:
        """RFC 9180 5.2, ComputeNonce."""
        return (int.from_bytes(self.base_nonce) ^ sequence).to_bytes(_NONCE_BYTES)

    def seal(self, sequence: int, plaintext: bytes, aad: bytes = b"") -> bytes:
        """RFC 9180 5.2, ContextS.Seal."""
        return ChaCha20Poly1305(self.key).encrypt(self.nonce(sequence), plaintext, aad)

    def open(self, sequence: int, ciphertext: bytes, aad: bytes = b"") -> bytes:
        """RFC 9180 5.2, ContextR.Open."""
        return ChaCha20Poly1305(self.key).decrypt(self.nonce(sequence), ciphertext, aad)


def sender(own: bytes, recipient: bytes, info: bytes) -> Context:
    """SetupBaseS with the ephemeral private key *own* and the recipient's public key."""
    key = X25519PrivateKey.from_private_bytes(own)
    shared = key.exchange(X25519PublicKey.from_public_bytes(recipient))
    return _schedule(shared, key.public_key().public_bytes_raw(), recipient, info)


def recipient(own: bytes, enc: bytes, info: bytes) -> Context:
    """SetupBaseR with the recipient's private key *own*."""
    key = X25519PrivateKey.from_private_bytes(own)
    shared = key.exchange(X25519PublicKey.from_public_bytes(enc))
    return _schedule(shared, enc, key.public_key().public_bytes_raw(), info)


def _schedule(shared: bytes, enc: bytes, public: bytes, info: bytes) -> Context:
    """RFC 9180 4.1, ExtractAndExpand, and 5.1, KeySchedule, of mode base (0) without a PSK."""
    eae = _extract(_KEM, b"", b"eae_prk", shared)
    shared_secret = _expand(_KEM, eae, b"shared_secret", enc + public, _SECRET_BYTES)
    context = b"\0" + _extract(_SUITE, b"", b"psk_id_hash", b"") + _extract(_SUITE, b"", b"info_hash", info)
    secret = _extract(_SUITE, shared_secret, b"secret", b"")
    key = _expand(_SUITE, secret, b"key", context, _KEY_BYTES)
    nonce = _expand(_SUITE, secret, b"base_nonce", context, _NONCE_BYTES)
    return Context(enc, shared_secret, context, secret, key, nonce)


def _extract(suite: bytes, salt: bytes, label: bytes, keying: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + keying, hashlib.sha256)


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2) + b"HPKE-v1" + suite + label + info
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.digest(key, block + labelled + bytes([counter]), hashlib.sha256)
        out, counter = out + block, counter + 1
    return out[:length]
