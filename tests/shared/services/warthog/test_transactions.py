"""Transactions: the signed bytes, the hash, the JSON and the wire, against the node and an independent reference."""

import hashlib
import json
import struct
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from coldtusk_shared import request
from coldtusk_shared.deadline import NotAfter
from coldtusk_shared.request import Item, PaymentId
from coldtusk_shared.services.warthog import rules
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import AssetUnits
from coldtusk_shared.services.warthog.asset import AssetHash
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.layout import BY_BODY, LAYOUTS
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.node_json import node_json
from coldtusk_shared.services.warthog.preimage import preimage, txid
from coldtusk_shared.services.warthog.price import LimitPrice
from tests.shared.message_vectors import ONE_TRANSFER
from tests.shared.services.warthog import strategies as some

_FOLDER = Path(__file__).parents[3] / "vectors" / "warthog"
_VECTORS: list[dict[str, Any]] = json.loads((_FOLDER / "transactions.json").read_text())["vectors"]
_ADDED: list[dict[str, Any]] = json.loads((_FOLDER / "add_replies.json").read_text())["cases"]
_ADDED_MAIN: list[dict[str, Any]] = json.loads((_FOLDER / "node_replies_main.json").read_text())["replies"]
_all = pytest.mark.parametrize("vector", _VECTORS, ids=[f"{place}-{one['type']}" for place, one in enumerate(_VECTORS)])
_SIGNATURE = bytes(range(65))
_UNIT = AssetUnits(1)


def _body(asked: dict[str, Any]) -> tx.Body:
    """The body that the node's JSON says, read without the code under test."""
    values: dict[str, Callable[[], Any]] = {
        "to_addr": lambda: Address(bytes.fromhex(asked["toAddr"])[:20]),
        "asset_hash": lambda: bytes.fromhex(asked["assetHash"]),
        "limit": lambda: LimitPrice(int(asked["limit"][:4], 16), int(asked["limit"][4:], 16)),
        "wart_e8": lambda: asked["wartE8"],
        "is_liquidity": lambda: asked["isLiquidity"],
        "is_buy": lambda: asked["isBuy"],
        "amount_u64": lambda: asked["amountU64"],
        "amount_e8": lambda: asked["amountE8"],
        "cancel_height": lambda: asked["cancelHeight"],
        "cancel_nonce_id": lambda: asked["cancelNonceId"],
        "supply_u64": lambda: asked["supplyU64"],
        "decimals": lambda: asked["decimals"],
        "name": lambda: asked["name"],
    }
    body = next(layout.body for layout in LAYOUTS if layout.name == asked["type"])
    return body(**{one.name: values[one.name]() for one in fields(body)})


def _transaction(vector: dict[str, Any]) -> tx.Transaction:
    asked = vector["json"]
    pin = bytes.fromhex(vector["pinHash"])
    return tx.Transaction(Network.DEFI, pin, vector["pinHeight"], asked["nonceId"], asked["feeE8"], _body(asked))


_FORMATS = {
    tx.WartTransfer: ("20sQ", 79),
    tx.TokenTransfer: ("32s?20sQ", 112),
    tx.LimitSwap: ("32s?QHB", 95),
    tx.LiquidityDeposit: ("32sQQ", 99),
    tx.LiquidityWithdrawal: ("32sQ", 91),
    tx.Cancelation: ("II", 59),
    tx.AssetCreation: ("QB5s", 65),
}
"""The table of the facts, once more: the fields behind the common ones, and the length of the whole."""


def _flat(value: Any) -> list[Any]:
    if isinstance(value, Address):
        return [value.raw]
    if isinstance(value, LimitPrice):
        return [value.mantissa, value.exponent]
    return [value.encode()] if isinstance(value, str) else [value]


def _reference(transaction: tx.Transaction) -> bytes:
    """The signed bytes by :mod:`struct`."""
    body = transaction.body
    form, _ = _FORMATS[type(body)]
    values = [flat for one in fields(body) for flat in _flat(getattr(body, one.name))]
    common = (transaction.pin_hash, transaction.pin_height, transaction.nonce_id, b"", transaction.fee_e8)
    return struct.pack(f">32sII3sQ{form}", *common, *values)


@_all
def test_the_bytes_that_the_node_signs(vector: dict[str, Any]) -> None:
    """Preimage, length and hash are those of the reference node."""
    transaction = _transaction(vector)
    assert vector["toSign"] == preimage(transaction).hex()
    assert vector["toSignLen"] == len(preimage(transaction)) == BY_BODY[type(transaction.body)].size
    assert vector["sha256"] == txid(transaction).hex()


@given(some.transactions())
def test_the_bytes_by_another_way(transaction: tx.Transaction) -> None:
    """Over the whole range, an independent packing gives the same bytes, of the length that tells the type."""
    signed = preimage(transaction)
    assert _reference(transaction) == signed
    assert _FORMATS[type(transaction.body)][1] == len(signed)
    assert hashlib.sha256(signed).digest() == txid(transaction)


def test_each_type_has_its_length() -> None:
    """The node knows the type by the length alone."""
    assert len(LAYOUTS) == 7 == len({layout.size for layout in LAYOUTS})
    assert {layout.body: layout.size for layout in LAYOUTS} == {body: size for body, (_, size) in _FORMATS.items()}


@_all
def test_the_json_that_the_node_takes(vector: dict[str, Any]) -> None:
    """Member by member the reference's JSON; the document's `precision` stands beside the node's `decimals`."""
    asked = vector["json"]
    signature = bytes.fromhex(asked["signature65"])
    expected = {**asked, "precision": asked["decimals"]} if "decimals" in asked else asked
    assert expected == json.loads(node_json(_transaction(vector), signature))


@pytest.mark.parametrize("layout", LAYOUTS, ids=[layout.name for layout in LAYOUTS])
def test_the_keys_were_taken_by_a_node(layout: Any) -> None:
    """A running node answered code 0 to a request of this type with exactly these keys."""
    vector = next(one for one in _VECTORS if one["type"] == layout.name)
    keys = set(json.loads(node_json(_transaction(vector), _SIGNATURE)))
    taken = [case["request"] for case in _ADDED if case["reply"].startswith('{"code":0')]
    assert keys in [set(one) for one in taken if isinstance(one, dict) and one.get("type") == layout.name]


def test_the_keys_of_the_main_network() -> None:
    """Its dialect knows no type and calls the amount amountE8; a running node took exactly these keys."""
    vector = next(one for one in _VECTORS if one["type"] == "wartTransfer")
    made = json.loads(node_json(replace(_transaction(vector), network=Network.MAIN), _SIGNATURE))
    recorded = next(one for one in _ADDED_MAIN if one.get("name") == "amountE8+feeE8 (no type)")
    assert '"code": 0' in recorded["reply"]
    assert set(recorded["request"]) == set(made)
    assert vector["json"]["wartE8"] == made["amountE8"]


def _no_floats(text: str) -> Any:
    raise AssertionError(text)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(pairs) == len(dict(pairs))
    return dict(pairs)


@given(some.transactions())
def test_the_json_over_the_whole_range(transaction: tx.Transaction) -> None:
    """No float, no key twice, plain ASCII without blanks, always the same bytes; each value is the field's own."""
    body = node_json(transaction, _SIGNATURE)
    members = json.loads(body, parse_float=_no_floats, parse_constant=_no_floats, object_pairs_hook=_no_duplicates)
    assert body == node_json(transaction, _SIGNATURE) and body.isascii() and b" " not in body
    assert (_SIGNATURE.hex(), transaction.nonce_id) == (members["signature65"], members["nonceId"])
    assert (transaction.fee_e8, transaction.pin_height) == (members["feeE8"], members["pinHeight"])
    if transaction.network is Network.MAIN:
        assert {"toAddr", "amountE8", "feeE8", "nonceId", "pinHeight", "signature65"} == set(members)
        members = {**members, "type": "wartTransfer", "wartE8": members["amountE8"]}
    assert transaction.body == _body(members)


@given(some.contents())
def test_an_item_goes_over_the_wire(content: WarthogContent) -> None:
    """Encoded in a request and parsed again it is the same, and so are the bytes."""
    last = rules.last_block(content.transaction.pin_height)
    item = Item(PaymentId(bytes(16)), content.sender.raw, content)
    whole = replace(ONE_TRANSFER, not_after=NotAfter(ONE_TRANSFER.not_after.unit, last), items=(item,))
    payload = request.encode(whole)
    parsed = request.parse(payload)
    assert whole == parsed
    assert payload == request.encode(parsed)


def test_a_wrong_length_is_our_own_mistake() -> None:
    """Values that no rule lets through never become signed bytes of another type."""
    transaction = _transaction(_VECTORS[0])
    for wrong in (bytes(31), bytes(33), b""):
        with pytest.raises(RuntimeError, match="a pin hash of"):
            preimage(replace(transaction, pin_hash=wrong))
    with pytest.raises(RuntimeError, match="tokenTransfer: 113 bytes, not 112"):
        preimage(replace(transaction, body=tx.TokenTransfer(AssetHash(bytes(33)), False, Address(bytes(20)), _UNIT)))
    with pytest.raises((struct.error, OverflowError)):
        preimage(replace(transaction, nonce_id=1 << 32))
