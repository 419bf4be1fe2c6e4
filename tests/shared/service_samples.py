"""Calls of payment services, of which vectors and tests are made. The accounts and keys are made up."""

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from coldtusk_shared import cbor, services
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.request import Item, PaymentId, Request, RequestId
from coldtusk_shared.services import Content
from tests.shared.vector_making import CREATED, HEAD_2

REPLY_PRIVATE = bytes([0x0C]) * 32
REPLY_KEY = X25519PrivateKey.from_private_bytes(REPLY_PRIVATE).public_key().public_bytes_raw()
"""The request's one-time key."""
EPHEMERAL = bytes([0x0D]) * 32
"""The device's own, random everywhere but here."""
UTC = CREATED + 600
"""What the operator confirmed."""
LATEST = CREATED + 86_400
"""Until when a request of services is good."""

ACCOUNTS = {
    "coinpayments": b"0f" * 32,
    "coinrpc": b"merchant-1207",
    "coinspark": bytes(range(16)),
    "coinsoftworks": bytes(range(16, 32)),
}


@dataclass(frozen=True, slots=True)
class Call:
    """A call as a message has it."""

    kind: str
    fields: dict[int, Any]

    @property
    def content(self) -> Content:
        """What the code reads from it."""
        account = ACCOUNTS[self.kind.partition("/")[0]]
        fields = cbor.decode(cbor.encode(self.fields))
        return services.load(self.kind).parse(self.kind, account, fields, {}, "item")


BITCOIN = "1LBXAvwFtvJni74suNHKX1apMMoR8zQbgT"
SEND_AT = CREATED + 1800
WITHDRAWAL: dict[int, Any] = {1: "0.5", 2: "BTC", 3: BITCOIN, 10: False}
ASSET: dict[int, Any] = {
    1: False,
    2: "https://www.example.com/vouchers/",
    3: "https://www.example.com/vouchers/contract.pdf",
    4: "John Smith Restaurants",
    5: "123 Cookery Street\nLondon\nEC2V 6DN",
    6: "Voucher for John Smith Restaurants",
    7: "John Smith Voucher",
    8: "Voucher for the purchase of food and drink",
    9: 100_000_000,
    10: "0.01",
    11: "1 Euro",
    12: "ssw5De84Cm5BynnWsuF9cXZmFp4bb3fNEeqvh",
    18: "1",
}
CALLS: dict[str, Call] = {
    "coinpayments-balances": Call("coinpayments/balances", {1: True}),
    "coinpayments-create_withdrawal": Call(
        "coinpayments/create_withdrawal",
        {**WITHDRAWAL, 6: "EUR", 7: "1207", 8: True, 9: "https://shop.example/ipn?id=7", 11: "M\u00e4rz, 1/2"},
    ),
    "coinpayments-create_mass_withdrawal": Call(
        "coinpayments/create_mass_withdrawal",
        {1: [{1: "0.5", 2: "BTC", 3: BITCOIN}, {1: "12.50", 2: "LTC", 4: "$supplier", 11: "Invoice 1208"}]},
    ),
    "coinpayments-create_transaction": Call(
        "coinpayments/create_transaction",
        {1: "10", 2: "EUR", 3: "BTC", 4: "buyer@example.com", 5: BITCOIN, 9: "1207"},
    ),
    "coinrpc-get_balance": Call("coinrpc/call", {1: "get_balance", 2: [["currency", "BTC"]], 3: SEND_AT, 4: 30}),
    "coinrpc-send": Call(
        "coinrpc/call",
        {1: "send", 2: [["amount", "0.5"], ["currency", "BTC"], ["recipient", BITCOIN]], 3: SEND_AT, 4: 30},
    ),
    "coinspark-create_asset": Call("coinspark/create_asset", ASSET),
    "coinspark-create_asset-full": Call(
        "coinspark/create_asset",
        {
            **ASSET,
            13: "us",
            14: "Singapore law",
            15: 1_893_456_000,
            16: 125,
            17: 8,
            19: "0.0005",
            20: 4,
            21: "0.0002",
            22: 1,
            23: "USA and Canada",
            24: "North Korea",
        },
    ),
    "coinsoftworks-authenticate": Call("coinsoftworks/authenticate", {}),
    "coinsoftworks-execute": Call(
        "coinsoftworks/execute", {1: "TransferAction", 2: [["amount", "12.50"], ["note", "M\u00e4rz"]]}
    ),
}
"""The golden calls by the names of their files."""


def a_call(*calls: Call, purpose: str = "Invoice 1207") -> Request:
    """A request of the host for *calls*, its deadline theirs if they have one."""
    contents = [call.content for call in calls]
    ends = [content.not_after.value for content in contents if content.not_after is not None]
    return Request(
        id=RequestId(bytes(range(0x30, 0x40))),
        created=CREATED,
        not_after=NotAfter(Deadline.UTC, min(ends, default=LATEST)),
        purpose=purpose,
        origin="treasury-1",
        items=tuple(
            Item(PaymentId(bytes([0x60 + place]) * 16), ACCOUNTS[content.scope.partition("/")[0]], content)
            for place, content in enumerate(contents, 1)
        ),
        host_head=HEAD_2,
        reply_key=REPLY_KEY if any(content.releases for content in contents) else None,
    )
