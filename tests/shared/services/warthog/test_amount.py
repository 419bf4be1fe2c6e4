"""Amounts of WART and of assets: canonical text to integers and back."""

import json
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.warthog import amount

_VECTORS = Path(__file__).parents[3] / "vectors" / "warthog"
_WART: list[dict[str, Any]] = json.loads((_VECTORS / "amount_wart.json").read_text())["vectors"]
_UNITS: list[dict[str, Any]] = json.loads((_VECTORS / "amount_decimals.json").read_text())["vectors"]
_EXACT = Context(prec=60)


def _wart(text: str) -> int | str:
    """What we make of *text*: E8, or the code of the refusal."""
    try:
        return amount.parse_wart(text)
    except BadInput as error:
        return error.code.name


def _units(text: str, decimals: int) -> int | str:
    try:
        return amount.parse_units(text, decimals)
    except BadInput as error:
        return error.code.name


def test_wart_rows() -> None:
    """We agree with the node, but refuse what is not canonical and what is above the supply."""
    ours = {row["s"]: _wart(row["s"]) for row in _WART}
    differ = {text: ours[text] for text in ours if ours[text] != next(r.get("E8") for r in _WART if r["s"] == text)}
    refused_by_both = {row["s"] for row in _WART if not row["ok"]}
    assert all(isinstance(ours[text], str) for text in refused_by_both)
    assert {
        ".5": "decimal.form",
        "5.": "decimal.form",
        "1.": "decimal.form",
        "00": "decimal.form",
        "01": "decimal.form",
        "001.50": "decimal.form",
        "123456789012.12345678": "warthog.amount.above-supply",
        "99999999999.99999999": "warthog.amount.above-supply",
    } == {text: code for text, code in differ.items() if text not in refused_by_both}


def test_wart_texts() -> None:
    """What we write is what the node writes, but for zero, which we write in full."""
    rows = [row for row in _WART if row["ok"]]
    texts = {row["str"]: amount.format_wart(row["E8"]) for row in rows}
    assert {"0": "0.00000000"} == {node: ours for node, ours in texts.items() if node != ours}


def test_units_rows() -> None:
    """We agree with the node, but refuse `.5` and `5.`."""
    for row in _UNITS:
        ours = _units(row["s"], row["decimals"])
        if row["s"] in {".5", "5."}:
            assert "decimal.form" == ours
        elif row["ok"]:
            assert row["u64"] == ours
        else:
            assert isinstance(ours, str)
    differ = [row for row in _UNITS if row["ok"] and isinstance(_units(row["s"], row["decimals"]), str)]
    assert (5, 8) == tuple(len([row for row in differ if row["s"] == text]) for text in (".5", "5."))
    assert 13 == len(differ)


def test_units_texts() -> None:
    """What we write is what the node writes, but for zero, which we write in full."""
    for row in (row for row in _UNITS if row["ok"]):
        ours = amount.format_units(row["u64"], row["decimals"])
        assert ours == (row["str"] if row["u64"] else f"{Decimal(0):.{row['decimals']}f}")


@given(st.integers(0, limits.WART_SUPPLY_E8))
def test_wart_round_trip(e8: int) -> None:
    """Our text is read back as the same amount, and the decimal module reads it so too."""
    text = amount.format_wart(e8)
    assert e8 == amount.parse_wart(text)
    assert Decimal(e8).scaleb(-8, _EXACT) == Decimal(text)
    assert text == f"{Decimal(text):.8f}"


@given(st.integers(0, limits.U64), st.integers(0, 18))
def test_units_round_trip(units: int, decimals: int) -> None:
    """Our text is read back as the same units for any decimals; 20 digits always suffice."""
    text = amount.format_units(units, decimals)
    assert units == amount.parse_units(text, decimals)
    assert Decimal(units).scaleb(-decimals, _EXACT) == Decimal(text)


@given(st.integers(0, 99_999_999), st.text("0123456789", max_size=8))
def test_short_forms(whole: int, behind: str) -> None:
    """Fewer decimals mean the same as zeros behind them."""
    text = f"{whole}.{behind}" if behind else str(whole)
    expected = int(Decimal(text).scaleb(8, _EXACT))
    if expected > limits.WART_SUPPLY_E8:
        assert "warthog.amount.above-supply" == _wart(text)
    else:
        assert expected == _wart(text)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever people type is an amount in canonical form or a clear refusal."""
    result = _wart(text)
    if isinstance(result, int):
        assert Decimal(result).scaleb(-8, _EXACT) == Decimal(text)
        assert amount.format_wart(result).startswith(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.123456789", "warthog.amount.too-precise"),
        ("1.000000000", "warthog.amount.too-precise"),
        ("18921600.00000001", "warthog.amount.above-supply"),
        ("18921601", "warthog.amount.above-supply"),
        ("123456789012345678901", "decimal.digits"),
        ("1234567890123.12345678", "decimal.digits"),
        ("1" * 100_000, "decimal.digits"),
        ("-1", "decimal.form"),
        ("+1", "decimal.form"),
        ("1e3", "decimal.form"),
        ("1,5", "decimal.form"),
        ("1_000", "decimal.form"),
        (" 1", "decimal.form"),
        ("1\n", "decimal.form"),
        ("", "decimal.form"),
        (".", "decimal.form"),
        ("1.2.3", "decimal.form"),
        ("\N{ARABIC-INDIC DIGIT THREE}", "decimal.form"),
        ("\N{SUPERSCRIPT TWO}", "decimal.form"),
    ],
    ids=lambda text: ascii(text[:24]),
)
def test_amounts_refused(text: str, code: str) -> None:
    """Each kind of bad amount has its own code, and the place is named."""
    with pytest.raises(BadInput) as caught:
        amount.parse_wart(text, "--amount")
    assert (code, "--amount") == (caught.value.code.name, caught.value.where)
    assert len(caught.value.line()) < 300


@pytest.mark.parametrize("value", [1, 1.5, None, True, b"1"], ids=repr)
def test_no_text_no_amount(value: Any) -> None:
    """A number is not an amount's text: a float could hide in it."""
    with pytest.raises(BadInput) as caught:
        amount.parse_wart(value)
    assert "decimal.form" == caught.value.code.name


def test_the_supply_is_an_amount() -> None:
    """All of it can be written, and zero too: one side of a deposit may be zero."""
    assert limits.WART_SUPPLY_E8 == amount.parse_wart("18921600")
    assert 0 == amount.parse_wart("0")


def test_units_are_capped_at_64_bits() -> None:
    """The highest amount of 64 bits and the next one."""
    assert limits.U64 == amount.parse_units("18446744073709551615", 0)
    assert limits.U64 == amount.parse_units("18.446744073709551615", 18)
    assert "warthog.amount.above-u64" == _units("18446744073709551616", 0)
    assert "warthog.amount.above-u64" == _units("18.446744073709551616", 18)


def test_no_decimals_no_dot() -> None:
    """An asset without decimals takes and shows whole numbers only."""
    assert "warthog.amount.too-precise" == _units("1.0", 0)
    assert "5" == amount.format_units(5, 0)


@pytest.mark.parametrize("decimals", [-1, 19, True, 2.0, None], ids=repr)
def test_decimals_of_an_asset(decimals: Any) -> None:
    """0 to 18, in a whole number."""
    with pytest.raises(BadInput) as caught:
        amount.parse_units("1", decimals, "--amount")
    assert ("warthog.decimals", "") == (caught.value.code.name, caught.value.where)


def test_what_we_never_write() -> None:
    """A negative amount is a mistake of ours."""
    with pytest.raises(RuntimeError):
        amount.format_wart(-1)
