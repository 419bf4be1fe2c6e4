"""Digests as words, for two people or two screens to compare.

Six words of the BIP39 English list carry 66 bits: to match the words of a given digest takes 2^66
tries. Whoever makes both digests needs about 2^33, so machines always compare the whole digest.
"""

import hashlib
from functools import cache
from pathlib import Path

WORDS = 6
_BITS = 11
_KEY_DOMAIN = b"coldtusk/v1/key\0"
_LIST = Path(__file__).with_name("words.txt")


def words_of(digest: bytes) -> str:
    """The first 66 bits of *digest* (32 bytes) as six words."""
    number = int.from_bytes(digest) >> (len(digest) * 8 - WORDS * _BITS)
    places = ((number >> (_BITS * (WORDS - 1 - place))) & ((1 << _BITS) - 1) for place in range(WORDS))
    return " ".join(_word_list()[place] for place in places)


def key_digest(public_key: bytes) -> bytes:
    """The digest that names an Ed25519 *public_key* (32 bytes): its first 16 bytes are the ``kid``."""
    return hashlib.sha256(_KEY_DOMAIN + public_key).digest()


def key_words(public_key: bytes) -> str:
    """The six words of a key, compared at pairing."""
    return words_of(key_digest(public_key))


@cache
def _word_list() -> tuple[str, ...]:
    return tuple(_LIST.read_text(encoding="ascii").split())
