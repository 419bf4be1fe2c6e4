"""Digests as words, for two people or two screens to compare.

Words of the BIP39 English list, 11 bits each. Six (66 bits) name a key or a journal's head: to match a
given one takes 2^66 tries. A request takes twelve, because a hostile host makes both of the requests that
it wants to look alike, and a pair is found in the square root of the tries: 2^66 again.
"""

import hashlib
from functools import cache
from pathlib import Path

WORDS = 6
REQUEST_WORDS = 12
_BITS = 11
_KEY_DOMAIN = b"coldtusk/v1/key\0"
_LIST = Path(__file__).with_name("words.txt")


def words_of(digest: bytes, count: int = WORDS) -> str:
    """The first bits of *digest* (32 bytes), 11 a word, as *count* words."""
    number = int.from_bytes(digest) >> (len(digest) * 8 - count * _BITS)
    places = ((number >> (_BITS * (count - 1 - place))) & ((1 << _BITS) - 1) for place in range(count))
    return " ".join(_word_list()[place] for place in places)


def in_rows(words: str) -> tuple[str, ...]:
    """*words* in rows of six, for a screen."""
    each = words.split()
    return tuple(" ".join(each[start : start + WORDS]) for start in range(0, len(each), WORDS))


def key_digest(public_key: bytes) -> bytes:
    """The digest that names an Ed25519 *public_key* (32 bytes): its first 16 bytes are the ``kid``."""
    return hashlib.sha256(_KEY_DOMAIN + public_key).digest()


def key_words(public_key: bytes) -> str:
    """The six words of a key, compared at pairing."""
    return words_of(key_digest(public_key))


@cache
def _word_list() -> tuple[str, ...]:
    return tuple(_LIST.read_text(encoding="ascii").split())
