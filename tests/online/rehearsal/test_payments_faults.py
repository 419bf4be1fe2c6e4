"""The fault matrix of the stand-ins, service by fault: what the client sees, and what the books hold."""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from coldtusk_online.rehearsal.payments import FaultKind, Faults, RetryAfter, RunningPayments, serve_payments
from coldtusk_online.rehearsal.payments.faults import COMMIT_UNLESS_TOLD, NEED_THE_REPLY, NEVER_COMMIT
from coldtusk_online.rehearsal.payments.reply import chunked
from coldtusk_shared.limits import HTTP_REPLY_BYTES
from tests.online.rehearsal.payments_client import ASSET, NOW, Customer, Got, form_body, rpc_body

BRIEF = 0.05
"""A client's patience for a reply that does not come."""

Pay = Callable[[Customer], Got]


def _coinpayments(customer: Customer) -> Got:
    return customer.form(form_body("create_withdrawal", nonce=1, amount="1", currency="BTC", address="1B"))


def _coinrpc(customer: Customer) -> Got:
    return customer.signed(rpc_body("send", recipient="1L", amount="0.5"), NOW)


def _coinspark(customer: Customer) -> Got:
    call = {"id": "1", "method": "coinspark_create_asset", "params": ASSET}
    return customer.send("POST", "/coinspark", json.dumps(call).encode())


def _coinsoftworks(customer: Customer) -> Got:
    return _executed(customer, Customer(customer.services).authenticate())


def _executed(customer: Customer, bearer: str) -> Got:
    return customer.coinsoftworks("POST", "execute/33", bearer, b'{"amount":"1"}')


SERVICES: dict[str, tuple[str, Pay]] = {
    "coinpayments": ("/api.php", _coinpayments),
    "coinrpc": ("/bitcoin", _coinrpc),
    "coinspark": ("/coinspark", _coinspark),
    "coinsoftworks": ("/_functions/execute", _coinsoftworks),
}


@pytest.fixture
def services(tmp_path: Path) -> Iterator[RunningPayments]:
    """The stand-ins at NOW."""
    with serve_payments(tmp_path, clock=lambda: NOW) as running:
        yield running


@pytest.fixture(params=sorted(SERVICES))
def path_and_pay(request: pytest.FixtureRequest) -> tuple[str, Pay]:
    """A service's path, and a call that moves money there."""
    return SERVICES[request.param]


def _broken(pay: Pay, customer: Customer) -> type[Exception]:
    with pytest.raises((OSError, http.client.HTTPException)) as seen:
        pay(customer)
    return seen.type


def _paid(services: RunningPayments) -> bool:
    """Whether exactly one effect is booked, as soon as one is: the client may have left before."""
    while not services.books.all():
        pass
    return len(services.books.all()) == 1


@pytest.mark.parametrize(
    ("kind", "paid"),
    [(FaultKind.RESET_BEFORE_BODY, 0), (FaultKind.RESET_AFTER_BODY, 0), (FaultKind.REPLY_LOST, 1), (FaultKind.CUT, 1)],
)
def test_a_connection_that_ends(
    services: RunningPayments, path_and_pay: tuple[str, Pay], kind: FaultKind, paid: int
) -> None:
    """Before the body, after it, after the commit, in the middle of the reply; the next call goes."""
    path, pay = path_and_pay
    services.faults.arm(kind, path)
    assert issubclass(_broken(pay, Customer(services)), OSError | http.client.HTTPException)
    assert (paid, 0) == (len(services.books.all()), services.faults.waiting)
    assert (kind is not FaultKind.RESET_BEFORE_BODY) is bool(services.received_at(path))
    pay(Customer(services))


@pytest.mark.parametrize(
    ("kind", "status", "paid"),
    [
        (FaultKind.GARBAGE, 200, 1),
        (FaultKind.HTML, 200, 1),
        (FaultKind.SERVER_ERROR, 502, 1),
        (FaultKind.HUGE, 200, 1),
        (FaultKind.REDIRECT, 302, 0),
        (FaultKind.TOO_MANY, 429, 0),
        (FaultKind.UNAVAILABLE, 503, 0),
    ],
)
def test_replies_that_are_no_answer(
    services: RunningPayments, path_and_pay: tuple[str, Pay], kind: FaultKind, status: int, paid: int
) -> None:
    """Each comes whole, says nothing of what happened, and the books know."""
    path, pay = path_and_pay
    services.faults.arm(kind, path)
    got = pay(Customer(services))
    assert (status, paid) == (got.status, len(services.books.all()))
    if kind is FaultKind.HUGE:
        assert len(got.body) > HTTP_REPLY_BYTES
    if kind is FaultKind.REDIRECT:
        assert got.headers["Location"].startswith("/rehearsal/elsewhere" + path)
    if kind in {FaultKind.GARBAGE, FaultKind.HTML, FaultKind.SERVER_ERROR}:
        with pytest.raises(ValueError, match=r"codec|Expecting"):
            json.loads(got.body)


@pytest.mark.parametrize(
    "kind", [FaultKind.HTML, FaultKind.GARBAGE, FaultKind.SERVER_ERROR, FaultKind.HUGE, FaultKind.REPLY_LOST]
)
def test_the_same_faults_without_the_commit(services: RunningPayments, kind: FaultKind) -> None:
    """commits=False: the client sees the same and nothing was paid."""
    services.faults.arm(kind, "/api.php", commits=False)
    if kind is FaultKind.REPLY_LOST:
        _broken(_coinpayments, Customer(services))
    else:
        _coinpayments(Customer(services))
    assert () == services.books.all()


@pytest.mark.parametrize(
    "kind",
    [FaultKind.RESET_AFTER_BODY, FaultKind.HANG, FaultKind.REDIRECT, FaultKind.TOO_MANY, FaultKind.UNAVAILABLE],
)
def test_refusals_after_the_commit(services: RunningPayments, kind: FaultKind) -> None:
    """commits=True: a proxy says no, or nothing, when the service has paid."""
    services.faults.arm(kind, "/api.php", commits=True)
    if kind in {FaultKind.RESET_AFTER_BODY, FaultKind.HANG}:
        _broken(_coinpayments, Customer(services, patience=BRIEF))
    else:
        _coinpayments(Customer(services))
    assert _paid(services)


def test_kinds_without_a_choice() -> None:
    """What cannot commit, and what needs the reply."""
    for kind in FaultKind:
        for commits in (True, False):
            if (kind in NEVER_COMMIT and commits) or (kind in NEED_THE_REPLY and not commits):
                with pytest.raises(RuntimeError):
                    Faults().arm(kind, commits=commits)
            else:
                Faults().arm(kind, commits=commits)
    assert (True, True) == (NEED_THE_REPLY <= COMMIT_UNLESS_TOLD, not NEVER_COMMIT & COMMIT_UNLESS_TOLD)


def test_time_passes(services: RunningPayments, path_and_pay: tuple[str, Pay]) -> None:
    """hang: nothing within a client's patience, nothing paid. latency: paid, and the reply too late or whole."""
    path, pay = path_and_pay
    brief = Customer(services, patience=BRIEF)
    services.faults.arm(FaultKind.HANG, path)
    assert issubclass(_broken(pay, brief), TimeoutError)
    assert () == services.books.all()
    services.faults.arm(FaultKind.LATENCY, path, seconds=3600)
    assert issubclass(_broken(pay, brief), TimeoutError)
    assert _paid(services)
    services.faults.arm(FaultKind.LATENCY, path, seconds=0)
    assert 200 == pay(Customer(services)).status


def test_names_that_come_twice(services: RunningPayments, path_and_pay: tuple[str, Pay]) -> None:
    """Every member of the reply's object, and it was paid."""
    path, pay = path_and_pay
    services.faults.arm(FaultKind.DUPLICATE_KEYS, path)
    pairs: list[str] = []
    json.loads(pay(Customer(services)).body, object_pairs_hook=lambda found: pairs.extend(name for name, _ in found))
    assert (True, 1) == (len(pairs) > len(set(pairs)), len(services.books.all()))


def test_a_list_has_no_names_to_double(services: RunningPayments) -> None:
    """An object with one name twice comes in its place."""
    bearer = Customer(services).authenticate()
    services.faults.arm(FaultKind.DUPLICATE_KEYS, "/_functions/actions")
    assert b'{"error":"ok","error":"ok"}' == Customer(services).coinsoftworks("GET", "actions", bearer).body


@pytest.mark.parametrize(
    ("kind", "header"), [(FaultKind.CHUNKED, ("chunked", None)), (FaultKind.NO_LENGTH, (None, None))]
)
def test_other_framings(
    services: RunningPayments,
    path_and_pay: tuple[str, Pay],
    kind: FaultKind,
    header: tuple[str | None, str | None],
) -> None:
    """In chunks, or until the end of the connection: the same body. By default Content-Length."""
    path, pay = path_and_pay
    services.faults.arm(kind, path)
    got = pay(Customer(services))
    assert header == (got.headers.get("Transfer-Encoding"), got.headers.get("Content-Length"))
    assert isinstance(got.json, dict)
    assert "Content-Length" in pay(Customer(services)).headers


def test_chunks_by_hand() -> None:
    """Seven bytes each, the rest, the end."""
    assert b"7\r\n1234567\r\n1\r\n8\r\n0\r\n\r\n" == chunked(b"12345678")


@pytest.mark.parametrize("kind", [FaultKind.TOO_MANY, FaultKind.UNAVAILABLE])
def test_retry_after_in_all_its_forms(services: RunningPayments, kind: FaultKind) -> None:
    """Seconds, a date of the service's clock, absent, absurd."""
    said = {}
    for form in RetryAfter:
        services.faults.arm(kind, "/_functions", seconds=30, retry_after=form)
        said[form] = Customer(services).get("/_functions/user").headers.get("Retry-After")
    assert ("30", None, "99999999999999999999") == (
        said[RetryAfter.SECONDS],
        said[RetryAfter.ABSENT],
        said[RetryAfter.ABSURD],
    )
    assert NOW + 30 == parsedate_to_datetime(said[RetryAfter.DATE] or "").timestamp()


def test_who_follows_a_redirect_is_seen(services: RunningPayments) -> None:
    """The service answers there, and the request is among those received."""
    services.faults.arm(FaultKind.REDIRECT, "/bitcoin")
    where = _coinrpc(Customer(services)).headers["Location"]
    last = services.received[-1]
    headers = {name: value for name, value in last.headers if name.startswith("x-")}
    assert 200 == Customer(services).send("POST", where, last.body, headers).status
    assert ("/rehearsal/elsewhere/bitcoin", 1) == (services.received[-1].path, len(services.books.all()))


def test_faults_strike_as_often_and_where_they_were_armed(services: RunningPayments) -> None:
    """Twice under a path; cleared ones not at all."""
    services.faults.arm(FaultKind.TOO_MANY, "/bitcoin", times=2)
    statuses = [_coinrpc(Customer(services)).status for _ in range(3)]
    assert ([429, 429, 200], 200) == (statuses, _coinpayments(Customer(services)).status)
    services.faults.arm(FaultKind.TOO_MANY, times=5)
    services.faults.clear()
    assert 200 == _coinrpc(Customer(services)).status


def test_requests_that_are_none_get_no_answer(services: RunningPayments) -> None:
    """A head that is no HTTP, a body that ends early."""
    for sent in (b"nonsense\r\n\r\n", b"POST /api.php HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc"):
        connection = Customer(services).connection()
        connection.connect()
        assert isinstance(connection.sock, socket.socket)
        connection.sock.sendall(sent)
        connection.sock.shutdown(socket.SHUT_WR)
        with pytest.raises((OSError, http.client.HTTPException)):
            http.client.HTTPResponse(connection.sock).begin()
        connection.close()
    assert [] == list(services.received)


def test_stop_leaves_nothing_running(tmp_path: Path) -> None:
    """A hanging and an idle connection end; threads are gone; a second stop is harmless."""
    before = threading.active_count()
    services = serve_payments(tmp_path, clock=lambda: NOW)
    services.faults.arm(FaultKind.HANG)
    clients = [Customer(services).connection() for _ in range(2)]
    clients[0].request("GET", "/_functions/user")
    clients[1].connect()
    services.stop()
    services.stop()
    for client in clients:
        client.close()
    assert before == threading.active_count()
