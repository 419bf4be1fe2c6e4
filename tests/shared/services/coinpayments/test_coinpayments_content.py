"""A call as a message: what is refused before anybody is asked, what it moves, and when two calls are one intent."""

from fractions import Fraction
from typing import Any

import pytest

from coldtusk_shared import cbor, limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.coinpayments import content, mass, output
from coldtusk_shared.services.coinpayments.output import Output
from coldtusk_shared.value import Currency, Value
from tests.shared.services.coinpayments import call_samples as calls
from tests.shared.services.coinpayments.call_samples import ADDRESS, FULL, KEY, ROWS, call, parsed, wire, withdrawal

MANY = [{"amount": "1", "currency": "BTC", "address": ADDRESS} for _ in range(limits.COINPAYMENTS_ROWS + 1)]


def code_of(name: str, fields: Any, account: bytes = KEY.encode()) -> str:
    """The code with which the fields are refused."""
    with pytest.raises(BadInput) as caught:
        parsed(name, fields, account)
    return caught.value.code.name


def changed(**changes: Any) -> dict[int, Any]:
    """The fields of a withdrawal with *changes*; None takes a field away."""
    given = {name: value for name, value in {**calls.WITHDRAWAL, **changes}.items() if value is not None}
    return wire("create_withdrawal", given)


BAD = [
    ({"amount": "0"}, "amount.zero"),
    ({"amount": "0.000"}, "amount.zero"),
    ({"amount": "1e-7"}, "decimal.form"),
    ({"amount": "NaN"}, "decimal.form"),
    ({"amount": "-1"}, "decimal.form"),
    ({"amount": "+1"}, "decimal.form"),
    ({"amount": ".5"}, "decimal.form"),
    ({"amount": "5."}, "decimal.form"),
    ({"amount": "01"}, "decimal.form"),
    ({"amount": "1,5"}, "decimal.form"),
    ({"amount": " 1"}, "decimal.form"),
    ({"amount": "\u0661"}, "decimal.form"),
    ({"amount": "Infinity"}, "decimal.form"),
    ({"amount": "0." + "1" * 19}, "decimal.digits"),
    ({"amount": "1" * 31}, "decimal.digits"),
    ({"amount": 1}, "field.wrong-type"),
    ({"amount": None}, "field.required"),
    ({"currency": None}, "field.required"),
    ({"auto_confirm": None}, "field.required"),
    ({"auto_confirm": 1}, "field.wrong-type"),
    ({"auto_confirm": "1"}, "field.wrong-type"),
    ({"currency": "btc"}, "field.characters"),
    ({"currency": ""}, "field.empty"),
    ({"currency": "B\u0422C"}, "field.characters"),
    ({"currency": "BTC&cmd=convert"}, "field.characters"),
    ({"address": None}, "field.one-of"),
    ({"pbntag": "$tag"}, "field.one-of"),
    ({"domain": "tusk.crypto"}, "field.one-of"),
    ({"address": None, "pbntag": "$tag", "domain": "tusk.crypto"}, "field.one-of"),
    ({"address": "1Boat 1"}, "field.characters"),
    ({"address": "1Boat\n"}, "text.character"),
    ({"address": "1Boat\u202e"}, "text.character"),
    ({"address": ""}, "field.empty"),
    ({"address": "1" * 129}, "text.too-long"),
    ({"address": ADDRESS.encode()}, "field.wrong-type"),
    ({"address": None, "pbntag": "$"}, "field.characters"),
    ({"address": None, "domain": "crypto"}, "field.characters"),
    ({"dest_tag": "7 7"}, "field.characters"),
    ({"note": "a\x00b"}, "text.character"),
    ({"note": "a\u202eb"}, "text.character"),
    ({"note": "a\u200bb"}, "text.character"),
    ({"note": "e\u0301"}, "text.not-nfc"),
    ({"note": " "}, "field.empty"),
    ({"note": ""}, "field.empty"),
    ({"ipn_url": "http://example.test/"}, "field.url"),
    ({"ipn_url": "https://user@example.test/"}, "field.url"),
    ({"ipn_url": "https://Example.test/"}, "field.url"),
    ({"ipn_url": "https://example.test/#a"}, "field.url"),
    ({"ipn_url": "https://" + "a" * 250 + ".test/"}, "text.too-long"),
    ({"add_tx_fee": "yes"}, "field.wrong-type"),
]


@pytest.mark.parametrize(("changes", "code"), BAD, ids=lambda value: str(value)[:40])
def test_bad_fields_of_a_withdrawal_are_refused(changes: dict[str, Any], code: str) -> None:
    """Each by its own rule, naming the field."""
    assert code == code_of("create_withdrawal", changed(**changes))


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("rates", {"accepted": 3}, "field.out-of-range"),
        ("get_withdrawal_history", {"limit": 0}, "field.out-of-range"),
        ("get_withdrawal_history", {"limit": limits.COINPAYMENTS_PAGE + 1}, "field.out-of-range"),
        ("buy_pbn_tags", {"coin": "BTC", "num": 0}, "field.out-of-range"),
        ("buy_pbn_tags", {"coin": "BTC", "num": limits.COINPAYMENTS_COUNT + 1}, "field.out-of-range"),
        ("buy_pbn_tags", {"coin": "BTC"}, "field.required"),
        ("renew_pbn_tag", {"tagid": "7", "coin": "BTC"}, "field.required"),
        ("create_transfer", {"amount": "1", "currency": "BTC", "auto_confirm": False}, "field.one-of"),
        ("create_transaction", {"amount": "1", "currency1": "USD", "currency2": "BTC"}, "field.required"),
        ("get_tx_info_multi", {"txid": "T1|T1"}, "coinpayments.txids"),
        ("get_tx_info_multi", {"txid": "T1||T2"}, "field.characters"),
        ("get_tx_info_multi", {"txid": "T1|"}, "field.characters"),
    ],
)
def test_bad_fields_of_other_commands_are_refused(name: str, given: dict[str, Any], code: str) -> None:
    """Ranges, what is missing, and ids joined wrongly."""
    assert code == code_of(name, wire(name, given))


def test_so_many_ids_and_no_more() -> None:
    """COINPAYMENTS_TXIDS of them."""
    ids = [f"T{number}" for number in range(limits.COINPAYMENTS_TXIDS)]
    assert call("get_tx_info_multi", txid="|".join(ids)).given["txid"] == "|".join(ids)
    assert code_of("get_tx_info_multi", {1: "|".join([*ids, "T99"])}) == "coinpayments.txids"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({1: []}, "field.out-of-range"),
        ({1: [wire("row", row) for row in MANY]}, "field.out-of-range"),
        ({1: [{**wire("row", ROWS[0]), 10: True}]}, "field.unknown"),
        ({1: [{**wire("row", ROWS[0]), 4: "$tag"}]}, "field.one-of"),
        ({1: [{**wire("row", ROWS[0]), 1: "0"}]}, "amount.zero"),
        ({1: [wire("row", ROWS[0])], 2: True}, "field.unknown"),
        ({1: wire("row", ROWS[0])}, "field.wrong-type"),
        ({}, "field.missing"),
    ],
)
def test_bad_rows_are_refused(fields: dict[int, Any], code: str) -> None:
    """COINPAYMENTS_ROWS is the most; ``auto_confirm`` is not a row's."""
    assert code == code_of("create_mass_withdrawal", fields)


def test_the_error_names_the_row() -> None:
    """As the service calls it."""
    with pytest.raises(BadInput) as caught:
        calls.mass(ROWS[0], {**ROWS[1], "amount": "0"})
    assert caught.value.where == "item.fields.wd2.amount"


def test_rows_as_a_person_gives_them() -> None:
    """At least one, at most COINPAYMENTS_ROWS."""
    typed = [("amount", "0.1"), ("currency", "LTCT"), ("address", "addr1")]
    assert mass.encode(mass.typed([typed])) == {1: [wire("row", ROWS[0])]}
    for rows in ([], [typed] * (limits.COINPAYMENTS_ROWS + 1)):
        with pytest.raises(BadInput) as caught:
            mass.typed(rows)
        assert caught.value.code.name == "coinpayments.rows"


def test_the_body_has_a_cap_whatever_the_nonce() -> None:
    """SERVICE_BODY_BYTES: rows with long notes pass it before their number does."""
    row = {"amount": "1", "currency": "BTC", "address": ADDRESS, "note": "n" * 300}
    assert len(calls.mass(*[row] * 20).body(limits.COINPAYMENTS_NONCE)) <= limits.SERVICE_BODY_BYTES
    fields = {1: [wire("row", row)] * 40}
    assert code_of("create_mass_withdrawal", fields) == "coinpayments.body-long"


@pytest.mark.parametrize(
    "account", [b"key with blank", b"key\n", b"key&cmd=convert", "k\u00e9y".encode(), b"\xff", b""]
)
def test_a_strange_public_key_is_refused(account: bytes) -> None:
    """It stands in the body."""
    assert code_of("balances", {}, account) == "coinpayments.key"


@pytest.mark.parametrize(
    "kind", ["coinpayments/create_Withdrawal", "coinpayments/", "coinpayments/get_info", "coinrpc/rates"]
)
def test_an_unknown_command_is_refused(kind: str) -> None:
    """The table is the API."""
    with pytest.raises(BadInput) as caught:
        content.parse(kind, KEY.encode(), {}, {}, "item")
    assert caught.value.code.name == "kind.not-supported"


def test_evidence_and_unknown_keys_are_refused() -> None:
    """Nothing rides along."""
    with pytest.raises(BadInput) as caught:
        content.parse("coinpayments/balances", KEY.encode(), {}, cbor.decode(cbor.encode({1: "x"})), "item")
    assert caught.value.code.name == "field.unknown"
    assert code_of("balances", {2: True}) == "field.unknown"


def moved(code: str, amount: str | None, payee: str | None) -> Value:
    """A movement of the service."""
    return Value(Currency("coinpayments", code), None if amount is None else Fraction(amount), payee)


@pytest.mark.parametrize(
    ("made", "values"),
    [
        (withdrawal(), (moved("BTC", "0.1", ADDRESS),)),
        (withdrawal(address=None, pbntag="$tag"), (moved("BTC", "0.1", "$tag"),)),
        (withdrawal(address=None, domain="tusk.crypto"), (moved("BTC", "0.1", "tusk.crypto"),)),
        (withdrawal(currency2="USD"), (moved("BTC", None, ADDRESS),)),
        (withdrawal(currency2="BTC"), (moved("BTC", "0.1", ADDRESS),)),
        (withdrawal(add_tx_fee=True), (moved("BTC", "0.1", ADDRESS), moved("BTC", None, None))),
        (withdrawal(add_tx_fee=False), (moved("BTC", "0.1", ADDRESS),)),
        (calls.mass(), (moved("LTCT", "0.1", "addr1"), moved("LTCT", "0.2", "$tag"))),
        (call("create_transfer"), (moved("LTC", "1", "d0f1"),)),
        (call("convert"), (moved("BTC", "1", "LgoatLTC"),)),
        (call("convert", address=None), (moved("BTC", "1", None),)),
        (call("buy_pbn_tags"), (moved("BTC", None, None),)),
        (call("renew_pbn_tag"), (moved("BTC", None, None),)),
        (call("create_transaction"), (moved("BTC", None, ADDRESS),)),
        (call("create_transaction", currency1="BTC"), (moved("BTC", "10", ADDRESS),)),
        (call("create_transaction", address=None), ()),
        (call("balances"), ()),
        (call("get_callback_address"), ()),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_values(made: content.CoinPaymentsContent, values: tuple[Value, ...]) -> None:
    """What leaves, to whom; no amount where the service sets the price."""
    assert values == made.values()


SAME = withdrawal().intent()


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "0.1"},
        {"amount": "0.1000"},
        {"note": "again"},
        {"auto_confirm": True},
        {"ipn_url": "https://a.test/"},
        {"add_tx_fee": True},
        {"currency2": "BTC"},
    ],
)
def test_one_intent(changes: dict[str, Any]) -> None:
    """The same payment, written or confirmed otherwise, pays twice."""
    assert withdrawal(**changes).intent() == SAME


@pytest.mark.parametrize("changes", [{"amount": "0.11"}, {"currency": "LTC"}, {"dest_tag": "7"}, {"currency2": "USD"}])
def test_another_intent(changes: dict[str, Any]) -> None:
    """Another amount, currency or payee is another payment."""
    assert withdrawal(**changes).intent() != SAME


def test_a_tag_is_the_same_without_its_sign() -> None:
    """The service takes both."""
    assert withdrawal(address=None, pbntag="tag").intent() == withdrawal(address=None, pbntag="$tag").intent()


def test_intent_of_rows_is_all_of_them() -> None:
    """And can be encoded."""
    noted = calls.mass({**ROWS[0], "note": "x"}, ROWS[1])
    assert noted.intent() == calls.mass().intent() != calls.mass(ROWS[0]).intent()
    assert cbor.decode(cbor.encode(noted.intent()))


@pytest.mark.parametrize("name", sorted(FULL))
def test_each_call_says_what_it_is(name: str) -> None:
    """Kind, scope, risk; no deadline of its own, no secret in its result, no evidence."""
    made = call(name)
    assert (f"coinpayments/{name}", "coinpayments") == (made.kind, made.scope)
    assert made.risk in (Risk.READS, Risk.CHANGES, Risk.MOVES_MONEY)
    assert (made.not_after, made.releases, made.evidence()) == (None, False, {})
    assert made.slot == call(name).slot


def test_a_double_has_one_slot() -> None:
    """Equal in every field; another note is another call, of which the review warns."""
    assert withdrawal().slot == withdrawal().slot
    assert withdrawal().slot != withdrawal(note="second").slot


def test_output_comes_back() -> None:
    """Nonce, body and HMAC."""
    made = Output(7, b"version=1", bytes(range(64)))
    assert made == output.parse(output.encode(made))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({1: 7, 2: b"body", 3: bytes(63)}, "field.wrong-length"),
        ({1: 7, 2: b"body"}, "field.missing"),
        ({1: 7, 2: "body", 3: bytes(64)}, "field.wrong-type"),
        ({1: 7, 2: b"", 3: bytes(64)}, "field.wrong-length"),
        ({1: 7, 2: bytes(limits.SERVICE_BODY_BYTES + 1), 3: bytes(64)}, "field.wrong-length"),
        ({1: limits.COINPAYMENTS_NONCE + 1, 2: b"body", 3: bytes(64)}, "field.out-of-range"),
        ({1: 7, 2: b"body", 3: bytes(64), 4: 1}, "field.unknown"),
    ],
)
def test_a_strange_output_is_refused(fields: dict[int, Any], code: str) -> None:
    """COINPAYMENTS_NONCE and SERVICE_BODY_BYTES bound it."""
    with pytest.raises(BadInput) as caught:
        output.parse(cbor.encode(fields))
    assert code == caught.value.code.name
