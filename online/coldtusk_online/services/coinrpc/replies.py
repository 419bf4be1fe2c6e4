"""The service's reply to one call, read strictly (facts: CoinRPC, Failure rules).

A result, or an error. ``"error": null`` beside a result is a result, and ``"result": null`` beside an error is an
error: servers of JSON-RPC 1.0 write so. Whatever else it is, the call may have been carried out: HTML, JSON that is
cut or names something twice, both or neither of result and error, another id (null, too: it names no call).
"""

import json
import re
from dataclasses import dataclass
from typing import Final

from coldtusk_online import json_strict
from coldtusk_online.http_reply import OK, Reply
from coldtusk_online.json_reader import JsonReader
from coldtusk_online.json_strict import Json, JsonNumber
from coldtusk_shared.errors import BadInput, Code, OutcomeUnknown
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services.coinrpc.safe_json import VERSION
from coldtusk_shared.text import quoted

UNCLEAR = Code(
    "coinrpc.reply.unclear", "look at the wallet's history at the service, then `request settle` says what is so"
)

STATUSES: Final = frozenset({OK, 400, 401, 403, 404, 500})
"""Servers of JSON-RPC give errors with these, too."""
_MAY_HAVE_HAPPENED: Final = frozenset({-32603, -32000})
"""Internal error, server error (JSON-RPC 2.0, 5.1): the method may have run before it failed."""
_CODES: Final = 1 << 31
_REFERENCES: Final = ("guid", "tx_hash", "txid", "id")
_REFERENCE: Final = re.compile(r"[A-Za-z0-9._-]{1,128}")


@dataclass(frozen=True, slots=True)
class Result:
    """The call was carried out. *reference* is the service's id of what it did, if the result names one."""

    words: str
    reference: str


@dataclass(frozen=True, slots=True)
class Failure:
    """The service refused the call, and did nothing."""

    words: str


def read(reply: Reply, payment_id: PaymentId) -> Result | Failure:
    """What *reply* to the call *payment_id* says.

    :raises OutcomeUnknown: ``coinrpc.reply.unclear``.
    """
    try:
        return _read(reply, payment_id)
    except BadInput as error:
        what = f"the reply cannot be relied on [{error.code.name}]: {error}"
    raise OutcomeUnknown(UNCLEAR, what, where=payment_id.hex())


def _read(reply: Reply, payment_id: PaymentId) -> Result | Failure:
    value = json_strict.decode(reply.body)
    answer = JsonReader(value)
    names = answer.names()
    _check_ours(answer, payment_id)
    members = value if isinstance(value, dict) else {}
    result, error = members.get("result"), members.get("error")
    if error is not None and result is not None:
        raise answer.unfit("both a result and an error")
    if error is not None:
        return _failure(answer.member("error"))
    if "result" not in names or ("error" in names and result is None):
        raise answer.unfit("neither a result nor an error")
    if reply.status != OK:
        raise answer.member("result").unfit(f"a result with status {reply.status}")
    return Result(_shown(result), _reference(result))


def _check_ours(answer: JsonReader, payment_id: PaymentId) -> None:
    if answer.member("id").is_null:
        raise answer.member("id").unfit(f"it names no call; {_words(answer)}")
    if answer.member("id").text() != payment_id.hex():
        raise answer.member("id").unfit("another id than was sent")
    if "jsonrpc" in answer.names() and answer.member("jsonrpc").text() != VERSION:
        raise answer.member("jsonrpc").unfit("another version of JSON-RPC")


def _failure(error: JsonReader) -> Failure:
    words = _words_of(error)
    if error.names().isdisjoint(("code", "message")):
        raise error.unfit("neither a number nor words")
    if "code" in error.names() and error.member("code").integer(_CODES, -_CODES) in _MAY_HAVE_HAPPENED:
        raise error.unfit(f"it may have been carried out before it failed; {words}")
    return Failure(words)


def _words(answer: JsonReader) -> str:
    try:
        return _words_of(answer.member("error"))
    except BadInput:
        return "nothing said why"


def _words_of(error: JsonReader) -> str:
    """The service's number and message, quoted."""
    number = f"error {error.member('code').integer(_CODES, -_CODES)}" if "code" in error.names() else "an error"
    if "message" not in error.names():
        return f"{number} without words"
    return f"{number}, {quoted(error.member('message').text())}"


def _shown(result: Json) -> str:
    """The result in a line, as JSON."""
    return quoted(result) if isinstance(result, str) else quoted(json.dumps(result, default=_number))


def _number(value: object) -> str:
    return value.text if isinstance(value, JsonNumber) else str(value)


def _reference(result: Json) -> str:
    if not isinstance(result, dict):
        return ""
    found = [value for name in _REFERENCES if isinstance(value := result.get(name), str)]
    return next((text for text in found if _REFERENCE.fullmatch(text)), "")
