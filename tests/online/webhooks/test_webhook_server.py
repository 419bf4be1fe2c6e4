"""The server itself: where it listens, TLS, the limits of a connection, proxies, signals, crashes."""

import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from starlette.applications import Starlette

from coldtusk_online.ledger import notices, store
from coldtusk_online.webhooks.limiter import Limiter, Rate
from coldtusk_online.webhooks.server import Listen, Server, tls_context
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, ColdtuskError, Outside, Refused
from tests.boundary.source_tree import ROOT
from tests.online.webhooks.receiver import PLENTY, Receiver, ipn, mac, receiving
from tests.simulators.private_ca import PrivateCa

_KILLED = -9
_CRASH = """
import os, signal, sys
from pathlib import Path
from tests.online.webhooks.receiver import receiving

def die(_):
    os.kill(os.getpid(), signal.SIGKILL)

with receiving(Path(sys.argv[1]), **{sys.argv[2]: die}) as server:
    print(server.port, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def ca(tmp_path: Path) -> PrivateCa:
    """An authority of our own."""
    return PrivateCa(tmp_path)


@pytest.fixture
def tls(ca: PrivateCa, tmp_path: Path) -> ssl.SSLContext:
    """Our context, over a certificate of that authority."""
    ca.server("127.0.0.1")
    return tls_context(tmp_path / "server.pem", tmp_path / "server.key")


def _refused(error: type[ColdtuskError], listen: Listen) -> str:
    with pytest.raises(error) as caught:
        Server(Starlette(), listen).close()
    return caught.value.code.name


def test_tls(ca: PrivateCa, tls: ssl.SSLContext, tmp_path: Path) -> None:
    """A notification over TLS, to a client that checks the certificate."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(ca.file)
    with receiving(tmp_path, listen=Listen(tls=tls), client_tls=client) as server:
        assert server.url.startswith("https://127.0.0.1:")
        assert 200 == server.ipn(ipn()).status
        plain = Receiver(server.url, server.ledger, server.tally)
        with pytest.raises((http.client.HTTPException, OSError)):
            plain.ipn(ipn())
        assert 1 == len(server.stored())


def test_a_client_that_does_not_know_the_authority(tls: ssl.SSLContext, tmp_path: Path) -> None:
    """It is a real certificate: without the authority nobody talks."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with receiving(tmp_path, listen=Listen(tls=tls), client_tls=client) as server, pytest.raises(ssl.SSLError):
        server.ipn(ipn())


def test_versions(tls: ssl.SSLContext) -> None:
    """TLS 1.2 at least, no renegotiation, no compression."""
    assert ssl.TLSVersion.TLSv1_2 == tls.minimum_version
    assert tls.options & ssl.OP_NO_RENEGOTIATION
    assert tls.options & ssl.OP_NO_COMPRESSION


def test_bad_certificates(ca: PrivateCa, tmp_path: Path) -> None:
    """webhooks.certificate: missing, no PEM, another's key, a key with a passphrase; and nobody is asked for it."""
    ca.server("127.0.0.1")
    chain, key = tmp_path / "server.pem", tmp_path / "server.key"
    held = serialization.load_pem_private_key(key.read_bytes(), None)
    locked = tmp_path / "locked.key"
    kind = serialization.PrivateFormat.PKCS8
    hidden = serialization.BestAvailableEncryption(b"secret")
    locked.write_bytes(held.private_bytes(serialization.Encoding.PEM, kind, hidden))
    garbage = tmp_path / "garbage.pem"
    garbage.write_bytes(b"no certificate")
    for one, other in ((tmp_path / "none", key), (chain, garbage), (garbage, key), (ca.file, key), (chain, locked)):
        with pytest.raises(Outside) as caught:
            tls_context(one, other)
        assert ("webhooks.certificate", str(one)) == (caught.value.code.name, caught.value.where)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "::ffff:192.0.2.1"])  # noqa: S104 - it is refused
def test_plain_only_on_loopback(host: str) -> None:
    """webhooks.plain: without TLS nobody but a proxy on this machine may come."""
    assert "webhooks.plain" == _refused(Refused, Listen(host))


@pytest.mark.parametrize("host", ["", "example.org", "127.1", "0x7f.1", "127.0.0.1:80"])
def test_host(host: str) -> None:
    """webhooks.host: an address, not a name that somebody else resolves."""
    assert "webhooks.host" == _refused(BadInput, Listen(host))


def test_a_trusted_proxy_is_here(tls: ssl.SSLContext) -> None:
    """webhooks.proxy: what others could reach believes no header."""
    assert "webhooks.proxy" == _refused(Refused, Listen("192.0.2.1", tls=tls, proxied=True))


def test_port_taken() -> None:
    """webhooks.listen."""
    first = Server(Starlette(), Listen("localhost"))
    assert "webhooks.listen" == _refused(Outside, Listen(port=int(first.url.rpartition(":")[2])))
    first.close()


def test_ipv6() -> None:
    """A URL that can be used."""
    try:
        server = Server(Starlette(), Listen("::1"))
    except Outside:
        pytest.skip("no IPv6 on this machine")
    assert server.url.startswith("http://[::1]:")
    server.close()


def test_the_environment_decides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What uvicorn reads from it is said by us."""
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    monkeypatch.setenv("WEB_CONCURRENCY", "4")
    with receiving(tmp_path, limiter=Limiter(lambda: 0, Rate(1, 1), PLENTY)) as server:
        forwarded = [server.ipn(ipn(txn_id=f"T{n}"), X_Forwarded_For=f"192.0.2.{n}").status for n in (1, 2)]
    assert [200, 429] == forwarded


def test_behind_a_proxy(tmp_path: Path) -> None:
    """Only if the operator says so is a peer whom the proxy names: the last address that it wrote."""
    limiter = Limiter(lambda: 0, Rate(1, 1), PLENTY)
    with receiving(tmp_path, limiter=limiter, listen=Listen(proxied=True)) as server:
        named = ["192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.9, 192.0.2.2"]
        statuses = [server.ipn(ipn(txn_id=f"T{n}"), X_Forwarded_For=one).status for n, one in enumerate(named)]
    assert [200, 200, 429, 429] == statuses


def _closed(connection: socket.socket) -> bytes:
    """What comes until the server ends the connection."""
    got = b""
    with suppress(ConnectionError):
        while more := connection.recv(65536):
            got += more
    return got


def test_slow_handshakes(tls: ssl.SSLContext, tmp_path: Path) -> None:
    """Who opens a connection and says nothing is dropped before TLS stands too."""
    with (
        receiving(tmp_path, listen=Listen(tls=tls, seconds=0.3)) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=10) as silent,
    ):
        assert b"" == _closed(silent)


def test_slow_heads(tmp_path: Path) -> None:
    """A head that does not end in time ends the connection, however it trickles, the first or a later one."""
    body = ipn()
    whole = f"POST /coinpayments HTTP/1.1\r\nHost: x\r\nHMAC: {mac(body)}\r\nContent-Length: {len(body)}\r\n"
    whole += f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body.decode()}"
    with receiving(tmp_path, listen=Listen(seconds=0.3)) as server:
        for before in ("", whole):
            with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
                connection.sendall(before.encode())
                start = time.monotonic()
                with suppress(ConnectionError):
                    while time.monotonic() - start < 5:
                        connection.sendall(b"P")
                        time.sleep(0.02)
                assert time.monotonic() - start < 5
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as silent:
            assert b"" == _closed(silent)
        assert 1 == len(server.stored())


def test_cap_on_the_head(tmp_path: Path) -> None:
    """A head above WEBHOOK_HEAD_BYTES is refused."""
    with receiving(tmp_path) as server:
        fits = limits.WEBHOOK_HEAD_BYTES - 1024
        assert 200 == server.ipn(ipn(), X_Filler="x" * fits).status
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            with suppress(ConnectionError):
                connection.sendall(b"POST / HTTP/1.1\r\nX: " + b"x" * (limits.WEBHOOK_HEAD_BYTES + 1024))
            assert _closed(connection)[:12] in (b"", b"HTTP/1.1 400")


def test_cap_on_connections(tmp_path: Path) -> None:
    """WEBHOOK_CONNECTIONS at once, the asking one among them; one more and it is told to come later."""
    with receiving(tmp_path) as server, ExitStack() as stack:

        def connect() -> None:
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))

        for _ in range(limits.WEBHOOK_CONNECTIONS - 1):
            connect()
        assert 200 == server.ipn(ipn(txn_id="T1")).status
        connect()
        assert 503 == server.ipn(ipn(txn_id="T2")).status
    with receiving(tmp_path) as server:
        assert ["T1"] == [one.notice.subject for one in server.stored()]


def test_broken_requests_fill_no_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Whatever is sent, nothing is printed."""
    with receiving(tmp_path) as server:
        for junk in (b"\0" * 100, b"GET canary\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n", b"\x16\x03\x01"):
            with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
                connection.sendall(junk)
                connection.shutdown(socket.SHUT_WR)
                _closed(connection)
    assert ("", "") == capfd.readouterr()


@contextmanager
def _crashing(folder: Path, where: str) -> Iterator[int]:
    """A server in a process of its own that is killed *where* a notice is; its port."""
    paths = ":".join(str(ROOT / part) for part in (".", "shared", "online", "offline"))
    command = [sys.executable, "-c", _CRASH, str(folder), where]
    environment = {**os.environ, "PYTHONPATH": paths}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        yield int(child.stdout.readline())
        assert _KILLED == child.wait(20)


@pytest.mark.parametrize(("where", "stored"), [("random", 0), ("checkpoint", 1)])
def test_killed_around_the_commit(tmp_path: Path, where: str, stored: int) -> None:
    """Killed before the commit nothing is stored, after it the notice is; nobody was answered. A retry is 200."""
    with _crashing(tmp_path, where) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        body = ipn(txn_id="T")
        kind = "application/x-www-form-urlencoded"
        connection.request("POST", "/coinpayments", body, {"HMAC": mac(body), "Content-Type": kind})
        with pytest.raises((http.client.HTTPException, OSError)):
            connection.getresponse()
        connection.close()
    ledger = store.connect(store.default_url(tmp_path / "ledger.sqlite"))
    with ledger.reading() as db:
        assert stored == len(notices.latest(db))
    ledger.close()
    with receiving(tmp_path) as server:
        assert 200 == server.ipn(body).status
        assert (1, stored) == (len(server.stored()), server.tally.repeated)


def test_signals(tmp_path: Path) -> None:
    """In the main thread SIGTERM ends it, gracefully, and the handlers are put back."""
    script = (
        "import signal, sys\n"
        "from starlette.applications import Starlette\n"
        "from coldtusk_online.webhooks.server import Listen, Server\n"
        "server = Server(Starlette(), Listen())\n"
        "print(server.url, flush=True)\n"
        "server.run()\n"
        "print('ended', signal.getsignal(signal.SIGTERM) == signal.SIG_DFL, flush=True)\n"
    )
    for one in (signal.SIGTERM, signal.SIGINT):
        command = [sys.executable, "-c", script]
        environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'shared'}:{ROOT / 'online'}"}
        with subprocess.Popen(command, cwd=tmp_path, env=environment, text=True, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            port = int(child.stdout.readline().rpartition(":")[2])
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("GET", "/")  # it runs, so the handlers are in place
            assert 404 == connection.getresponse().status
            connection.close()
            child.send_signal(one)
            assert "ended True\n" == child.stdout.read()
        assert 0 == child.returncode
