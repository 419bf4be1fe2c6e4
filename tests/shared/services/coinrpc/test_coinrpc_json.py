"""The safe subset of JSON: what is inside is the same in three languages, what is outside is refused and says why."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.coinrpc import safe_json
from coldtusk_shared.services.coinrpc.body import body, message
from coldtusk_shared.services.coinrpc.safe_json import Params
from tests.shared.services.coinrpc.rpc_samples import (
    CAPTURES,
    LONGEST,
    PAYMENT_ID,
    REQUESTS,
    by_node,
    by_php,
    by_python,
    methods,
    params,
    params_of,
)
from tests.simulators.node_hmac import Mac, node_hmacs

_SAFE = [one for one in REQUESTS if one["case"] in {"plain", "amount_str"}]
_VENDOR = [one for one in CAPTURES if one["case"] != "coinrpc:unicode"]
_EVERY = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "/")


def refused(act: Callable[..., object], *arguments: Any) -> tuple[str, str]:
    """The code and the place of the refusal."""
    with pytest.raises(BadInput) as caught:
        act(*arguments)
    return caught.value.code.name, caught.value.where


def ours(signed: str) -> bytes:
    """Our bytes for the call in *signed*."""
    call = json.loads(signed)
    found = params_of(signed)
    safe_json.check(call["method"], found, "")
    return safe_json.call(call["id"], call["method"], found)


@pytest.mark.parametrize("vector", _SAFE, ids=lambda vector: str(vector["case"]))
def test_vectors_inside(vector: dict[str, Any]) -> None:
    """Inside the subset our bytes are the vector's, which the three languages agreed about."""
    assert vector["node_redump_equal"] and vector["php_vendor_sig_equal"]
    assert vector["signed_json"].encode() == ours(vector["signed_json"])


@pytest.mark.parametrize("vector", _VENDOR, ids=lambda vector: str(vector["case"]))
def test_vendor_captures_inside(vector: dict[str, Any]) -> None:
    """What the vendor's client signed, and not what it sent: it sent blanks."""
    found = message(ours(vector["body"]), int(vector["timestamp"]))
    assert vector["signed_message"].encode() == found
    assert vector["body"].encode() not in found


def test_hmacs_of_the_vectors() -> None:
    """Node's crypto makes the recorded HMACs of our bytes."""
    rows = [(one, ours(one["signed_json"])) for one in _SAFE] + [(one, ours(one["body"])) for one in _VENDOR]
    macs = [Mac("sha256", one["secret"].encode(), message(made, int(one["timestamp"]))) for one, made in rows]
    assert [one["expected"] for one, _ in rows] == node_hmacs(macs)


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("float_small", "coinrpc.json.not-text"),
        ("float_01", "coinrpc.json.not-text"),
        ("bigint", "coinrpc.json.not-text"),
        ("int_keys", "coinrpc.json.integer-name"),
        ("coinrpc:unicode", "coinrpc.json.slash"),
    ],
)
def test_vectors_outside(case: str, code: str) -> None:
    """What languages write in different ways is refused, and the code says which rule."""
    vector = next(one for one in (*REQUESTS, *CAPTURES) if one["case"] == case)
    assert code == refused(ours, vector.get("signed_json") or vector["body"])[0]


def test_another_order_is_never_made() -> None:
    """The vector with its members in reverse: ours begin with the id, whatever came."""
    vector = next(one for one in REQUESTS if one["case"] == "order_rev")
    assert ours(vector["signed_json"]).startswith(b'{"id":"1","jsonrpc":"2.0","method":"m"')


@settings(max_examples=300)
@given(methods, params)
@example("m", (("a", _EVERY),))
@example("m", (("toString", "a"), ("a.b-c_d", "<&>'=")))
def test_python_and_php_agree(method: str, given_params: Params) -> None:
    """Whatever passes the check comes out of both languages as it went in."""
    safe_json.check(method, given_params, "")
    made = body(PAYMENT_ID, method, given_params)
    assert made == by_python(made) == by_php(made)


@pytest.mark.parametrize("case", ["plain", "amount_str", "order_rev", "int_keys"])
def test_the_model_of_php(case: str) -> None:
    """It writes what PHP wrote when the vectors were made."""
    vector = next(one for one in REQUESTS if one["case"] == case)
    assert vector["php_json_encode"].encode() == by_php(vector["signed_json"].encode())


def test_node_agrees() -> None:
    """Many calls in one process of Node, one with every character and every kind of name that looks odd."""
    rows: list[bytes] = []

    @settings(max_examples=150, database=None, derandomize=True)
    @given(methods, params)
    def collect(method: str, given_params: Params) -> None:
        rows.append(body(PAYMENT_ID, method, given_params))

    collect()
    odd = ("toString", "valueOf", "hasOwnProperty", "_1", "e1", "Infinity", "NaN", "true", "null")
    rows.append(body(PAYMENT_ID, "m", (("every", _EVERY), *((name, "x") for name in odd))))
    assert rows == by_node(rows)


def test_why_these_are_outside() -> None:
    """Each rule has a language that breaks it: slash PHP, DEL and others Python, integers and __proto__ JavaScript."""
    slash, delete, other = (safe_json.call("1", "m", (("a", text),)) for text in ("/", "\x7f", "\u20ac"))
    assert slash != by_php(slash)
    assert delete == by_python(delete) != by_php(delete)
    assert other == by_php(other) != by_node([other])[0]
    integers = safe_json.call("1", "m", (("b", "x"), ("1", "y")))
    assert [integers] != by_node([integers])
    listed = safe_json.call("1", "m", (("0", "x"),))
    assert listed != by_php(listed)
    empty = b'{"id":"1","jsonrpc":"2.0","method":"m","params":{}}'
    assert empty != by_php(empty)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1e-07, "coinrpc.json.not-text"),
        (float("nan"), "coinrpc.json.not-text"),
        (1, "coinrpc.json.not-text"),
        (True, "coinrpc.json.not-text"),
        (None, "coinrpc.json.not-text"),
        (["a"], "coinrpc.json.not-text"),
        ({"a": "b"}, "coinrpc.json.not-text"),
        ("", "field.empty"),
        ("a/b", "coinrpc.json.slash"),
        ("\u20ac/", "coinrpc.json.slash"),
        ("caf\u00e9", "coinrpc.json.character"),
        ("a\nb", "coinrpc.json.character"),
        ("\x00", "coinrpc.json.character"),
        ("\x7f", "coinrpc.json.character"),
        ("\u202e", "coinrpc.json.character"),
        ("\ud800", "coinrpc.json.character"),
        ("\u2028", "coinrpc.json.character"),
        ("x" * (limits.TEXT_BYTES + 1), "coinrpc.json.size"),
    ],
)
def test_values_outside(value: object, code: str) -> None:
    """Each with the rule that it breaks."""
    assert (code, "params.a") == refused(safe_json.check_value, value, "params.a")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("1", "coinrpc.json.integer-name"),
        ("007", "coinrpc.json.integer-name"),
        ("-5", "coinrpc.json.integer-name"),
        ("4294967294", "coinrpc.json.integer-name"),
        ("__proto__", "coinrpc.json.reserved-name"),
        ("constructor", "coinrpc.json.reserved-name"),
        ("", "coinrpc.json.name"),
        ("a b", "coinrpc.json.name"),
        ("1a", "coinrpc.json.name"),
        ("a/b", "coinrpc.json.name"),
        ("\u0661", "coinrpc.json.name"),
        ("a" * 65, "coinrpc.json.name"),
        (1, "coinrpc.json.not-text"),
    ],
)
def test_names_outside(name: object, code: str) -> None:
    """Integers first of all: they look harmless."""
    assert (code, "params") == refused(safe_json.check_name, name, "params")


def test_calls_outside() -> None:
    """A name twice, a method that is no name, more parameters and more bytes than the caps."""
    many = tuple((f"p{place}", "x") for place in range(limits.TABLE_FIELDS + 1))
    assert ("coinrpc.json.twice", "f.params") == refused(safe_json.check, "m", (("a", "1"), ("a", "2")), "f")
    assert ("field.characters", "f.method") == refused(safe_json.check, "a b", (), "f")
    assert ("coinrpc.json.slash", "f.method") == refused(safe_json.check, "a/b", (), "f")
    assert ("coinrpc.json.size", "f.params") == refused(safe_json.check, "m", many, "f")
    assert ("coinrpc.json.size", "f") == refused(safe_json.check, "m", (*LONGEST, ("y", "x" * 512)), "f")
    safe_json.check("m", LONGEST, "f")
    assert len(body(PAYMENT_ID, "m", LONGEST)) <= limits.SERVICE_BODY_BYTES


def test_message() -> None:
    """The body, a colon, the decimal seconds: no blank, no zero in front."""
    assert b"{}:1795175100" == message(b"{}", 1_795_175_100)
