"""The forms of typed fields: what each takes from a message and from a person, and what it refuses."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import forms, limits, plain_decimal
from coldtusk_shared.errors import BadInput
from coldtusk_shared.forms import FieldValue, Form

AMOUNT = forms.amount()
PORT = forms.uint(1, 65_535)
RISK = forms.choice("low", "high")

_TAKEN: list[tuple[Form, object, str]] = [
    (AMOUNT, "0.1", "0.1"),
    (AMOUNT, "1000000.000000000000000001", "1000000.000000000000000001"),
    (forms.amount(zero=True), "0", "0"),
    (forms.token(), "a~!", "a~!"),
    (forms.text(), "café, 5 €", "café, 5 €"),
    (PORT, 65_535, "65535"),
    (RISK, "low", "low"),
    (forms.FLAG, True, "1"),
    (forms.FLAG, False, "0"),
    (forms.HTTPS, "https://shop.example:8443/ipn?id=1&x=a%20b", "https://shop.example:8443/ipn?id=1&x=a%20b"),
    (forms.EMAIL, "a.b+c@example.org", "a.b+c@example.org"),
    (forms.CURRENCY, "USDT.TRC20", "USDT.TRC20"),
]


@pytest.mark.parametrize(("form", "value", "wire"), _TAKEN)
def test_taken(form: Form, value: object, wire: str) -> None:
    """The value itself comes out, and the service gets this text."""
    read = form.read(value, "at")  # type: ignore[arg-type]  # what a message holds has no type yet
    assert value == read
    assert wire == form.wire(read)


_REFUSED: list[tuple[Form, object, str]] = [
    (AMOUNT, 0.1, "field.wrong-type"),
    (AMOUNT, 1, "field.wrong-type"),
    (AMOUNT, "0", "amount.zero"),
    (AMOUNT, "0.000", "amount.zero"),
    (AMOUNT, "1e-7", "decimal.form"),
    (AMOUNT, "NaN", "decimal.form"),
    (AMOUNT, "-1", "decimal.form"),
    (AMOUNT, "+1", "decimal.form"),
    (AMOUNT, "1,5", "decimal.form"),
    (AMOUNT, " 1", "decimal.form"),
    (AMOUNT, "01", "decimal.form"),
    (AMOUNT, ".5", "decimal.form"),
    (AMOUNT, "١", "decimal.form"),
    (AMOUNT, "1" * (limits.SERVICE_AMOUNT_DIGITS + 1), "decimal.digits"),
    (AMOUNT, "0." + "1" * (limits.SERVICE_AMOUNT_PLACES + 1), "decimal.digits"),
    (forms.token(), "", "field.empty"),
    (forms.token(), "a b", "field.characters"),
    (forms.token(), "é", "field.characters"),
    (forms.token(), "a\n", "text.character"),
    (forms.token(), b"a", "field.wrong-type"),
    (forms.token(), "a" * (limits.SERVICE_TOKEN_BYTES + 1), "text.too-long"),
    (forms.text(), "", "field.empty"),
    (forms.text(), "  ", "field.empty"),
    (forms.text(), "a\u202eb", "text.character"),
    (forms.text(), "e\u0301", "text.not-nfc"),
    (forms.text(), "x" * (limits.TEXT_BYTES + 1), "text.too-long"),
    (PORT, 0, "field.out-of-range"),
    (PORT, 65_536, "field.out-of-range"),
    (PORT, True, "field.wrong-type"),
    (PORT, "1", "field.wrong-type"),
    (RISK, "LOW", "field.out-of-range"),
    (forms.FLAG, 1, "field.wrong-type"),
    (forms.HTTPS, "http://shop.example/", "field.url"),
    (forms.HTTPS, "https://user@shop.example/", "field.url"),
    (forms.HTTPS, "https://Shop.example/", "field.url"),
    (forms.HTTPS, "https://shop.example/#x", "field.url"),
    (forms.HTTPS, "https://shop.example/a b", "field.url"),
    (forms.HTTPS, "https:///x", "field.url"),
    (forms.HTTPS, "https://shop.example/" + "a" * limits.SERVICE_URL_BYTES, "text.too-long"),
    (forms.EMAIL, "nobody", "field.characters"),
    (forms.CURRENCY, "btc", "field.characters"),
]


@pytest.mark.parametrize(("form", "value", "code"), _REFUSED)
def test_refused(form: Form, value: object, code: str) -> None:
    """With a code, and the place."""
    with pytest.raises(BadInput) as refused:
        form.read(value, "at")  # type: ignore[arg-type]  # see above
    assert (code, "at") == (refused.value.code.name, refused.value.where)


@pytest.mark.parametrize(
    ("form", "typed", "expected"),
    [(PORT, "80", 80), (forms.FLAG, "yes", True), (forms.FLAG, "no", False), (AMOUNT, "0.10", "0.10")],
)
def test_typed(form: Form, typed: str, expected: FieldValue) -> None:
    """What a person types."""
    assert expected == form.parse(typed, "--field")


@pytest.mark.parametrize(
    ("form", "typed", "code"),
    [
        (PORT, "080", "field.number"),
        (PORT, "+80", "field.number"),
        (PORT, "8" * 40, "field.number"),
        (PORT, "0", "field.out-of-range"),
        (forms.FLAG, "true", "field.yes-no"),
        (forms.FLAG, "", "field.yes-no"),
    ],
)
def test_mistyped(form: Form, typed: str, code: str) -> None:
    """What a person must not type."""
    with pytest.raises(BadInput) as refused:
        form.parse(typed, "--field")
    assert code == refused.value.code.name


def test_equal_amounts() -> None:
    """Zeros at the end make no other amount."""
    assert AMOUNT.same("0.1") == AMOUNT.same("0.100") != AMOUNT.same("0.01")
    assert "100" == AMOUNT.same("100") == AMOUNT.same("100.00")


@given(st.integers(1, 10**12), st.integers(0, 6), st.integers(0, 6))
def test_equal_for_equal_values_alone(number: int, places: int, more: int) -> None:
    """However many zeros follow; exactly the decimal that the fraction has."""
    written = plain_decimal.scaled_text(number * 10**more, places + more)
    assert plain_decimal.exact_text(Fraction(number, 10**places)) == AMOUNT.same(written)


@given(st.text(max_size=40))
def test_whatever_is_taken_is_ascii_without_blanks(text: str) -> None:
    """A token never holds what could end a line, a field or a quotation on a screen unseen."""
    try:
        forms.token().read(text, "at")
    except BadInput:
        return
    assert text.isascii() and text.isprintable() and " " not in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0.10", "0.1"), ("12.000", "12"), ("7", "7"), ("007", "007"), ("0.0", "0.0"), ("1e3", "1e3"), ("a b", "a b")],
)
def test_alike(text: str, expected: str) -> None:
    """A decimal loses its last zeros; all else, ids with zeros in front among it, stays as it is."""
    assert expected == forms.alike(text) == forms.alike(expected)
