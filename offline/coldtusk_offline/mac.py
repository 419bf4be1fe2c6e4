"""HMACs by two implementations that must agree, before any of it leaves the device.

Python's ``hmac`` computes it; ``cryptography``, which brings an OpenSSL of its own, computes it again.
"""

import hmac
from collections.abc import Callable
from enum import Enum

from cryptography.hazmat.primitives.hashes import SHA256, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC

from coldtusk_offline.secret import Secret
from coldtusk_shared.errors import Code, Refused

DIFFERENT = Code("mac.implementations-differ", "stop using this device: a library or the machine is faulty")


class Digest(Enum):
    """The hash under the HMAC, by Python's name for it."""

    SHA256 = "sha256"
    SHA512 = "sha512"


Second = Callable[[Secret, bytes, Digest], bytes]
"""A second implementation: key and message to as many bytes as the hash has."""

_OPENSSL: dict[Digest, Callable[[], HashAlgorithm]] = {Digest.SHA256: SHA256, Digest.SHA512: SHA512}


def openssl(key: Secret, data: bytes, digest: Digest) -> bytes:
    """The HMAC (RFC 2104) by ``cryptography``."""
    made = HMAC(key.reveal(), _OPENSSL[digest]())
    made.update(data)
    return made.finalize()


def mac_of(key: Secret, data: bytes, digest: Digest, second: Second = openssl) -> bytes:
    """The HMAC of *data*.

    :raises Refused: ``mac.implementations-differ``.
    """
    mac = hmac.digest(key.reveal(), data, digest.value)
    if not hmac.compare_digest(mac, second(key, data, digest)):
        raise Refused(DIFFERENT, "two implementations gave different HMACs; nothing was released")
    return mac
