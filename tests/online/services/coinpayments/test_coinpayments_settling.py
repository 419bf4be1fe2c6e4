"""What a reply tells of other calls: found by note or by what is known, surely absent, or left to a person."""

from dataclasses import replace
from typing import Any

import pytest

from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.states import State
from coldtusk_online.sending import Ready
from coldtusk_online.services.coinpayments import history, settling
from coldtusk_online.services.coinpayments.build import is_like_own_note, note, payment_of
from coldtusk_shared.errors import OutcomeUnknown
from coldtusk_shared.request import PaymentId
from tests.online.services.coinpayments.doubt_samples import history_call, listed, made, ready
from tests.shared.services.coinpayments.call_samples import ROWS, call, mass, withdrawal

OWN = note(PaymentId((5).to_bytes(16)))
EARLIER = made(4, state=State.CONFIRMED, reference="CW4")
LATER = 1_795_192_200
PAYEE = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"


def noted(number: int = 5, **changes: Any) -> Call:
    """A withdrawal in doubt that carries its own note."""
    return made(number, withdrawal(note=note(PaymentId(number.to_bytes(16))), **changes))


def settled(asking: Ready, result: Any, *past: Call) -> tuple[dict[int, str], list[str]]:
    """The states by number that *result* gives, and what was told."""
    told: list[str] = []
    before = Ready(asking.call, asking.item, asking.output, (*past, asking.call))
    found = settling.by_reply(before, result, told.append)
    return {int.from_bytes(one.payment_id): one.state.value for one in found}, told


def test_found_by_its_note() -> None:
    """Whatever the amount: the service takes its fee off."""
    entries = [listed("CW9", note="somebody's"), listed("CW5", note=OWN, amountf="0.0999")]
    states, told = settled(history_call(6), entries, noted())
    assert {5: "confirmed"} == states
    assert ['call 000000000000: confirmed, it arrived: the service\'s history shows CW5 ("Complete")'] == told


def test_two_entries_with_its_note_are_both_named() -> None:
    """It happened, and more than once: a person has to see that."""
    states, told = settled(history_call(6), [listed("CW5", note=OWN), listed("CW6", note=OWN)], noted())
    assert {5: "confirmed"} == states
    assert "CW5" in told[0]
    assert "CW6" in told[0]


def test_surely_absent() -> None:
    """The whole history, asked by a higher nonce, without it: burned."""
    states, told = settled(history_call(6), [listed("CW9", note="somebody's")], noted())
    assert {5: "expired"} == states
    assert ["call 000000000000: expired, burned: it never arrived, the service's history does not show it"] == told


def test_an_empty_history() -> None:
    """The first withdrawal of a key that never arrived."""
    assert {5: "expired"} == settled(history_call(6), [], noted())[0]


@pytest.mark.parametrize("given", [{"limit": 2}, {"start": 1}, {"newer": 1}, {"limit": 2, "start": 0}], ids=str)
def test_a_page_that_may_not_reach_back(given: dict[str, int]) -> None:
    """Full, or not from the start: nothing is absent by it."""
    entries = [listed(f"CW{number}", note="somebody's") for number in (7, 8)]
    states, told = settled(history_call(6, **given), entries, noted())
    assert {} == states
    assert ["still unknown. The history does not reach back far enough: look by hand, then `request settle`"] == [
        text.partition(": ")[2] for text in told
    ]


def test_a_full_page_that_reaches_back() -> None:
    """Newest first, and an earlier call of ours is on it."""
    entries = [listed("CW7", note="somebody's", time_created=LATER), listed("CW4")]
    assert {5: "expired"} == settled(history_call(6, limit=2), entries, EARLIER, noted())[0]


def test_a_full_page_in_another_order() -> None:
    """Oldest first: what is newest may be missing."""
    entries = [listed("CW4"), listed("CW7", note="somebody's", time_created=LATER)]
    assert {} == settled(history_call(6, limit=2), entries, EARLIER, noted())[0]


def test_alike_in_all_that_is_known() -> None:
    """A service that echoes no notes: currency, amount, address, and after an earlier call of ours."""
    entries = [listed("CW5", note=None, time_created=LATER), listed("CW4", note=None)]
    states, told = settled(history_call(6), entries, EARLIER, noted())
    assert {5: "confirmed"} == states
    assert "CW5" in told[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"amountf": "0.0999", "amount": None},
        {"amountf": None},
        {"send_address": None},
        {"coin": None},
        {"time_created": None},
        {"note": ""},
    ],
    ids=str,
)
def test_it_may_be_and_stays_unknown(changes: dict[str, Any]) -> None:
    """Something is not told, or differs as a fee would make it: a person looks."""
    entries = [listed("CW5", **{"note": None, "time_created": LATER, **changes}), listed("CW4", note=None)]
    states, told = settled(history_call(6), entries, EARLIER, noted())
    assert {} == states
    assert "It may be CW5: look by hand" in told[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"coin": "LTC"},
        {"send_address": "1Other"},
        {"note": "rent"},
        {"note": note(PaymentId(bytes(16)))},
        {"time_created": 1},
    ],
    ids=str,
)
def test_it_cannot_be(changes: dict[str, Any]) -> None:
    """Another currency, payee or note, or older than a call before it."""
    entries = [listed("CW5", **{"note": None, "time_created": LATER, **changes}), listed("CW4", note=None)]
    assert {5: "expired"} == settled(history_call(6), entries, EARLIER, noted())[0]


def test_alike_without_an_earlier_call() -> None:
    """It could be older than ours: the same was paid by hand last month."""
    assert {} == settled(history_call(6), [listed("CW5", note=None)], noted())[0]


def test_two_that_are_alike() -> None:
    """Which is whose nobody can say."""
    entries = [listed(f"CW{one}", note=None, time_created=LATER) for one in (5, 6)]
    past = (EARLIER, noted())
    assert {} == settled(history_call(7), [*entries, listed("CW4", note=None)], *past)[0]
    assert {} == settled(history_call(7), [entries[0], listed("CW4", note=None)], *past, noted(6))[0]


def test_an_entry_of_a_settled_call_is_not_taken_again() -> None:
    """CW5 is another payment's already."""
    other = made(5, state=State.CONFIRMED, reference="CW5")
    entries = [listed("CW5", note=None, time_created=LATER), listed("CW4", note=None)]
    assert {6: "expired"} == settled(history_call(7), entries, EARLIER, other, noted(6))[0]


def test_an_operators_own_note() -> None:
    """Not unique: it needs the rest as well."""
    rent = made(5, withdrawal(note="rent"))
    entries = [listed("CW5", note="rent", time_created=LATER), listed("CW4")]
    assert {5: "confirmed"} == settled(history_call(6), entries, EARLIER, rent)[0]
    assert {} == settled(history_call(6), entries[:1], rent)[0]


def test_a_priced_withdrawal() -> None:
    """Its amount cannot be compared: by note, or not at all."""
    priced = noted(currency2="USD")
    assert {5: "confirmed"} == settled(history_call(6), [listed("CW5", note=OWN)], priced)[0]
    entries = [listed("CW5", note=None, time_created=LATER), listed("CW4", note=None)]
    assert {} == settled(history_call(6), entries, EARLIER, priced)[0]


def test_a_tag_has_no_address() -> None:
    """The service resolves it: everything of its currency may be it."""
    tagged = made(5, withdrawal(address=None, pbntag="$tag"))
    assert {} == settled(history_call(6), [listed("CW5", time_created=LATER), listed("CW4")], EARLIER, tagged)[0]


def test_rows_of_a_mass_withdrawal() -> None:
    """One row that is there is enough: the call arrived."""
    rows = [{**row, "note": f"{OWN} wd{place}"} for place, row in enumerate(ROWS, 1)]
    states, told = settled(history_call(6), [listed("CW52", note=f"{OWN} wd2")], made(5, mass(*rows)))
    assert {5: "confirmed"} == states
    assert "wd2 CW52" in told[0]
    assert {5: "expired"} == settled(history_call(6), [], made(5, mass(*rows)))[0]


def test_ids_of_rows_are_known_by_the_reply() -> None:
    """The reference is too short for all of them."""
    reply = b'{"error":"ok","result":{"wd1":{"error":"ok","id":"CW41"},"wd2":{"error":"ok","id":"CW42"}}}'
    paid = made(4, mass(), State.CONFIRMED, reference="CW41", reply=reply)
    entries = [
        listed("CW42", coin="LTCT", amountf="0.1", send_address="addr1", note=None, time_created=LATER),
        listed("CW41", note=None),
    ]
    doubtful = made(5, withdrawal(amount="0.1", currency="LTCT", address="addr1"))
    assert {5: "expired"} == settled(history_call(6), entries, paid, doubtful)[0]


@pytest.mark.parametrize("reply", [b"<html>", b"[]", b'{"error":"ok","result":[]}'])
def test_a_reply_to_rows_without_ids(reply: bytes) -> None:
    """Nothing is known by it."""
    paid = made(4, mass(), State.CONFIRMED, reply=reply)
    assert {5: "expired"} == settled(history_call(6), [], paid, noted())[0]


def test_one_withdrawal_by_its_id() -> None:
    """It can show that something is there, never that it is not."""
    content = call("get_withdrawal_info", id="CW5")
    asking = ready(made(6, content, State.ANSWERED), content)
    shown = listed("CW5", note=OWN)
    shown.pop("id")
    assert {5: "confirmed"} == settled(asking, shown, noted())[0]
    assert {} == settled(asking, {**shown, "note": "somebody's"}, noted())[0]


@pytest.mark.parametrize("name", ["convert", "create_transfer", "create_transaction", "cancel_withdrawal"])
def test_what_no_list_shows(name: str) -> None:
    """A person looks by hand."""
    states, told = settled(history_call(6), [], made(5, call(name)))
    assert {} == states
    assert [f"call 000000000000, {name}: still unknown. No list shows it: look by hand, then `request settle`"] == told


def test_a_burn() -> None:
    """What was not sent is dead, a lost answer does not matter, what is in doubt needs the history."""
    content = call("get_basic_info")
    past = (made(2, call("balances")), noted(3), made(4, state=State.ANSWERED), made(7, state=State.ANSWERED))
    states, told = settled(ready(made(5, content, State.ANSWERED), content), {"username": "x"}, *past)
    assert {2: "expired", 4: "expired"} == states
    assert any("still unknown. Ask: coldtusk-online coinpayments get-withdrawal-history" in text for text in told)


@pytest.mark.parametrize("result", [None, {}, "list", [1], [{}], [{"id": 5}], [{"id": "C W"}], [{"coin": "BTC"}]])
def test_a_history_that_is_none(result: Any) -> None:
    """Then the outcome of everything stays as it is."""
    with pytest.raises(OutcomeUnknown) as caught:
        history.read(result)
    assert "coinpayments.reply" == caught.value.code.name


def test_amounts_are_texts() -> None:
    """A number could be of any unit."""
    assert history.entry({"id": "CW1", "amount": 5}).amount is None
    assert history.entry({"id": "CW1", "amount": "0.5"}).amount == history.entry({"id": "C", "amountf": "0.50"}).amount
    assert history.entry({"id": "CW1", "amountf": "1e3"}).amount is None
    assert history.entry({"id": "CW1", "time_created": True}).created is None


@pytest.mark.parametrize(
    ("text", "own"),
    [(OWN, True), (f"{OWN} wd12", True), ("coldtusk", False), (f"{OWN} x", False), (OWN.upper(), False)],
)
def test_own_notes(text: str, own: bool) -> None:
    """By their form alone: of any payment."""
    assert (OWN[-32:] if own else "") == payment_of(text)


@pytest.mark.parametrize("text", ["coldtusk", OWN[:-1], OWN.upper(), f"<b>{OWN}</b>"])
def test_notes_that_the_service_changed(text: str) -> None:
    """They look like ours, and prove nothing."""
    assert is_like_own_note(text)
    assert not is_like_own_note("rent")
    assert not is_like_own_note(OWN)


@pytest.mark.parametrize("text", [OWN[:-1], OWN[:20], OWN.upper(), f"{OWN} ", f"{OWN} wd1", f"&quot;{OWN}&quot;"])
def test_a_note_that_the_service_changed(text: str) -> None:
    """Cut or escaped it is no proof that the payment never arrived: whoever paid again would pay twice."""
    entries = [listed("CW5", note=text, time_created=LATER), listed("CW4", note=None)]
    states, told = settled(history_call(6), entries, EARLIER, noted())
    assert {} == states
    assert "It may be CW5: look by hand" in told[0]


def test_a_note_of_rows_that_was_cut() -> None:
    """The row's number went: the payment is still named."""
    rows = [{**row, "note": f"{OWN} wd{place}"} for place, row in enumerate(ROWS, 1)]
    entry = listed("CW51", note=OWN, coin=ROWS[0]["currency"], send_address=None, time_created=LATER)
    assert {} == settled(history_call(6), [entry], made(5, mass(*rows)))[0]


@pytest.mark.parametrize("address", [PAYEE.lower(), f"bitcoin:{PAYEE}", f"{PAYEE}:tag", PAYEE[:20]])
def test_an_address_that_the_service_writes_otherwise(address: str) -> None:
    """In small letters, with a prefix or a tag, cut: it is not surely another payee."""
    entries = [listed("CW5", note=None, send_address=address, time_created=LATER), listed("CW4", note=None)]
    assert {} == settled(history_call(6), entries, EARLIER, noted())[0]


def test_a_currency_that_the_service_writes_otherwise() -> None:
    """With the network behind it: it is not surely another one."""
    entries = [listed("CW5", note=None, coin="btc.lightning", time_created=LATER), listed("CW4", note=None)]
    assert {} == settled(history_call(6), entries, EARLIER, noted())[0]


def test_a_service_that_leaves_the_limit_aside() -> None:
    """It gives the 25 of its default where 100 were asked: more may be behind them."""
    entries = [listed(f"CW{number}", note="somebody's") for number in range(100, 125)]
    assert {} == settled(history_call(6, limit=100), entries, noted())[0]
    assert {5: "expired"} == settled(history_call(6, limit=100), entries[:24], noted())[0]


@pytest.mark.parametrize("looked", ["get_withdrawal_info", "cancel_withdrawal", "get_conversion_info"])
def test_what_was_only_looked_at_is_nobodys(looked: str) -> None:
    """The operator looked CW5 up, and the reply repeated its id: it may still be the payment in doubt."""
    look = made(6, call(looked), State.CONFIRMED, reference="CW5")
    entries = [listed("CW5", note=None, time_created=LATER), listed("CW4", note=None)]
    assert {5: "confirmed"} == settled(history_call(7), entries, EARLIER, noted(), look)[0]


@pytest.mark.parametrize("state", [State.DRAFT, State.ISSUED, State.EXPIRED, State.REJECTED])
def test_what_a_person_settled_wrongly_or_an_older_copy_does_not_know(state: State) -> None:
    """The ledger calls it not done: it stays so, and whoever would pay it again is warned."""
    given_up = replace(noted(), state=state)
    states, told = settled(history_call(6), [listed("CW5", note=OWN)], given_up)
    assert ({}, 1) == (states, len(told))
    assert told[0].startswith("STOP: call 000000000000 stands as")
    assert "CW5" in told[0]
    assert ({}, []) == settled(history_call(6), [listed("CW5", note="rent"), listed("CW6")], given_up)


def test_sent_by_another_copy_of_the_ledger() -> None:
    """A restored backup knows only that it was answered: the history knows better."""
    unsent = replace(noted(), state=State.ANSWERED)
    states, told = settled(history_call(6), [listed("CW5", note=OWN)], unsent)
    assert {5: "unknown"} == states
    assert "though this ledger never sent it" in told[0]
    assert {5: "expired"} == settled(history_call(6), [listed("CW5", note="rent")], unsent)[0]
