"""Fees of 16 bits, against the node's rows, against all codes and against a slow reference of our own."""

import json
import re
from bisect import bisect_left, bisect_right
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.warthog import fee

_VECTORS = Path(__file__).parents[3] / "vectors" / "warthog"
_FEE: dict[str, Any] = json.loads((_VECTORS / "fee.json").read_text())
_DECODE: dict[str, Any] = json.loads((_VECTORS / "fee_decode.json").read_text())
_IN_RANGE = [row for row in _FEE["vectors"] if row["v"] <= limits.WART_SUPPLY_E8]
_ABOVE = [row for row in _FEE["vectors"] if row["v"] > limits.WART_SUPPLY_E8]

amounts = st.one_of(
    st.integers(1, limits.WART_SUPPLY_E8),
    # Near the edges: a power of two, or a fee, and its neighbours.
    st.builds(lambda bit, off: (1 << bit) + off, st.integers(1, 50), st.integers(-2, 2)).filter(
        lambda value: 0 < value <= limits.WART_SUPPLY_E8
    ),
)


def _by_division(code: int) -> int:
    """The rule of the facts in whole numbers and no codes: 1.fraction times 2**exponent, rounded down."""
    exponent, fraction = divmod(code, 1024)
    return (1024 + fraction) * (1 << exponent) // 1024


_ALL = sorted({_by_division(code) for code in range(65536)})
"""Every value that some code has."""


def _kind(value: object) -> str:
    return type(value).__name__


def test_all_codes_decode() -> None:
    """Each of the 65536 codes has the value of the reference."""
    assert [_by_division(code) for code in range(65536)] == [fee.decode(code) for code in range(65536)]


def test_all_fees_encode_to_their_canonical_code() -> None:
    """Each value up to the highest fee comes back from its code, and is its own floor and ceil."""
    fees = _ALL[: bisect_right(_ALL, limits.FEE_MAX_E8)]
    for value in fees:
        code = fee.encode(fee.require_exact(value))
        assert value == fee.decode(code)
        if value <= limits.WART_SUPPLY_E8:
            assert (value, value) == (fee.floor(value), fee.ceil(value))
    assert limits.FEE_MAX_E8 == fees[-1]


def test_codes_that_are_not_canonical() -> None:
    """The canonical code is the lowest of its value; 9217 others are not (facts: Fee)."""
    canonical: dict[int, int] = {}
    for code in range(65536):
        canonical.setdefault(_by_division(code), code)
    assert 9217 == 65536 - len(canonical)
    for value in _ALL[: bisect_right(_ALL, limits.FEE_MAX_E8)]:
        assert canonical[value] == fee.encode(fee.require_exact(value))


def test_the_highest_fee_is_the_ceil_of_the_supply() -> None:
    """The true ceil of the supply, from the facts."""
    assert 1892259511402496 == limits.FEE_MAX_E8 == fee.ceil(limits.WART_SUPPLY_E8)


@pytest.mark.parametrize("row", _IN_RANGE, ids=lambda row: str(row["v"]))
def test_node_rows(row: dict[str, Any]) -> None:
    """The node's floor and ceil, and their codes, for amounts up to the supply."""
    low, high = fee.floor(row["v"]), fee.ceil(row["v"])
    assert (row["floor"]["E8"], row["floor"]["hex"]) == (low, f"{fee.encode(low):04x}")
    assert (row["ceil"]["E8"], row["ceil"]["hex"]) == (high, f"{fee.encode(high):04x}")
    assert (low == row["v"]) == fee.is_exact(row["v"])


@pytest.mark.parametrize("row", _ABOVE, ids=lambda row: str(row["v"]))
def test_node_rows_above_the_supply(row: dict[str, Any]) -> None:
    """The node rounds what is above the supply; we refuse it."""
    for rounding in (fee.floor, fee.ceil):
        with pytest.raises(BadInput) as caught:
            rounding(row["v"])
        assert "warthog.fee.range" == caught.value.code.name


def test_the_nodes_wrong_ceils_are_all_above_the_supply() -> None:
    """Where the node's ceil is not the next value (facts: Fee); we round none of these amounts."""
    rows = [row for row in _FEE["vectors"] if row["v"] <= _ALL[-1]]  # above it there is no ceil
    wrong = [row["v"] for row in rows if row["ceil"]["E8"] != _ALL[bisect_left(_ALL, row["v"])]]
    note = re.search(r"\[([0-9, ]+)\]", _FEE["note"])
    assert note
    listed = [int(number) for number in note[1].split(", ")]
    assert {9218868437227405313} == set(wrong) - set(listed)  # one more than the note lists
    assert set(listed) & {row["v"] for row in rows} < set(wrong)
    assert (28, 17) == (len(listed), len(wrong))
    assert limits.WART_SUPPLY_E8 < min(listed) == min(wrong)


@pytest.mark.parametrize("row", _DECODE["vectors"], ids=lambda row: f"{row['v']:04x}")
def test_node_codes(row: dict[str, Any]) -> None:
    """The node's value of a code, and the code that it makes of it again."""
    assert row["E8"] == fee.decode(row["v"])
    if row["E8"] <= limits.FEE_MAX_E8:
        assert row["recompact"] == fee.encode(fee.FeeE8(row["E8"]))


@given(amounts)
@example(limits.WART_SUPPLY_E8)
@example(2047)
@example(2048)
@example(2049)
def test_rounding(e8: int) -> None:
    """Floor and ceil are the neighbours of an amount in the list of all values."""
    assert _ALL[bisect_right(_ALL, e8) - 1] == fee.floor(e8)
    assert _ALL[bisect_left(_ALL, e8)] == fee.ceil(e8)
    assert fee.is_exact(fee.floor(e8)) and fee.is_exact(fee.ceil(e8))


@given(amounts)
def test_exact_or_refused(e8: int) -> None:
    """A value is taken as it is or refused, never rounded."""
    if fee.is_exact(e8):
        assert e8 == fee.require_exact(e8)
        return
    for taker in (fee.require_exact, fee.encode):
        with pytest.raises(BadInput) as caught:
            taker(fee.FeeE8(e8))
        assert "warthog.fee.inexact" == caught.value.code.name


def test_examples_of_the_facts() -> None:
    """The minimum, and the samples beside it (facts: Fee)."""
    samples = {1000000: (999936, 1000448), 10000: (10000, 10000), 5002: (5000, 5004), 9999: (9992, 10000)}
    samples[99999] = (99968, 100032)
    assert samples == {e8: (fee.floor(e8), fee.ceil(e8)) for e8 in samples}


@pytest.mark.parametrize("value", [0, -1, limits.FEE_MAX_E8 + 1, 1 << 40_000, 1.0, True, "1", None, b"\x01"], ids=_kind)
def test_no_fee(value: Any) -> None:
    """Zero, negatives, what is above the highest fee and what is no integer are refused and never shown raw."""
    assert not fee.is_exact(value)
    for taker in (fee.require_exact, fee.floor, fee.ceil, fee.encode):
        with pytest.raises(BadInput) as caught:
            taker(value)
        assert "warthog.fee.range" == caught.value.code.name
        assert len(str(caught.value)) < 100


def test_input_is_capped_at_the_supply() -> None:
    """The highest fee is exact, but nobody asks for it: it is above the supply."""
    assert limits.FEE_MAX_E8 == fee.require_exact(limits.FEE_MAX_E8)
    assert fee.is_exact(limits.FEE_MAX_E8)
    with pytest.raises(BadInput, match="1892160000000000"):
        fee.ceil(limits.WART_SUPPLY_E8 + 1)


@pytest.mark.parametrize("code", [-1, 65536, True, 1.0, "0", 1 << 40_000], ids=_kind)
def test_no_code(code: Any) -> None:
    """A code has 16 bits."""
    with pytest.raises(BadInput) as caught:
        fee.decode(code)
    assert "warthog.fee.code" == caught.value.code.name
