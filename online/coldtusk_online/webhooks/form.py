"""Strict reading of ``application/x-www-form-urlencoded`` from the raw bytes that a proof covers.

Whatever two readers could understand differently is refused: a name twice, a pair without "=" or with two, a broken
escape, what is not UTF-8, a NUL. Nothing is encoded again: re-encoders reject bodies that are right (facts:
CoinPayments, IPN).
"""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.text import quoted

SIZE = Code("webhooks.size", "no service sends such a notification: find out who did")
FORM = Code("webhooks.form", "the body is no form of names and values: find out who sent it")
FIELDS = Code("webhooks.fields", "no service sends so many fields: find out who did")
TWICE = Code("webhooks.field-twice", "a name stands twice, so that readers may differ: find out who sent it")

_PAIR: Final = re.compile(rb"([!-<>-~]+)=([!-<>-~]*)")
_BROKEN_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_NAME: Final = re.compile(r"[A-Za-z0-9_.\[\]-]{1,64}")


def parse(body: bytes) -> dict[str, str]:
    """The names and values of *body*, in their order.

    :raises BadInput: ``webhooks.size``, ``webhooks.form``, ``webhooks.fields``, ``webhooks.field-twice``.
    """
    if len(body) > limits.WEBHOOK_BYTES:
        raise BadInput(SIZE, f"more than {limits.WEBHOOK_BYTES} bytes", where="body")
    if _BROKEN_ESCAPE.search(body):
        raise BadInput(FORM, "an escape that is not two hex digits", where="body")
    pairs = body.split(b"&", limits.WEBHOOK_FIELDS)
    if len(pairs) > limits.WEBHOOK_FIELDS:
        raise BadInput(FIELDS, f"more than {limits.WEBHOOK_FIELDS} fields", where="body")
    fields: dict[str, str] = {}
    for number, pair in enumerate(pairs, 1):
        name, value = _read(pair, f"field {number}")
        if name in fields:
            raise BadInput(TWICE, f"{quoted(name)} stands twice", where=f"field {number}")
        fields[name] = value
    return fields


def _read(pair: bytes, where: str) -> tuple[str, str]:
    found = _PAIR.fullmatch(pair)
    if found is None:
        raise BadInput(FORM, "not one name and one value, both escaped", where=where)
    name, value = _text(found[1], where), _text(found[2], where)
    if not _NAME.fullmatch(name):
        raise BadInput(FORM, f"{quoted(name)} is no name of a field", where=where)
    return name, value


def _text(raw: bytes, where: str) -> str:
    if b"%" not in raw and b"+" not in raw:
        return raw.decode("ascii")
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except UnicodeDecodeError as error:
        raise BadInput(FORM, "not UTF-8", where=where) from error
    if "\0" in text:
        raise BadInput(FORM, "a NUL in it", where=where)
    return text
