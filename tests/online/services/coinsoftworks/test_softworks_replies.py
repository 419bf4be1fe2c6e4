"""Replies of coinsoftworks, read leniently where the document is loose, and refused where money could hang on it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_online.services.coinsoftworks import replies
from coldtusk_online.services.coinsoftworks.bearer import MARGIN_SECONDS, Bearer
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "vectors" / "payments" / "coinsoftworks.json").read_text(encoding="utf-8")
)["replies"]
_CANARY = "CANARY.bearer-token"
_AT = 1_335_885_622
"""2012-05-01T15:20:22Z."""


def reply(**members: Any) -> bytes:
    """The document's reply to authenticate, some members otherwise; None of ``Ellipsis`` takes one away."""
    whole = {"bearer_token": _CANARY, "expiration": "2012-05-01T15:20:22Z", "ticks": 636607848220000000, **members}
    return json.dumps({name: value for name, value in whole.items() if value is not ...}).encode()


def code_of(body: bytes) -> str:
    """The code with which a reply to authenticate is refused; the error says nothing of it."""
    with pytest.raises(BadInput) as caught:
        replies.bearer_of(body)
    assert _CANARY not in caught.value.line()
    return caught.value.code.name


@pytest.mark.parametrize("vector", VECTORS)
def test_the_documents_example(vector: dict[str, Any]) -> None:
    """Its own token, which is none of base 64, and its own time."""
    assert Bearer(vector["bearer_token"], vector["until"]) == replies.bearer_of(vector["reply"].encode())


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2012-05-01T15:20:22Z", 0),
        ("2012-05-01T15:20:22", 0),
        ("2012-05-01t15:20:22z", 0),
        ("2012-05-01 15:20:22", 0),
        ("2012-05-01T15:20:22.9999999Z", 0),
        ("2012-05-01T15:20:22+00:00", 0),
        ("2012-05-01T17:20:22+02:00", 0),
        ("2012-05-01T10:20:22.1234567-05:00", 0),
        ("2012-05-01T15:20:23Z", 1),
    ],
)
def test_expiration_in_every_form(text: str, seconds: int) -> None:
    """.NET writes seven digits, or no zone at all; the document says UTC."""
    assert _AT + seconds == replies.bearer_of(reply(expiration=text)).until


@pytest.mark.parametrize("ticks", [0, -1, "636607848220000000", None, 1.5, ...])
def test_ticks_are_left_alone(ticks: Any) -> None:
    """They disagree with the expiration by years."""
    assert _AT == replies.bearer_of(reply(ticks=ticks)).until


@pytest.mark.parametrize(
    "body",
    [
        reply(bearer_token=None),
        reply(bearer_token=""),
        reply(bearer_token=5),
        reply(bearer_token=f"{_CANARY} x"),
        reply(bearer_token=f"{_CANARY}\r\nX: y"),
        reply(bearer_token=f"{_CANARY}\u00e4"),
        reply(bearer_token="a" * (limits.COINSOFTWORKS_BEARER_BYTES + 1)),
        reply(bearer_token=...),
        reply(expiration=...),
        reply(expiration=None),
        reply(expiration=_AT),
        reply(expiration=_CANARY),
        reply(expiration="2012-13-01T15:20:22Z"),
        reply(expiration="2012-05-01T25:20:22Z"),
        reply(expiration="2012-05-01"),
        b"[]",
        b'"CANARY.bearer-token"',
    ],
)
def test_no_bearer(body: bytes) -> None:
    """Null, another type, what no header can hold, no time."""
    assert "coinsoftworks.reply" == code_of(body)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<!doctype html>", "json.form"),
        (reply()[:-1], "json.form"),
        (reply()[:-1] + b"," + reply()[1:], "json.duplicate"),
        (b"\xff", "json.encoding"),
    ],
)
def test_no_json(body: bytes, code: str) -> None:
    """A page, a cut or doubled object."""
    assert code == code_of(body)


def test_the_longest_bearer() -> None:
    """At its cap."""
    token = "a" * limits.COINSOFTWORKS_BEARER_BYTES
    assert token == replies.bearer_of(reply(bearer_token=token)).token


@given(st.binary(max_size=200))
def test_anything_else_is_refused(body: bytes) -> None:
    """Whatever comes, it is a bearer or bad input."""
    with pytest.raises(BadInput):
        replies.bearer_of(body)


def test_a_bearer_ends_before_it_ends() -> None:
    """A call under it takes its time; nothing shows it."""
    bearer = Bearer(_CANARY, _AT)
    assert bearer.is_good(_AT - MARGIN_SECONDS - 1)
    assert not bearer.is_good(_AT - MARGIN_SECONDS)
    assert _CANARY not in repr(bearer) + str(bearer)


@pytest.mark.parametrize(
    ("value", "path", "text"),
    [
        ({"status": "Done"}, "status", "Done"),
        ({"result": {"state": {"is": True}}}, "result.state.is", "true"),
        ({"id": 33}, "id", "33"),
        ({"id": "33"}, "id", "33"),
        ({"id": False}, "id", "false"),
    ],
)
def test_members(value: Any, path: str, text: str) -> None:
    """Loosely typed, as the document's examples are."""
    assert text == replies.member(value, path)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({}, "status"),
        ({"status": None}, "status"),
        ({"status": []}, "status"),
        ({"status": "x" * 129}, "status"),
        ({"status": f"by {_CANARY}"}, "status"),
        ([], "status"),
        ({"result": "x"}, "result.state"),
    ],
)
def test_bad_members(value: Any, path: str) -> None:
    """Missing, of no use, or with a secret in it."""
    with pytest.raises(BadInput) as caught:
        replies.member(value, path, [_CANARY])
    assert "coinsoftworks.reply" == caught.value.code.name


@pytest.mark.parametrize(
    ("command", "body", "text"),
    [
        ("settings", b'{"enterprise_mode": "true", "settings_list": {}}', "answered"),
        ("user", b'{"username": "JohnCB5496", "purchased_plan": "Ultimate"}', "answered"),
        ("execute", b'"anything"', "answered"),
        ("actions", b"[]", "0 actions, 0 of them enabled"),
        (
            "actions",
            b'[{"action_id": "33", "action_status": "Enabled"}, {"action_status": "enabled"}, {"action_id": 1}]',
            "3 actions, 2 of them enabled",
        ),
    ],
)
def test_summaries(command: str, body: bytes, text: str) -> None:
    """One line; the service's own words stay in the reply."""
    assert text == replies.summary(command, body)


@pytest.mark.parametrize(
    ("command", "body"), [("actions", b"{}"), ("actions", b"[5]"), ("settings", b"[]"), ("user", b'"x"')]
)
def test_no_answer_of_that_call(command: str, body: bytes) -> None:
    """Another shape than the document's."""
    with pytest.raises(BadInput) as caught:
        replies.summary(command, body)
    assert "coinsoftworks.reply" == caught.value.code.name


@pytest.mark.parametrize(
    "value",
    [_CANARY, {"a": [{"b": f"x{_CANARY}y"}]}, {_CANARY: 1}, [[_CANARY]]],
)
def test_what_holds_a_secret_is_not_kept(value: Any) -> None:
    """Wherever it stands, and however it is escaped."""
    plain = json.dumps(value)
    escaped = plain.replace("C", "\\u0043").replace(".", "\\u002e")
    assert b"" == replies.kept(plain.encode(), [_CANARY]) == replies.kept(escaped.encode(), [_CANARY])
    assert plain.encode() == replies.kept(plain.encode(), ["another"])


def test_what_is_too_long_or_no_json_is_not_kept() -> None:
    """The ledger keeps what people can read."""
    longest = b'"' + b"x" * (limits.COINSOFTWORKS_REPLY_BYTES - 2) + b'"'
    assert longest == replies.kept(longest, [])
    assert b"" == replies.kept(longest + b" ", [])
    assert b"" == replies.kept(b"<html>", [])
