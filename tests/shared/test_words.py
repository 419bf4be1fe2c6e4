"""Six words of a digest, against BIP39's own library and against arithmetic."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from coldtusk_shared import words

_LIST = Mnemonic("english").wordlist
_digests = st.binary(min_size=32, max_size=32)


@given(_digests)
def test_the_words_of_bip39(digest: bytes) -> None:
    """They are the first six words of the phrase that BIP39 makes of the same 256 bits."""
    phrase = Mnemonic("english").to_mnemonic(digest).split()
    assert " ".join(phrase[: words.WORDS]) == words.words_of(digest)


@given(_digests)
def test_sixty_six_bits(digest: bytes) -> None:
    """The words give the first 66 bits back: no bit of them is lost."""
    number = 0
    for word in words.words_of(digest).split():
        number = number * 2048 + _LIST.index(word)
    assert int.from_bytes(digest) >> 190 == number


def test_all_zero_and_all_one() -> None:
    """The ends of the list."""
    assert " ".join(["abandon"] * 6) == words.words_of(bytes(32))
    assert " ".join(["zoo"] * 6) == words.words_of(b"\xff" * 32)


def test_a_key_has_its_own_domain() -> None:
    """A key's digest is not the plain hash of its bytes."""
    key = bytes(range(32))
    assert hashlib.sha256(b"coldtusk/v1/key\0" + key).digest() == words.key_digest(key)
    assert words.words_of(words.key_digest(key)) == words.key_words(key)
