"""CoinRPC webhooks: a weak hash, hardened (facts: CoinRPC, Webhook).

``verify_hash`` covers the values, sorted by their names, joined by ":"; the names are not in it. So one body can be
turned into another with the same hash, by renaming a field or by moving a ":" over a border. Both are shut: no value
may hold a ":", and the fields must be exactly those of the event. Of all sets that are taken, those of one size are
one set, so that the joined text has one reading. What is left stays *unconfirmed*.
"""

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

HASH = Code("webhooks.hash", "compare the wallet's secret with the service's page; somebody else may be sending")
WALLET = Code("webhooks.wallet", "enrol the wallet's secret, or correct the URL at the service: it ends in its name")
EVENT = Code("webhooks.event", "this event is not known to this version: ask the service over the gap")
FIELD_SET = Code("webhooks.field-set", "the fields are not those of the event: ask the service over the gap")
COLON = Code("webhooks.colon", "a value with a colon has no safe hash: ask the service over the gap")
VALUE = Code("webhooks.value", "a field is malformed: ask the service over the gap")

_RECEIVE: Final = frozenset(
    {
        "amount",
        "block_number",
        "currency",
        "event",
        "guid",
        "network",
        "recipient",
        "service_fee",
        "status",
        "timestamp",
        "tx_hash",
        "wallet",
    }
)
_SEND: Final = _RECEIVE | {"comment", "network_fee", "sender"}
EVENTS: Final = MappingProxyType({"RECEIVE": _RECEIVE, "SEND": _SEND, "SEND_CONFIRMED": _SEND})
"""The fields of each event, ``verify_hash`` aside: seen with bitcoin, and the name that Tron has for a sent payment."""
_OURS: Final = frozenset({"SEND", "SEND_CONFIRMED"})
"""The events of payments that a call of ours may have made."""
_MAY_BE_EMPTY: Final = frozenset({"block_number", "comment", "tx_hash"})
_STATUSES: Final = MappingProxyType({one.words: number for number, one in STANDINGS[Service.COINRPC].items()})
_HASH_FIELD: Final = "verify_hash"
_HASH: Final = re.compile(r"[0-9A-Fa-f]{64}")
_GUID: Final = re.compile(r"[A-Za-z0-9._-]{1,128}")
DECIMAL: Final = re.compile(r"[0-9]{1,20}(\.[0-9]{1,18})?")
"""An amount as the service writes it."""


def verify(body: bytes, headers: Headers, secrets: SecretsOf) -> Notice:
    """The notice in *body*, proved by its ``verify_hash`` under one of *secrets* (by wallet). *headers* prove nothing.

    :raises Refused: ``webhooks.hash``, ``webhooks.wallet``.
    :raises BadInput: ``webhooks.event``, ``webhooks.field-set``, ``webhooks.colon``, ``webhooks.value``, and what
        :func:`form.parse` raises.
    """
    del headers
    fields = form.parse(body)
    claimed = fields.pop(_HASH_FIELD, "")
    _check_fields(fields)
    proof = _prove(fields, claimed, secrets)
    status = _STATUSES[fields["status"]]
    return Notice(
        service=Service.COINRPC,
        account=fields["wallet"],
        subject=fields["guid"],
        status=status,
        state=State.UNCONFIRMED,
        dedupe=dedupe(Service.COINRPC, fields["wallet"], fields["guid"], str(status)),
        proof=proof,
        body=body,
        reference=fields["guid"] if fields["event"] in _OURS else None,
    )


def verify_hash(fields: dict[str, str], secret: str) -> bytes:
    """SHA-256 of the values of *fields* sorted by name, then *secret*, joined by ":"; 32 bytes."""
    values = [fields[name] for name in sorted(fields)]
    return hashlib.sha256(":".join((*values, secret)).encode()).digest()


def _check_fields(fields: dict[str, str]) -> None:
    for name, value in fields.items():
        if ":" in value:
            raise BadInput(COLON, "a colon in the value", where=name)
    event = fields.get("event", "")
    if event not in EVENTS:
        raise BadInput(EVENT, f"{quoted(event)} is no event", where="event")
    if fields.keys() != EVENTS[event]:
        raise BadInput(FIELD_SET, f"not the fields of {event}", where="body")
    for name, value in fields.items():
        if not value and name not in _MAY_BE_EMPTY:
            raise BadInput(VALUE, "it is empty", where=name)
    _check_values(fields)


def _check_values(fields: dict[str, str]) -> None:
    if fields["status"] not in _STATUSES:
        raise BadInput(VALUE, f"{quoted(fields['status'])} is no status", where="status")
    if not _GUID.fullmatch(fields["guid"]):
        raise BadInput(VALUE, f"{quoted(fields['guid'])} is no guid", where="guid")
    if not DECIMAL.fullmatch(fields["amount"]):
        raise BadInput(VALUE, f"{quoted(fields['amount'])} is no amount", where="amount")


def _prove(fields: dict[str, str], claimed: str, secrets: SecretsOf) -> bytes:
    if not _HASH.fullmatch(claimed):
        raise Refused(HASH, "not 64 hex digits", where=_HASH_FIELD)
    secret = secrets.get(fields["wallet"])
    if secret is None:
        raise Refused(WALLET, "not the wallet whose secret is asked for", where="wallet")
    proof = bytes.fromhex(claimed)
    if not hmac.compare_digest(verify_hash(fields, secret.reveal()), proof):
        raise Refused(HASH, "the enrolled secret does not give this hash", where=_HASH_FIELD)
    return proof
