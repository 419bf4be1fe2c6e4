"""The service's reply, read strictly: a result, or one of the errors that say that nothing was created.

Whatever else it is, something may have been created: the outcome is unknown then (facts: Failure rules).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from coldtusk_online import json_strict
from coldtusk_online.http_reply import OK, Reply
from coldtusk_online.json_reader import JsonReader
from coldtusk_online.json_strict import Json
from coldtusk_online.services.coinspark.service_errors import REJECTED
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code, OutcomeUnknown
from coldtusk_shared.request import PaymentId
from coldtusk_shared.text import quoted

UNCLEAR = Code(
    "coinspark.reply.unclear", "look at the account's balance and address, then say it with `request settle`"
)
STATUSES = frozenset({OK, 400, 401, 403, 404, 500})
"""JSON-RPC as Bitcoin Core speaks it, which the document names, gives errors with these statuses."""
_TXID_BYTES = 32
_LEAST = -(1 << 31)


@dataclass(frozen=True, slots=True)
class Failure:
    """A documented refusal: nothing was created. *words* are the service's, quoted."""

    code: Code
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Created:
    """The asset was created by transaction *txid* (hex); *result* is all of what the service says of it, unread."""

    txid: str
    result: Mapping[str, Json]

    @property
    def contract_link(self) -> str:
        """Where the service says that the contract is.

        :raises BadInput: ``json.field``.
        """
        return self.reader.member("contract_final").text()

    @property
    def page_fields(self) -> Mapping[str, Json]:
        """The fields of the asset's page.

        :raises BadInput: ``json.field``.
        """
        fields = self.reader.member("web_page_fields")
        fields.names()  # an object, then
        return cast("dict[str, Json]", self.result["web_page_fields"])

    @property
    def reader(self) -> JsonReader:
        """Reads the rest."""
        return JsonReader(dict(self.result), "result")


def read(reply: Reply, payment_id: PaymentId, key: str) -> Created | Failure:
    """What *reply* to the call *payment_id* says; *key* never comes into anything that is shown.

    :raises OutcomeUnknown: ``coinspark.reply.unclear``.
    """
    try:
        return _read(reply, payment_id, key)
    except BadInput as error:
        place = f" ({error.where})" if error.where in _OURS else ""
        what = f"the reply cannot be relied on [{error.code.name}]{place}"
    raise OutcomeUnknown(UNCLEAR, what, where=payment_id.hex())


_OURS = frozenset({"id", "error", "error.code", "result", "result.txid"})
"""Places whose names are ours: others could be the service's words."""


def _read(reply: Reply, payment_id: PaymentId, key: str) -> Created | Failure:
    value = json_strict.decode(reply.body)
    answer = JsonReader(value)
    if answer.member("id").text() != payment_id.hex():
        raise answer.member("id").unfit("another id than was sent")
    has_error, has_result = _has(answer, "error"), _has(answer, "result")
    if has_error is has_result:
        raise answer.unfit("both a result and an error, or neither")
    if has_error:
        return _failure(answer.member("error"), key)
    if reply.status != OK:
        raise answer.member("result").unfit("a result with the status of an error")
    txid = answer.member("result", "txid").octets(_TXID_BYTES).hex()
    return Created(txid, cast("dict[str, dict[str, Json]]", value)["result"])


def _has(answer: JsonReader, name: str) -> bool:
    return name in answer.names() and not answer.member(name).is_null


def _failure(error: JsonReader, key: str) -> Failure:
    number = error.member("code").integer(0, _LEAST)
    code = REJECTED.get(number)
    if code is None:
        raise error.member("code").unfit("no documented refusal")
    return Failure(code, number, " ".join(filter(None, (_words(error, "message", key), _words(error, "data", key)))))


def _words(error: JsonReader, name: str, key: str) -> str:
    """The service's words, unless the key is in them."""
    try:
        words = error.member(name).text(limits.TEXT_BYTES)
    except BadInput:
        return ""
    return "" if key in words else quoted(words)
