"""Limit prices of 3 bytes, against the node's rows and against decimals of 200 digits."""

import json
import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.warthog import price
from coldtusk_shared.services.warthog.price import LimitPrice

_VECTORS = Path(__file__).parents[3] / "vectors" / "warthog"
_ROWS: list[dict[str, Any]] = json.loads((_VECTORS / "price.json").read_text())["vectors"]
_PLAIN = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
_OURS = [row for row in _ROWS if _PLAIN.fullmatch(row["price"])]
_NOT_OURS = [row for row in _ROWS if not _PLAIN.fullmatch(row["price"])]
_NODE_CODES = {129: "warthog.price.range", 316: "warthog.decimals"}
_EXACT = Context(prec=400)

limit_prices = st.builds(LimitPrice, st.integers(0x8000, 0xFFFF), st.integers(0, 127))
decimals_of_assets = st.integers(0, 18)


def _row_id(row: dict[str, Any]) -> str:
    return f"{row['price']!r}-{row['decimals']}"


def _value(data: str) -> Decimal:
    """WART-E8 per smallest unit of 3 bytes in hex, by the decimal module alone."""
    raw = bytes.fromhex(data)
    mantissa, exponent = Decimal(int.from_bytes(raw[:2], "big")), raw[2] - 79
    return _EXACT.multiply(mantissa, _EXACT.power(Decimal(2), exponent))


def _steps(number: Decimal) -> tuple[Decimal, Decimal]:
    """The neighbours of *number* with 16 significant bits, by the decimal module alone."""
    exponent = -79
    while _EXACT.divide(number, _EXACT.power(Decimal(2), exponent)) >= 0x10000:
        exponent += 1
    unit = _EXACT.power(Decimal(2), exponent)
    mantissa = _EXACT.divide(number, unit)
    low = mantissa.to_integral_value(ROUND_FLOOR, _EXACT)
    high = mantissa.to_integral_value(ROUND_CEILING, _EXACT)
    return _EXACT.multiply(low, unit), _EXACT.multiply(high, unit)


@pytest.mark.parametrize("row", [row for row in _OURS if not row["rejected"]], ids=_row_id)
def test_node_rows(row: dict[str, Any]) -> None:
    """Floor and ceil of each plain decimal that the node takes."""
    asked = price.parse_price_text(row["price"])
    low, high = price.floor_price(asked, row["decimals"]), price.ceil_price(asked, row["decimals"])
    assert (row["floor"]["hex"], row["ceil"]["hex"]) == (low.to_bytes().hex(), high.to_bytes().hex())
    assert (row["floor"]["mantissa"], row["floor"]["exponent2"]) == (low.mantissa, low.exponent - 79)


@pytest.mark.parametrize("row", [row for row in _OURS if row["rejected"]], ids=_row_id)
def test_node_refusals(row: dict[str, Any]) -> None:
    """Plain decimals that the node refuses are refused by us, for the same reason."""
    asked = price.parse_price_text(row["price"])
    with pytest.raises(BadInput) as caught:
        price.bounds(asked, row["decimals"])
    assert _NODE_CODES[row["code"]] == caught.value.code.name


@pytest.mark.parametrize("row", _NOT_OURS, ids=_row_id)
def test_rows_that_people_may_not_type(row: dict[str, Any]) -> None:
    """Exponents, `1.`, signs and words are refused, whatever the node makes of them."""
    with pytest.raises(BadInput) as caught:
        price.parse_price_text(row["price"], "--limit")
    assert ("decimal.form", "--limit") == (caught.value.code.name, caught.value.where)


def test_the_rows_are_what_they_were() -> None:
    """The split of the node's rows: a row that changes sides is noticed."""
    assert (106, 54) == (len(_OURS), len(_NOT_OURS))
    assert 38 == len([row for row in _NOT_OURS if not row["rejected"]])


def test_counter_examples_of_the_nodes_doubles() -> None:
    """Where the node's doubles are off by a step, we are exact (facts: Limit price)."""
    assert 44800 == price.ceil_price(price.parse_price_text("0.07"), 4).mantissa
    assert 45600 == price.floor_price(price.parse_price_text("0.57"), 4).mantissa


@given(limit_prices)
def test_bytes_round_trip(limit: LimitPrice) -> None:
    """Three bytes, and back."""
    assert limit == LimitPrice.from_bytes(limit.to_bytes())
    assert 3 == len(limit.to_bytes())


@pytest.mark.parametrize("data", ["7fff40", "000000", "800080", "ffffff", "", "8000", "80004000"])
def test_bytes_that_crash_the_node(data: str) -> None:
    """A mantissa below 0x8000, an exponent over 127 and another length are no price."""
    with pytest.raises(BadInput) as caught:
        LimitPrice.from_bytes(bytes.fromhex(data))
    assert "warthog.price.form" == caught.value.code.name


@pytest.mark.parametrize("parts", [(0x10000, 0), (-1, 0), (0x8000, -1), (40000.0, 1), (40000, True)], ids=repr)
def test_parts_that_are_no_price(parts: tuple[Any, Any]) -> None:
    """Only whole numbers in range make a price."""
    with pytest.raises(BadInput) as caught:
        LimitPrice(*parts)
    assert "warthog.price.form" == caught.value.code.name


@given(limit_prices, decimals_of_assets)
@example(LimitPrice(0x8000, 0), 0)
@example(LimitPrice(0xFFFF, 127), 18)
def test_text_is_the_value(limit: LimitPrice, decimals: int) -> None:
    """The exact text is the value of the bytes, by the decimal module, and has no zeros to spare."""
    text = limit.exact_text(decimals)
    expected = _EXACT.scaleb(_value(limit.to_bytes().hex()), decimals - 8)
    assert expected == Decimal(text)
    assert "." not in text or not text.endswith("0")
    assert Fraction(text) == limit.per_unit(decimals)


@given(limit_prices, decimals_of_assets)
@example(LimitPrice(0x8000, 0), 0)
@example(LimitPrice(0xFFFF, 127), 18)
@example(LimitPrice(0x8000, 64), 8)
def test_display_is_exact_or_says_that_it_is_not(limit: LimitPrice, decimals: int) -> None:
    """A long price is shown with 12 digits and "about"; it is near enough to name the same three bytes."""
    shown = limit.display(decimals)
    assert len(shown) <= 50
    if not shown.startswith("about "):
        assert limit.exact_text(decimals) == shown
        return
    rounded = Fraction(shown.removeprefix("about "))
    assert abs(rounded - limit.per_unit(decimals)) * 10**11 <= limit.per_unit(decimals)


def test_display() -> None:
    """How a price looks on a screen, short and long."""
    asked = {(text, decimals): price.parse_price_text(text) for text, decimals in (("0.07", 4), ("0.1", 8), ("0.1", 0))}
    assert ["0.07", "0.09999847412109375", "0.09999872"] == [
        price.floor_price(number, decimals).display(decimals) for (_, decimals), number in asked.items()
    ]
    assert "about 0.0699993688613" == price.floor_price(Fraction(7, 100), 12).display(12)
    assert "about 0.000000000000000000000000000542101086243" == LimitPrice(0x8000, 0).display(0)
    assert "184464625987328409600000000000" == LimitPrice(0xFFFF, 127).display(18)


@given(st.fractions(min_value=Fraction(1, 10**30), max_value=10**30), decimals_of_assets)
def test_bounds(asked: Fraction, decimals: int) -> None:
    """Floor and ceil are the neighbours of the price, or it is out of range."""
    e8 = asked * Fraction(10) ** (8 - decimals)
    if not LimitPrice(0x8000, 0).value <= e8 <= LimitPrice(0xFFFF, 127).value:
        with pytest.raises(BadInput) as caught:
            price.bounds(asked, decimals)
        assert "warthog.price.range" == caught.value.code.name
        return
    low, high = price.floor_price(asked, decimals), price.ceil_price(asked, decimals)
    assert low.per_unit(decimals) <= asked <= high.per_unit(decimals)
    assert (low == high) == (low.per_unit(decimals) == asked)
    assert (high.mantissa + (high.exponent << 15)) - (low.mantissa + (low.exponent << 15)) in (0, 1)


@given(st.integers(1, 10**20), st.integers(0, 20), decimals_of_assets)
def test_bounds_by_brute_force(digits: int, places: int, decimals: int) -> None:
    """Plain decimals, against a search over exponents in the decimal module."""
    number = _EXACT.scaleb(Decimal(digits), 8 - decimals - places)
    assume(_value("800000") <= number <= _value("ffff7f"))
    low, high = price.bounds(Fraction(digits, 10**places), decimals)
    assert _steps(number) == (_value(low.to_bytes().hex()), _value(high.to_bytes().hex()))


@given(limit_prices, decimals_of_assets)
@example(LimitPrice(0x8000, 0), 0)
@example(LimitPrice(0xFFFF, 127), 18)
def test_what_three_bytes_hold_is_not_rounded(limit: LimitPrice, decimals: int) -> None:
    """A price that is representable is its own floor and ceil."""
    assert (limit, limit) == price.bounds(limit.per_unit(decimals), decimals)


def test_the_edges_of_the_range() -> None:
    """One step past the lowest and the highest price, where only one of the two neighbours exists."""
    tiny = Fraction(1, 10**60)
    for edge, outside in ((LimitPrice(0x8000, 0), -tiny), (LimitPrice(0xFFFF, 127), tiny)):
        assert (edge, edge) == price.bounds(edge.per_unit(8), 8)
        with pytest.raises(BadInput, match="outside"):
            price.bounds(edge.per_unit(8) + outside, 8)


@given(limit_prices.filter(lambda limit: limit != LimitPrice(0xFFFF, 127)), decimals_of_assets)
def test_never_a_worse_price(limit: LimitPrice, decimals: int) -> None:
    """A buyer's limit is not above and a seller's not below what was asked."""
    asked = limit.per_unit(decimals) * Fraction(100_001, 100_000)
    assert limit == price.limit_for(True, asked, decimals)
    seller = price.limit_for(False, asked, decimals)
    assert limit.value < seller.value
    assert asked <= seller.per_unit(decimals)


def test_the_mantissa_carries() -> None:
    """The price above 0xFFFF has the lowest mantissa and the next exponent."""
    asked = LimitPrice(0xFFFF, 64).per_unit(8) + Fraction(1, 10**9)
    assert (LimitPrice(0xFFFF, 64), LimitPrice(0x8000, 65)) == price.bounds(asked, 8)


@pytest.mark.parametrize("text", ["0", "0.0", "0.00"])
def test_zero_is_no_price(text: str) -> None:
    """Zero is a number, and no limit is near it."""
    with pytest.raises(BadInput) as caught:
        price.floor_price(price.parse_price_text(text), 8)
    assert "warthog.price.range" == caught.value.code.name


@pytest.mark.parametrize("decimals", [-1, 19, True, 8.0], ids=repr)
def test_decimals_of_an_asset(decimals: Any) -> None:
    """An asset has 0 to 18 decimals, in a whole number."""
    with pytest.raises(BadInput) as caught:
        price.floor_price(Fraction(1), decimals)
    assert "warthog.decimals" == caught.value.code.name


def test_digits_of_a_price() -> None:
    """Forty digits are read exactly, one more is refused; zeros at the end count and are fine."""
    assert Fraction(3, 2) == price.parse_price_text("1.50")
    assert Fraction(int("1" * 40), 10**20) == price.parse_price_text("1" * 20 + "." + "1" * 20)
    for text in ("1" * (limits.PRICE_DIGITS + 1), "0." + "0" * limits.PRICE_DIGITS):
        with pytest.raises(BadInput) as caught:
            price.parse_price_text(text)
        assert "decimal.digits" == caught.value.code.name


def test_a_float_is_a_mistake_of_ours() -> None:
    """No float comes near a price."""
    with pytest.raises(RuntimeError):
        price.floor_price(0.5, 8)  # type: ignore[arg-type]  # what is tested
