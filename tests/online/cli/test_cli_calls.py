"""Calls of payment services on the command line: build, list, show, submit, settle, follow."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_online.cli import replies
from coldtusk_online.rehearsal.payments.books import Service
from coldtusk_online.rehearsal.payments.faults import FaultKind
from coldtusk_shared import card, limits
from coldtusk_shared.card import CardService
from coldtusk_shared.request import PaymentId
from coldtusk_shared.words import in_rows, key_words
from tests.simulators.call_device import CallDevice
from tests.simulators.call_house import PAYEE, CallHouse, call_house, reading, spark, withdrawal
from tests.simulators.online_house import Ran


@pytest.fixture
def home(tmp_path: Path) -> Iterator[CallHouse]:
    """A house."""
    with call_house(tmp_path) as made:
        yield made


def _withdraw(home: CallHouse, *more: str, amount: str = "0.1", out: str = "one.request") -> Ran:
    given = ("--amount", amount, "--currency", "BTC", "--address", PAYEE)
    return home.json("coinpayments", "create-withdrawal", *given, "--out", str(home.folder / out), *more)


def test_nothing_is_settled_while_something_is_sent(home: CallHouse) -> None:
    """The one who sends will know better in a moment."""
    built = _lost(home)
    id_ = built.json["calls"][0]["payment_id"]
    settle = ("request", "settle", built.json["id"], "--not-happened", "--why", "x", "--confirm", id_[:6])
    with home.alone():
        assert (4, "file.busy") == ((ran := home.json(*settle)).status, ran.code)
    assert "unknown" == home.stored()[0].state.value
    assert 0 == home.json(*settle).status


def _read(home: CallHouse, *more: str) -> Ran:
    out = home.folder / f"{len(home.stored())}.request"
    return home.json("coinpayments", "balances", "--out", str(out), *more)


def _lost(home: CallHouse, **more: str) -> Ran:
    """A withdrawal whose reply was lost."""
    built = _withdraw(home, **more)
    home.services.faults.arm(FaultKind.REPLY_LOST)
    assert 6 == home.run("submit", home.answered(built.json["file"])).status
    return built


def test_from_options_to_a_file(home: CallHouse) -> None:
    """The same bytes that the ledger has; every field is shown, and what to do next."""
    built = _withdraw(home, "--purpose", "rent", "--from", "trading")
    assert 0 == built.status, built.err
    call = built.json["calls"][0]
    assert ("coinpayments/create_withdrawal", "moves money", "issued", home.key) == (
        call["kind"],
        call["risk"],
        call["state"],
        call["account"],
    )
    assert "0.1" == call["fields"]["amount"]
    assert "".join(PAYEE.split()) == call["fields"]["address"].replace(" ", "")
    stored = home.stored()[0]
    assert stored.sealed == Path(built.json["file"]).read_bytes()
    text = home.run("request", "show", built.json["id"]).out
    rows = in_rows(built.json["words"])
    assert all(part in text for part in (*rows, "rent", "MOVES MONEY", '"trading" in the accounts of this host'))


def test_the_same_payment_id_again(home: CallHouse) -> None:
    """The identical bytes; another purpose, and another content, are refused."""
    id_ = "ab" * 16
    first = _withdraw(home, "--payment-id", id_)
    again = _withdraw(home, "--payment-id", id_, out="two.request")
    assert first.json["id"] == again.json["id"]
    assert Path(first.json["file"]).read_bytes() == Path(again.json["file"]).read_bytes()
    other = _withdraw(home, "--payment-id", id_, "--purpose", "x", out="three.request")
    assert "payment.other-content" == other.code
    assert "payment.other-content" == _withdraw(home, "--payment-id", id_, amount="9", out="three.request").code
    assert "payment.bad-id" == _withdraw(home, "--payment-id", "AB" * 16, out="three.request").code
    assert "cli.usage" == _withdraw(home, "--payment-id", id_, "--payment-id", id_, out="three.request").code


def test_a_repetition_must_be_meant(home: CallHouse) -> None:
    """While the first is under way."""
    _withdraw(home)
    assert "request.looks-repeated" == _withdraw(home, out="two.request").code
    assert 0 == _withdraw(home, "--again", out="two.request").status


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("convert", "--amount", "1", "--field-from", "BTC"), "field.required"),
        (("get-tx-info",), "field.required"),
        (("balances", "--all", "1"), "field.yes-no"),
        (("get-tx-ids", "--limit", "0x1"), "field.number"),
        (("balances", "--from", "nobody"), "account.not-found"),
        (("balances", "--valid", "0"), "cli.usage"),
        (("balances", "--valid", str(limits.REQUEST_VALID_MINUTES + 1)), "cli.usage"),
        (("balances", "--nonce", "7"), "cli.usage"),
        (("balances", "--qr"), "display.no-terminal"),
        (("balances", "--purpose", "a\tb"), "text.character"),
        (("balances", "--out", "/nowhere/at/all"), "file.no-folder"),
    ],
)
def test_what_is_refused_before_anything_is_made(home: CallHouse, arguments: tuple[str, ...], code: str) -> None:
    """Each with its code; nothing is in the ledger then."""
    assert code == home.json("coinpayments", *arguments).code
    assert [] == home.stored()


def test_a_file_that_is_there(home: CallHouse) -> None:
    """Never written over, and seen before anything is made."""
    (home.folder / "one.request").write_bytes(b"mine")
    assert ("file.exists", []) == (_withdraw(home).code, home.stored())


def test_a_field_that_is_called_as_an_option_of_ours(home: CallHouse) -> None:
    """``--from`` is the account; the field is ``--field-from``."""
    given = ("--amount", "1", "--field-from", "BTC", "--to", "LTC", "--from", "trading")
    built = home.json("coinpayments", "convert", *given, "--out", str(home.folder / "c.request"))
    assert ("BTC", "LTC") == tuple(built.json["calls"][0]["fields"][name] for name in ("from", "to"))


def test_a_call_to_its_end(home: CallHouse) -> None:
    """Submitted once; the service's words and its own id are shown and kept; the same response again is harmless."""
    built = _withdraw(home)
    response = home.answered(built.json["file"])
    assert 0 == home.run("submit", response).status
    sent = home.json("submit", response)
    assert 0 == sent.status, sent.err
    call = sent.json["requests"][0]["calls"][0]
    assert ("confirmed", 1000, "ok") == (call["state"], call["number"], call["reply"]["error"])
    assert 1 == len(home.services.books.of(Service.COINPAYMENTS, "create_withdrawal"))
    shown = home.json("request", "show", built.json["id"]).json
    assert ["draft", "issued", "answered", "unknown", "confirmed"] == [
        step["state"] for step in shown["history"][call["payment_id"]]
    ]
    text = home.run("request", "show", built.json["id"]).out
    assert all(part in text for part in (call["reference"], "number 1000", "The service says:", "Next: nothing: done"))
    assert 0 == home.run("follow", built.json["id"]).status
    assert "No open request" in home.run("request", "list").out


def test_the_answer_to_a_question_is_printed(home: CallHouse) -> None:
    """As JSON in printable ASCII, for people."""
    out = home.run("submit", home.answered(_read(home).json["file"])).out
    assert '"BTC": {' in out
    assert out.isascii()


def test_the_list(home: CallHouse) -> None:
    """With the account's label, what is asked and what to do next; by state; settled ones on demand."""
    one = _read(home)
    _withdraw(home)
    text = home.run("request", "list").out
    assert all(part in text for part in ("trading", "1 create_withdrawal", "1 balances", "have the device answer it"))
    home.run("submit", home.answered(one.json["file"]))
    assert 1 == len(home.json("request", "list").json["requests"])
    assert 2 == len(home.json("request", "list", "--all").json["requests"])
    listed = home.json("request", "list", "--state", "confirmed").json["requests"]
    assert [one.json["id"]] == [entry["id"] for entry in listed]


def test_export_gives_the_identical_bytes(home: CallHouse) -> None:
    """As for payments."""
    built = _withdraw(home)
    again = home.json("request", "export", built.json["id"], "--out", str(home.folder / "again.request"))
    assert Path(built.json["file"]).read_bytes() == Path(again.json["file"]).read_bytes()


def test_a_rejection(home: CallHouse) -> None:
    """Status 4 and the service's words; it is settled."""
    built = _withdraw(home, amount="5000")
    ran = home.json("submit", home.answered(built.json["file"]))
    assert (4, "coinpayments.refused", "rejected") == (ran.status, ran.code, ran.json["requests"][0]["state"])
    assert "larger than your balance" in home.run("request", "show", built.json["id"]).out
    assert (4, "follow.call-ended") == ((ended := home.json("follow", built.json["id"])).status, ended.code)


def test_an_unknown_outcome(home: CallHouse) -> None:
    """Status 6 each time somebody asks; the list says what is to be done."""
    built = _lost(home)
    assert "send nothing new" in home.run("request", "list").out
    ran = home.json("follow")
    assert (6, "call.outcome-unknown") == (ran.status, ran.code)
    ran = home.json("follow", built.json["id"])
    assert (6, "call.outcome-unknown") == (ran.status, ran.code)
    assert ["unknown"] == [one["state"] for one in ran.json["calls"]]


@pytest.mark.parametrize(("word", "state"), [("--happened", "confirmed"), ("--not-happened", "expired")])
def test_the_operators_word(home: CallHouse, word: str, state: str) -> None:
    """Typed with the payment's first digits; kept with the reason."""
    built = _lost(home)
    id_ = built.json["calls"][0]["payment_id"]
    ran = home.json("request", "settle", built.json["id"], word, "--why", "the history shows it", text=f"{id_[:6]}\n")
    assert (0, state) == (ran.status, ran.json["call"]["state"])
    assert "the history shows it" in home.run("request", "show", built.json["id"]).out
    assert "call.not-unknown" == home.json("request", "settle", built.json["id"], word, "--why", "x").code


def test_a_word_that_nobody_confirms(home: CallHouse) -> None:
    """Other digits, none at all, no reason, or no choice: nothing changes."""
    built = _lost(home)
    settle = ("request", "settle", built.json["id"], "--happened", "--why")
    assert (4, "settle.not-confirmed") == ((ran := home.json(*settle, "x", text="000000\n")).status, ran.code)
    assert "settle.not-confirmed" == home.json(*settle, "x", "--confirm", "00000").code
    id_ = built.json["calls"][0]["payment_id"]
    assert "call.no-reason" == home.json(*settle, " ", "--confirm", id_[:6]).code
    assert "cli.usage" == home.json("request", "settle", built.json["id"], "--why", "x").code
    assert "cli.usage" == home.json(*settle, "x", "--not-happened").code
    assert "call.not-unknown" == home.json(*settle, "x", "--payment-id", "ff", "--confirm", id_[:6]).code
    assert ["unknown"] == [one["state"] for one in home.json("follow").json["calls"]]


def test_several_unknown_calls(home: CallHouse) -> None:
    """Which one must be said."""
    stored = home.ready(reading(home.key), reading(home.key, "rates"))
    home.services.faults.arm(FaultKind.REPLY_LOST, times=2)
    home.submit(stored)
    assert ["unknown", "unknown"] == [call.state.value for call in home.stored()[0].calls]
    settle = ("request", "settle", stored.id.hex(), "--not-happened", "--why", "only read")
    assert "settle.not-one" == home.json(*settle, "--confirm", "000000").code
    id_ = PaymentId((2).to_bytes(16)).hex()
    assert 0 == home.json(*settle, "--payment-id", id_, "--confirm", id_[:6]).status


def test_following_ends_what_was_not_sent(home: CallHouse) -> None:
    """Its time is over by this machine's clock; what still has time is not waited for, and said so."""
    old = home.ready(withdrawal(home.key))
    secret = home.issued(spark(), first=2)
    ran = home.json("follow", old.id.hex())
    assert (4, "follow.call-ended") == (ran.status, ran.code)
    assert home.keys.holds(secret.id)
    assert "not sent in time" in home.run("follow").out
    assert not home.keys.holds(secret.id)
    fresh = _read(home)
    ran = home.json("follow", fresh.json["id"])
    assert (4, "follow.call-not-sent") == (ran.status, ran.code)
    assert (0, "Nothing is waited for; 1 not sent: see `request list`.\n") == (
        (ran := home.run("follow")).status,
        ran.out,
    )


def test_too_late_to_submit(home: CallHouse) -> None:
    """The answer is stored and dead."""
    stored = home.issued(withdrawal(home.key))
    assert stored.sealed is not None
    (home.folder / "late.response").write_bytes(home.device.answer(stored.sealed))
    ran = home.json("submit", str(home.folder / "late.response"))
    assert (4, "call.too-late", "expired") == (ran.status, ran.code, ran.json["requests"][0]["state"])


def test_an_account_without_an_address(tmp_path: Path) -> None:
    """The answer is stored, nothing is sent, and the setting is named."""
    with call_house(tmp_path, spark_url=False) as home:
        home.now = 1 << 40
        stored = home.issued(spark())
        assert stored.sealed is not None
        (home.folder / "a.response").write_bytes(home.device.answer(stored.sealed))
        ran = home.json("submit", str(home.folder / "a.response"))
        assert (4, "settings.no-service-url", "answered") == (ran.status, ran.code, ran.json["requests"][0]["state"])


def test_accounts_of_a_card(home: CallHouse) -> None:
    """Listed beside the others; renamed here; a newer card brings more."""
    listed = home.json("account", "list").json["services"]
    assert [
        ("trading", "coinpayments", home.key, "cold-1"),
        ("wallet", "coinrpc", "rehearsal_coinrpc_api_key", "cold-1"),
        ("assets", "coinspark", bytes(range(16)).hex(), "cold-1"),
    ] == [(one["label"], one["system"], one["account"], one["device"]) for one in listed]
    assert home.key in home.run("account", "list").out
    renamed = home.json("account", "rename", "trading", "desk money", "--service", "coinpayments")
    assert "desk money" in [one["label"] for one in renamed.json["services"]]
    assert isinstance(home.device, CallDevice)
    home.device.services = (*home.device.services, CardService("coinrpc", b"key", "another"))
    (home.folder / "new.card").write_bytes(home.device.card())
    imported = home.json("account", "import", str(home.folder / "new.card"))
    assert ["desk money", "another", "wallet", "assets"] == [one["label"] for one in imported.json["services"]]


def test_pairing_shows_the_services(home: CallHouse) -> None:
    """What the card brings, by label and system."""
    path = home.folder / "cold.card"
    path.write_bytes(home.device.card())
    words = key_words(card.open_device(path.read_bytes()).public_key)
    ran = home.json("pair", str(path), "--words", words)
    assert [("trading", "coinpayments"), ("wallet", "coinrpc"), ("assets", "coinspark")] == [
        (one["label"], one["system"]) for one in ran.json["services"]
    ]
    said = home.run("pair", str(path), "--words", words).out
    assert f"trading  coinpayments  {home.key}" in said
    assert "Next: `coldtusk-online warthog transfer" in said


def test_pairing_a_device_of_services_alone(home: CallHouse) -> None:
    """What comes next is a call, not a payment on a chain that the device has no key of."""
    home.device.accounts = ()
    path = home.folder / "cold.card"
    path.write_bytes(home.device.card())
    words = key_words(card.open_device(path.read_bytes()).public_key)
    said = home.run("pair", str(path), "--words", words).out
    assert "Next: `coldtusk-online coinpayments --help` lists the calls of coinpayments." in said


def test_a_reply_never_moves_the_terminal() -> None:
    """Escapes, right-to-left text and huge replies: printable ASCII, cut, and whole in --json."""
    hostile = {"a": "\x1b[2J\u202e\x7f", "b": 0.10, "c": [None, True]}
    data = json.dumps(hostile).encode().replace(b"0.1,", b"0.10,")
    text = "\n".join(replies.lines(data))
    assert text.isascii()
    assert all(row.isprintable() for row in text.splitlines())
    assert '"b": "0.10"' in text
    assert {"a": "\x1b[2J\u202e\x7f", "b": "0.10", "c": [None, True]} == replies.data(data)
    long = json.dumps({"x": "y" * 2 * limits.REPLY_SHOWN_CHARACTERS}).encode()
    assert "more characters: --json shows all" in replies.lines(long)[-1]
    for other in (b"<html>\x1b[2J", b"\xff\x00"):
        lines = replies.lines(other)
        assert all(line.isascii() and line.isprintable() for line in lines)
        assert isinstance(replies.data(other), str)
    assert ([], None) == (replies.lines(None), replies.data(None))
