"""Text of people and hosts: what may reach a trusted screen, how wide it is, and how untrusted input is quoted.

DESIGN, The messages: NFC, without control, format or bidirectional characters, and always shown as "the host
says". The rules go by character class, so they hold for characters that nobody thought of.
"""

import unicodedata

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code

NOT_TEXT = Code("text.not-text", "give text")
TOO_LONG = Code("text.too-long", "shorten it; the limit counts bytes of UTF-8")
NOT_NFC = Code("text.not-nfc", "write it in Unicode normal form C, as keyboards do")
CHARACTER = Code("text.character", "use letters, digits, punctuation and plain spaces only")
MARKS = Code("text.marks", "put fewer accents on one character, and none before the first")
LABEL = Code("text.label", "give a name without spaces at its ends and without two spaces in a row")
LABEL_DIGITS = Code("text.label-digits", "give a name that nobody can take for an address, a hash or an id")

_DIGITS_OF_AN_ID = 32
"""Ids have so many hex digits, addresses and hashes more."""
_HEX = frozenset("0123456789abcdefABCDEF")
_REFUSED_CATEGORIES = {
    "Cc": "a control character",
    "Cf": "an invisible format character",
    "Cs": "half of a surrogate pair",
    "Co": "a private character",
    "Cn": "no character of this Unicode version",
    "Zl": "a line separator",
    "Zp": "a paragraph separator",
}
_REFUSED_DIRECTIONS = frozenset({"R", "AL", "AN"})
"""Characters written from right to left: a terminal that follows them reorders the digits beside them."""
_INVISIBLE = (
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),  # Khmer inherent vowels
    (0x180B, 0x180F),  # Mongolian selectors
    (0x2800, 0x2800),  # empty Braille pattern
    (0x3164, 0x3164),  # Hangul filler
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFFA0, 0xFFA0),  # half-width Hangul filler
    (0xE0100, 0xE01EF),  # variation selectors supplement
)
"""Default_Ignorable_Code_Point (Unicode DerivedCoreProperties) outside the refused categories, and Braille's blank."""
_JOINING = ((0x1160, 0x11FF), (0xD7B0, 0xD7FF))
"""Hangul vowels and finals that join the letter before them."""
_WIDE_ELSEWHERE = (
    (0x2630, 0x2637),
    (0x268A, 0x268F),
    (0x4DC0, 0x4DFF),
    (0x1D300, 0x1D376),
    (0x1F1E6, 0x1F1FF),
)
"""Narrow in this Python's Unicode, two columns in newer terminals: count what is safe (Unicode 16, EastAsianWidth)."""


def check_text(text: object, where: str, cap_bytes: int = limits.TEXT_BYTES) -> str:
    """*text* itself if it may be shown and stored; it may be empty.

    :raises BadInput: ``text.not-text``, ``text.too-long``, ``text.character``, ``text.not-nfc``, ``text.marks``.
    """
    if not isinstance(text, str):
        raise BadInput(NOT_TEXT, f"a {type(text).__name__} is not text", where=where)
    if len(text) > cap_bytes:
        raise BadInput(TOO_LONG, f"more than {cap_bytes} bytes", where=where)
    if text.isascii() and text.isprintable():
        return text
    _check_characters(text, where)
    if len(text.encode()) > cap_bytes:
        raise BadInput(TOO_LONG, f"more than {cap_bytes} bytes", where=where)
    if not unicodedata.is_normalized("NFC", text):
        raise BadInput(NOT_NFC, f"{quoted(text)} is not in normal form C", where=where)
    return text


def check_label(text: object, where: str) -> str:
    """*text* itself if it is a name: text of 1 to ``limits.LABEL_BYTES`` bytes whose spaces can be seen.

    :raises BadInput: ``text.label``, ``text.label-digits``, and what :func:`check_text` raises.
    """
    label = check_text(text, where, limits.LABEL_BYTES)
    if not label or label != label.strip(" ") or "  " in label:
        raise BadInput(LABEL, f"{quoted(label)} is not a name", where=where)
    if len(label) >= _DIGITS_OF_AN_ID and _HEX.issuperset(label):
        raise BadInput(LABEL_DIGITS, f"{quoted(label)} is made of hex digits alone", where=where)
    return label


def columns(text: str) -> int:
    """The columns that *text* takes on a terminal, or more, never less: 2 for wide characters, 0 for combining ones."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def wrap(text: str, width: int) -> tuple[str, ...]:
    """*text* in lines of at most *width* columns, cut wherever a line is full: joined again they are *text*.

    A combining mark stays with its character. No text gives one empty line.
    """
    if width < 2:
        raise RuntimeError("a wide character needs two columns")
    if text.isascii():
        return tuple(text[start : start + width] for start in range(0, len(text), width)) or ("",)
    lines, start, used = [], 0, 0
    for position, character in enumerate(text):
        wide = _width(character)
        if used + wide > width:
            lines.append(text[start:position])
            start, used = position, 0
        used += wide
    return (*lines, text[start:])


def quoted(text: str) -> str:
    """*text*, whatever it is, between quotation marks on one line for an error message.

    All but printable ASCII is escaped as in Python; it is cut at ``limits.QUOTED_COLUMNS``, and "..." behind
    the quotation says so.
    """
    pieces: list[str] = []
    used = 0
    for character in text:
        piece = '\\"' if character == '"' else character.encode("unicode_escape").decode("ascii")
        used += len(piece)
        if used > limits.QUOTED_COLUMNS:
            return f'"{"".join(pieces)}"...'
        pieces.append(piece)
    return f'"{"".join(pieces)}"'


def _check_characters(text: str, where: str) -> None:
    marks = limits.TEXT_MARKS  # none may stand before the first character, which would be ours
    for position, character in enumerate(text):
        if reason := _refusal(character):
            place = f"U+{ord(character):04X} at character {position + 1}"
            raise BadInput(CHARACTER, f"{place} is {reason}", where=where)
        marks = marks + 1 if _is_mark(character) else 0
        if marks > limits.TEXT_MARKS:
            raise BadInput(MARKS, f"too many combining marks at character {position + 1}", where=where)


def _refusal(character: str) -> str:
    """Why *character* is refused, or ""."""
    category = unicodedata.category(character)
    if category in _REFUSED_CATEGORIES:
        return _REFUSED_CATEGORIES[category]
    if category == "Zs" and character != " ":
        return "a space that is not the plain one"
    if unicodedata.bidirectional(character) in _REFUSED_DIRECTIONS:
        return "written from right to left"
    return "invisible" if _within(character, _INVISIBLE) else ""


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or _within(character, _JOINING)


def _width(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me") or _within(character, _JOINING):
        return 0
    if unicodedata.east_asian_width(character) in ("W", "F") or _within(character, _WIDE_ELSEWHERE):
        return 2
    return 1


def _within(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    code = ord(character)
    return any(first <= code <= last for first, last in ranges)
