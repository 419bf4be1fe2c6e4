"""CoinPayments IPN: the MAC of the raw body first, then what the body says (facts: CoinPayments, IPN)."""

import hashlib
import hmac
import re
from types import MappingProxyType
from typing import Final

from coldtusk_online.webhooks import form
from coldtusk_online.webhooks.notice import STANDINGS, Headers, Notice, Service, State, dedupe
from coldtusk_online.webhooks.secrets import SecretsOf
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.text import quoted

MAC = Code("webhooks.mac", "compare the IPN secret with the service's page; somebody else may be sending")
MERCHANT = Code("webhooks.merchant", "the notification is for another merchant: check its URL at the service")
MODE = Code("webhooks.mode", "set the IPN mode to HMAC at the service: the other one sends a password")
FIELD = Code("webhooks.field", "a field is missing or malformed: look at the notification on the service's page")
STATUS = Code("webhooks.status", "this status is not known: look at the notification on the service's page")

_MAC: Final = re.compile(rb"[0-9A-Fa-f]{128}")
_TOKEN: Final = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_STATUS: Final = re.compile(r"-?[0-9]{1,3}")
_SUBJECT: Final = MappingProxyType({"withdrawal": "id", "deposit": "deposit_id"})
"""The field that names what an IPN of a type speaks of; ``txn_id`` of all others."""


def verify(body: bytes, headers: Headers, secrets: SecretsOf) -> Notice:
    """The notice in *body*, proved by the header HMAC under one of *secrets* (by merchant).

    :raises Refused: ``webhooks.mac``, ``webhooks.merchant``, ``webhooks.mode``.
    :raises BadInput: ``webhooks.field``, ``webhooks.status``, and what :func:`form.parse` raises.
    """
    proof = _claimed(headers)
    merchant = _prover(body, proof, secrets)
    fields = form.parse(body)
    if fields.get("merchant") != merchant:
        raise Refused(MERCHANT, "not the merchant whose secret proves it", where="merchant")
    if fields.get("ipn_mode") != "hmac":
        raise Refused(MODE, "not hmac", where="ipn_mode")
    subject = _subject(fields, body)
    status = _status(fields)
    own_id = _token(fields, "ipn_id") or hashlib.sha256(body).hexdigest()
    return Notice(
        service=Service.COINPAYMENTS,
        account=merchant,
        subject=subject,
        status=status,
        state=State.VERIFIED,
        dedupe=dedupe(Service.COINPAYMENTS, merchant, own_id, subject, str(status)),
        proof=proof,
        body=body,
        reference=subject if fields.get("ipn_type") == "withdrawal" else None,
    )


def mac(body: bytes, secret: str) -> bytes:
    """HMAC-SHA512 of the raw *body*, 64 bytes."""
    return hmac.digest(secret.encode(), body, hashlib.sha512)


def _claimed(headers: Headers) -> bytes:
    values = [value for name, value in headers if name == b"hmac"]
    if len(values) != 1 or not _MAC.fullmatch(values[0]):
        raise Refused(MAC, "not one header HMAC of 128 hex digits", where="HMAC")
    return bytes.fromhex(values[0].decode())


def _prover(body: bytes, proof: bytes, secrets: SecretsOf) -> str:
    """The merchant whose secret gives *proof*. All are tried, whichever it is."""
    proved = [name for name, secret in secrets.items() if hmac.compare_digest(mac(body, secret.reveal()), proof)]
    if not proved:
        raise Refused(MAC, "no enrolled secret gives this HMAC", where="HMAC")
    return proved[0]


def _subject(fields: dict[str, str], body: bytes) -> str:
    kind = fields.get("ipn_type", "")
    if kind == "withdrawal":
        return _token(fields, "id") or _missing("id")
    named = _token(fields, _SUBJECT.get(kind, "txn_id")) or _token(fields, "txn_id") or _token(fields, "ipn_id")
    return named or hashlib.sha256(body).hexdigest()


def _token(fields: dict[str, str], name: str) -> str | None:
    """The id under *name*; one that is empty is not there, as with a withdrawal that has no transaction yet."""
    value = fields.get(name) or None
    if value is not None and not _TOKEN.fullmatch(value):
        raise BadInput(FIELD, f"{quoted(value)} is no id", where=name)
    return value


def _missing(name: str) -> str:
    raise BadInput(FIELD, "it is missing", where=name)


def _status(fields: dict[str, str]) -> int:
    text = fields.get("status") or _missing("status")
    if not _STATUS.fullmatch(text) or str(int(text)) != text or int(text) not in STANDINGS[Service.COINPAYMENTS]:
        raise BadInput(STATUS, f"{quoted(text)} is no status of an IPN", where="status")
    return int(text)
