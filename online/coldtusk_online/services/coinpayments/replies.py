"""What the service answers: ``error`` is "ok" and nothing else, or a refusal in words (facts: CoinPayments).

A reply that is not strictly that (HTML with 200, cut, a name twice) says nothing: the outcome stays unknown.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from coldtusk_online import json_strict
from coldtusk_online.json_strict import Json
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code, OutcomeUnknown
from coldtusk_shared.text import quoted

UNREADABLE = Code(
    "coinpayments.reply", "it may have happened: submit the same response again, and send nothing new before"
)

_OK = "ok"
_IDS = ("id", "txn_id")


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply that was understood. *error* is "" where the service said ok."""

    error: str
    result: Json

    @property
    def ok(self) -> bool:
        """Whether the service did what was asked."""
        return not self.error

    @property
    def is_of_nonce(self) -> bool:
        """Whether it refused the nonce: one as high was used before."""
        return "nonce" in self.error.lower()


def read(body: bytes) -> Answer:
    """The answer in *body*.

    :raises OutcomeUnknown: ``coinpayments.reply``.
    """
    try:
        document = json_strict.decode(body)
    except BadInput as error:
        raise OutcomeUnknown(UNREADABLE, f"the reply is not strict JSON [{error.code.name}]: {error.what}") from None
    if not isinstance(document, dict):
        raise OutcomeUnknown(UNREADABLE, "the reply is not an object")
    error_text = document.get("error")
    if not isinstance(error_text, str) or not 1 <= len(error_text) <= limits.TEXT_BYTES:
        raise OutcomeUnknown(UNREADABLE, "the reply has no error text")
    result = document.get("result")
    if error_text == _OK:
        return Answer("", result)
    if result or error_text.strip().lower() == _OK:
        raise OutcomeUnknown(UNREADABLE, f"the reply says both {quoted(error_text)} and that something was done")
    return Answer(error_text, result)


def reference(result: Json) -> str:
    """The service's own id of what it made; "" if it names none."""
    if not isinstance(result, dict):
        return ""
    found = next((result[name] for name in _IDS if name in result), "")
    return found if isinstance(found, str) and is_id(found) else ""


def is_id(text: str) -> bool:
    """Whether *text* can be an id of the service's, to be kept and shown."""
    return text.isascii() and text.isalnum() and len(text) <= limits.LABEL_BYTES


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What the service said of one row of a mass withdrawal."""

    name: str
    error: str
    reference: str


def rows(result: Json, names: list[str]) -> list[RowAnswer]:
    """What became of the rows *names*, all of them.

    :raises OutcomeUnknown: ``coinpayments.reply`` if one has no answer.
    """
    return list(_rows(result, names))


def _rows(result: Json, names: list[str]) -> Iterator[RowAnswer]:
    for name in names:
        row = result.get(name) if isinstance(result, dict) else None
        error = row.get("error") if isinstance(row, dict) else None
        if not isinstance(error, str) or not error:
            raise OutcomeUnknown(UNREADABLE, f"the reply says nothing of row {quoted(name)}")
        yield RowAnswer(name, "" if error == _OK else error, reference(row))
