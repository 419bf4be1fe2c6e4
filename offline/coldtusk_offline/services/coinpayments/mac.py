"""HMAC-SHA512 by two implementations that must agree, before any of it leaves the device.

Python's ``hmac`` computes it; ``cryptography``, which brings an OpenSSL of its own, computes it again.
"""

import hmac
from collections.abc import Callable

from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.hmac import HMAC

from coldtusk_offline.secret import Secret
from coldtusk_shared.errors import Code, Refused

DIFFERENT = Code("coinpayments.macs-differ", "stop using this device: a library or the machine is faulty")

Second = Callable[[Secret, bytes], bytes]
"""A second implementation: key and message to 64 bytes."""


def openssl(key: Secret, data: bytes) -> bytes:
    """HMAC-SHA512 (RFC 2104) by ``cryptography``."""
    made = HMAC(key.reveal(), SHA512())
    made.update(data)
    return made.finalize()


def mac_of(key: Secret, data: bytes, second: Second = openssl) -> bytes:
    """The HMAC of *data*, 64 bytes.

    :raises Refused: ``coinpayments.macs-differ``.
    """
    mac = hmac.digest(key.reveal(), data, "sha512")
    if not hmac.compare_digest(mac, second(key, data)):
        raise Refused(DIFFERENT, "two implementations gave different HMACs; nothing was released")
    return mac
