"""CoinRPC online: from what is typed to a content, what of a device is believed, when a call goes, and clocks."""

from dataclasses import replace

import pytest

from coldtusk_online.http_reply import Reply
from coldtusk_online.ledger.states import State
from coldtusk_online.sending import Step
from coldtusk_online.services.coinrpc import build, clock, signature, submit
from coldtusk_online.services.coinrpc.clock import Offset
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.request import Item, PaymentId
from coldtusk_shared.screen import render
from coldtusk_shared.services.coinrpc import output
from tests.online.services.coinrpc.rpc_stand_in import KEY, ready, signed
from tests.shared.services.coinrpc.rpc_samples import SEND_AT, WINDOW, balance, item, paying


def refused(error: pytest.ExceptionInfo[BadInput]) -> tuple[str, str]:
    """The code and the place."""
    return error.value.code.name, error.value.where


@pytest.mark.parametrize(
    ("text", "seconds"), [("1s", 1), ("90s", 90), ("10m", 600), ("1h", limits.SEND_AHEAD_SECONDS), ("60m", 3600)]
)
def test_ahead(text: str, seconds: int) -> None:
    """Seconds, minutes, an hour."""
    assert seconds == build.ahead(text)


@pytest.mark.parametrize(
    "text", ["", "10", "0s", "-1m", "1.5m", "61m", "2h", "3601s", "10M", " 10m", "\u0661m", "99999s"]
)
def test_not_ahead(text: str) -> None:
    """Anything else, and more than 60 minutes."""
    with pytest.raises(BadInput) as caught:
        build.ahead(text)
    assert ("coinrpc.send-ahead", "--in") == refused(caught)


def test_params() -> None:
    """In their order; a value may have an equals sign."""
    assert (("b", "1"), ("a", "x=y")) == build.params(["b=1", "a=x=y"])
    with pytest.raises(BadInput) as caught:
        build.params(["b=1", "a"])
    assert ("coinrpc.param", "--param") == refused(caught)


@pytest.mark.parametrize(
    ("method", "given", "code"),
    [
        ("send", (("url", "https://x/"),), "coinrpc.json.slash"),
        ("send", (("10", "b"), ("9", "a")), "coinrpc.json.integer-name"),
        ("send", (("comment", "caf\u00e9"),), "coinrpc.json.character"),
        ("get_balance", (("amount", "1"),), "field.not-of-command"),
        ("get balance", (), "field.characters"),
    ],
)
def test_what_the_device_would_refuse(method: str, given: tuple[tuple[str, str], ...], code: str) -> None:
    """Is refused here, before it crosses the gap."""
    with pytest.raises(BadInput) as caught:
        build.content(KEY, method, given, SEND_AT, WINDOW)
    assert code == caught.value.code.name


def test_lines() -> None:
    """What is not built in is shown as not known: the table is on the device."""
    assert "get_balance -- reads" in render(build.lines(item(balance())))
    assert "send -- NOT ENROLLED" in render(build.lines(item(paying())))


def test_the_very_call() -> None:
    """A device's output for the item passes; it counts nothing."""
    one = item(paying())
    signature.check(one, signed(one, paying()), "response")
    assert signature.number(one, b"") is None


def test_another_call() -> None:
    """Another time, other parameters, another id: nothing of it is stored."""
    one = item(paying())
    later, dearer = paying(send_at=SEND_AT + 1), paying("1000")
    other = Item(PaymentId(bytes(16)), one.account, one.content)
    for given, where in (
        (signed(one, later), "response.timestamp"),
        (signed(one, dearer), "response.body"),
        (signed(other, paying()), "response.body"),
    ):
        with pytest.raises(BadInput) as caught:
            signature.check(one, given, "response")
        assert ("coinrpc.output.differs", where) == refused(caught)


def test_a_body_with_blanks() -> None:
    """As the vendor's client would send it: not the bytes that are signed."""
    one = item(paying())
    made = output.parse(signed(one, paying()))
    spaced = output.encode(replace(made, body=made.body.replace(b",", b", ")))
    with pytest.raises(BadInput) as caught:
        signature.check(one, spaced, "response")
    assert "coinrpc.output.differs" == caught.value.code.name


@pytest.mark.parametrize(
    ("late", "step"),
    [
        (-600, Step.WAIT),
        (-1, Step.WAIT),
        (0, Step.GO),
        (WINDOW - submit.LAST_SECONDS - 1, Step.GO),
        (WINDOW - submit.LAST_SECONDS, Step.DEAD),
        (WINDOW, Step.DEAD),
        (86_400, Step.DEAD),
    ],
)
def test_the_gate(late: int, step: Step) -> None:
    """Held until the send time, sent inside the window, never in its last seconds, dead after it."""
    gate = submit.gate(ready(paying()), [], SEND_AT + late)
    assert step is gate.step
    if step is Step.WAIT:
        assert SEND_AT == gate.until
    if step is Step.DEAD:
        assert gate.why is not None and "coinrpc.submit.window-over" == gate.why.code.name


@pytest.mark.parametrize("late", [-1, 0, WINDOW])
def test_never_again(late: int) -> None:
    """What may have been sent is not sent at any time."""
    gate = submit.gate(ready(paying(), State.UNKNOWN), [], SEND_AT + late)
    assert Step.HELD is gate.step
    assert gate.why is not None and "coinrpc.submit.never-again" == gate.why.code.name


@pytest.mark.parametrize("window", limits.SEND_WINDOW_SECONDS)
def test_every_window_has_room(window: int) -> None:
    """The shortest one, too."""
    assert Step.GO is submit.gate(ready(paying(window=window)), [], SEND_AT).step


def _reply(date: str) -> Reply:
    return Reply(200, {"date": date} if date else {}, b"")


def test_offsets() -> None:
    """A range: the header counts seconds, the reply took its time."""
    at_send = _reply("Fri, 20 Nov 2026 11:45:00 GMT")
    assert Offset(-1, 1) == clock.of_reply(at_send, SEND_AT, SEND_AT)
    assert Offset(7, 12) == clock.of_reply(at_send, SEND_AT - 11, SEND_AT - 8)
    assert clock.of_reply(_reply(""), SEND_AT, SEND_AT) is None
    assert clock.of_reply(_reply("yesterday"), SEND_AT, SEND_AT) is None


@pytest.mark.parametrize(
    ("offset", "notable", "words"),
    [
        (Offset(-1, 1), False, "agree"),
        (Offset(1, 3), False, "agree"),
        (Offset(2, 4), True, "by luck"),
        (Offset(-9, -2), True, "by luck"),
        (Offset(30, 32), True, "no call would arrive"),
        (Offset(-99, -30), True, "no call would arrive"),
    ],
)
def test_advice(offset: Offset, notable: bool, words: str) -> None:
    """What it means for a window of 30 seconds."""
    assert notable is offset.notable
    assert words in clock.advice(offset, WINDOW)
    assert f"{offset.least:+d} to {offset.most:+d} s" in offset.words
