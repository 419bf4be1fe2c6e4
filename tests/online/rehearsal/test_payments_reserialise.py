"""JSON written again as PHP, JavaScript and Python do: against their recorded output, and against Node itself."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coldtusk_online.rehearsal.payments.reserialise import Reserialise, Unreadable, again
from tests.simulators.programs import node

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "payments"
_SCRIPT = """
const rows = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(rows.map((row) => JSON.stringify(JSON.parse(row)))));
"""


def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((VECTORS / "coinrpc_requests.json").read_text(encoding="utf-8"))["vectors"]
    return rows


def _node(texts: list[str]) -> list[str]:
    written: list[str] = json.loads(node(_SCRIPT, json.dumps(texts)))
    return written


def test_php_as_recorded() -> None:
    """PHP's own output for every recorded request."""
    for row in _rows():
        assert row["php_json_encode"] == again(row["signed_json"].encode(), Reserialise.PHP).decode(), row["case"]


def test_javascript_changes_what_it_is_recorded_to_change() -> None:
    """Node's own verdict whether the text comes out the same."""
    for row in _rows():
        text = row["signed_json"]
        assert row["node_redump_equal"] is (again(text.encode(), Reserialise.JAVASCRIPT).decode() == text), row["case"]


def test_python_changes_none_of_its_own() -> None:
    """The recorded texts are Python's; raw changes nothing ever."""
    for row in _rows():
        text = row["signed_json"].encode()
        assert [text, text] == [again(text, Reserialise.PYTHON), again(text, Reserialise.RAW)]


@pytest.mark.parametrize(
    ("text", "php"),
    [
        ('{"a":"x/y"}', '{"a":"x\\/y"}'),
        ('{"a":"é€😀"}', '{"a":"\\u00e9\\u20ac\\ud83d\\ude00"}'),
        ('{"a":{}}', '{"a":[]}'),
        ('{"a":{"0":1,"1":2}}', '{"a":[1,2]}'),
        ('{"a":{"1":1,"0":2}}', '{"a":{"1":1,"0":2}}'),
        ('{"a":1.0,"b":0.1,"c":1e-5,"d":1e17,"e":-2.5,"f":1e16}', None),
        ('{"a":"\\u007f\\n"}', '{"a":"\x7f\\n"}'),
        ('{"a":1,"a":2}', '{"a":2}'),
        ('{"a": [true, null, false]}', '{"a":[true,null,false]}'),
        ('{"a":0.0001,"b":123456.75}', '{"a":0.0001,"b":123456.75}'),
        ('{"a":9223372036854775807,"b":12345678901234567890}', '{"a":9223372036854775807,"b":1.2345678901234567e+19}'),
    ],
)
def test_php_by_its_manual(text: str, php: str | None) -> None:
    """Slashes, escapes, empty objects, lists, floats without a fraction, the last of two keys, large integers."""
    expected = '{"a":1,"b":0.1,"c":1.0e-5,"d":1.0e+17,"e":-2.5,"f":10000000000000000}' if php is None else php
    assert expected == again(text.encode(), Reserialise.PHP).decode()


def test_python_by_its_manual() -> None:
    """Compact, ASCII, whole integers, its own floats."""
    text = '{"a": "x/y\\u00e9", "b": 1e-07, "c": 123456789012345678901234567890}'
    assert b'{"a":"x/y\\u00e9","b":1e-07,"c":123456789012345678901234567890}' == again(
        text.encode(), Reserialise.PYTHON
    )


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4) | st.integers(0, 2**33).map(str), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=8)
@given(st.lists(_JSON, min_size=40, max_size=40))
def test_node_writes_the_same(values: list[Any]) -> None:
    """Keys that are numbers, numbers of every size, any text: JSON.stringify(JSON.parse(x)) in both."""
    texts = [json.dumps(value) for value in values]
    assert _node(texts) == [again(text.encode(), Reserialise.JAVASCRIPT).decode() for text in texts]


def test_node_on_the_edges() -> None:
    """Where numbers change their form, lone surrogates, the largest index, integers past every double."""
    texts = [
        "1e21",
        "1e20",
        "123456789012345678901",
        "1e-6",
        "1e-7",
        "0.000001234",
        "-0",
        "-0.0",
        "5e-324",
        "1" + "0" * 400,
    ]
    texts += ['"\\ud800x"', '"\\u2028\\u007f/"', '{"4294967294":1,"1":2}', '{"4294967295":1,"1":2}', '{"01":1,"1":2}']
    assert _node(texts) == [again(text.encode(), Reserialise.JAVASCRIPT).decode() for text in texts]


@pytest.mark.parametrize("text", [b"{", b"\xff", b'{"a":NaN}', b'{"a":1} x', b"[" * 100_000])
@pytest.mark.parametrize("way", [way for way in Reserialise if way is not Reserialise.RAW])
def test_what_is_no_json_is_unreadable(text: bytes, way: Reserialise) -> None:
    """In every language."""
    with pytest.raises(Unreadable):
        again(text, way)


def test_php_writes_no_infinity() -> None:
    """json_encode fails on it."""
    for text in (b"1e999", b"1" + b"0" * 400):
        with pytest.raises(Unreadable):
            again(text, Reserialise.PHP)
