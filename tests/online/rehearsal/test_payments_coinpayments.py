"""The CoinPayments stand-in: who may speak, the nonce, what is booked, what is told of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from coldtusk_online.rehearsal.payments import REHEARSAL, Credentials, RunningPayments, Service, serve_payments
from coldtusk_online.rehearsal.payments.coinpayments import INVALID_NONCE, NO_PERMISSION, CoinPaymentsModes
from coldtusk_online.rehearsal.payments.coinpayments_fields import COMMANDS
from tests.online.rehearsal.payments_client import NOW, Customer, form_body
from tests.simulators.node_hmac import Mac, node_hmacs

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "payments"
BOB = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[RunningPayments]:
    """The stand-ins at noon of some day."""
    with serve_payments(tmp_path, clock=lambda: NOW) as running:
        yield running


@pytest.fixture
def customer(services: RunningPayments) -> Customer:
    """Who asks them."""
    return Customer(services)


def _withdraw(customer: Customer, nonce: int, amount: str = "0.1", **fields: str) -> Any:
    return customer.coinpayments("create_withdrawal", nonce=nonce, amount=amount, currency="BTC", address=BOB, **fields)


def test_a_withdrawal_is_booked_and_told(services: RunningPayments, customer: Customer) -> None:
    """ok, an id, and the fields as they were read; without auto_confirm it waits for the e-mail."""
    reply = customer.coinpayments(
        "create_withdrawal", nonce=5, amount="0.1", currency="BTC", address=BOB, auto_confirm=0, note="a b+c&d/é"
    )
    [entry] = services.books.of(Service.COINPAYMENTS)
    assert {"error": "ok", "result": {"id": entry.identity, "status": 0, "amount": "0.10000000"}} == reply
    assert ("create_withdrawal", NOW, BOB, "a b+c&d/é") == (
        entry.command,
        entry.at,
        entry.fields["address"],
        entry.fields["note"],
    )


def test_the_history_tells_what_the_books_hold(services: RunningPayments, customer: Customer) -> None:
    """Two withdrawals, the newest first; one is completed and has a transaction then."""
    first = _withdraw(customer, 1, auto_confirm="1")["result"]["id"]
    services.coinpayments.payments.complete(first)
    _withdraw(customer, 2, "0.2")
    newest, oldest = customer.coinpayments("get_withdrawal_history", nonce=3)["result"]
    assert (0, "Waiting for email confirmation", 20_000_000, "BTC", BOB, "") == tuple(
        newest[name] for name in ("status", "status_text", "amount", "coin", "send_address", "send_txid")
    )
    assert (first, 2, "Complete", NOW, 64) == (
        *(oldest[name] for name in ("id", "status", "status_text", "time_created")),
        len(oldest["send_txid"]),
    )
    alone = customer.coinpayments("get_withdrawal_info", nonce=4, id=first)["result"]
    assert {"id": first, **alone} == oldest
    assert [oldest] == customer.coinpayments("get_withdrawal_history", nonce=5, start=1, limit=5)["result"]


def test_a_wrong_mac_a_wrong_key_and_no_mac_are_refused(services: RunningPayments, customer: Customer) -> None:
    """Nothing is booked and no nonce is used."""
    body = form_body("create_withdrawal", nonce=9, amount="1", currency="BTC", address=BOB)
    assert {"error": "HMAC signature does not match", "result": []} == customer.form(body, "other").json
    assert "No HMAC signature sent" == customer.send("POST", "/api.php", body).json["error"]
    stranger = body.replace(REHEARSAL.coinpayments_public.encode(), b"stranger")
    assert "Invalid public key passed" == customer.form(stranger).json["error"]
    changed = customer.send("POST", "/api.php", body + b"0", {"HMAC": services.received[0].header("HMAC") or ""})
    assert "HMAC signature does not match" == changed.json["error"]
    assert ((), None) == (services.books.all(), services.coinpayments.last_nonce(REHEARSAL.coinpayments_public))
    assert "Only POST requests are accepted" == customer.send("GET", "/api.php").json["error"]


def test_nonces_rise_and_stick(services: RunningPayments, customer: Customer) -> None:
    """Without one while none was used; then always one, above the last; the same bytes again are refused as such."""
    assert "ok" == customer.coinpayments("rates")["error"]
    assert "ok" == customer.coinpayments("balances", nonce=10)["error"]
    assert customer.coinpayments("rates")["error"].startswith("You must pass a nonce")
    for nonce in (10, 9):
        refused = customer.coinpayments("rates", nonce=nonce)
        assert (True, []) == (refused["error"].startswith(INVALID_NONCE), refused["result"])
    for nonsense in ("x", "-1", "1.5", str(2**64), "٣"):
        assert INVALID_NONCE in customer.coinpayments("rates", nonce=nonsense)["error"]
    assert "ok" == customer.coinpayments("rates", nonce=11)["error"]
    assert 11 == services.coinpayments.last_nonce(REHEARSAL.coinpayments_public)


def test_the_identical_bytes_pay_once(services: RunningPayments, customer: Customer) -> None:
    """The second time the nonce tells that the first arrived."""
    body = form_body("create_withdrawal", nonce=7, amount="1", currency="BTC", address=BOB)
    assert "ok" == customer.form(body).json["error"]
    assert INVALID_NONCE in customer.form(body).json["error"]
    assert 1 == len(services.books.all())


def test_without_a_nonce_the_identical_bytes_pay_twice(services: RunningPayments, customer: Customer) -> None:
    """Why Coldtusk always uses one."""
    body = form_body("create_withdrawal", amount="1", currency="BTC", address=BOB)
    assert ["ok", "ok"] == [customer.form(body).json["error"] for _ in range(2)]
    assert 2 == len(services.books.all())


def test_a_nonce_is_used_even_when_its_command_fails(customer: Customer) -> None:
    """Too large an amount, then the same nonce."""
    assert "That amount is larger than your balance!" == _withdraw(customer, 3, "10000")["error"]
    assert INVALID_NONCE in _withdraw(customer, 3)["error"]


def test_a_key_with_a_past_refuses_small_nonces(services: RunningPayments, customer: Customer) -> None:
    """remember_nonce: a 13-digit one was used elsewhere. Not sticky: none is accepted too."""
    services.coinpayments.remember_nonce(REHEARSAL.coinpayments_public, 1_700_000_000_123)
    assert INVALID_NONCE in _withdraw(customer, 1)["error"]
    assert "ok" == _withdraw(customer, 1_700_000_000_124)["error"]
    services.coinpayments.modes = CoinPaymentsModes(sticky_nonce=False)
    assert "ok" == customer.coinpayments("rates")["error"]


def test_the_reading_key_reads_only_and_burns_nothing(services: RunningPayments, customer: Customer) -> None:
    """It has a nonce of its own."""
    key, private = REHEARSAL.coinpayments_read_public, REHEARSAL.coinpayments_read_private
    history = form_body("get_withdrawal_history", key=key, nonce=99)
    assert "ok" == customer.form(history, private).json["error"]
    money = form_body("create_withdrawal", key=key, nonce=100, amount="1", currency="BTC", address=BOB)
    assert NO_PERMISSION == customer.form(money, private).json["error"]
    assert ((), None) == (services.books.all(), services.coinpayments.last_nonce(REHEARSAL.coinpayments_public))


@pytest.mark.parametrize(
    ("command", "fields", "words"),
    [
        ("nonsense", {}, "Invalid command name"),
        ("create_withdrawal", {"amount": "1", "currency": "BTC"}, "Give exactly one of"),
        ("create_withdrawal", {"amount": "1", "currency": "BTC", "address": "a", "pbntag": "$b"}, "Give exactly one"),
        ("create_withdrawal", {"amount": "1", "address": "a"}, "Missing field: currency"),
        ("create_withdrawal", {"amount": "1e-7", "currency": "BTC", "address": "a"}, "Invalid amount"),
        ("create_withdrawal", {"amount": "0", "currency": "BTC", "address": "a"}, "greater than 0"),
        ("create_withdrawal", {"amount": "0.0001", "currency": "BTC", "address": "a"}, "smaller than the transaction"),
        ("create_withdrawal", {"amount": "1", "currency": "XXX", "address": "a"}, "Invalid currency"),
        ("create_withdrawal", {"amount": "1", "currency": "EUR", "address": "a"}, "Invalid currency"),
        ("create_withdrawal", {"amount": "1", "currency": "BTC", "address": "a", "auto_confirm": "True"}, "not a flag"),
        ("create_withdrawal", {"amount": "1", "currency": "BTC", "address": "a", "extra": "x"}, "Unknown field: extra"),
        ("get_tx_ids", {"limit": "x"}, "not a number"),
        ("get_tx_info", {"txid": "none"}, "Invalid ID!"),
        ("cancel_withdrawal", {"id": "none"}, "cannot be cancelled"),
        ("create_mass_withdrawal", {}, "No withdrawals"),
        ("create_mass_withdrawal", {"amount": "1"}, "Unknown field: amount"),
        ("buy_pbn_tags", {"coin": "BTC", "num": "0"}, "Invalid num"),
        ("rates", {"version": "2"}, "Invalid version"),
        ("rates", {"format": "xml"}, "json only"),
    ],
)
def test_what_is_refused(
    services: RunningPayments, customer: Customer, command: str, fields: dict[str, str], words: str
) -> None:
    """The service says why, in its words, and books nothing."""
    reply = customer.coinpayments(command, **fields)
    assert (True, []) == (words in reply["error"], reply["result"]), reply
    assert () == services.books.all()


def test_a_body_that_is_no_form_is_refused(customer: Customer) -> None:
    """Bytes that are no text."""
    assert "The request could not be read" == customer.form(b"\xff\xfe=1").json["error"]
    assert "The request could not be read" == customer.form(b"key=%ff").json["error"]


def test_a_mass_withdrawal_pays_each_or_says_why(services: RunningPayments, customer: Customer) -> None:
    """Two are paid, confirmed at once, and one has no payee."""
    fields = {"nonce": "1"}
    for name, one in {
        "wd1": {"amount": "0.1", "address": BOB, "currency": "LTCT"},
        "wd2": {"amount": "0.2", "pbntag": "$tag", "currency": "LTCT", "dest_tag": "77"},
        "wd3": {"amount": "0.3", "currency": "LTCT"},
    }.items():
        fields |= {f"wd[{name}][{key}]": value for key, value in one.items()}
    result = customer.coinpayments("create_mass_withdrawal", **fields)["result"]
    assert ["ok", "ok", "Give exactly one of: address, pbntag, domain"] == [one["error"] for one in result.values()]
    assert ["wd1", "wd2"] == [entry.fields["wd"] for entry in services.books.all()]
    assert [1, 1] == [one["status"] for one in list(result.values())[:2]]
    assert 2 == len(customer.coinpayments("get_withdrawal_history", nonce=2)["result"])


def test_currency2_reprices_the_amount(services: RunningPayments, customer: Customer) -> None:
    """1000 EUR of bitcoin is another amount than 1000 bitcoin."""
    assert "ok" == _withdraw(customer, 1, "1000", currency2="EUR")["error"]
    [entry] = services.books.all()
    assert "0.01200000" == entry.fields["sent"]


def test_the_fee_can_be_on_top(customer: Customer) -> None:
    """add_tx_fee takes it from the balance beside the amount."""
    _withdraw(customer, 1, "1", add_tx_fee="1")
    assert "8.99990000" == customer.coinpayments("balances", nonce=2)["result"]["BTC"]["balancef"]
    _withdraw(customer, 3, "1")
    assert "7.99990000" == customer.coinpayments("balances", nonce=4)["result"]["BTC"]["balancef"]


def test_a_waiting_withdrawal_can_be_cancelled(customer: Customer) -> None:
    """Once; a confirmed one cannot."""
    waiting = _withdraw(customer, 1)["result"]["id"]
    assert {"error": "ok", "result": []} == customer.coinpayments("cancel_withdrawal", nonce=2, id=waiting)
    assert "cannot be cancelled" in customer.coinpayments("cancel_withdrawal", nonce=3, id=waiting)["error"]
    assert "Cancelled" == customer.coinpayments("get_withdrawal_info", nonce=4, id=waiting)["result"]["status_text"]


def test_conversions_and_transfers(services: RunningPayments, customer: Customer) -> None:
    """Both move; the first is told by get_conversion_info."""
    made = customer.coinpayments("convert", nonce=1, amount="1", from_="BTC", to="LTC")["result"]["id"]
    told = customer.coinpayments("get_conversion_info", nonce=2, id=made)["result"]
    assert ("BTC", "LTC", "1.00000000", 83_333_333_333) == tuple(
        told[name] for name in ("coin1", "coin2", "amount_sentf", "received")
    )
    moved = customer.coinpayments("create_transfer", nonce=3, amount="2", currency="LTC", merchant="d0f1")["result"]
    assert 0 == moved["status"]
    assert ["convert", "create_transfer"] == [entry.command for entry in services.books.all()]
    assert {"min", "max"} == set(customer.coinpayments("convert_limits", nonce=4, from_="BTC", to="LTC")["result"])


def test_transactions_are_told_in_every_way(customer: Customer) -> None:
    """One by its id, many by theirs, a list of ids, with roles if all are wanted."""
    made = customer.coinpayments(
        "create_transaction", nonce=1, amount="10", currency1="USD", currency2="LTC", buyer_email="b@example.invalid"
    )["result"]
    txid = made["txn_id"]
    one = customer.coinpayments("get_tx_info", nonce=2, txid=txid)["result"]
    assert (made["amount"], "LTC", 0) == (one["amountf"], one["coin"], one["status"])
    many = customer.coinpayments("get_tx_info_multi", nonce=3, txid=f"{txid}|other")["result"]
    assert ({"error": "ok", **one}, {"error": "Invalid ID!"}) == (many[txid], many["other"])
    assert [txid] == customer.coinpayments("get_tx_ids", nonce=4)["result"]
    assert [{"txid": txid, "user_is": "seller"}] == customer.coinpayments("get_tx_ids", nonce=5, all=1)["result"]


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("get_basic_info", {}),
        ("rates", {"short": "1", "accepted": "2"}),
        ("balances", {"all": "1"}),
        ("get_pbn_info", {"pbntag": "$tag"}),
        ("get_pbn_list", {}),
    ],
)
def test_reading_books_nothing(
    services: RunningPayments, customer: Customer, command: str, fields: dict[str, str]
) -> None:
    """Each answers."""
    assert "ok" == customer.coinpayments(command, **fields)["error"]
    assert () == services.books.all()


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("get_callback_address", {"currency": "BTC", "ipn_url": "https://example.invalid/ipn"}),
        ("get_deposit_address", {"currency": "LTC"}),
        ("claim_pbn_tag", {"tagid": "1", "name": "me"}),
        ("update_pbn_tag", {"tagid": "1"}),
        ("delete_pbn_tag", {"tagid": "1"}),
        ("claim_pbn_coupon", {"coupon": "c"}),
        ("buy_pbn_tags", {"coin": "BTC", "num": "2"}),
        ("renew_pbn_tag", {"tagid": "1", "coin": "BTC", "years": "2"}),
    ],
)
def test_changing_books_one(
    services: RunningPayments, customer: Customer, command: str, fields: dict[str, str]
) -> None:
    """Each is an effect."""
    assert "ok" == customer.coinpayments(command, **fields)["error"]
    assert [command] == [entry.command for entry in services.books.all()]


def test_every_command_is_known() -> None:
    """The facts page lists 26: 12 read, 7 change, 7 move."""
    assert (26, 12) == (len(COMMANDS), sum(not known.moves_or_changes for known in COMMANDS.values()))


def test_the_bodies_of_four_clients_are_understood(tmp_path: Path) -> None:
    """Their MACs match here; what their forms cannot say (1e-7, True, None) is refused in words."""
    rows = json.loads((VECTORS / "coinpayments_requests.json").read_text(encoding="utf-8"))["vectors"]
    for row in rows:
        fields = dict(parse_qsl(row["body"], keep_blank_values=True))
        who = Credentials(coinpayments_public=fields["key"], coinpayments_private=row["secret"])
        with serve_payments(tmp_path, credentials=who, certificate=None) as services:
            services.coinpayments.modes = CoinPaymentsModes(sticky_nonce=False)
            reply = Customer(services).send("POST", "/api.php", row["body"].encode(), {"HMAC": row["expected"]}).json
        fine = row["case"] != "types" and "#3" not in row["case"]
        assert ("ok" == reply["error"]) is fine, (row["case"], reply)


def test_node_agrees_on_every_mac_that_came(services: RunningPayments, customer: Customer) -> None:
    """What the stand-in kept is what was sent: method, path, headers, body bytes."""
    customer.coinpayments("rates", nonce=1)
    _withdraw(customer, 2, note="!'()*~ %20")
    came = services.received_at("/api.php")
    assert [("POST", "/api.php")] * 2 == [(request.method, request.path) for request in came]
    macs = node_hmacs(Mac("sha512", REHEARSAL.coinpayments_private.encode(), request.body) for request in came)
    assert macs == [request.header("hmac") for request in came]
