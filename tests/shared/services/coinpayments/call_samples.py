"""Calls of CoinPayments to test with: each command with all of its fields, and with the required ones."""

import json
from pathlib import Path
from typing import Any

from coldtusk_shared import cbor
from coldtusk_shared.services.coinpayments import content
from coldtusk_shared.services.coinpayments.commands import COMMANDS
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent
from coldtusk_shared.services.coinpayments.payments import ROW

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "vectors" / "payments" / "coinpayments_requests.json").read_text(encoding="utf-8")
)["vectors"]
KEY = "5f3e1c0a9b8d7e6f5f3e1c0a9b8d7e6f5f3e1c0a9b8d7e6f5f3e1c0a9b8d7e6f"
"""A public key: 64 digits, as the service makes them."""
ADDRESS = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"
NONCE = 1_795_192_000_123
_URL = "https://shop.example.test/ipn?a=1&b=2"

WITHDRAWAL: dict[str, Any] = {"amount": "0.10", "currency": "BTC", "address": ADDRESS, "auto_confirm": False}
FULL: dict[str, dict[str, Any]] = {
    "get_basic_info": {},
    "rates": {"short": True, "accepted": 2},
    "balances": {"all": True},
    "get_tx_info": {"txid": "CPBF4COHLYGEZZYIGFDKFY9NDP", "full": False},
    "get_tx_info_multi": {"txid": "T1|T2"},
    "get_tx_ids": {"limit": 100, "start": 25, "newer": 1_795_192_000, "all": True},
    "convert_limits": {"from": "BTC", "to": "LTC"},
    "get_withdrawal_history": {"limit": 100, "start": 0, "newer": 1_795_192_000},
    "get_withdrawal_info": {"id": "CWBF3UECUQFCBNFIRUS73G3VON"},
    "get_conversion_info": {"id": "CCBF3UECUQFCBNFIRUS73G3VON"},
    "get_pbn_info": {"pbntag": "$tag"},
    "get_pbn_list": {},
    "get_callback_address": {"currency": "ETH", "ipn_url": _URL, "label": "Shop \u2116 1", "eip55": True},
    "get_deposit_address": {"currency": "USDT.TRC20"},
    "cancel_withdrawal": {"id": "CWBF3UECUQFCBNFIRUS73G3VON"},
    "claim_pbn_tag": {"tagid": "7aB", "name": "$coldtusk"},
    "update_pbn_tag": {
        "tagid": "7aB",
        "name": "Cold Tusk",
        "email": "ops@example.test",
        "url": "https://example.test/",
    },
    "delete_pbn_tag": {"tagid": "7aB"},
    "claim_pbn_coupon": {"coupon": "FREE-TAG"},
    "create_withdrawal": {
        **WITHDRAWAL,
        "currency2": "USD",
        "dest_tag": "77",
        "add_tx_fee": True,
        "ipn_url": _URL,
        "auto_confirm": True,
        "note": "Invoice 7 & 8: 50%+tax=ok? \u00e9\u20ac (~!*')",
    },
    "create_transfer": {"amount": "1", "currency": "LTC", "merchant": "d0f1", "auto_confirm": True, "note": "rent"},
    "convert": {"amount": "1", "from": "BTC", "to": "LTC", "address": "LgoatLTC", "dest_tag": "9"},
    "buy_pbn_tags": {"coin": "BTC", "num": 2},
    "renew_pbn_tag": {"tagid": "7aB", "coin": "BTC", "years": 3},
    "create_transaction": {
        "amount": "10.00",
        "currency1": "USD",
        "currency2": "BTC",
        "buyer_email": "buyer@example.test",
        "address": ADDRESS,
        "buyer_name": "A. Buyer",
        "item_name": "Tusk",
        "item_number": "7",
        "invoice": "I-7",
        "custom": "x",
        "ipn_url": _URL,
        "success_url": "https://shop.example.test/ok",
        "cancel_url": "https://shop.example.test/no",
    },
}
"""Each command but the mass withdrawal, with every field that can stand together."""
ROWS: list[dict[str, Any]] = [
    {"amount": "0.1", "currency": "LTCT", "address": "addr1"},
    {"amount": "0.2", "currency": "LTCT", "pbntag": "$tag", "dest_tag": "77"},
]
"""The two withdrawals of the public client's vector."""


def wire(name: str, given: dict[str, Any]) -> dict[int, Any]:
    """*given* as a message has it."""
    command = ROW if name == "row" else COMMANDS[name]
    return {command.field(field).key: value for field, value in given.items()}


def parsed(name: str, fields: Any, account: bytes = KEY.encode()) -> CoinPaymentsContent:
    """The content of *fields*, which went through CBOR."""
    return content.parse(f"coinpayments/{name}", account, cbor.decode(cbor.encode(fields)), {}, "item")


def call(name: str, **changes: Any) -> CoinPaymentsContent:
    """The call *name* with every field, or with *changes*; None takes a field away."""
    given = {field: value for field, value in {**FULL[name], **changes}.items() if value is not None}
    return parsed(name, wire(name, given))


def withdrawal(**changes: Any) -> CoinPaymentsContent:
    """A plain withdrawal with *changes*; None takes a field away."""
    given = {field: value for field, value in {**WITHDRAWAL, **changes}.items() if value is not None}
    return parsed("create_withdrawal", wire("create_withdrawal", given))


def mass(*rows: dict[str, Any]) -> CoinPaymentsContent:
    """A mass withdrawal of *rows*, or of two."""
    return parsed("create_mass_withdrawal", {1: [wire("row", row) for row in rows or ROWS]})
