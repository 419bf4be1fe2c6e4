"""Replies of CoinRPC: what is a result, what is a refusal, and what leaves the outcome unknown."""

import json
from typing import Any

import pytest

from coldtusk_online.http_reply import Reply
from coldtusk_online.services.coinrpc import replies
from coldtusk_online.services.coinrpc.replies import Failure, Result
from coldtusk_shared.errors import OutcomeUnknown
from tests.shared.services.coinrpc.rpc_samples import PAYMENT_ID

GUID = "8C6976E5B5410415"


def read(members: dict[str, Any], status: int = 200, *, named: bool = True) -> Result | Failure:
    """The reply with *members*, named by our id."""
    whole = {"id": PAYMENT_ID.hex(), "jsonrpc": "2.0"} if named else {}
    return replies.read(Reply(status, {}, json.dumps(whole | members).encode()), PAYMENT_ID)


@pytest.mark.parametrize(
    ("members", "words", "reference"),
    [
        ({"result": "12.5"}, '"12.5"', ""),
        (
            {"result": {"guid": GUID, "status": "PENDING"}},
            f'"{{\\"guid\\": \\"{GUID}\\", \\"status\\": \\"PENDING\\"}}"',
            GUID,
        ),
        ({"result": {"tx_hash": 5, "txid": "ab"}}, '"{\\"tx_hash\\": 5, \\"txid\\": \\"ab\\"}"', "ab"),
        ({"result": {"guid": "a b"}}, '"{\\"guid\\": \\"a b\\"}"', ""),
        ({"result": None}, '"null"', ""),
        ({"result": [1.5, True]}, '"[\\"1.5\\", true]"', ""),
        ({"result": "x", "error": None}, '"x"', ""),
        ({"result": "x", "jsonrpc": "2.0", "more": 1}, '"x"', ""),
    ],
)
def test_results(members: dict[str, Any], words: str, reference: str) -> None:
    """Any value; a null error beside it is none; the service's id is taken over if it is one."""
    assert Result(words, reference) == read(members)


def test_without_a_version() -> None:
    """JSON-RPC 1.0 does not name itself."""
    assert Result('"x"', "") == read({"id": PAYMENT_ID.hex(), "result": "x"}, named=False)


@pytest.mark.parametrize("status", sorted(replies.STATUSES))
@pytest.mark.parametrize(
    ("error", "words"),
    [
        ({"code": -32010, "message": "insufficient funds"}, 'error -32010, "insufficient funds"'),
        ({"code": -32601}, "error -32601 without words"),
        ({"message": "no\n"}, 'an error, "no\\n"'),
    ],
)
def test_refusals(error: dict[str, Any], words: str, status: int) -> None:
    """The service's own words, quoted; a null result beside them is none."""
    assert Failure(words) == read({"error": error}, status)
    assert Failure(words) == read({"error": error, "result": None}, status)


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"error": None},
        {"result": None, "error": None},
        {"result": "x", "error": {"code": 1, "message": "no"}},
        {"result": "x", "error": ""},
        {"result": "x", "error": False},
        {"error": "no"},
        {"error": {"code": "1"}},
        {"error": {"code": 1.5}},
        {"error": {"code": 1, "message": 5}},
        {"error": {"code": -32603, "message": "Internal error"}},
        {"error": {"code": -32000, "message": "Server error"}},
        {"error": {}},
        {"error": {"data": "x"}},
        {"result": "x", "id": 1},
        {"result": "x", "id": "1"},
        {"result": "x", "id": PAYMENT_ID.hex().upper()},
        {"result": "x", "id": None},
        {"error": {"code": -32001, "message": "late"}, "id": None},
        {"result": "x", "jsonrpc": "1.0"},
        {"result": "x", "jsonrpc": 2.0},
    ],
)
def test_unclear(members: dict[str, Any]) -> None:
    """Both or neither, errors behind which it may have run, another id, another version."""
    with pytest.raises(OutcomeUnknown) as caught:
        read(members)
    assert ("coinrpc.reply.unclear", PAYMENT_ID.hex()) == (caught.value.code.name, caught.value.where)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Welcome</body></html>",
        b'{"id":"101112131415161718191a1b1c1d1e1f","result":"x"',
        b'{"id":"101112131415161718191a1b1c1d1e1f","result":"x","result":"y"}',
        b'{"id":"101112131415161718191a1b1c1d1e1f","result":NaN}',
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b"[" * 1000,
    ],
)
def test_no_json_rpc(body: bytes) -> None:
    """HTML, cut, a name twice, no object, no UTF-8, too deep."""
    with pytest.raises(OutcomeUnknown) as caught:
        replies.read(Reply(200, {}, body), PAYMENT_ID)
    assert "coinrpc.reply.unclear" == caught.value.code.name


@pytest.mark.parametrize("status", sorted(replies.STATUSES - {200}))
def test_a_result_with_the_status_of_an_error(status: int) -> None:
    """It contradicts itself."""
    with pytest.raises(OutcomeUnknown):
        read({"result": "x"}, status)


def test_an_error_for_nobody() -> None:
    """With a null id the words are told all the same: the operator needs them to settle it."""
    with pytest.raises(OutcomeUnknown) as caught:
        read({"id": None, "error": {"code": -32001, "message": "timestamp outside of the window"}})
    assert 'error -32001, "timestamp outside of the window"' in str(caught.value)
