"""CoinRPC on the device: the review word for word, the HMAC, the rules of time, and what is refused."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from wcwidth import wcswidth

from coldtusk_offline import contents as vault_contents
from coldtusk_offline import selfcheck as selfchecks
from coldtusk_offline import services
from coldtusk_offline.answer import Answer
from coldtusk_offline.contents import VaultContents
from coldtusk_offline.keyring import Keyring
from coldtusk_offline.secret import Secret
from coldtusk_offline.service_accounts import ServiceAccount, check_secret
from coldtusk_offline.services.coinrpc import describe, enrol, selfcheck, settings, sign
from coldtusk_offline.session import Session
from coldtusk_shared import cbor, limits, typed_table
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.request import Item
from coldtusk_shared.response import RefusedItem, Signed
from coldtusk_shared.screen import COLUMNS
from coldtusk_shared.services.coinrpc import methods, output
from coldtusk_shared.services.coinrpc.body import message
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from tests.offline.payments import code_of, transfer
from tests.offline.services.coinrpc.coinrpc_desk import (
    HELD,
    NOW,
    PLAIN,
    SECRET,
    TABLE,
    WITHOUT,
    asked,
    give,
    new_item,
    rpc_desk,
)
from tests.offline.services.coinrpc.coinrpc_screens import EVERYTHING, FOLDER, SCENES, play
from tests.shared.services.coinrpc.rpc_samples import KEY, RECIPIENT, SEND_AT, WINDOW, balance, call, item, paying
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import TREASURY
from tests.simulators.node_hmac import Mac, node_hmacs

_ANSWERS: list[dict[str, Any]] = json.loads(Path(selfcheck.__file__).with_name("selfcheck.json").read_text())["checks"]
CONTENTS = VaultContents(Secret(bytes(32)), services=(HELD, WITHOUT))


def outputs(answer: Answer) -> list[output.Output]:
    """What the host gets."""
    signed = [one for one in answer.response.results if isinstance(one, Signed)]
    return [output.parse(one.output) for one in signed]


@pytest.mark.parametrize("name", SCENES)
def test_screens(name: str) -> None:
    """Every screen, word for word, inside 80 columns."""
    shown = play(SCENES[name])
    assert (FOLDER / f"{name}.txt").read_text(encoding="utf-8") == shown
    assert all(wcswidth(row) <= COLUMNS for row in shown[shown.index("REVIEW") :].splitlines())


def test_no_screen_is_left_over() -> None:
    """Every file has its scene."""
    assert sorted(SCENES) == sorted(path.stem for path in FOLDER.iterdir())


@pytest.mark.parametrize("place", range(len(EVERYTHING)))
def test_every_parameter_changes_the_screen(place: int) -> None:
    """Another value is another screen, so nothing reaches the service unseen."""
    other = {"amount": "0.2", "currency": "LTC", "speed": "slow", "blocks": "1", "final": "0"}
    name, value = EVERYTHING[place]
    changed = (*EVERYTHING[:place], (name, other.get(name, f"{value}x")), *EVERYTHING[place + 1 :])
    assert describe.lines(item(call("send", *EVERYTHING)), CONTENTS) != describe.lines(
        item(call("send", *changed)), CONTENTS
    )


@pytest.mark.parametrize(
    "changes", [{"send_at": SEND_AT + 1}, {"window": WINDOW + 1}, {"account": PLAIN}, {"method": "sweep"}]
)
def test_everything_else_changes_the_screen(changes: dict[str, Any]) -> None:
    """The time to the second, the window, the account, the method."""
    common: dict[str, Any] = {"account": KEY, "method": "send", "params": (), "send_at": SEND_AT, "window": WINDOW}
    usual, other = (CoinRpcContent(**{**common, **one}) for one in ({}, changes))
    known = VaultContents(
        Secret(bytes(32)), services=(WITHOUT, ServiceAccount("coinrpc", KEY, "x", (), WITHOUT.settings))
    )
    assert describe.lines(item(usual), known) != describe.lines(item(other), known)


def test_the_hmac() -> None:
    """Node's crypto makes the same of the body, a colon and the send time; the body has the payment's id."""
    desk = rpc_desk()
    items = [new_item(desk, one) for one in (paying(), balance(), call("send", *EVERYTHING))]
    with desk.open() as device:
        answer, _ = give(device, desk.host.seal(asked(desk, *items)))
    made = outputs(answer)
    macs = node_hmacs([Mac("sha256", SECRET.encode(), message(one.body, SEND_AT)) for one in made])
    assert macs == [one.mac.hex() for one in made]
    assert [SEND_AT] * 3 == [one.timestamp for one in made]
    assert [one.payment_id.hex() for one in items] == [json.loads(one.body)["id"] for one in made]


def test_the_same_again() -> None:
    """The same request gets the same answer; the same payment in another request gets the same HMAC."""
    desk = rpc_desk()
    paid = new_item(desk, paying())
    sealed = desk.host.seal(asked(desk, paid))
    with desk.open() as device:
        first, _ = give(device, sealed)
        again, _ = give(device, sealed)
        other, shown = give(device, desk.host.seal(asked(desk, paid)))
    assert again.again
    assert first.message == again.message
    assert outputs(first) == outputs(other)
    assert "SECOND time" not in shown


def test_a_refusal_signs_nothing() -> None:
    """The operator said no."""
    desk = rpc_desk()
    with desk.open() as device:
        answer, _ = give(device, desk.host.seal(asked(desk, paying())), "refuse", "")
    assert isinstance(answer.response.results[0], RefusedItem)


def test_the_secret_is_nowhere() -> None:
    """Not in the answer, the journal, the medium or on the screen; it is in what the vault encrypts."""
    medium = CrashFs()
    desk = rpc_desk(medium)
    with desk.open() as device:
        answer, shown = give(device, desk.host.seal(asked(desk, paying())))
        journal = b"".join(entry.body for entry in device.journal.entries())
        kept = vault_contents.encode(device.vault.contents)
    stored = b"".join(data or b"" for data in medium.tree().values())
    assert SECRET.encode() not in answer.message + journal + stored + shown.encode()
    assert SECRET.encode() in kept
    assert SECRET not in repr(answer) + repr(HELD)


@pytest.mark.parametrize(
    ("send_at", "now", "code"),
    [
        (NOW + limits.SEND_AHEAD_SECONDS, NOW, ""),
        (NOW + limits.SEND_AHEAD_SECONDS + 1, NOW, "coinrpc.too-far-ahead"),
        (NOW, NOW, ""),
        (NOW - WINDOW + 1, NOW, ""),
        (NOW - WINDOW, NOW, "coinrpc.window-over"),
        (0, NOW, "coinrpc.window-over"),
    ],
)
def test_the_rules_of_time(send_at: int, now: int, code: str) -> None:
    """At most an hour ahead of the confirmed clock, and not over; each to the second."""
    if not code:
        sign.check(item(paying(send_at=send_at)), HELD, now)
        return
    assert code == code_of(sign.check, item(paying(send_at=send_at)), HELD, now)


def _refused(*contents: CoinRpcContent) -> str:
    desk = rpc_desk()
    with desk.open() as device:
        return code_of(give, device, desk.host.seal(asked(desk, *contents)))


def _other_time_of_a_payment() -> str:
    desk = rpc_desk()
    paid = new_item(desk, paying())
    later = Item(paid.payment_id, paid.account, paying(send_at=SEND_AT + 60))
    with desk.open() as device:
        give(device, desk.host.seal(asked(desk, paid)))
        return code_of(give, device, desk.host.seal(asked(desk, later)))


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: _refused(paying(send_at=NOW - WINDOW)), "request.expired"),
        (lambda: _refused(paying(send_at=NOW + 3601)), "coinrpc.too-far-ahead"),
        (lambda: _refused(paying(), paying("2", send_at=NOW + 3700)), "coinrpc.too-far-ahead"),
        (lambda: _refused(paying(account=b"stranger")), "secret.unknown"),
        (lambda: _refused(paying("0")), "amount.zero"),
        (lambda: _refused(paying("1e3")), "decimal.form"),
        (lambda: _refused(call("send", ("amount", "1"), ("recipient", RECIPIENT))), "coinrpc.params.order"),
        (lambda: _refused(call("send", ("recipient", RECIPIENT))), "field.required"),
        (lambda: _refused(call("send", ("amount", "1"))), "field.one-of"),
        (lambda: _refused(call("send", ("recipient", "x"), ("amount", "1"), ("fee", "1"))), "field.not-of-command"),
        (lambda: _refused(call("send", ("recipient", "x"), ("amount", "1"), ("final", "yes"))), "table.wire"),
        (lambda: _refused(call("list_transactions", ("limit", "101"))), "field.out-of-range"),
        (lambda: _refused(call("list_transactions", ("limit", "007"))), "field.number"),
        (lambda: _refused(paying(), paying()), "request.slot-twice"),
        (_other_time_of_a_payment, "payment.signed-otherwise"),
    ],
)
def test_refused_before_anybody_is_asked(act: Callable[[], str], code: str) -> None:
    """The operator is never shown what could not be sent, or does not fit the enrolled table."""
    assert code == act()


def test_a_long_look_at_the_screen() -> None:
    """The review took until after the window: nothing is signed any more."""
    desk = rpc_desk()
    sealed = desk.host.seal(asked(desk, paying()))
    with desk.open() as device:
        assert "request.expired" == code_of(give, device, sealed, step=320.0)


@pytest.mark.parametrize(
    ("content", "phrase"),
    [
        (balance(), "ask get_balance BTC"),
        (call("get_balance"), "ask get_balance"),
        (paying(), "call send 0.1 BTC to nX71"),
        (call("send", ("to", "a b")), "call send to b"),
        (call("send", ("to", " ")), "call send"),
        (call("rotate_address"), "call rotate_address"),
        (call("m" * 64), "call " + "m" * 24),
        (call("sweep", ("wallet", "cold  one and more")), "call sweep cold one an"),
    ],
)
def test_phrases(content: CoinRpcContent, phrase: str) -> None:
    """What is typed follows the content, without blanks in a row."""
    assert phrase == describe.phrase(item(content))


def test_identity_and_intent() -> None:
    """The same call is the same; another time is another identity for the same wish."""
    one, later = item(paying()), item(paying("0.1", send_at=SEND_AT + 60))
    assert sign.identity(one) == sign.identity(item(paying())) != sign.identity(later)
    assert sign.intent(one) == sign.intent(later) != sign.intent(item(paying("0.2")))
    assert sign.mark(one, b"") is None


def test_misuse() -> None:
    """What only a mistake of our own can do."""
    with pytest.raises(RuntimeError):
        sign.check(item(paying()), HELD, None)
    with pytest.raises(RuntimeError):
        sign.sign(item(paying()), TREASURY, Session(Keyring(), {}))
    with pytest.raises(RuntimeError):
        sign.content_of(transfer(rpc_desk()))


def test_self_check() -> None:
    """All pass, and they are part of the device's."""
    found = selfcheck.run()
    assert [True] * 3 == [one.passed for one in found]
    assert {one.name for one in found} <= {one.name for one in selfchecks.run()}


@pytest.mark.parametrize("check", _ANSWERS, ids=lambda check: str(check["name"]))
def test_another_answer_is_noticed(check: dict[str, Any]) -> None:
    """Each check fails when the known answer is another."""
    assert selfcheck._CHECKS[check["check"]](check)
    assert not selfcheck._CHECKS[check["check"]]({**check, "expect": "00"})


@dataclass
class Terminal:
    """An operator who enrols a key."""

    given: Secret | None = field(default_factory=lambda: HELD.secrets[0])
    key: str = KEY.decode()
    file: bytes | None = None
    shown: list[str] = field(default_factory=list)

    def secret(self, name: str, *, optional: bool = False) -> Secret | None:
        """The secret."""
        self.shown.append(f"{name} {optional}")
        return self.given

    def line(self, prompt: str, default: str = "") -> str:
        """The API key."""
        self.shown.append(prompt + default)
        return self.key

    def show(self, text: str) -> None:
        """Keep *text*."""
        self.shown.append(text)

    def utc(self) -> int:
        """Nothing depends on time."""
        raise AssertionError

    def random(self, size: int) -> bytes:
        """Nothing is random."""
        raise AssertionError(size)

    def table(self) -> bytes | None:
        """The file's bytes."""
        return self.file


def test_enrolling_with_a_table() -> None:
    """The whole table is shown before anything is kept; what is kept is read again."""
    terminal = Terminal(file=TABLE.read_bytes())
    account = enrol.enrol("shop", terminal)
    assert HELD == account
    assert ["API key", "API secret False"] == terminal.shown[:2]
    assert "send -- MOVES MONEY" in terminal.shown[2]
    assert {"get_balance", "send", "list_transactions", "rotate_address"} == set(settings.methods_of(account))


def test_enrolling_without_a_table() -> None:
    """The operator is told what that means."""
    terminal = Terminal()
    account = enrol.enrol("shop", terminal)
    assert () == settings.rows_of(account)
    assert "get_balance alone" in terminal.shown[-1]
    with pytest.raises(RuntimeError):
        enrol.enrol("shop", Terminal(given=None))


@pytest.mark.parametrize(
    ("terminal", "code"),
    [
        (Terminal(key="a b"), "coinrpc.key"),
        (Terminal(key=""), "coinrpc.key"),
        (Terminal(file=b"["), "table.toml"),
        (Terminal(file=b'[[method]]\nname = "get_balance"\nrisk = "reads"\n'), "coinrpc.table.built-in"),
    ],
)
def test_bad_enrolments(terminal: Terminal, code: str) -> None:
    """Nothing is kept of them."""
    assert code == code_of(enrol.enrol, "shop", terminal)


@pytest.mark.parametrize(
    "text", ["", "abc", "a secret with blanks", "secret-with-a-newline\n", "\u200bzero-width-in-front"]
)
def test_bad_secrets(text: str) -> None:
    """A blank or a line end that came along, and what is no secret at all."""
    with pytest.raises(ColdtuskError) as caught:
        check_secret(text, "API secret")
    assert caught.value.code.name in {"secret.stray", "secret.length"}


def test_changing_the_table() -> None:
    """The difference is shown, nothing else of the account moves."""
    terminal = Terminal(file=b'[[method]]\nname = "send"\nrisk = "changes"\n')
    changed = enrol.change(HELD, terminal)
    assert (HELD.key, HELD.label, HELD.secrets) == (changed.key, changed.label, changed.secrets)
    assert ["send"] == [row.name for row in settings.rows_of(changed)]
    (shown,) = terminal.shown
    assert "Taken away  list_transactions -- reads" in shown
    assert "Was         send -- MOVES MONEY" in shown
    assert "Becomes     send -- changes" in shown


def test_changing_the_order_of_the_table() -> None:
    """No row says otherwise, but it is another table."""
    rows = settings.rows_of(HELD)
    turned = ServiceAccount(*HELD.key, HELD.label, HELD.secrets, settings.encode(rows[::-1]))
    terminal = Terminal(file=TABLE.read_bytes())
    assert rows == settings.rows_of(enrol.change(turned, terminal))
    assert ["The rows stand in another order."] == terminal.shown


def test_no_change() -> None:
    """No file, and a file that says what is enrolled already."""
    assert "secret.no-table" == code_of(enrol.change, HELD, Terminal())
    assert "coinrpc.table.same" == code_of(enrol.change, HELD, Terminal(file=TABLE.read_bytes()))


def test_settings_are_read_strictly() -> None:
    """A vault with other settings stops the call, it does not widen the table."""
    row = typed_table.encode(settings.rows_of(HELD), methods.SHAPE)[0]
    wrong: list[dict[int, cbor.Encodable]] = [{}, {1: [], 2: []}, {1: row}]
    for kept in wrong:
        account = ServiceAccount(*HELD.key, HELD.label, HELD.secrets, cbor.encode(kept))
        assert code_of(sign.check, item(paying()), account, NOW).startswith("field.")


def test_another_systems_account() -> None:
    """An account of the same name at another service is not this one."""
    other = ServiceAccount("coinpayments", HELD.account, "x", HELD.secrets, HELD.settings)
    assert "secret.unknown" == code_of(
        sign.account, item(paying()), VaultContents(Secret(bytes(32)), services=(other,))
    )


def test_the_leaves_are_found() -> None:
    """By the names that every system's folder has."""
    assert [describe, sign, enrol] == [
        services.describer("coinrpc/call"),
        services.signer("coinrpc/call"),
        services.enroller("coinrpc"),
    ]


def test_the_warning_of_a_second_time_names_the_first() -> None:
    """With its send time, so that the operator can look it up at the service."""
    shown = (FOLDER / "second-time.txt").read_text(encoding="utf-8").replace("\n            ", " ")
    assert "signed the same for 2026-11-20 11:45:00 UTC: if that was sent, this pays a SECOND time" in shown
