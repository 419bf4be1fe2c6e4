"""What an IPN says of a withdrawal stands in its call's history, and moves nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_online.ledger import calls
from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.payments.books import Books, Entry
from coldtusk_online.rehearsal.payments.books import Service as Stand
from coldtusk_online.rehearsal.payments.ipn import payment_ipn, send_ipn, send_ipns, withdrawal_ipn
from coldtusk_online.rehearsal.payments.webhook import receive_fields, send_fields, send_webhook
from coldtusk_shared.request import PaymentId
from tests.online.webhooks.ledger_calls import a_call, add_calls, call_id
from tests.online.webhooks.receiver import IPN_SECRET, MERCHANT, WALLET, WALLET_SECRET, Receiver, ipn, receiving
from tests.simulators.online_house import NOW

_CALLS = (call_id(1), call_id(2))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Receiver]:
    """A server whose ledger knows two withdrawals that were sent, a mass withdrawal, and a call to CoinRPC."""
    with receiving(tmp_path) as made:
        add_calls(
            made.ledger,
            a_call(1, system="coinpayments", reference="CWONE"),
            a_call(2, system="coinpayments", reference="CWTWO"),
            a_call(3, system="coinpayments", reference="CWFIRST CW_LAST"),
            a_call(4, system="coinrpc", reference="guid-1"),
        )
        yield made


def _notes(server: Receiver, call: PaymentId) -> list[str]:
    """What the history of *call* says behind its first line; its state has not moved."""
    with server.ledger.reading() as db:
        found = calls.get(db, call)
        first, *more = calls.history(db, call)
    assert (State.UNKNOWN, "", "") == (found.state, found.note, first.note)
    assert {State.UNKNOWN} >= {one.state for one in more}
    return [one.note.partition(": ")[2] for one in more]


def test_a_line_each(server: Receiver) -> None:
    """Every new status, in the order of its coming, to the call whose reference it is; repeated ones once."""
    for status in ("0", "2", "2", "1", "-1"):
        body = ipn(ipn_type="withdrawal", id="CWONE", ipn_id="I", status=status)
        assert 200 == server.ipn(body).status
    assert [
        "status 0, waiting (verified)",
        "status 2, complete, or queued for payout (verified)",
        "status 1, coins confirmed (superseded)",
        "status -1, cancelled or timed out (disputed)",
    ] == _notes(server, _CALLS[0])
    assert [] == _notes(server, _CALLS[1])


def test_several_ids(server: Receiver) -> None:
    """A mass withdrawal has several: each is whole, and no character of it stands for others."""
    for id_ in ("CW_LAST", "CWFIRST", "CWF", "CWXLAST", "LAST", "guid-1"):
        assert 200 == server.ipn(ipn(ipn_type="withdrawal", id=id_, status="2")).status
    assert 2 == len(_notes(server, call_id(3)))
    assert [] == _notes(server, call_id(4))


def test_not_a_withdrawal_of_ours(server: Receiver) -> None:
    """Another id, or another type that has the same text in a field, tells no call anything."""
    assert 200 == server.ipn(ipn(ipn_type="withdrawal", id="CWOTHER")).status
    assert 200 == server.ipn(ipn(ipn_type="deposit", id="CWONE", txn_id="CWONE")).status
    assert [[], []] == [_notes(server, call) for call in _CALLS]


def _entry(stand: Stand, command: str, identity: str, fields: dict[str, str]) -> Entry:
    return Books().commit(stand, command, identity, fields, NOW)


def test_from_the_rehearsal(server: Receiver) -> None:
    """The rehearsal's own senders, which share no code with the server: right ones, wrong ones, turned ones."""
    url = f"{server.url}/coinpayments"
    withdrawal = _entry(Stand.COINPAYMENTS, "create_withdrawal", "CWTWO", {"currency": "BTC", "sent": "0.10000000"})
    turned = [withdrawal_ipn(withdrawal, status, MERCHANT) for status in (0, 1, 2)]
    assert {200} == {one.status for one in send_ipns(url, turned, IPN_SECRET, reordered=True)}
    fields = {
        "currency1": "USD",
        "currency2": "BTC",
        "amount": "1",
        "due": "0.1",
        "buyer_email": "a@b.c",
        "custom": "~é &",
    }
    payment = payment_ipn(_entry(Stand.COINPAYMENTS, "create_transaction", "CPAY", fields), 100, MERCHANT)
    assert [200] * 3 == [one.status for one in send_ipn(url, payment, IPN_SECRET, times=3)]
    assert [403] == [one.status for one in send_ipn(url, payment, IPN_SECRET, bad_mac=True)]
    assert [403] == [one.status for one in send_ipn(url, payment, IPN_SECRET, without_mode=True)]
    states = {one.notice.status: one.notice.state.value for one in server.stored()}
    assert {0: "superseded", 1: "superseded", 2: "verified", 100: "verified"} == states
    assert 3 == len(_notes(server, _CALLS[1]))


def test_webhooks_from_the_rehearsal(server: Receiver) -> None:
    """And those of CoinRPC."""
    url = f"{server.url}/coinrpc/{WALLET}"
    entry = _entry(Stand.COINRPC, "send", "guid-1", {"amount": "0.1", "recipient": "1Abc", "comment": "hi"})
    for fields in (send_fields(entry, "PENDING", WALLET), send_fields(entry, "SUCCESS", WALLET)):
        assert [200, 200] == [one.status for one in send_webhook(url, fields, WALLET_SECRET, times=2)]
    other = _entry(Stand.COINRPC, "send", "guid-2", {"amount": "0.1", "recipient": "1Abc"})
    received = receive_fields(other, "SUCCESS", WALLET)
    assert [200] == [one.status for one in send_webhook(url, received, WALLET_SECRET)]
    assert [403] == [one.status for one in send_webhook(url, received, WALLET_SECRET, bad_hash=True)]
    for extra in (("amount", "9"), ("extra", "")):
        assert [400] == [one.status for one in send_webhook(url, received, WALLET_SECRET, extra=[extra])]
    assert ["unconfirmed"] * 3 == [one.notice.state.value for one in server.stored()]
    assert ["status 0, PENDING (unconfirmed)", "status 1, SUCCESS (unconfirmed)"] == _notes(server, call_id(4))
