"""What is typed, as keys."""

import pytest

from coldtusk_shared.transport.keys import Key, keys


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (b"+", [Key.DENSER]),
        (b"=", [Key.DENSER]),
        (b"-", [Key.COARSER]),
        (b"_", [Key.COARSER]),
        (b"q", [Key.DONE]),
        (b"Q", [Key.DONE]),
        (b"\r", [Key.DONE]),
        (b"\n", [Key.DONE]),
        (b"\x04", [Key.DONE]),
        (b"+-x+", [Key.DENSER, Key.COARSER, Key.DENSER]),
        (b"xyz\xc3\xa9", []),
        (b"", []),
    ],
)
def test_keys(typed: bytes, expected: list[Key]) -> None:
    """With and without the shift key; what means nothing is passed over."""
    assert expected == keys(typed)


@pytest.mark.parametrize(
    "typed",
    [b"\x1b", b"\x1b[A", b"\x1b[24;5~", b"\x1bOq", b"\x1bP1+r\x1b\\", b"\x1b]11;q+-\x07", b"\x1bq", b"\x1b[A\x1bOk"],
)
def test_an_escape_sequence_is_no_key(typed: bytes) -> None:
    """Arrows, a keypad, the Alt key, a terminal's answer: their letters end nothing, those around them count."""
    assert [] == keys(typed)
    assert [Key.COARSER] == keys(b"-" + typed)
    assert [Key.DENSER, Key.DONE] == keys(b"+" + typed + b"\x1b[Bq")
