"""The CoinSpark stand-in: an asset is made, charged, told, and its files are served; the document's errors."""

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from coldtusk_online.rehearsal.payments import REHEARSAL, RunningPayments, Service, serve_payments
from coldtusk_online.rehearsal.payments.coinspark import CoinSparkModes
from coldtusk_online.rehearsal.payments.coinspark_asset import AssetText, asset_hash
from tests.online.rehearsal.payments_client import ASSET, NOW, Customer


@pytest.fixture
def services(tmp_path: Path) -> Iterator[RunningPayments]:
    """The stand-ins at some moment."""
    with serve_payments(tmp_path, clock=lambda: NOW) as running:
        yield running


@pytest.fixture
def customer(services: RunningPayments) -> Customer:
    """Who asks them."""
    return Customer(services)


def test_an_asset_is_made(services: RunningPayments, customer: Customer) -> None:
    """The document's example: charged, booked without the key, told with its fields."""
    reply = customer.coinspark(ASSET)
    [entry] = services.books.of(Service.COINSPARK)
    result = reply["result"]
    assert ("one", "2.0", entry.identity, 0.0002, 0.0098) == (
        reply["id"],
        reply["jsonrpc"],
        result["txid"],
        result["spent_btc"],
        result["balance_btc"],
    )
    fields = result["web_page_fields"]
    assert (ASSET["name"], 0.01, "1 Euro", "", 0, entry.identity, "2026-11-18T11:06:40+00:00") == tuple(
        fields[name]
        for name in ("name", "multiple", "units", "expiry_date", "interest_rate", "genesis_txid", "issue_date")
    )
    assert "key" not in entry.fields
    assert REHEARSAL.coinspark_key not in str(entry)


def test_slashes_are_escaped_and_decimals_exact(services: RunningPayments, customer: Customer) -> None:
    """As in the document's example; a multiple with many places comes back as it was sent."""
    body = json.dumps({"id": "1", "method": "coinspark_create_asset", "params": ASSET}).replace("0.01", "0.0000001")
    raw = customer.send("POST", "/coinspark", body.encode()).body
    assert (True, True) == (b'"https:\\/\\/example.com' in raw, b'"multiple":0.0000001,' in raw)
    assert Decimal("0.0098") == services.coinspark.balance[False]


def test_the_files_give_the_hash_that_was_booked(services: RunningPayments, customer: Customer) -> None:
    """Contract and fields make the asset hash; the genesis transaction has it, and its txid is that of its bytes."""
    result = customer.coinspark(ASSET)["result"]
    fields, contract = result["web_page_fields"], customer.get(result["contract_final"])
    text = AssetText(
        **{name: fields[name] for name in ("name", "issuer", "description", "units", "issue_date", "expiry_date")},
        rate=Decimal(0),
        multiple=Decimal("0.01"),
        contract=contract.body,
    )
    booked = services.books.all()[0].fields
    assert booked["asset_hash"] == asset_hash(text).hex()
    genesis = bytes.fromhex(customer.get(f"/rehearsal/genesis/{result['txid']}").body.decode())
    assert result["txid"] == sha256(sha256(genesis).digest()).digest()[::-1].hex()
    assert b"\x6a\x28" + bytes.fromhex(booked["metadata"]) in genesis
    assert booked["metadata"].endswith(booked["asset_hash"][:42])


def test_the_page_holds_the_fields_escaped(customer: Customer) -> None:
    """Parentheses and angle brackets are written as the document demands."""
    result = customer.coinspark(ASSET)["result"]
    page = customer.get(result["web_page_basic"]).body.decode()
    data = page.partition('json">')[2].partition("</script>")[0]
    assert [] == [mark for mark in "()<>" if mark in data]
    assert ASSET["description"] == json.loads(data)["description"]


def test_two_identical_calls_make_two_assets(services: RunningPayments, customer: Customer) -> None:
    """Nothing protects a customer who sends twice."""
    first, second = (customer.coinspark(ASSET)["result"]["txid"] for _ in "12")
    assert (True, 2) == (first != second, len(services.books.all()))


def test_the_testnet_has_its_own_balance(services: RunningPayments, customer: Customer) -> None:
    """And fees can be chosen."""
    result = customer.coinspark(ASSET | {"testnet": True, "send_btc": 0.25, "fee_btc": 0.5})["result"]
    assert (0.75, 0.25) == (result["spent_btc"], result["balance_btc"])
    assert Decimal("0.01") == services.coinspark.balance[False]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"key": "other"}, -20001),
        ({"key": None}, -20001),
        ({"send_btc": 0.5}, -20002),
        ({"raw_quantity": 0}, -32602),
        ({"raw_quantity": 10**14 + 1}, -32602),
        ({"raw_quantity": 1.0}, -32602),
        ({"raw_quantity": "1"}, -32602),
        ({"raw_quantity": True}, -32602),
        ({"charge_flat_raw_qty": 5001}, -32602),
        ({"charge_basis_points": 251}, -32602),
        ({"rounding": 2}, -32602),
        ({"display_multiple": 0}, -32602),
        ({"display_multiple": "1"}, -32602),
        ({"name": " "}, -32602),
        ({"testnet": 1}, -32602),
        ({"expiry_timestamp": -1}, -32602),
        ({"send_to_address": "ssw5De84Cm5BynnWsuF9cXZmFp4bb3fNEeqvi"}, -32602),
        ({"asset_url": "https://user@example.com/a/"}, -32602),
        ({"asset_url": "https://a-quite-long-domain-name.co.xy/my-long-asset-name/"}, -32602),
        ({"surprise": 1}, -32602),
    ],
)
def test_parameters_that_are_refused(
    services: RunningPayments, customer: Customer, change: dict[str, object], code: int
) -> None:
    """The document's codes; nothing is made or charged."""
    assert code == customer.coinspark(ASSET | change)["error"]["code"], change
    assert ((), Decimal("0.01")) == (services.books.all(), services.coinspark.balance[False])


@pytest.mark.parametrize("name", [name for name in ASSET if name != "key"])
def test_each_required_parameter_is_required(customer: Customer, name: str) -> None:
    """Its name stands in the data."""
    error = customer.coinspark({key: value for key, value in ASSET.items() if key != name})["error"]
    assert (-32602, "Invalid params", f"{name}: missing") == (error["code"], error["message"], error["data"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", -32700),
        (b"\xff", -32700),
        (b'{"id":1,"method":"coinspark_create_asset","params":{"x":NaN}}', -32700),
        (b"[]", -32600),
        (b'{"method":"coinspark_create_asset","params":{}}', -32600),
        (b'{"id":"1","method":"coinspark_create_asset"}', -32600),
        (b'{"id":"1","method":"other","params":{}}', -32601),
    ],
)
def test_requests_that_are_none(customer: Customer, body: bytes, code: int) -> None:
    """JSON, JSON-RPC, the method."""
    assert code == customer.send("POST", "/coinspark", body).json["error"]["code"]


def test_the_bounds_themselves_are_taken(customer: Customer) -> None:
    """The most of everything, an expiry, every text."""
    most = {"raw_quantity": 10**14, "charge_flat_raw_qty": 5000, "charge_basis_points": 250, "rounding": -1}
    texts = {"contract_template": "us", "governing_law": "Singapore law", "residents": "x", "prohibited": "y"}
    rest = {"expiry_timestamp": 1731847656, "num_outputs": 4, "confirmations": 1}
    fields = customer.coinspark(ASSET | most | texts | rest)["result"]["web_page_fields"]
    assert "2024-11-17T12:47:36+00:00" == fields["expiry_date"]


def test_without_tls_there_is_a_protocol_error(tmp_path: Path) -> None:
    """-20000: and the key has been sent in the clear by then."""
    with serve_payments(tmp_path, certificate=None) as services:
        assert -20000 == Customer(services).coinspark(ASSET)["error"]["code"]


def test_the_other_code_of_the_document(services: RunningPayments, customer: Customer) -> None:
    """Its example says -20003 where its table says -20002; and an internal error on demand."""
    services.coinspark.modes = CoinSparkModes(insufficient_code=-20003)
    assert -20003 == customer.coinspark(ASSET | {"send_btc": 1})["error"]["code"]
    services.coinspark.modes = CoinSparkModes(internal_error=True)
    assert -32603 == customer.coinspark(ASSET)["error"]["code"]


def test_errors_can_have_bitcoinds_status(services: RunningPayments, customer: Customer) -> None:
    """500 for an error, 200 for a result."""
    services.coinspark.modes = CoinSparkModes(error_status=500)
    assert 500 == customer.send("POST", "/coinspark", b"{").status
    assert "result" in customer.coinspark(ASSET)


def test_a_service_that_lies_afterwards(services: RunningPayments, customer: Customer) -> None:
    """Another contract than was hashed, another multiple than was asked for."""
    services.coinspark.modes = replace(services.coinspark.modes, other_fields=True)
    result = customer.coinspark(ASSET)["result"]
    assert 7 == result["web_page_fields"]["multiple"]
    honest = customer.get(result["contract_final"]).body
    services.coinspark.modes = CoinSparkModes(other_contract=True)
    assert honest != customer.get(result["contract_final"]).body


@pytest.mark.parametrize(
    "target", ["/create-asset/?id=1&file=contract", "/create-asset/", "/rehearsal/genesis/00", "/coinspark", "/nowhere"]
)
def test_what_is_not_there(customer: Customer, target: str) -> None:
    """404."""
    assert 404 == customer.get(target).status


def test_a_post_to_the_files_is_nothing(customer: Customer) -> None:
    """404, too."""
    assert 404 == customer.send("POST", "/create-asset/").status
