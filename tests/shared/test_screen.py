"""Lines of a screen: never wider than 80 columns, nothing lost, and the host's words always recognisable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import screen, text
from coldtusk_shared.errors import BadInput


def _showable(value: str) -> bool:
    try:
        return bool(text.check_text(value, "purpose")) or True
    except BadInput:
        return False


_host_texts = (st.text(max_size=300) | st.text(st.characters(codec="ascii"), max_size=300)).filter(_showable)
"""All that passes the filter of a request's texts."""


@given(_host_texts)
def test_no_line_is_too_wide(said: str) -> None:
    """Whatever a host may say, folded it fits into 80 columns."""
    rows = screen.render([screen.line("Purpose", screen.host_says(said)), screen.line("Do", "Send")]).split("\n")
    assert screen.COLUMNS >= max(map(text.columns, rows))
    assert "Do          Send" == rows[-1]


@given(_host_texts)
def test_nothing_is_lost(said: str) -> None:
    """The rows joined again are the whole quotation."""
    rows = screen.render([screen.line("Purpose", screen.host_says(said))]).split("\n")
    assert screen.host_says(said) == "".join(row[screen.LABEL_COLUMNS :] for row in rows)


@given(_host_texts)
def test_every_row_of_the_host_is_marked(said: str) -> None:
    """Behind the first row, each begins with dots in our own column: no row of the host passes for one of ours."""
    first, *more = screen.render([screen.line("Purpose", screen.host_says(said))]).split("\n")
    assert first.startswith('Purpose     the host says: "')
    assert {row[: screen.LABEL_COLUMNS] for row in more} <= {"...         "}


@given(_host_texts)
def test_the_host_cannot_end_its_quotation(said: str) -> None:
    """Only the first and the last quotation mark are without a backslash, and the words can be read back."""
    quoted = screen.host_says(said)
    assert quoted.startswith('the host says: "') and quoted.endswith('"')
    inside = quoted.removeprefix('the host says: "')[:-1]
    read, characters = "", iter(inside)
    for character in characters:
        assert character != '"'
        read += next(characters) if character == "\\" else character
    assert said == read


def test_a_forged_screen() -> None:
    """A purpose that tries to write a line of the device stays in its quotation, and looks like it."""
    said = 'Invoice 7"' + " " * 42 + "Amount      0.01 WART, checked by the device"
    shown = screen.render([screen.line("Purpose", screen.host_says(said)), screen.line("Amount", "900 WART")])
    assert [
        'Purpose     the host says: "Invoice 7\\"' + " " * 41,
        '...          Amount      0.01 WART, checked by the device"',
        "Amount      900 WART",
    ] == shown.split("\n")


def test_the_label_stands_once() -> None:
    """Several texts stand below one another beside one label."""
    shown = screen.render([screen.line("Pin", "block 32", "aa bb")])
    assert "Pin         block 32\n            aa bb" == shown


@pytest.mark.parametrize(("size", "rows"), [(0, 0), (1, 1), (16, 1), (17, 2), (32, 2)])
def test_grouped(size: int, rows: int) -> None:
    """Groups of four, eight a line, and all of them."""
    data = bytes(range(size))
    shown = screen.grouped(data)
    assert rows == len(shown)
    assert data.hex() == "".join(shown).replace(" ", "")
    assert {4} >= {len(group) for row in shown for group in row.split(" ")[:-1]}


def test_heading() -> None:
    """A title between two rules of the full width."""
    assert ["=" * 80, "Request", "-" * 80] == screen.heading("Request").split("\n")
