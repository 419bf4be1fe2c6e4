"""``coinpayments``: what the commands put into a request, and the whole way of a call to the service and back."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coldtusk_online.rehearsal.payments import FaultKind, Service
from coldtusk_shared import envelope, request
from coldtusk_shared.request import Request
from coldtusk_shared.services.coinpayments.commands import COMMANDS
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent
from tests.shared.services.coinpayments.call_samples import FULL
from tests.simulators.call_house import PAYEE, CallHouse, call_house
from tests.simulators.online_house import Ran

WITHDRAW = ("create-withdrawal", "--amount", "0.1", "--currency", "BTC", "--address", PAYEE)
CANARY = "Rehearsal-CoinPayments-READ-ONLY-key-c0ffee"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[CallHouse]:
    """An online half with the service, at the service's real time."""
    with call_house(tmp_path) as made:
        yield made


def build(home: CallHouse, *arguments: str) -> Ran:
    """A building command that writes one.request."""
    path = home.folder / "one.request"
    path.unlink(missing_ok=True)
    return home.json("coinpayments", *arguments, "--out", str(path))


def opened(home: CallHouse) -> Request:
    """The request that was written."""
    return request.parse(envelope.read((home.folder / "one.request").read_bytes()).payload)


def content_of(home: CallHouse) -> CoinPaymentsContent:
    """The one call of the request that was written."""
    (item,) = opened(home).items
    assert isinstance(item.content, CoinPaymentsContent)
    return item.content


def submit(home: CallHouse) -> Ran:
    """Have the device answer one.request, and submit what it gave."""
    answered = home.device.answer((home.folder / "one.request").read_bytes())
    (home.folder / "one.response").write_bytes(answered)
    return home.json("submit", str(home.folder / "one.response"))


def test_a_withdrawal_from_end_to_end(home: CallHouse) -> None:
    """Built with its note and without confirmation, answered, sent, shown."""
    built = build(home, *WITHDRAW)
    assert 0 == built.status, built.err
    (call,) = built.json["calls"]
    given = content_of(home).given
    assert (False, f"coldtusk {call['payment_id']}") == (given["auto_confirm"], given["note"])
    sent = submit(home)
    assert 0 == sent.status, sent.err
    (entry,) = home.services.books.of(Service.COINPAYMENTS)
    (told,) = sent.json["requests"][0]["calls"]
    assert ("confirmed", entry.identity, "ok") == (told["state"], told["reference"], told["reply"]["error"])


def test_what_the_operator_says_wins(home: CallHouse) -> None:
    """Note and confirmation."""
    assert 0 == build(home, *WITHDRAW, "--note", "rent", "--auto-confirm", "yes").status
    assert (True, "rent") == tuple(content_of(home).given[name] for name in ("auto_confirm", "note"))


def test_the_review_says_what_it_is(home: CallHouse) -> None:
    """The lines that the device shows, with the risk."""
    shown = home.run("coinpayments", *WITHDRAW, "--currency2", "USD", "--out", str(home.folder / "x.request")).out
    assert "CoinPayments: create withdrawal -- MOVES MONEY" in shown
    assert "of USD: the service decides how much BTC leaves" in shown
    assert '"trading"' in shown


def test_a_transfer(home: CallHouse) -> None:
    """It has a note, too."""
    ran = build(home, "create-transfer", "--amount", "1", "--currency", "LTC", "--merchant", "d0f1")
    assert 0 == ran.status, ran.err
    assert str(content_of(home).given["note"]).startswith("coldtusk ")


@pytest.mark.parametrize("name", sorted(set(FULL) - {"get_basic_info", "create_withdrawal"}))
def test_every_command_is_here(name: str, home: CallHouse) -> None:
    """With an option for each field; ``--from`` is the account, and a field of that name is ``--field-from``."""
    options: list[str] = []
    for field, value in FULL[name].items():
        text = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        options += [f"--{'field-' * (field == 'from')}{field.replace('_', '-')}", str(text)]
    ran = build(home, name.replace("_", "-"), "--from", "trading", *options)
    assert 0 == ran.status, ran.err
    assert FULL[name] == dict(content_of(home).given)


def test_rows_as_options_and_from_a_file(home: CallHouse) -> None:
    """The same call."""
    typed = ["--row", f"amount=0.1 currency=BTC address={PAYEE}", "--row", "amount=0.2 currency=LTC pbntag=$tag"]
    assert 0 == build(home, "create-mass-withdrawal", *typed).status
    first = content_of(home)
    file = home.folder / "rows.csv"
    file.write_text(f"amount,currency,address,pbntag\n0.1,BTC,{PAYEE},\n0.2,LTC,,$tag\n")
    again = build(home, "create-mass-withdrawal", "--file", str(file), "--again")
    assert 0 == again.status, again.err
    assert first.intent() == content_of(home).intent()
    assert ["wd1", "wd2"] == [str(row["note"]).rpartition(" ")[2] for row in content_of(home).rows]


@pytest.mark.parametrize("more", [[], ["--row", "amount=1", "--file", "rows.csv"]])
def test_rows_from_one_place(more: list[str], home: CallHouse) -> None:
    """Neither none nor both."""
    assert 2 == build(home, "create-mass-withdrawal", *more).status


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((*WITHDRAW, "--pbntag", "$tag"), "field.one-of"),
        ((*WITHDRAW, "--auto-confirm", "1"), "field.yes-no"),
        (("create-withdrawal", "--amount", "1e-7", "--currency", "BTC", "--address", PAYEE), "decimal.form"),
        (("create-withdrawal", "--currency", "BTC", "--address", PAYEE), "field.required"),
        (
            ("create-mass-withdrawal", "--row", "amount=1 currency=BTC address=x auto_confirm=yes"),
            "field.not-of-command",
        ),
        (("balances", "--from", "other"), "account.not-found"),
    ],
)
def test_bad_input(arguments: tuple[str, ...], code: str, home: CallHouse) -> None:
    """Refused before there is a request."""
    ran = build(home, *arguments)
    assert code == ran.code
    assert not (home.folder / "one.request").exists()


def test_the_same_again_is_asked_about(home: CallHouse) -> None:
    """Another note makes it no other payment."""
    build(home, *WITHDRAW)
    assert "request.looks-repeated" == build(home, *WITHDRAW, "--note", "again").code


def test_a_payment_id_goes_on_with_the_same_request(home: CallHouse) -> None:
    """The note is made of it, so the request is the same."""
    id_ = "00112233445566778899aabbccddeeff"
    first = build(home, *WITHDRAW, "--payment-id", id_).json["id"]
    assert first == build(home, *WITHDRAW, "--payment-id", id_).json["id"]
    assert f"coldtusk {id_}" == content_of(home).given["note"]


def test_burn(home: CallHouse) -> None:
    """A harmless call of a higher nonce; its purpose says what it does."""
    build(home, *WITHDRAW)
    waiting = home.device.answer((home.folder / "one.request").read_bytes())
    (home.folder / "waiting.response").write_bytes(waiting)
    burned = build(home, "burn")
    assert 0 == burned.status, burned.err
    assert ("Burn: give up calls that were signed and not sent", "coinpayments/get_basic_info") == (
        opened(home).purpose,
        content_of(home).kind,
    )
    assert 0 == submit(home).status
    late = home.json("submit", str(home.folder / "waiting.response"))
    assert "coinpayments.burned" == late.code
    assert () == home.services.books.of(Service.COINPAYMENTS)


def enrol(home: CallHouse) -> Ran:
    """Enrol the key that reads, its private half typed."""
    public = home.services.credentials.coinpayments_read_public
    return home.json("coinpayments", "read-key", "add", "--public", public, text=f"{CANARY}\n")


def test_a_key_that_reads(home: CallHouse) -> None:
    """Added, shown by its fingerprint, asked with, removed; its secret is in its file and on no screen."""
    assert [] == home.json("coinpayments", "read-key", "show").json["keys"]
    assert "coinpayments.read-key-unknown" == home.json("coinpayments", "ask", "balances").code
    added = enrol(home)
    assert 0 == added.status, added.err
    (shown,) = home.json("coinpayments", "read-key", "show").json["keys"]
    assert added.json == {**shown, "account": "trading"}
    asked = home.json("coinpayments", "ask", "balances", "--all", "yes")
    assert 0 == asked.status, asked.err
    assert "ok" == asked.json["reply"]["error"]
    assert CANARY not in json.dumps([added.out, added.err, asked.out, asked.err])
    removed = home.json("coinpayments", "read-key", "remove")
    assert {"account": "trading"} == removed.json
    assert CANARY.encode() not in b"".join(path.read_bytes() for path in home.folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(("data", "code"), [(b"word\n", "webhooks.secret"), (b"\xff\xfe", "webhooks.secret")])
def test_a_key_from_a_file(data: bytes, code: str, home: CallHouse) -> None:
    """The secret alone; a good one is taken."""
    path = home.folder / "word"
    path.write_bytes(data)
    arguments = ("coinpayments", "read-key", "add", "--public", "read_key_1", "--file", str(path))
    assert code == home.json(*arguments).code
    path.write_bytes(b"a-good-word")
    assert 0 == home.json(*arguments).status


def test_ask_settles_what_the_history_shows(home: CallHouse) -> None:
    """By the note, without burning."""
    enrol(home)
    build(home, *WITHDRAW)
    home.services.faults.arm(FaultKind.REPLY_LOST, "/api.php")
    lost = submit(home)
    assert 6 == lost.status
    asked = home.json("coinpayments", "ask", "get-withdrawal-history")
    assert 0 == asked.status, asked.err
    (settled,) = asked.json["settled"]
    (entry,) = home.services.books.of(Service.COINPAYMENTS)
    data: Any = home.json("request", "show", lost.json["requests"][0]["id"]).json
    (call,) = data["calls"]
    assert ("confirmed", entry.identity, settled) == (call["state"], call["reference"], call["payment_id"])


def test_help_names_every_command(home: CallHouse) -> None:
    """By the service's names with hyphens; what burns is called that."""
    shown = home.run("coinpayments", "--help").out
    names = {name.replace("_", "-") for name in COMMANDS} - {"get-basic-info"} | {"burn", "ask", "read-key"}
    assert names == {line.split()[0] for line in shown.partition("Commands:\n")[2].splitlines()}
