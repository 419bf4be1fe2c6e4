"""CoinRPC tells a wallet's owner what happened: form posts with a ``verify_hash``.

Document: verification. The hash is SHA-256 over the values sorted by name, joined by ``:``, the wallet's secret last.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from coldtusk_online.rehearsal.payments.books import Entry
from coldtusk_online.rehearsal.payments.posting import Answer, Pairs, php_form, post_form

Fields = Mapping[str, str]
_HASH: Final = "verify_hash"


def verify_hash(fields: Fields, secret: str) -> str:
    """The hash of *fields*, in hex."""
    values = [fields[name] for name in sorted(fields) if name != _HASH]
    return sha256(":".join([*values, secret]).encode()).hexdigest()


def send_webhook(
    url: str,
    fields: Fields,
    secret: str,
    *,
    ca_file: Path | None = None,
    times: int = 1,
    bad_hash: bool = False,
    extra: Pairs = (),
) -> list[Answer]:
    """Post *fields* and their hash *times* times and return the answers.

    *extra* follows behind the hash and is not in it: a field twice, or one that nobody knows.
    """
    said = verify_hash(fields, secret + "!" if bad_hash else secret)
    body = php_form([*fields.items(), (_HASH, said), *extra])
    return [post_form(url, body, {}, ca_file) for _ in range(times)]


def send_fields(entry: Entry, status: str, wallet: str) -> dict[str, str]:
    """A SEND of bitcoin, of the booked *entry*, in *status* (PENDING, SUCCESS, FAILED)."""
    fields = entry.fields
    return {
        **_common("SEND", entry, status, wallet),
        "amount": fields["amount"],
        "comment": fields.get("comment", ""),
        "currency": fields.get("currency", "BTC"),
        "network_fee": "0.00001",
        "recipient": fields["recipient"],
        "sender": "1RehearsalSenderAddress",
    }


def receive_fields(entry: Entry, status: str, wallet: str) -> dict[str, str]:
    """The RECEIVE of bitcoin at the other end of the booked *entry*, in *status*."""
    fields = entry.fields
    return {
        **_common("RECEIVE", entry, status, wallet),
        "amount": fields["amount"],
        "currency": fields.get("currency", "BTC"),
        "recipient": fields["recipient"],
    }


def _common(event: str, entry: Entry, status: str, wallet: str) -> dict[str, str]:
    settled = status == "SUCCESS"
    return {
        "block_number": "870001" if settled else "",
        "event": event,
        "guid": entry.identity,
        "network": "bitcoin",
        "service_fee": "0",
        "status": status,
        "timestamp": str(entry.at),
        "tx_hash": sha256(entry.identity.encode()).hexdigest(),
        "wallet": wallet,
    }
