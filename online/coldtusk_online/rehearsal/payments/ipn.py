"""CoinPayments tells a merchant what happened: instant payment notifications, right ones and wrong ones.

Facts: the header HMAC is HMAC-SHA512 of the raw body with the IPN secret; up to ten tries, unordered, duplicated.
"""

import hmac
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from coldtusk_online.rehearsal.payments.books import Entry
from coldtusk_online.rehearsal.payments.posting import Answer, php_form, post_form

Fields = Mapping[str, str]
_MODE: Final = "ipn_mode"
_TEXT: Final = {-1: "Cancelled / Timed Out", 0: "Waiting", 1: "Pending", 2: "Complete", 100: "Complete"}


def ipn_mac(body: bytes, secret: str) -> str:
    """The value of the header HMAC."""
    return hmac.new(secret.encode(), body, "sha512").hexdigest()


def send_ipn(  # noqa: PLR0913 - one word for each thing that can be wrong with it
    url: str,
    fields: Fields,
    secret: str,
    *,
    ca_file: Path | None = None,
    times: int = 1,
    bad_mac: bool = False,
    without_mode: bool = False,
    raw_body: bytes | None = None,
) -> list[Answer]:
    """Post one notification *times* times and return the answers.

    *without_mode* leaves ``ipn_mode`` out, which a strict receiver refuses; *raw_body* is sent in place of *fields*,
    with its own right MAC.
    """
    kept = ((name, value) for name, value in fields.items() if not (without_mode and name == _MODE))
    body = php_form(kept) if raw_body is None else raw_body
    mac = ipn_mac(body, secret + "!" if bad_mac else secret)
    return [post_form(url, body, {"HMAC": mac}, ca_file) for _ in range(times)]


def send_ipns(
    url: str, messages: Sequence[Fields], secret: str, *, ca_file: Path | None = None, reordered: bool = False
) -> list[Answer]:
    """Post *messages* in their order, or the last one first."""
    order = reversed(messages) if reordered else iter(messages)
    return [answer for fields in order for answer in send_ipn(url, fields, secret, ca_file=ca_file)]


def withdrawal_ipn(entry: Entry, status: int, merchant: str) -> dict[str, str]:
    """What CoinPayments says of the withdrawal *entry* in *status* (-1, 0, 1 or 2)."""
    fields = entry.fields
    return {
        **_head("withdrawal", merchant, f"{entry.identity}-{status}"),
        "id": entry.identity,
        "status": str(status),
        "status_text": _TEXT[status],
        "address": fields.get("address") or fields.get("pbntag") or fields.get("domain") or "",
        "txn_id": "" if status < 2 else f"rehearsal-{entry.identity}",
        "currency": fields["currency"],
        "amount": fields["sent"],
        "amounti": fields["sent"].replace(".", "").lstrip("0") or "0",
    }


def payment_ipn(entry: Entry, status: int, merchant: str) -> dict[str, str]:
    """What CoinPayments says of the transaction *entry* in *status* (-1, 0, 1, 2 or 100)."""
    fields = entry.fields
    return {
        **_head("api", merchant, f"{entry.identity}-{status}"),
        "txn_id": entry.identity,
        "status": str(status),
        "status_text": _TEXT[status],
        "currency1": fields["currency1"],
        "currency2": fields["currency2"],
        "amount1": fields["amount"],
        "amount2": fields["due"],
        "fee": "0.00000000",
        "email": fields["buyer_email"],
        "item_name": fields.get("item_name", ""),
        "invoice": fields.get("invoice", ""),
        "custom": fields.get("custom", ""),
    }


def _head(kind: str, merchant: str, identity: str) -> dict[str, str]:
    return {"ipn_version": "1.0", "ipn_type": kind, _MODE: "hmac", "ipn_id": identity, "merchant": merchant}
