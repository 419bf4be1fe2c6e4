"""Results that carry a secret: encrypted to the one-time key of the request (``messages.cddl``: encrypted).

HPKE (RFC 9180), base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305. The info binds the ciphertext
to the very request and payment, so that it opens for nothing else (docs/adr/0013).
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.request import PaymentId

NOT_OPENED = Code("released.not-opened", "have the request made and answered again: the answer is for another key")
WEAK_KEY = Code("released.weak-key", "have the request made again: its reply key is none")

KEY_BYTES = 32
ENC_BYTES = 32
_INFO = b"coldtusk/v1/released-result\0"
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


def info(digest: bytes, payment_id: PaymentId) -> bytes:
    """What the ciphertext is bound to: the *digest* of the request (32 bytes) and the payment id (16)."""
    return _INFO + digest + payment_id


def check_key(reply_key: bytes) -> None:
    """Refuse a *reply_key* of small order before anybody is asked: no secret can be agreed on with it.

    :raises BadInput: ``released.weak-key``.
    """
    try:
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(reply_key))
    except ValueError:
        raise BadInput(WEAK_KEY, "no secret can be agreed on with this key", where="request.reply_key") from None


def seal(reply_key: bytes, plaintext: bytes, digest: bytes, payment_id: PaymentId) -> tuple[bytes, bytes]:
    """*plaintext* for the holder of *reply_key*: the encapsulated key (32 bytes) and the ciphertext."""
    try:
        sealed = _SUITE.encrypt(plaintext, X25519PublicKey.from_public_bytes(reply_key), info=info(digest, payment_id))
    except ValueError:
        raise BadInput(WEAK_KEY, "no secret can be agreed on with this key", where="request.reply_key") from None
    return sealed[:ENC_BYTES], sealed[ENC_BYTES:]


def open_(private_key: bytes, enc: bytes, ciphertext: bytes, digest: bytes, payment_id: PaymentId) -> bytes:
    """The plaintext; :class:`BadInput` without its cause if it is not for this key, request and payment."""
    key = X25519PrivateKey.from_private_bytes(private_key)
    try:
        return _SUITE.decrypt(enc + ciphertext, key, info=info(digest, payment_id))
    except (InvalidTag, ValueError):
        raise BadInput(NOT_OPENED, "the released result does not open", where="response.results") from None
