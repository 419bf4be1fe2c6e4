"""Ed25519 signers: the device's identity and an operator's approval key."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coldtusk_offline.secret import Secret


class Signer:
    """Signs with the Ed25519 key of a 32-byte seed (RFC 8032); the signature is a function of key and data alone."""

    __slots__ = ("_key", "public_key")

    public_key: bytes
    """32 bytes."""

    def __init__(self, seed: Secret) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed.reveal())
        self.public_key = self._key.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """The 64-byte signature over *data*, which must begin with its own domain."""
        return self._key.sign(data)

    def __repr__(self) -> str:
        return f"<signer {self.public_key.hex()[:16]}>"
