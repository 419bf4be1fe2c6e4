"""From fields to contents: the note that names the payment, and whether an answer fits what was asked."""

from dataclasses import replace
from typing import Any

import pytest

from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.services.coinpayments import build, signature
from coldtusk_shared import limits
from coldtusk_shared.envelope import KeyId
from coldtusk_shared.errors import BadInput
from coldtusk_shared.request import Item, PaymentId
from coldtusk_shared.screen import render
from coldtusk_shared.services.coinpayments import mass, output
from coldtusk_shared.services.coinpayments.commands import COMMANDS
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent
from coldtusk_shared.services.coinpayments.output import Output
from coldtusk_shared.services.coinpayments.payments import WITHDRAWAL
from tests.shared.services.coinpayments.call_samples import ADDRESS, KEY, call, withdrawal

ACCOUNT = ServiceAccount("coinpayments", KEY.encode(), "shop", KeyId(bytes(16)))
ID = PaymentId(bytes.fromhex("00112233445566778899aabbccddeeff"))
NOTE = "coldtusk 00112233445566778899aabbccddeeff"
GIVEN: dict[str, Any] = {"amount": "0.1", "currency": "BTC", "address": ADDRESS, "auto_confirm": False}


def item(content: CoinPaymentsContent) -> Item:
    """An item of *content*."""
    return Item(ID, content.account, content)


def test_a_payment_carries_its_id() -> None:
    """In its note, which the review shows."""
    made = build.payment(ACCOUNT, WITHDRAWAL, GIVEN, ID)
    assert NOTE == made.given["note"] == build.note(ID)
    assert f'note        "{NOTE}"' in render(build.lines(item(made)))
    assert f"&note={NOTE.replace(' ', '%20')}".encode() in made.body(1)


def test_another_note_stays() -> None:
    """The operator's words."""
    assert "rent" == build.payment(ACCOUNT, WITHDRAWAL, {**GIVEN, "note": "rent"}, ID).given["note"]


def test_each_row_carries_its_name() -> None:
    """Beside the payment's id, unless it has a note."""
    texts = [("amount", "1"), ("currency", "BTC"), ("address", ADDRESS)]
    made = build.mass_withdrawal(ACCOUNT, mass.typed([texts, [*texts, ("note", "rent")]]), ID)
    assert [f"{NOTE} wd1", "rent"] == [row["note"] for row in made.rows]


def test_the_history_is_asked_for_as_a_whole_page() -> None:
    """Unless another limit is given."""
    command = COMMANDS["get_withdrawal_history"]
    assert {"limit": limits.COINPAYMENTS_PAGE} == build.call(ACCOUNT, command, {}).given
    assert {"limit": 3} == build.call(ACCOUNT, command, {"limit": 3}).given
    assert {} == build.call(ACCOUNT, COMMANDS["balances"], {}).given


def test_an_answer_that_fits() -> None:
    """The body of the fields with the device's nonce, which is what the device counted."""
    given = output.encode(Output(7, withdrawal().body(7), bytes(64)))
    signature.check(item(withdrawal()), given, "answer")
    assert 7 == signature.number(item(withdrawal()), given)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (Output(7, withdrawal().body(8), bytes(64)), "coinpayments.other-body"),
        (Output(7, withdrawal(amount="0.2").body(7), bytes(64)), "coinpayments.other-body"),
        (Output(7, withdrawal().body(7) + b"&auto_confirm=1", bytes(64)), "coinpayments.other-body"),
        (
            Output(7, withdrawal().body(7).replace(b"auto_confirm=0", b"auto_confirm=1"), bytes(64)),
            "coinpayments.other-body",
        ),
        (Output(7, call("balances").body(7), bytes(64)), "coinpayments.other-body"),
        (Output(7, withdrawal().body(7), bytes(32)), "field.wrong-length"),
        (Output(7, b"", bytes(64)), "field.wrong-length"),
    ],
)
def test_an_answer_that_does_not_fit(given: Output, code: str) -> None:
    """Refused before anything is sent."""
    with pytest.raises(BadInput) as caught:
        signature.check(item(withdrawal()), output.encode(given), "answer")
    assert code == caught.value.code.name


def test_a_response_of_another_item_does_not_fit() -> None:
    """Replayed: its body has other fields."""
    other = item(replace(withdrawal(), account=b"other_key"))
    with pytest.raises(BadInput) as caught:
        signature.check(other, output.encode(Output(7, withdrawal().body(7), bytes(64))), "answer")
    assert "coinpayments.other-body" == caught.value.code.name
