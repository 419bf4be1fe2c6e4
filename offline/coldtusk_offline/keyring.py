"""Signing with secp256k1, by two implementations that must agree.

libsecp256k1 (coincurve) signs; the signature is verified by recovering the public key; OpenSSL
(cryptography) computes it again. Both are RFC 6979, so that they are equal after low s. A difference is
a faulty library or machine, and halts the device before the nonce can tell a key.
"""

import hmac
from collections.abc import Callable

from coincurve import PrivateKey, PublicKey
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from coldtusk_offline.contents import Account
from coldtusk_offline.secret import Secret
from coldtusk_shared.errors import Code, Refused

DIFFERENT = Code("sign.implementations-differ", "stop using this device: a library or the machine is faulty")
NOT_RECOVERED = Code("sign.not-recovered", "stop using this device: a library or the machine is faulty")

ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
_SCALAR_BYTES = 32

SecondOpinion = Callable[[bytes], bytes]
"""From a 32-byte digest to r | s with low s, with a key that it already holds."""


def openssl(key: Secret) -> SecondOpinion:
    """RFC 6979 by OpenSSL, with *key* (32 bytes)."""
    held = ec.derive_private_key(int.from_bytes(key.reveal()), ec.SECP256K1())
    algorithm = ec.ECDSA(Prehashed(SHA256()), deterministic_signing=True)

    def sign(digest: bytes) -> bytes:
        r, s = decode_dss_signature(held.sign(digest, algorithm))
        low = min(s, ORDER - s)
        return r.to_bytes(_SCALAR_BYTES) + low.to_bytes(_SCALAR_BYTES)

    return sign


class Keyring:
    """The keys that one approved request needs; each is prepared once, however many items it signs."""

    __slots__ = ("_keys", "_second", "_seconds")

    def __init__(self, second: Callable[[Secret], SecondOpinion] | None = openssl) -> None:
        """*second* is the second implementation; the bench alone leaves it out."""
        self._second = second
        self._keys: dict[bytes, tuple[PrivateKey, bytes]] = {}
        self._seconds: dict[bytes, SecondOpinion] = {}

    def add(self, account: Account) -> None:
        """Prepare the key of *account*."""
        if account.address in self._keys:
            return
        self._keys[account.address] = (PrivateKey(account.private_key.reveal()), account.public_key)
        if self._second is not None:
            self._seconds[account.address] = self._second(account.private_key)

    def sign(self, address: bytes, digest: bytes) -> bytes:
        """The signature r | s | recid, 65 bytes, over the 32-byte *digest* by the key of *address* (20 bytes)."""
        key, public_key = self._keys[address]
        signature = key.sign_recoverable(digest, hasher=None)
        if PublicKey.from_signature_and_message(signature, digest, hasher=None).format() != public_key:
            raise Refused(NOT_RECOVERED, "the signature does not recover to the account's key")
        if self._second is not None and not hmac.compare_digest(self._seconds[address](digest), signature[:64]):
            raise Refused(DIFFERENT, "two implementations gave different signatures; nothing was released")
        return signature

    def __repr__(self) -> str:
        return f"<keyring of {len(self._keys)} keys>"
