"""Passphrases: what may be chosen, and the bytes that are derived from."""

import unicodedata

from coldtusk_offline.secret import Secret
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code, Refused

WEAK = Code("passphrase.weak", "take six random words, or at least 14 characters, six of them different")
CHARACTERS = Code("passphrase.characters", "type it again, with letters, digits, signs and single spaces inside only")
TOO_LONG = Code("passphrase.too-long", "choose a passphrase of at most 1024 bytes")
DIFFERENT = Code("passphrase.different", "type the same passphrase twice")


def typed(text: str) -> Secret:
    """The bytes of *text* as typed to open a vault: NFKD and UTF-8, so that every keyboard gives the same.

    Raises :class:`BadInput` for what is no text or longer than 1024 bytes.
    """
    if len(text) > limits.PASSPHRASE_BYTES:
        raise BadInput(TOO_LONG, f"more than {limits.PASSPHRASE_BYTES} characters")
    # Asked before encoding, whose own error would carry the passphrase.
    if any(unicodedata.category(character) == "Cs" for character in text):
        raise BadInput(CHARACTERS, "the terminal sent something that is no text")
    octets = unicodedata.normalize("NFKD", text).encode()
    if len(octets) > limits.PASSPHRASE_BYTES:
        raise BadInput(TOO_LONG, f"more than {limits.PASSPHRASE_BYTES} bytes")
    return Secret(octets)


def chosen(text: str, again: str) -> Secret:
    """The bytes of a new passphrase, typed twice.

    Raises :class:`Refused` when it is weak or the two differ, :class:`BadInput` for control characters
    and for spaces at its ends, which nobody sees when typing it the next time.
    """
    first = typed(text)
    if first != typed(again):
        raise Refused(DIFFERENT, "the two differ")
    composed = unicodedata.normalize("NFC", text)
    if text != text.strip() or any(unicodedata.category(character)[0] == "C" for character in composed):
        raise BadInput(CHARACTERS, "it has control characters, or spaces at its ends")
    if len(composed) < limits.PASSPHRASE_CHARACTERS or len(set(composed)) < limits.PASSPHRASE_DISTINCT:
        raise Refused(WEAK, "it is too short, or of too few different characters")
    return first
