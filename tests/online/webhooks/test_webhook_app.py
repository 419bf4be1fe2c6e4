"""The server over real sockets: what is answered, and that it is stored before."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from coldtusk_online.ledger import store
from coldtusk_online.webhooks.limiter import Limiter, Rate
from coldtusk_online.webhooks.notice import Service, State
from coldtusk_online.webhooks.secrets import Secret, Secrets
from coldtusk_online.webhooks.server import Listen
from coldtusk_shared import limits
from tests.online.webhooks.receiver import (
    FORM,
    IPN_SECRET,
    MERCHANT,
    PLENTY,
    WALLET,
    WALLET_SECRET,
    Receiver,
    ipn,
    mac,
    receiving,
    webhook,
)
from tests.simulators.online_house import NOW


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Receiver]:
    """A server without limits on the rate."""
    with receiving(tmp_path) as made:
        yield made


def _raw(server: Receiver, *parts: bytes, pause: float = 0) -> bytes:
    """Send *parts* as they are; all that comes until the server closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        got = b""
        while more := connection.recv(65536):
            got += more
        return got


def _head(length: int | None, *more: str, path: str = "/coinpayments") -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: x", f"Content-Type: {FORM}", *more]
    lines += [] if length is None else [f"Content-Length: {length}"]
    return "\r\n".join([*lines, "", ""]).encode()


def test_both_services(server: Receiver) -> None:
    """Verified, stored, answered; and the bytes in the ledger are the bytes that came."""
    deposit, received = ipn(ipn_type="deposit", deposit_id="CD1", custom="a b é"), webhook()
    assert (200, b"stored\n") == server.ipn(deposit)[:2]
    assert 200 == server.webhook(received).status
    stored = {one.notice.service: one for one in server.stored()}
    assert (deposit, State.VERIFIED, MERCHANT, "CD1") == (
        (notice := stored[Service.COINPAYMENTS].notice).body,
        notice.state,
        notice.account,
        notice.subject,
    )
    assert (received, State.UNCONFIRMED, WALLET) == (
        (notice := stored[Service.COINRPC].notice).body,
        notice.state,
        notice.account,
    )
    assert {NOW} == {one.received_at for one in stored.values()}
    assert (2, 0, []) == (server.tally.stored, server.tally.repeated, server.lines)


def test_repeated(server: Receiver) -> None:
    """Ten retries are ten times 200 and one row."""
    assert {200} == {server.ipn(ipn(txn_id="T", ipn_id="I")).status for _ in range(10)}
    assert (1, 1, 9) == (len(server.stored()), server.tally.stored, server.tally.repeated)


def test_out_of_order(server: Receiver) -> None:
    """An older status that comes late is stored as such."""
    for status in ("100", "0", "1", "-1"):
        assert 200 == server.ipn(ipn(txn_id="T", status=status)).status
    states = {one.notice.status: one.notice.state for one in server.stored()}
    assert {100: State.VERIFIED, 0: State.SUPERSEDED, 1: State.SUPERSEDED, -1: State.DISPUTED} == states


def test_many_at_once(server: Receiver) -> None:
    """Notices that come together share commits; each is answered and stored, twins once."""
    bodies = [ipn(txn_id=f"T{number // 2}", ipn_id="I") for number in range(60)]
    with ThreadPoolExecutor(12) as pool:
        assert [200] * 60 == [reply.status for reply in pool.map(server.ipn, bodies)]
    assert {f"T{number}" for number in range(30)} == {one.notice.subject for one in server.stored()}
    assert (30, 30, 30) == (len(server.stored()), server.tally.stored, server.tally.repeated)


def test_refused(server: Receiver) -> None:
    """The answer says nothing but a number; the reason is counted here."""
    cases = [
        (ipn(merchant="m9"), 403, "webhooks.merchant"),
        (ipn(ipn_mode="x"), 403, "webhooks.mode"),
        (ipn(status="7"), 400, "webhooks.status"),
        (b"x[]=1&x[]=2", 400, "webhooks.field-twice"),
        (b"", 400, "webhooks.form"),
    ]
    for body, status, code in cases:
        reply = server.ipn(body)
        assert (status, b"refused\n", "close") == (reply.status, reply.body, reply.headers["connection"])
        assert 1 == server.tally.reasons[code]
    assert ([], 5, 5) == (server.stored(), len(server.lines), len(server.tally.reasons))


def test_refused_wallets(server: Receiver) -> None:
    """A wallet that is not enrolled and a wrong hash get the same answer."""
    unknown = server.webhook(webhook(wallet="other"), "other")
    wrong = server.webhook(webhook().replace(b"0.1", b"0.2"))
    crossed = server.webhook(webhook(), "other")
    assert {(403, b"refused\n")} == {reply[:2] for reply in (unknown, wrong, crossed)}
    assert {"webhooks.wallet": 2, "webhooks.hash": 1} == server.tally.reasons


def test_no_secret_anywhere(server: Receiver, capfd: pytest.CaptureFixture[str]) -> None:
    """Not in an answer, a header, a line, the tally or what the process prints; only here is it found."""
    replies = [
        server.ipn(ipn()),
        server.ipn(b"broken"),
        server.ipn(ipn(merchant="x")),
        server.webhook(webhook()),
        server.webhook(b"x=1"),
        server.post("/coinpayments", ipn(), HMAC=IPN_SECRET),
    ]
    said = repr((replies, server.lines, server.tally.reasons, server.tally.refusals, capfd.readouterr()))
    assert "canary" in repr((IPN_SECRET, WALLET_SECRET))
    assert "canary" not in said
    assert not any("server" in reply.headers for reply in replies)


def test_only_post_to_two_paths(server: Receiver) -> None:
    """405 for every other method, 404 elsewhere, and no redirect."""
    for method in ("GET", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"):
        assert 405 == server.post("/coinpayments", ipn(), method, HMAC=mac(ipn())).status
    for path in ("/", "/coinpayments/", "/coinrpc", "/coinrpc/", "/coinrpc/a/b", "/favicon.ico"):
        assert 404 == server.post(path, ipn(), HMAC=mac(ipn())).status
    assert [] == server.stored()


def test_content_type(server: Receiver) -> None:
    """webhooks.content-type: 415 for what is no form, in another charset or coded; a charset may be named."""
    for kind in ("", "application/json", "text/plain", f"{FORM}; charset=latin1", f"{FORM}, {FORM}"):
        assert 415 == server.ipn(ipn(), Content_Type=kind).status
    assert 415 == server.ipn(ipn(), Content_Encoding="gzip").status
    assert {"webhooks.content-type": 6} == server.tally.reasons
    assert 200 == server.ipn(ipn(), Content_Type=f"{FORM.upper()}; charset=UTF-8").status


def test_too_large_unread(server: Receiver) -> None:
    """WEBHOOK_BYTES: a body that says that it is larger is refused before any of it was sent."""
    for length in (limits.WEBHOOK_BYTES + 1, 10**9, 10**18):
        assert b"HTTP/1.1 413 " in _raw(server, _head(length, "Expect: 100-continue"))[:20]
    assert {"webhooks.size": 3} == server.tally.reasons


def test_largest(server: Receiver) -> None:
    """A body of exactly WEBHOOK_BYTES is taken."""
    body = ipn(custom="x" * (limits.WEBHOOK_BYTES - len(ipn(custom=""))))
    assert limits.WEBHOOK_BYTES == len(body)
    assert 200 == server.ipn(body).status


def test_too_large_in_chunks(server: Receiver) -> None:
    """A body that does not say its length is cut at the cap."""
    chunk = b"2000\r\n" + b"x" * 0x2000 + b"\r\n"
    reply = _raw(server, _head(None, "Transfer-Encoding: chunked"), *[chunk] * 5)
    assert b"HTTP/1.1 413 " == reply[:13]
    assert {"webhooks.size": 1} == server.tally.reasons


def test_chunks(server: Receiver) -> None:
    """A small body in chunks is taken: what is proved are its bytes."""
    body = ipn(txn_id="T")
    chunks = [b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:7], body[7:])]
    head = _head(None, "Transfer-Encoding: chunked", f"HMAC: {mac(body)}", "Connection: close")
    assert b"HTTP/1.1 200 " == _raw(server, head, *chunks, b"0\r\n\r\n")[:13]


def test_slow_body(tmp_path: Path) -> None:
    """webhooks.slow: a body that does not come within WEBHOOK_SECONDS, here 0.2, is answered with 408 and ends."""
    assert limits.WEBHOOK_SECONDS == Listen().seconds
    with receiving(tmp_path, seconds=0.2) as server:
        reply = _raw(server, _head(100), b"a=1")
        assert b"HTTP/1.1 408 " == reply[:13]
        assert {"webhooks.slow": 1} == server.tally.reasons


def test_cut_body(server: Receiver) -> None:
    """webhooks.cut: who goes away within the body left nothing."""
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(_head(100) + b"a=1")
    for _ in range(500):
        if server.tally.reasons:
            break
        time.sleep(0.01)
    assert {"webhooks.cut": 1} == server.tally.reasons
    assert [] == server.stored()


def test_rate(tmp_path: Path) -> None:
    """webhooks.rate: 429 with Retry-After, before anything is read."""
    with receiving(tmp_path, limiter=Limiter(lambda: 0, Rate(1, 2), PLENTY)) as server:
        replies = [server.ipn(ipn(txn_id=f"T{number}")) for number in range(4)]
        assert [200, 200, 429, 429] == [reply.status for reply in replies]
        assert "1" == replies[-1].headers["retry-after"]
        assert b"HTTP/1.1 429 " == _raw(server, _head(1000))[:13]
        assert (2, {"webhooks.rate": 3}) == (len(server.stored()), server.tally.reasons)


def test_keep_alive(server: Receiver) -> None:
    """Several notices on one connection, a refused one ends it."""
    one = [_head(len(body), f"HMAC: {mac(body)}") + body for body in (ipn(txn_id="A"), ipn(txn_id="B"))]
    replies = _raw(server, one[0] + one[1] + _head(3) + b"a=1" + one[0])
    assert (2, 1) == (replies.count(b"HTTP/1.1 200 "), replies.count(b"HTTP/1.1 403 "))


def test_ledger_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process holds the ledger the answer is 503, so the service repeats it; then 200."""
    monkeypatch.setattr(store, "_BUSY_MS", 50)
    with receiving(tmp_path) as server:
        other = store.connect(store.default_url(tmp_path / "ledger.sqlite"))
        with other.writing():
            reply = server.ipn(ipn(txn_id="T"))
        other.close()
        assert (503, b"later\n") == reply[:2]
        assert {"ledger.busy": 1} == server.tally.reasons
        assert [] == server.stored()
        assert 200 == server.ipn(ipn(txn_id="T")).status


def test_waiting_for_the_ledger(server: Receiver, tmp_path: Path) -> None:
    """A short lock is waited for, and the answer with it: never before the commit."""
    other = store.connect(store.default_url(tmp_path / "ledger.sqlite"))
    with ThreadPoolExecutor(1) as pool:
        with other.writing():
            reply = pool.submit(server.ipn, ipn())
            with pytest.raises(TimeoutError):
                reply.result(timeout=0.3)
            assert [] == server.stored()
        assert 200 == reply.result(timeout=10).status
    other.close()


def test_stored_before_answered(tmp_path: Path) -> None:
    """At the moment of the commit nobody has an answer, and the row is there."""
    reached, go_on = threading.Event(), threading.Event()

    def checkpoint(name: str) -> None:
        assert "notices-stored" == name
        reached.set()
        assert go_on.wait(10)

    with receiving(tmp_path, checkpoint=checkpoint) as server, ThreadPoolExecutor(1) as pool:
        reply = pool.submit(server.ipn, ipn(txn_id="T"))
        assert reached.wait(10)
        assert ["T"] == [one.notice.subject for one in server.stored()]
        assert not reply.done()
        go_on.set()
        assert 200 == reply.result(timeout=10).status


def test_several_merchants(tmp_path: Path) -> None:
    """Each is proved by its own secret."""
    held = Secrets({Service.COINPAYMENTS: {f"m{n}": Secret(f"s{n}", "test") for n in range(limits.WEBHOOK_SECRETS)}})
    with receiving(tmp_path, held=held) as server:
        for number in (0, limits.WEBHOOK_SECRETS - 1):
            body = ipn(merchant=f"m{number}")
            assert 200 == server.post("/coinpayments", body, HMAC=mac(body, f"s{number}")).status
        assert 403 == server.post("/coinpayments", ipn(merchant="m2"), HMAC=mac(ipn(merchant="m2"), "s1")).status
        assert 403 == server.webhook(webhook()).status
