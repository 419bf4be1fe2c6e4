"""A CoinSpark asset to test with: the document's example, with the URL that its page left out."""

import json
from pathlib import Path
from typing import Any

from coldtusk_shared import cbor
from coldtusk_shared.services.coinspark import content
from coldtusk_shared.services.coinspark.base58check import encode
from coldtusk_shared.services.coinspark.commands import CREATE_ASSET
from coldtusk_shared.services.coinspark.content import CoinSparkContent

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[3] / "vectors" / "payments" / "coinspark.json").read_text(encoding="utf-8")
)
ACCOUNT = bytes(range(16))
KIND = "coinspark/create_asset"
ADDRESS = "ssw5De84Cm5BynnWsuF9cXZmFp4bb3fNEeqvh"
"""The document's."""
BITCOIN = "1LBXAvwFtvJni74suNHKX1apMMoR8zQbgT"
"""The address inside, whose checksum is right."""
KEY = "f8sK30M394dS04LkdpWf"
"""The document's example of an API key."""
REQUIRED: dict[str, Any] = {
    "testnet": False,
    "asset_url": "http://www.example.com/vouchers/",
    "contract_url": "http://www.example.com/vouchers/contract.pdf",
    "issuer": "John Smith Restaurants",
    "issuer_address": "123 Cookery Street\nLondon\nEC2V 6DN\nUnited Kingdom",
    "name": "Voucher for John Smith Restaurants",
    "name_short": "John Smith Voucher",
    "description": "Voucher for the purchase of food and drink at any branch of John Smith Restaurants in the European "
    "Union. Breakfasts are excluded.",
    "raw_quantity": 100_000_000,
    "display_multiple": "0.01",
    "value_per_unit": "1 Euro",
    "send_to_address": ADDRESS,
    "rounding": "1",
}
OPTIONAL: dict[str, Any] = {
    "contract_template": "us",
    "governing_law": "Singapore law",
    "expiry_timestamp": 1_731_847_656,
    "charge_basis_points": 125,
    "charge_flat_raw_qty": 8,
    "send_btc": "0.0005",
    "num_outputs": 4,
    "fee_btc": "0.0002",
    "confirmations": 1,
    "residents": "USA and Canada",
    "prohibited": "North Korea",
}
"""The document's examples."""
LEFT_OUT: Any = object()


def wire(**changes: Any) -> dict[int, Any]:
    """The fields of the example as a message has them, with *changes*; LEFT_OUT takes a field away."""
    given = {name: value for name, value in {**REQUIRED, **changes}.items() if value is not LEFT_OUT}
    return {CREATE_ASSET.field(name).key: value for name, value in given.items()}


def asset(**changes: Any) -> CoinSparkContent:
    """The example's content, read from the bytes of a message."""
    fields = cbor.decode(cbor.encode(wire(**changes)))
    return content.parse(KIND, ACCOUNT, fields, {}, "item")


def bitcoin_address(version: int, digest: bytes) -> str:
    """A bitcoin address with this version byte."""
    return encode(bytes((version,)) + digest)
