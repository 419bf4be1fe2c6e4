"""Whether the reply to a signed query says the same as a webhook: only then is the webhook confirmed.

The methods of the service are not documented but for one, so the reply may have any form: what counts is an object in
its result that names the same guid or transaction, with an amount and a status, and contradicts nothing.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from coldtusk_online import json_strict
from coldtusk_online.json_strict import Json, JsonNumber
from coldtusk_online.services.coinrpc.webhook import DECIMAL
from coldtusk_shared.errors import Code, Refused

DISAGREES = Code("webhooks.disagrees", "rely on the signed query, not on the notification; ask the service why")
NOT_TOLD = Code("webhooks.not-told", "ask with a method that tells the guid or tx_hash, the amount and the status")

_NAMED_BY: Final = ("guid", "tx_hash")
_NEEDED: Final = ("amount", "status")
_COMPARED: Final = (*_NAMED_BY, *_NEEDED, "currency", "recipient", "sender")


def check(fields: Mapping[str, str], reply: bytes) -> None:
    """Refuse unless *reply* (the whole JSON-RPC object) agrees with the *fields* of a webhook.

    :raises Refused: ``webhooks.not-told``, ``webhooks.disagrees``.
    :raises BadInput: what :func:`json_strict.decode` raises.
    """
    document = json_strict.decode(reply)
    result = document.get("result") if isinstance(document, dict) else None
    about = [one for one in _objects(result) if _is_about(fields, one)]
    if not about:
        raise Refused(NOT_TOLD, "the reply tells no amount and status of it", where="result")
    if all(_contradicts(fields, one) for one in about):
        raise Refused(DISAGREES, "the service says otherwise in its reply to a signed query", where="result")


def _objects(value: Json) -> Iterator[dict[str, str]]:
    """Every object in *value*, with those of its members that are texts or numbers, as text."""
    if isinstance(value, dict):
        yield {name: text for name, one in value.items() if (text := _text(one)) is not None}
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _objects(one)


def _text(value: Json) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, JsonNumber):
        return value.text
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _is_about(fields: Mapping[str, str], one: Mapping[str, str]) -> bool:
    named = any(fields[name] and fields[name] == one.get(name) for name in _NAMED_BY)
    return named and all(name in one for name in _NEEDED)


def _contradicts(fields: Mapping[str, str], one: Mapping[str, str]) -> bool:
    both = [name for name in _COMPARED if name in one and fields.get(name)]
    return any(not _same(fields[name], one[name]) for name in both)


def _same(said: str, told: str) -> bool:
    if DECIMAL.fullmatch(said) and DECIMAL.fullmatch(told):
        return Fraction(said) == Fraction(told)
    return said == told
