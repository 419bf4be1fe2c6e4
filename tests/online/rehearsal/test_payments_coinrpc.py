"""The CoinRPC stand-in: the signature over what the server wrote again, the window, replays, the shapes of replies."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coldtusk_online.rehearsal.payments import REHEARSAL, Credentials, RunningPayments, Service, serve_payments
from coldtusk_online.rehearsal.payments.coinrpc import CoinRpcModes, DuplicateId, Shape, Window
from coldtusk_online.rehearsal.payments.coinrpc_methods import Method
from coldtusk_online.rehearsal.payments.reserialise import Reserialise
from tests.online.rehearsal.payments_client import NOW, Customer, rpc_body
from tests.simulators.node_hmac import Mac, node_hmacs

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "payments"
SEND: dict[str, Any] = {"recipient": "1Lbcfr7sAHTD9CgdQo3HTMTkV8LK4ZnX71", "amount": "0.5", "currency": "BTC"}


class Clock:
    """The server's clock, to shift."""

    now = float(NOW)

    def __call__(self) -> float:
        """Unix seconds."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """At NOW."""
    return Clock()


@pytest.fixture
def services(tmp_path: Path, clock: Clock) -> Iterator[RunningPayments]:
    """The stand-ins by that clock."""
    with serve_payments(tmp_path, clock=clock) as running:
        yield running


@pytest.fixture
def customer(services: RunningPayments) -> Customer:
    """Who asks them."""
    return Customer(services)


def _modes(services: RunningPayments, **changes: Any) -> None:
    services.coinrpc.modes = replace(CoinRpcModes(), **changes)


def test_a_balance_and_a_send(services: RunningPayments, customer: Customer) -> None:
    """The reply echoes the id; a send is booked and taken off; a balance is a text."""
    assert {"id": "a1", "jsonrpc": "2.0", "result": "12.5"} == customer.coinrpc("get_balance", currency="BTC")
    sent = customer.coinrpc("send", "a2", **SEND)
    [entry] = services.books.of(Service.COINRPC)
    assert ("send", SEND, NOW) == (entry.command, entry.fields, entry.at)
    assert ("a2", entry.identity, "PENDING") == (sent["id"], sent["result"]["guid"], sent["result"]["status"])
    assert "12.0" == customer.coinrpc("get_balance", "a3")["result"]


def test_the_history_tells_what_was_sent(customer: Customer) -> None:
    """list_transactions and get_transaction."""
    sent = customer.coinrpc("send", "a1", **SEND)["result"]
    assert [sent] == customer.coinrpc("list_transactions", "a2")["result"]
    assert sent == customer.coinrpc("get_transaction", "a3", guid=sent["guid"])["result"]
    assert "no such transaction" == customer.coinrpc("get_transaction", "a4", guid="x")["error"]["message"]


def test_the_date_is_the_servers(customer: Customer, clock: Clock) -> None:
    """From its header a client learns how far the clocks are apart."""
    clock.now = 0.0
    assert "Thu, 01 Jan 1970 00:00:00 GMT" == customer.send("POST", "/bitcoin").headers["Date"]


@pytest.mark.parametrize(
    ("late", "strict", "loose"),
    [(-31, False, False), (-1, False, True), (0, True, True), (29, True, True), (30, False, True), (31, False, False)],
)
def test_the_window(services: RunningPayments, customer: Customer, late: int, strict: bool, loose: bool) -> None:
    """Strict is [t, t + 30): one second early is refused; loose is 30 s either way; none is none."""
    for window, fine in ((Window.STRICT, strict), (Window.LOOSE, loose), (Window.NONE, True)):
        _modes(services, window=window, replay_cache=False)
        assert ("result" in customer.coinrpc("get_balance", stamp=NOW - late)) is fine, window


def test_the_window_has_the_length_it_is_given(services: RunningPayments, customer: Customer, clock: Clock) -> None:
    """Five seconds, by the server's clock."""
    _modes(services, window_seconds=5, replay_cache=False)
    for now, fine in ((NOW + 4.9, True), (NOW + 5.0, False)):
        clock.now = now
        assert ("result" in customer.coinrpc("get_balance")) is fine


@pytest.mark.parametrize("way", list(Reserialise))
def test_the_safe_subset_passes_in_every_way(services: RunningPayments, customer: Customer, way: Reserialise) -> None:
    """Compact, ordered, printable without a slash: raw, PHP, JavaScript and Python agree."""
    _modes(services, reserialise=way)
    assert "result" in customer.coinrpc("send", **SEND)


@pytest.mark.parametrize(
    ("body", "accepting"),
    [
        (
            b'{"id":"1","jsonrpc":"2.0","method":"get_balance","params":{"currency":"B/C"}}',
            {"raw", "python", "javascript"},
        ),
        (b'{"id":"1","jsonrpc":"2.0","method":"get_balance","params":{"currency":"\xc3\xa9"}}', {"raw", "javascript"}),
        (b'{"id":"1", "jsonrpc":"2.0","method":"get_balance"}', {"raw"}),
        (b'{"id":"1","jsonrpc":"2.0","method":"get_balance","params":{"9":"a","1":"b"}}', {"raw", "python", "php"}),
        (b'{"id":"1","jsonrpc":"2.0","method":"get_balance","params":{}}', {"raw", "python", "javascript"}),
    ],
)
def test_outside_of_the_subset_the_ways_differ(
    services: RunningPayments, customer: Customer, body: bytes, accepting: set[str]
) -> None:
    """A slash, a letter beyond ASCII, blanks, keys like numbers, empty params: the MAC is over other bytes."""
    for way in Reserialise:
        _modes(services, reserialise=way, replay_cache=False)
        refused = customer.signed(body, NOW).json.get("error", {}).get("message") == "signature does not match"
        assert refused is (way.value not in accepting), way


def test_the_vendors_own_client_is_understood(services: RunningPayments, customer: Customer, clock: Clock) -> None:
    """It signs compact JSON and posts spaced JSON: only the server that writes it again takes it."""
    rows = json.loads((VECTORS / "coinrpc_vendor_captures.json").read_text(encoding="utf-8"))["vectors"]
    for row in rows:
        clock.now = float(row["timestamp"])
        services.coinrpc._credentials = Credentials(coinrpc_key=row["api_key"], coinrpc_signing=row["secret"])
        services.coinrpc.methods.define("m", Method((), ("comment", "currency", "amount", "recipient")))
        headers = {"x-api-key": row["api_key"], "x-timestamp": row["timestamp"], "x-signature": row["expected"]}
        for way, fine in ((Reserialise.RAW, False), (Reserialise.PYTHON, True)):
            _modes(services, reserialise=way)
            reply = customer.send("POST", "/bitcoin", row["body"].encode(), headers).json
            assert ("result" in reply) is fine, (row["case"], reply)


def test_a_replay_is_refused_or_pays_again(services: RunningPayments, customer: Customer) -> None:
    """With a cache the second is refused. Without one the books show the double that Coldtusk must never cause."""
    assert ["result", "error"] == [
        ("result" if "result" in customer.coinrpc("send", **SEND) else "error") for _ in "12"
    ]
    assert 1 == len(services.books.all())
    _modes(services, replay_cache=False)
    customer.coinrpc("send", **SEND)
    assert 2 == len(services.books.all())


@pytest.mark.parametrize(
    ("rule", "paid", "same"),
    [(DuplicateId.EXECUTE, 2, False), (DuplicateId.SAME_REPLY, 1, True), (DuplicateId.REFUSE, 1, False)],
)
def test_an_id_twice(services: RunningPayments, customer: Customer, rule: DuplicateId, paid: int, same: bool) -> None:
    """Another timestamp, the same id: carried out again, answered as before, or refused."""
    _modes(services, duplicate_id=rule, window=Window.LOOSE)
    first, second = customer.coinrpc("send", **SEND), customer.coinrpc("send", stamp=NOW + 1, **SEND)
    assert (paid, same) == (len(services.books.all()), first == second)
    assert ("error" in second) is (rule is DuplicateId.REFUSE)


@pytest.mark.parametrize(
    ("shape", "reply"),
    [
        (Shape.RIGHT, {"id": "a1", "jsonrpc": "2.0", "result": "12.5"}),
        (Shape.NULL_ERROR, {"id": "a1", "jsonrpc": "2.0", "result": "12.5", "error": None}),
        (Shape.NULL_RESULT, {"id": "a1", "jsonrpc": "2.0", "result": None}),
        (Shape.NEITHER, {"id": "a1", "jsonrpc": "2.0"}),
        (Shape.OTHER_ID, {"id": "1ax", "jsonrpc": "2.0", "result": "12.5"}),
        (Shape.NUMBER_ID, {"id": 1, "jsonrpc": "2.0", "result": "12.5"}),
        (Shape.NO_VERSION, {"id": "a1", "result": "12.5"}),
    ],
)
def test_the_shapes_of_a_reply(
    services: RunningPayments, customer: Customer, shape: Shape, reply: dict[str, object]
) -> None:
    """Right, and wrong in every way that the facts name."""
    _modes(services, shape=shape)
    assert reply == customer.coinrpc("get_balance")


@pytest.mark.parametrize(("shape", "members"), [(Shape.ERROR, {"error"}), (Shape.BOTH, {"error", "result"})])
def test_an_error_that_was_carried_out(
    services: RunningPayments, customer: Customer, shape: Shape, members: set[str]
) -> None:
    """The reply says error, the books say paid."""
    _modes(services, shape=shape)
    assert members == set(customer.coinrpc("send", **SEND)) - {"id", "jsonrpc"}
    assert 1 == len(services.books.all())


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (rpc_body("nonsense"), -32601),
        (rpc_body("send", recipient="x"), -32602),
        (rpc_body("send", recipient="x", amount="1e1"), -32602),
        (rpc_body("send", recipient="x", amount="0"), -32602),
        (rpc_body("send", recipient="x", amount="13"), -32010),
        (rpc_body("get_balance", currency="XXX"), -32602),
        (rpc_body("get_balance", nonsense="1"), -32602),
        (b"[]", -32600),
        (b'{"id":"1","jsonrpc":"1.0","method":"get_balance"}', -32600),
        (b'{"id":null,"jsonrpc":"2.0","method":"get_balance"}', -32600),
        (b'{"id":"1","jsonrpc":"2.0","method":"get_balance","params":["BTC"]}', -32602),
        (b"{", -32700),
    ],
)
def test_what_is_refused(services: RunningPayments, customer: Customer, body: bytes, code: int) -> None:
    """An error member, nothing booked."""
    assert code == customer.signed(body, NOW).json["error"]["code"]
    assert () == services.books.all()


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("x-api-key", "other"),
        ("x-timestamp", "soon"),
        ("x-timestamp", str(NOW + 1)),
        ("x-signature", "00"),
        ("x-signature", "é"),
    ],
)
def test_a_header_that_is_wrong(services: RunningPayments, customer: Customer, header: str, value: str) -> None:
    """Unauthorized, whatever it is."""
    customer.coinrpc("send", **SEND)
    sent = {name: text for name, text in services.received[0].headers if name.lower().startswith("x-")}
    _modes(services, replay_cache=False)
    reply = customer.send("POST", "/bitcoin", services.received[0].body, sent | {header: value})
    assert (-32001, 1) == (reply.json["error"]["code"], len(services.books.all()))


def test_errors_can_have_a_status_of_their_own(services: RunningPayments, customer: Customer) -> None:
    """401, as the vendor's client expects when it raises for the status."""
    _modes(services, error_status=401)
    assert 401 == customer.send("POST", "/bitcoin").status
    assert 200 == customer.signed(rpc_body("get_balance"), NOW).status


def test_only_post_is_answered(customer: Customer) -> None:
    """405 for the rest."""
    assert 405 == customer.send("GET", "/bitcoin").status


def test_a_method_of_the_operators_table(services: RunningPayments, customer: Customer) -> None:
    """Defined by a test: it commits; one that does not answers with its parameters."""
    services.coinrpc.methods.define("create_address", Method(("label",)))
    services.coinrpc.methods.define("echo", Method(("word",), commits=False))
    assert "label" in customer.coinrpc("create_address", "a1", label="till")["result"]
    assert {"word": "x"} == customer.coinrpc("echo", "a2", word="x")["result"]
    assert ["create_address"] == [entry.command for entry in services.books.all()]


def test_node_agrees_on_the_macs_that_came(services: RunningPayments, customer: Customer) -> None:
    """Over the raw bytes, a colon and the timestamp."""
    customer.coinrpc("get_balance", currency="BTC")
    customer.coinrpc("send", "a2", **SEND)
    came = services.received_at("/bitcoin")
    rows = [
        Mac(
            "sha256",
            REHEARSAL.coinrpc_signing.encode(),
            request.body + b":" + (request.header("x-timestamp") or "").encode(),
        )
        for request in came
    ]
    assert node_hmacs(rows) == [request.header("x-signature") for request in came]
