"""The scheme of Warthog's old Python wallets, which is no BIP32 (facts: Keys).

They passed the BIP39 seed to the ``ecdsa`` package's ``randrange_from_seed__trytryagain``: a stream of
SHA-256 over a counter and Python's *repr* of the seed bytes, of which 257 bits at a time are tried until
they are a private key. One seed gives one key.
"""

import hashlib
import itertools
from collections.abc import Iterator

from coldtusk_offline.secret import Secret

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""The order of secp256k1's group."""


def derive(seed: Secret) -> Secret:
    """The private key (32 bytes) of the 64-byte BIP39 *seed*."""
    stream = _stream(seed)
    while True:
        top = next(stream) & 1
        guess = 1 + int.from_bytes([top, *itertools.islice(stream, 32)])
        if guess < ORDER:
            return Secret(guess.to_bytes(32))


def _stream(seed: Secret) -> Iterator[int]:
    text = repr(seed.reveal())
    counter = 0
    while True:
        yield from hashlib.sha256(f"prng-{counter}-{text}".encode()).digest()
        counter += 1
