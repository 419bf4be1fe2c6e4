"""Text for a trusted screen: what is refused, how wide it is, how it folds and how untrusted input is quoted."""

import sys
import unicodedata
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcwidth

from coldtusk_shared import limits, text
from coldtusk_shared.errors import BadInput

_HOSTILE = {
    "right-to-left override": "pay \u202eecila",
    "isolate": "\u2066x\u2069",
    "left-to-right mark": "a\u200eb",
    "zero-width space": "a\u200bb",
    "zero-width joiner": "a\u200db",
    "byte order mark": "\ufeffa",
    "soft hyphen": "a\u00adb",
    "escape": "\x1b[2Japproved",
    "one-byte CSI": "\u009b2J",
    "newline": "a\nb",
    "carriage return": "a\rb",
    "tab": "a\tb",
    "delete": "a\x7fb",
    "next line": "a\u0085b",
    "zero": "a\0b",
    "line separator": "a\u2028b",
    "paragraph separator": "a\u2029b",
    "private": "a\ue000b",
    "unassigned": "a\u0378b",
    "non-character": "a\uffffb",
    "surrogate": "a\ud800b",
    "no-break space": "a\u00a0b",
    "ideographic space": "a\u3000b",
    "Hebrew": "a\u05d0b",
    "Arabic": "a\u0627b",
    "Arabic digit": "1\u0662",
    "variation selector": "a\ufe0fb",
    "Hangul filler": "a\u3164b",
    "empty Braille": "a\u2800b",
    "tag character": "a\U000e0041b",
    "grapheme joiner": "a\u034fb",
}
printable = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=40)
anything = st.text(st.characters(), max_size=80)  # surrogates too


def _code(value: Any, cap: int = limits.TEXT_BYTES) -> str:
    """The code of the refusal of *value*, or ""."""
    try:
        assert value == text.check_text(value, "purpose", cap)
    except BadInput as error:
        assert "purpose" == error.where
        assert error.line().isascii() and error.line().isprintable()
        return error.code.name
    return ""


@pytest.mark.parametrize("name", _HOSTILE)
def test_hostile_characters(name: str) -> None:
    """What writes on, hides on or reorders a screen is refused, and named by its number only."""
    assert "text.character" == _code(_HOSTILE[name])


@pytest.mark.parametrize(
    "good",
    ["", "Rent, May", "Zürich Straße", "Nguyễn Văn", "契約 42", "한국어", "Ελλάδα", "हिन्दी", "ภาษาไทยที่", "🐗 + ₿"],
)
def test_good_text(good: str) -> None:
    """People write in many scripts."""
    assert "" == _code(good)


def test_the_message_names_the_place() -> None:
    """The character's number, its place and the reason."""
    with pytest.raises(BadInput) as caught:
        text.check_text("pay \u202eecila", "items[2].purpose")
    assert "items[2].purpose: U+202E at character 5 is an invisible format character" == str(caught.value)


@pytest.mark.parametrize("value", [None, 1, b"abc", ["a"]], ids=repr)
def test_not_text(value: Any) -> None:
    """Only text is text."""
    assert "text.not-text" == _code(value)


def test_normal_form() -> None:
    """The same word in two spellings would be two labels."""
    decomposed = unicodedata.normalize("NFD", "Zürich")
    assert "text.not-nfc" == _code(decomposed)
    assert "" == _code(unicodedata.normalize("NFC", decomposed))


@pytest.mark.parametrize(("filler", "bytes_each"), [("a", 1), ("ü", 2), ("契", 3), ("🐗", 4)])
def test_cap(filler: str, bytes_each: int) -> None:
    """The cap counts bytes of UTF-8: the last text that fits, and one character more."""
    fits = limits.TEXT_BYTES // bytes_each
    assert "" == _code(filler * fits)
    assert "text.too-long" == _code(filler * (fits + 1))


def test_combining_marks() -> None:
    """A few accents on a letter are writing, a pile of them is an attack, and the first character is no accent."""
    mark = "\u0323\u0359\u035a\u0353\u032b"
    assert "" == _code("x" + mark[: limits.TEXT_MARKS])
    assert "text.marks" == _code("x" + mark)
    assert "text.marks" == _code("Z" + "\u0353" * 200)
    assert "text.marks" == _code("\u0353x")
    assert "text.marks" == _code("\uac00" + "\u11a8" * 6)


@given(anything)
def test_any_text_is_taken_or_refused(value: str) -> None:
    """What is taken is printable, in normal form, within the cap and encodable."""
    if not _code(value):
        assert value.isprintable()
        assert unicodedata.is_normalized("NFC", value)
        assert len(value.encode()) <= limits.TEXT_BYTES


@pytest.mark.parametrize("label", ["Treasury", "Konto 7", "a", "f00d" * 7, "0x" + "f00d" * 8, "ü" * 32])
def test_labels(label: str) -> None:
    """Names that people give."""
    assert label == text.check_label(label, "--label")


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("", "text.label"),
        (" a", "text.label"),
        ("3e514ef7d39079521830619edfbccae1ee3fcdcff6257b33", "text.label-digits"),
        ("ABCDEF01" * 4, "text.label-digits"),
        ("a ", "text.label"),
        ("a  b", "text.label"),
        (" ", "text.label"),
        ("a" * (limits.LABEL_BYTES + 1), "text.too-long"),
        ("ü" * 33, "text.too-long"),
        ("a\u202eb", "text.character"),
    ],
)
def test_labels_refused(label: str, code: str) -> None:
    """A name has no spaces that nobody sees, and is short."""
    with pytest.raises(BadInput) as caught:
        text.check_label(label, "--label")
    assert (code, "--label") == (caught.value.code.name, caught.value.where)


def test_no_character_is_wider_than_we_count() -> None:
    """Of all characters that we take none is wider on a terminal (wcwidth) than we count, and few are narrower."""
    narrower = []
    for character in map(chr, range(sys.maxunicode + 1)):
        if text._refusal(character):
            continue
        ours, theirs = text.columns(character), wcwidth(character)
        assert ours >= theirs, f"U+{ord(character):04X}"
        if ours > theirs:
            narrower.append(character)
    # Marks that take a place of their own (Mc) have none by wcwidth: terminals differ, and we count the wider.
    assert {"Mc", "So"} >= {unicodedata.category(character) for character in narrower}


@pytest.mark.parametrize(
    ("value", "width"), [("", 0), ("abc", 3), ("契約", 4), ("Ü", 1), ("x\u0353", 1), ("🐗", 2), ("\uac00\u11a8", 2)]
)
def test_columns(value: str, width: int) -> None:
    """Letters, wide letters and accents."""
    assert width == text.columns(value)


@given(printable, st.integers(2, 20))
def test_wrap(value: str, width: int) -> None:
    """No line is over the width, nothing is lost, nothing is added, and no line is emptier than it must be."""
    lines = text.wrap(value, width)
    assert value == "".join(lines)
    assert all(text.columns(line) <= width for line in lines)
    for line, following in pairwise(lines):
        assert text.columns(line) + text.columns(following[0]) > width


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("", ("",)),
        ("abcd", ("abcd",)),
        ("abcde", ("abcd", "e")),
        ("a契約b", ("a契", "約b")),
        ("abcx\u0353d", ("abcx\u0353", "d")),
    ],
)
def test_folds(value: str, lines: tuple[str, ...]) -> None:
    """Where a line of four columns is cut: an accent stays with its letter, a wide letter is whole."""
    assert lines == text.wrap(value, 4)


def test_a_width_that_holds_nothing() -> None:
    """One column holds no wide letter: a mistake of ours."""
    with pytest.raises(RuntimeError):
        text.wrap("a", 1)


@given(anything)
def test_quoted_is_safe(value: str) -> None:
    """A quotation is one line of printable ASCII of limited length, whatever it quotes."""
    quotation = text.quoted(value)
    assert quotation.isascii() and quotation.isprintable()
    assert len(quotation) <= limits.QUOTED_COLUMNS + 5
    if not quotation.endswith("..."):
        assert value == quotation[1:-1].replace('\\"', '"').encode().decode("unicode_escape")


@pytest.mark.parametrize(
    ("value", "quotation"),
    [
        ("abc", '"abc"'),
        ('say "x"', '"say \\"x\\""'),
        ("a\\b", '"a\\\\b"'),
        ("\x1b[2J\n", '"\\x1b[2J\\n"'),
        ("\u202e", '"\\u202e"'),
        ("\ud800", '"\\ud800"'),
        ("a" * 60, '"' + "a" * 60 + '"'),
        ("a" * 61, '"' + "a" * 60 + '"...'),
        ("a" * 10_000_000, '"' + "a" * 60 + '"...'),
        ("a" * 58 + "\u202e", '"' + "a" * 58 + '"...'),
    ],
    ids=range(10),
)
def test_quotations(value: str, quotation: str) -> None:
    """Escapes are never cut in two."""
    assert quotation == text.quoted(value)
