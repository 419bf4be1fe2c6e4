"""Plain decimals: what is read, and what is written."""

from decimal import Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import plain_decimal
from coldtusk_shared.errors import BadInput

_EXACT = Context(prec=400)
finite = st.builds(
    lambda digits, twos, fives: Fraction(digits, 2**twos * 5**fives),
    st.integers(1, 10**30),
    st.integers(0, 90),
    st.integers(0, 30),
)


@pytest.mark.parametrize(
    ("text", "parts"), [("0", ("0", "")), ("0.0", ("0", "0")), ("12.50", ("12", "50")), ("0.05", ("0", "05"))]
)
def test_split(text: str, parts: tuple[str, str]) -> None:
    """The digits on both sides of the dot."""
    assert parts == plain_decimal.split(text, 4, "")


@pytest.mark.parametrize(
    "text", ["01", "00", "-0", "1.", ".1", ".", "", "1..2", "1 ", "0x1", "1e1", "\uff11", "\u0661"]
)
def test_other_forms(text: str) -> None:
    """Anything but the canonical form is refused."""
    with pytest.raises(BadInput) as caught:
        plain_decimal.split(text, 40, "here")
    assert ("decimal.form", "here") == (caught.value.code.name, caught.value.where)


@pytest.mark.parametrize("text", ["12345", "123.45", "1" * 100_000])
def test_too_many_digits(text: str) -> None:
    """The cap holds for both sides together, and for a text of any length."""
    with pytest.raises(BadInput) as caught:
        plain_decimal.split(text, 4, "")
    assert "decimal.digits" == caught.value.code.name


@given(finite)
def test_exact_text(value: Fraction) -> None:
    """The text is the value, by the decimal module, and has nothing to spare."""
    text = plain_decimal.exact_text(value)
    assert value == Fraction(Decimal(text))
    assert "." not in text or text[-1] != "0"
    plain_decimal.split(text, 200, "")


@given(finite, st.integers(1, 30))
def test_rounded_text(value: Fraction, significant: int) -> None:
    """As the decimal module rounds half to even, but never left of the dot."""
    exact = _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    places = max(0, significant - 1 - exact.adjusted())
    expected = exact.quantize(Decimal(1).scaleb(-places, _EXACT), context=_EXACT)
    assert expected == Decimal(plain_decimal.rounded_text(value, significant))


@pytest.mark.parametrize(
    ("value", "decimals", "text"), [(150, 2, "1.50"), (5, 0, "5"), (0, 2, "0.00"), (1, 3, "0.001")]
)
def test_scaled_text(value: int, decimals: int, text: str) -> None:
    """All decimals, always."""
    assert text == plain_decimal.scaled_text(value, decimals)


def test_mistakes_of_ours() -> None:
    """What has no plain decimal is no input but a mistake."""
    with pytest.raises(RuntimeError, match="do not end"):
        plain_decimal.exact_text(Fraction(1, 3))
    with pytest.raises(RuntimeError, match="above 0"):
        plain_decimal.rounded_text(Fraction(0), 3)
    for value, decimals in ((-1, 0), (1, -1)):
        with pytest.raises(RuntimeError, match="cannot be written"):
            plain_decimal.scaled_text(value, decimals)
