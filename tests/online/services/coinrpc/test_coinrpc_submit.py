"""CoinRPC on real sockets: held, sent once inside the window, by whatever way the service checks; never again."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coldtusk_online import services as leaves
from coldtusk_online.base_url import BaseUrl
from coldtusk_online.http import HttpClient, tls_context
from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.payments import REHEARSAL, Certificate, FaultKind, serve_payments
from coldtusk_online.rehearsal.payments.coinrpc import CoinRpcModes, DuplicateId, Shape, Window
from coldtusk_online.rehearsal.payments.coinrpc_methods import Method
from coldtusk_online.rehearsal.payments.reserialise import Reserialise
from coldtusk_online.sending import Heard, Step
from coldtusk_online.services.coinrpc import clock, submit
from coldtusk_shared.errors import OutcomeUnknown, Outside
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services.coinrpc import output
from coldtusk_shared.services.coinrpc.body import message
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from tests.online.services.coinrpc.rpc_stand_in import KEY, PATH, Clock, Desk, ready
from tests.shared.services.coinrpc.rpc_samples import SEND_AT, WINDOW, balance, call, paying
from tests.simulators.node_hmac import Mac, node_hmacs
from tests.simulators.private_ca import PrivateCa
from tests.simulators.scripted_server import ScriptedServer, answering


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A new rehearsal at the send time."""
    moving = Clock()
    with serve_payments(tmp_path, clock=moving.theirs) as running:
        yield Desk(running, moving)


def modes(desk: Desk, **changes: Any) -> None:
    """Let the service behave so."""
    desk.services.coinrpc.modes = replace(CoinRpcModes(), **changes)


def pay(**changes: Any) -> CoinRpcContent:
    """A payment of the rehearsal's wallet."""
    return paying(account=KEY, **changes)


def ask(**changes: Any) -> CoinRpcContent:
    """Its balance."""
    return balance(account=KEY, **changes)


def code(heard: Heard) -> str:
    """The error beside the state."""
    return "" if heard.error is None else heard.error.code.name


@pytest.mark.parametrize("way", list(Reserialise))
@pytest.mark.parametrize(
    "content",
    [
        pay(),
        ask(),
        call("get_balance", account=KEY),
        call("odd", ("every", "".join(map(chr, (*range(0x20, 0x2F), *range(0x30, 0x7F))))), account=KEY),
        call("odd", ("toString", "1"), ("e1", "2"), account=KEY),
    ],
    ids=["send", "balance", "all", "characters", "names"],
)
def test_whatever_the_service_signs_over(desk: Desk, content: CoinRpcContent, way: Reserialise) -> None:
    """The raw bytes, or what Python, PHP or JavaScript makes of them: one signature holds for all."""
    modes(desk, reserialise=way)
    names = tuple(name for name, _ in content.params)
    desk.services.coinrpc.methods.define("odd", Method((), names, commits=False))
    assert State.CONFIRMED is desk.send(ready(content)).state


def test_the_signed_bytes_are_sent(desk: Desk) -> None:
    """Verbatim, with four headers; Node's crypto makes the signature of what arrived."""
    sent = ready(pay())
    heard = desk.send(sent)
    (arrived,) = desk.services.received_at(PATH)
    made = output.parse(sent.output)
    assert made.body == arrived.body
    mac = Mac(
        "sha256", REHEARSAL.coinrpc_signing.encode(), message(arrived.body, int(arrived.header("x-timestamp") or ""))
    )
    assert [arrived.header("x-signature")] == node_hmacs([mac])
    assert (KEY.decode(), "application/json") == (arrived.header("x-api-key"), arrived.header("content-type"))
    (entry,) = desk.services.books.all()
    assert (State.CONFIRMED, entry.identity, None) == (heard.state, heard.reference, heard.error)
    assert json.loads(heard.reply)["id"] == sent.item.payment_id.hex()


def test_a_balance(desk: Desk) -> None:
    """The result is told and kept."""
    heard = desk.send(ready(ask()))
    assert (State.CONFIRMED, 'result "12.5"') == (heard.state, heard.note)


@pytest.mark.parametrize("window", list(Window))
@pytest.mark.parametrize("late", [0, WINDOW - submit.LAST_SECONDS - 1])
def test_both_ends_of_the_window(desk: Desk, window: Window, late: int) -> None:
    """From the first second to the last that the gate lets pass, every kind of window takes it."""
    modes(desk, window=window)
    desk.clock.sleep(late)
    one = ready(pay())
    assert Step.GO is submit.gate(one, [], desk.clock.ours()).step
    assert State.CONFIRMED is desk.send(one).state


def test_connecting_took_the_rest_of_the_window(desk: Desk) -> None:
    """The gate let it pass, but when the connection stood it was too late: nothing is sent."""
    one = ready(pay())
    assert Step.GO is submit.gate(one, [], desk.clock.ours()).step
    way = replace(desk.way, clock=lambda: desk.clock.ours() + WINDOW - submit.LAST_SECONDS)
    with pytest.raises(Outside) as late:
        submit.send(one, way)
    assert "coinrpc.submit.window-over" == late.value.code.name
    assert (0, 0) == (desk.arrived, desk.payments)


@pytest.mark.parametrize("ahead", [-5.0, WINDOW + 1.0])
def test_a_clock_that_differs(desk: Desk, ahead: float) -> None:
    """A strict service takes it for early or late. Its reply names no call: unknown; the operator is told a hint."""
    desk.clock.ahead = ahead
    heard = desk.send(ready(pay()))
    assert State.UNKNOWN is heard.state
    assert "timestamp outside of the window" in heard.note
    assert b"timestamp outside of the window" in heard.reply
    assert any("Correct this machine's clock" in told for told in desk.told)
    assert 0 == desk.payments


def test_the_offset_is_asked_for(desk: Desk) -> None:
    """By a GET without key and signature, whatever the service thinks of it."""
    desk.clock.ahead = 12
    base, path = desk.settings.endpoint(desk.way.account)
    found = clock.ask(desk.way.http, base, path, desk.clock.ours)
    assert clock.Offset(11, 13) == found
    (arrived,) = desk.services.received_at(PATH)
    assert ("GET", None, None) == (arrived.method, arrived.header("x-api-key"), arrived.header("x-signature"))


def test_no_date(tmp_path: Path) -> None:
    """Some server that does not tell its time."""
    authority = PrivateCa(tmp_path)
    with ScriptedServer(answering(b"{}"), authority.server("127.0.0.1", "localhost")) as server:
        client = HttpClient(tls_context(authority.file), seconds=5.0)
        with pytest.raises(Outside) as caught:
            clock.ask(client, BaseUrl.parse(server.url), PATH, lambda: SEND_AT)
    assert "coinrpc.clock.no-date" == caught.value.code.name


def test_rejected(desk: Desk) -> None:
    """The service's own words; nothing was carried out."""
    heard = desk.send(ready(pay(amount="1000")))
    assert (State.REJECTED, "coinrpc.submit.rejected") == (heard.state, code(heard))
    assert 'error -32010, "insufficient funds"' in heard.note
    assert 0 == desk.payments


def test_another_secret(desk: Desk) -> None:
    """The reply names no call: unknown, with its words; nothing was carried out."""
    heard = desk.send(ready(pay(), secret="another-secret"))
    assert (State.UNKNOWN, OutcomeUnknown) == (heard.state, type(heard.error))
    assert "signature does not match" in heard.note
    assert 0 == desk.payments


LOST = [
    FaultKind.HANG,
    FaultKind.RESET_BEFORE_BODY,
    FaultKind.RESET_AFTER_BODY,
    FaultKind.REPLY_LOST,
    FaultKind.CUT,
    FaultKind.GARBAGE,
    FaultKind.HTML,
    FaultKind.REDIRECT,
    FaultKind.TOO_MANY,
    FaultKind.UNAVAILABLE,
    FaultKind.SERVER_ERROR,
    FaultKind.HUGE,
    FaultKind.DUPLICATE_KEYS,
    FaultKind.NO_LENGTH,
]


@pytest.mark.parametrize("kind", LOST)
def test_lost_replies_of_payments(desk: Desk, kind: FaultKind) -> None:
    """Unknown; the gate never lets it go again: at most one payment."""
    desk.services.faults.arm(kind, PATH)
    sent = ready(pay())
    heard = desk.send(sent)
    assert (State.UNKNOWN, OutcomeUnknown) == (heard.state, type(heard.error))
    assert code(heard) == ("coinrpc.reply.unclear" if heard.reply else "http.outcome-unknown")
    assert desk.payments <= 1
    again = replace(sent, call=replace(sent.call, state=State.UNKNOWN))
    assert Step.HELD is submit.gate(again, [], desk.clock.ours()).step


@pytest.mark.parametrize("kind", LOST)
def test_lost_replies_of_questions(desk: Desk, kind: FaultKind) -> None:
    """Nothing was at stake: over, and to be asked anew with another request."""
    desk.services.faults.arm(kind, PATH)
    heard = desk.send(ready(ask()))
    assert (State.EXPIRED, "coinrpc.submit.read-lost") == (heard.state, code(heard))


@pytest.mark.parametrize("kind", [FaultKind.LATENCY, FaultKind.CHUNKED])
def test_replies_that_are_whole(desk: Desk, kind: FaultKind) -> None:
    """Late, or in chunks."""
    desk.services.faults.arm(kind, PATH, seconds=0.1)
    assert State.CONFIRMED is desk.send(ready(pay())).state


@pytest.mark.parametrize(
    ("shape", "state"),
    [
        (Shape.RIGHT, State.CONFIRMED),
        (Shape.NULL_ERROR, State.CONFIRMED),
        (Shape.NULL_RESULT, State.CONFIRMED),
        (Shape.NO_VERSION, State.CONFIRMED),
        (Shape.ERROR, State.UNKNOWN),
        (Shape.BOTH, State.UNKNOWN),
        (Shape.NEITHER, State.UNKNOWN),
        (Shape.OTHER_ID, State.UNKNOWN),
        (Shape.NUMBER_ID, State.UNKNOWN),
    ],
)
def test_shapes(desk: Desk, shape: Shape, state: State) -> None:
    """The service has paid in all of them: none is taken for a refusal."""
    modes(desk, shape=shape)
    assert (state, 1) == (desk.send(ready(pay())).state, desk.payments)


@pytest.mark.parametrize(
    "shown", [Certificate.WRONG_NAME, Certificate.EXPIRED, Certificate.UNKNOWN_AUTHORITY], ids=lambda one: one.value
)
def test_another_server(tmp_path: Path, shown: Certificate) -> None:
    """Nothing is sent to whoever cannot prove who he is: it stays answered."""
    with serve_payments(tmp_path, certificate=shown) as running:
        with pytest.raises(Outside) as caught:
            Desk(running, Clock()).send(ready(pay()))
        assert "http.certificate" == caught.value.code.name
        assert not isinstance(caught.value, OutcomeUnknown)
        assert not running.received


def test_why_it_is_never_sent_again(desk: Desk) -> None:
    """A service without a replay cache pays twice for the same bytes: this is what the gate keeps from happening."""
    modes(desk, replay_cache=False, duplicate_id=DuplicateId.EXECUTE)
    one = ready(pay())
    desk.send(one)
    desk.send(one)
    assert 2 == desk.payments


def test_a_unique_id_each(desk: Desk) -> None:
    """Two payments of the same content have ids of their own: a service that remembers ids takes both."""
    modes(desk, duplicate_id=DuplicateId.REFUSE)
    other = ready(pay(send_at=SEND_AT - 1), payment_id=PaymentId(bytes(16)))
    assert [State.CONFIRMED] * 2 == [desk.send(one).state for one in (ready(pay()), other)]
    assert 2 == desk.payments


def test_the_leaf_is_found() -> None:
    """By the kind of the item."""
    assert submit is leaves.sender(ready(pay()).item)
