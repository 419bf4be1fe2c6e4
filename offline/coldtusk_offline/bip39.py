"""BIP39 words, English list, without an extra passphrase: entropy to words, words to entropy and seed.

No error quotes a word: a mistyped one is close to a secret one.
"""

from mnemonic import Mnemonic

from coldtusk_offline.secret import Secret
from coldtusk_shared.errors import BadInput, Code

COUNT = Code("words.count", "type all of them: 12, 15, 18, 21 or 24 words")
UNKNOWN = Code("words.unknown", "compare the word with the paper; all are of the English BIP39 list, in lower case")
CHECKSUM = Code("words.checksum", "a word is wrong or two are swapped: compare each with the paper")

_COUNTS = (12, 15, 18, 21, 24)
_ENTROPY_BYTES = (16, 20, 24, 28, 32)


def words_of(entropy: Secret) -> str:
    """The words of 16 to 32 bytes, separated by single spaces."""
    if len(entropy) not in _ENTROPY_BYTES:
        raise RuntimeError("not the entropy of BIP39 words")
    return str(Mnemonic("english").to_mnemonic(entropy.reveal()))


def entropy_of(text: str) -> Secret:
    """The entropy of *text*, words between blanks. Raises :class:`BadInput` naming the word by its place only."""
    words = text.split()
    if len(words) not in _COUNTS:
        raise BadInput(COUNT, f"{len(words)} words")
    library = Mnemonic("english")
    known = set(library.wordlist)
    for place, word in enumerate(words, start=1):
        if word not in known:
            raise BadInput(UNKNOWN, "it is not in the list", where=f"word {place}")
    try:
        return Secret(bytes(library.to_entropy(words)))
    except ValueError:
        raise BadInput(CHECKSUM, "the words' checksum is wrong") from None


def seed_of(entropy: Secret) -> Secret:
    """The 64-byte BIP39 seed of the words of *entropy*: PBKDF2-HMAC-SHA512, 2048 rounds, salt "mnemonic"."""
    return Secret(Mnemonic.to_seed(words_of(entropy), passphrase=""))
