"""Strict JSON: what two readers could understand differently is refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_online.json_strict import JsonNumber, decode
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"0", 0),
        (b" [1, -2] ", [1, -2]),
        (b'{"a":null,"b":true,"c":false}', {"a": None, "b": True, "c": False}),
        (b"18446744073709551615", 2**64 - 1),
        (b"1.0", JsonNumber("1.0")),
        (b"1e3", JsonNumber("1e3")),
        (b"-0", JsonNumber("-0")),
        (b"100000000000000000000000", JsonNumber("100000000000000000000000")),
        (b'"[{\\"[{"', '[{"[{'),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"\\\\ud800"', "\\ud800"),
        ('"é"'.encode(), "é"),
    ],
)
def test_taken(data: bytes, value: object) -> None:
    """Whole numbers are integers, all other numbers are none."""
    assert value == decode(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "json.form"),
        (b"<html>", "json.form"),
        (b"{}{}", "json.form"),
        (b'{"a":1,}', "json.form"),
        (b"NaN", "json.form"),
        (b"[Infinity]", "json.form"),
        (b"[-Infinity]", "json.form"),
        (b"01", "json.form"),
        (b"+1", "json.form"),
        (b"'a'", "json.form"),
        (b'"a\nb"', "json.form"),
        (b'"a', "json.form"),
        (b'"\\', "json.form"),
        (b'"\\x"', "json.form"),
        (b"\xef\xbb\xbf{}", "json.form"),
        (b"]", "json.form"),
        (b'{"a":1,"a":1}', "json.duplicate"),
        (b'[{"a":{"b":1,"\\u0062":2}}]', "json.duplicate"),
        (b'"\xff"', "json.encoding"),
        (b'"\xed\xa0\x80"', "json.encoding"),
        (b'"\\ud800"', "json.encoding"),
        (b'[{"a":["\\udc00x"]}]', "json.encoding"),
        (b'{"\\ud83d":1}', "json.encoding"),
        (b"{}".decode().encode("utf-16"), "json.encoding"),
        (b"[" * (limits.JSON_DEPTH + 1) + b"]" * (limits.JSON_DEPTH + 1), "json.depth"),
        (b'{"a":' * (limits.JSON_DEPTH + 1), "json.depth"),
        (b"[" * 1_000_000, "json.depth"),
    ],
)
def test_refused(data: bytes, code: str) -> None:
    """Each with its own code."""
    with pytest.raises(BadInput) as caught:
        decode(data)
    assert code == caught.value.code.name


def test_deepest() -> None:
    """The cap itself is fine, and brackets in strings do not count."""
    assert decode(b"[" * limits.JSON_DEPTH + b"]" * limits.JSON_DEPTH)
    assert "[" * 50 == decode(b'"' + b"[" * 50 + b'"')


def test_size() -> None:
    """The cap is checked before anything is read."""
    assert [] == decode(b"[]".ljust(limits.HTTP_REPLY_BYTES))
    with pytest.raises(BadInput) as caught:
        decode(b"\xff" * (limits.HTTP_REPLY_BYTES + 1))
    assert "json.size" == caught.value.code.name


def test_hostile_strings_take_no_time() -> None:
    """An unended string of escaped quotes is scanned once, not once for each quote."""
    with pytest.raises(BadInput):
        decode(b'"' + b'\\"' * (limits.HTTP_REPLY_BYTES // 2 - 1))


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(_VALUES, st.booleans())
def test_round_trip(value: Any, ascii_only: bool) -> None:
    """What the standard library writes is read back, whatever its escapes."""
    assert value == decode(json.dumps(value, ensure_ascii=ascii_only).encode())


@given(st.binary(max_size=60) | st.text('[]{}",:\\u0d8ntf1.e- ', max_size=60).map(str.encode))
def test_any_bytes(data: bytes) -> None:
    """Any bytes are a value or a BadInput, never another error."""
    try:
        decode(data)
    except BadInput as error:
        assert error.code.name.startswith("json.")
