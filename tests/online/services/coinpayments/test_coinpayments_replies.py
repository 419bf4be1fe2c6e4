"""The service's words: "ok" and nothing else is success; what is not strict JSON says nothing."""

from typing import Any

import pytest

from coldtusk_online.services.coinpayments import replies
from coldtusk_shared import limits
from coldtusk_shared.errors import OutcomeUnknown


def code_of(act: Any, *arguments: Any) -> str:
    """The code with which the outcome stays unknown."""
    with pytest.raises(OutcomeUnknown) as caught:
        act(*arguments)
    return caught.value.code.name


def test_ok_and_its_result() -> None:
    """The result may be an empty list."""
    answer = replies.read(b'{"error":"ok","result":[]}')
    assert answer.ok
    assert [] == answer.result


@pytest.mark.parametrize("error", ["okay", "true", "Invalid nonce", "0"])
@pytest.mark.parametrize("result", [b"[]", b"null", b"{}"])
def test_anything_else_is_a_no(error: str, result: bytes) -> None:
    """By the document."""
    answer = replies.read(b'{"error":"%s","result":%s}' % (error.encode(), result))
    assert (error, False) == (answer.error, answer.ok)


@pytest.mark.parametrize(("error", "result"), [("OK", b"[]"), ("ok ", b"[]"), ("no", b'{"id":"CW1"}'), ("Ok", b"1")])
def test_neither_a_yes_nor_a_no(error: str, result: bytes) -> None:
    """A no that names what was made, an ok in other letters: whoever takes that for a no may pay twice."""
    body = b'{"error":"%s","result":%s}' % (error.encode(), result)
    assert "coinpayments.reply" == code_of(replies.read, body)


@pytest.mark.parametrize(
    ("error", "expected"), [("Invalid nonce: 5", True), ("Nonce too low", True), ("Insufficient funds", False)]
)
def test_a_refused_nonce(error: str, expected: bool) -> None:
    """By the word, since no list of errors is published."""
    assert replies.read(b'{"error":"%s","result":[]}' % error.encode()).is_of_nonce is expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>ok</html>",
        b'{"error":"ok"',
        b'{"error":"ok","error":"no"}',
        b'{"error":"ok","result":{"id":"a","id":"b"}}',
        b'{"error":"ok","result":NaN}',
        b'["ok"]',
        b'"ok"',
        b"null",
        b'{"result":[]}',
        b'{"error":null,"result":[]}',
        b'{"error":true}',
        b'{"error":""}',
        b'{"error":0}',
        b'{"error":"ok"}trailing',
        b'\xff{"error":"ok"}',
        b'{"error":"' + b"x" * (limits.TEXT_BYTES + 1) + b'"}',
    ],
)
def test_what_says_nothing(body: bytes) -> None:
    """The outcome stays unknown."""
    assert "coinpayments.reply" == code_of(replies.read, body)


@pytest.mark.parametrize(
    ("result", "reference"),
    [
        ({"id": "CW1"}, "CW1"),
        ({"txn_id": "CP1"}, "CP1"),
        ({"id": 5}, ""),
        ({"id": "CW 1"}, ""),
        ({"id": "\u202e"}, ""),
        ({"id": "C" * (limits.LABEL_BYTES + 1)}, ""),
        ([], ""),
        ({}, ""),
        (None, ""),
    ],
)
def test_reference(result: Any, reference: str) -> None:
    """Only what can be an id is kept."""
    assert reference == replies.reference(result)


def test_rows() -> None:
    """Each has an answer of its own."""
    told: Any = {"wd1": {"error": "ok", "id": "CW1"}, "wd2": {"error": "Insufficient funds"}}
    assert [("wd1", "", "CW1"), ("wd2", "Insufficient funds", "")] == [
        (row.name, row.error, row.reference) for row in replies.rows(told, ["wd1", "wd2"])
    ]


@pytest.mark.parametrize(
    "result", [{"wd1": {"error": "ok"}}, {"wd1": {"error": "ok"}, "wd2": {}}, [], {"wd2": "ok"}, None]
)
def test_rows_without_an_answer(result: Any) -> None:
    """Then nobody knows what became of the call."""
    assert "coinpayments.reply" == code_of(replies.rows, result, ["wd1", "wd2"])
