"""The node on a real socket: the node's manners, faults on demand, a clean stop."""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from coldtusk_online.rehearsal import Fault, FaultKind, Faults, RunningServer, serve
from coldtusk_shared.errors import BadInput, Outside
from coldtusk_shared.limits import (
    HTTP_REPLY_BYTES,
    REHEARSAL_BODY_BYTES,
    REHEARSAL_CONNECTIONS,
    REHEARSAL_HEAD_BYTES,
)
from coldtusk_shared.services.warthog.network import Network
from tests.online.rehearsal.desk import Desk, get, new_node
from tests.simulators.warthog_wallet import Wallet

ALICE, BOB = Wallet("alice"), Wallet("bob")
PATIENCE = 20.0


@pytest.fixture
def server() -> Iterator[RunningServer]:
    """A defi node at height 43 on a free port; sockets do not linger."""
    with serve(new_node(Network.DEFI, 43, ALICE.address), linger=0) as running:
        yield running


def _address(server: RunningServer) -> tuple[str, int]:
    parts = urlsplit(server.url)
    assert parts.hostname is not None and parts.port is not None
    return parts.hostname, parts.port


def _exchange(server: RunningServer, method: str, target: str, body: bytes | None = None) -> tuple[int, bytes]:
    host, port = _address(server)
    with closing(http.client.HTTPConnection(host, port, timeout=PATIENCE)) as connection:
        connection.request(method, target, body)
        reply = connection.getresponse()
        return reply.status, reply.read()


def _json(server: RunningServer, method: str, target: str, body: object = None) -> Any:
    raw = None if body is None else json.dumps(body).encode()
    return json.loads(_exchange(server, method, target, raw)[1])


def _raw(server: RunningServer, request: bytes) -> bytes:
    """Everything that comes back until the server closes."""
    with closing(socket.create_connection(_address(server), timeout=PATIENCE)) as connection:
        got = b""
        with suppress(OSError):  # a server that refuses may reset before the client is done
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while more := connection.recv(65536):
                got += more
        return got


def test_a_transfer_over_the_socket_is_taken_and_mined(server: RunningServer) -> None:
    """POST, fakemine, lookup."""
    desk = Desk(server.node, ALICE)
    reply = _json(server, "POST", "/transaction/add", desk.body(type="wartTransfer", toAddr=BOB.address, wartE8=5))
    assert 0 == reply["code"]
    assert 0 == _json(server, "GET", f"/debug/fakemine/{BOB.address}")["code"]
    shown = _json(server, "GET", f"/transaction/lookup/{reply['data']['txHash']}")
    assert 1 == shown["data"]["confirmations"]


def test_the_head_of_a_reply_is_the_nodes(server: RunningServer) -> None:
    """Status 200, the recorded content type, and Connection: close."""
    host, port = _address(server)
    with closing(http.client.HTTPConnection(host, port, timeout=PATIENCE)) as connection:
        connection.request("GET", "/chain/head")
        reply = connection.getresponse()
        assert (200, "close") == (reply.status, reply.headers["Connection"])
        assert "application/json; charset=utf-8" == reply.headers["Content-type"]


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/nonexistent"),
        ("HEAD", "/chain/head"),
        ("POST", "/chain/head"),
        ("GET", "/transaction/add"),
        ("PUT", "/transaction/add"),
        ("GET", "/tools/encode16bit/from_e8/"),
        ("GET", "/chain/head/"),
    ],
)
def test_what_the_node_does_not_know_gets_no_answer(server: RunningServer, method: str, target: str) -> None:
    """The connection is closed without a reply."""
    with pytest.raises(http.client.RemoteDisconnected):
        _exchange(server, method, target)


def test_paths_are_not_decoded(server: RunningServer) -> None:
    """%2E is no dot (recorded: 88)."""
    assert 88 == _json(server, "GET", "/tools/encode16bit/from_string/0%2E1")["code"]


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"GET /chain/head HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST /transaction/add HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /transaction/add HTTP/1.1\r\nContent-Length: 10\r\n\r\n{}",
        b"POST /transaction/add HTTP/1.1\r\nContent-Length: %d\r\n\r\n{}" % (REHEARSAL_BODY_BYTES + 1),
    ],
)
def test_a_broken_request_gets_no_answer(server: RunningServer, request_bytes: bytes) -> None:
    """Nothing comes back and the server goes on."""
    assert _raw(server, request_bytes) == b""
    assert 0 == _json(server, "GET", "/chain/head")["code"]


def test_an_endless_head_is_cut_off(server: RunningServer) -> None:
    """A head past its cap is not read to its end."""
    with (
        closing(socket.create_connection(_address(server), timeout=PATIENCE)) as connection,
        suppress(ConnectionResetError, BrokenPipeError),
    ):
        connection.sendall(b"GET /chain/head HTTP/1.1\r\nX: " + b"a" * REHEARSAL_HEAD_BYTES)
        assert connection.recv(1) == b""


def test_a_connection_too_many_is_closed(server: RunningServer) -> None:
    """REHEARSAL_CONNECTIONS idle clients, and one more."""
    with ExitStack() as clients:
        for _ in range(REHEARSAL_CONNECTIONS):
            clients.enter_context(closing(socket.create_connection(_address(server), timeout=PATIENCE)))
        late = clients.enter_context(closing(socket.create_connection(_address(server), timeout=PATIENCE)))
        assert late.recv(1) == b""


def test_the_socket_lingers_after_the_reply() -> None:
    """The reply is whole long before the end of the stream: who waits for that waits for the linger."""
    with (
        serve(new_node(Network.DEFI), linger=3600) as server,
        closing(socket.create_connection(_address(server), timeout=PATIENCE)) as connection,
    ):
        connection.sendall(b"GET /chain/head HTTP/1.1\r\n\r\n")
        head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
        assert b"Content-Length: %d" % len(body) in head
        connection.settimeout(0.05)
        with pytest.raises(TimeoutError):
            connection.recv(1)


def test_a_lost_reply_leaves_the_transaction_in_the_mempool(server: RunningServer) -> None:
    """reply-lost: taken, then silence; the identical bytes are a duplicate."""
    body = Desk(server.node, ALICE).body(type="wartTransfer", toAddr=BOB.address, wartE8=5)
    server.faults.arm(FaultKind.REPLY_LOST, "/transaction/add")
    with pytest.raises(http.client.RemoteDisconnected):
        _json(server, "POST", "/transaction/add", body)
    assert 1 == len(get(server.node, "/transaction/mempool")["data"])
    assert 26 == _json(server, "POST", "/transaction/add", body)["code"]


def test_a_dropped_request_leaves_nothing(server: RunningServer) -> None:
    """drop: not handled at all."""
    body = Desk(server.node, ALICE).body(type="wartTransfer", toAddr=BOB.address, wartE8=5)
    server.faults.arm(FaultKind.DROP, "/transaction/add")
    with pytest.raises(http.client.RemoteDisconnected):
        _json(server, "POST", "/transaction/add", body)
    assert [] == get(server.node, "/transaction/mempool")["data"]


def test_a_fault_strikes_as_often_and_where_it_was_armed(server: RunningServer) -> None:
    """Two of three, and only under its path."""
    server.faults.arm(FaultKind.DROP, "/chain", times=2)
    assert 0 == _json(server, "GET", "/transaction/minfee")["code"]
    for _ in range(2):
        with pytest.raises(http.client.RemoteDisconnected):
            _exchange(server, "GET", "/chain/head")
    assert 0 == _json(server, "GET", "/chain/head")["code"]


def test_faults_that_hold_the_reply_back(server: RunningServer) -> None:
    """hang, slow and trickle: nothing, or a byte, within a client's patience; stop() ends them."""
    for kind in (FaultKind.HANG, FaultKind.SLOW, FaultKind.TRICKLE):
        server.faults.arm(kind, seconds=3600)
        with closing(socket.create_connection(_address(server), timeout=0.05)) as connection:
            connection.sendall(b"GET /chain/head HTTP/1.1\r\n\r\n")
            with pytest.raises(TimeoutError):
                connection.recv(1)


def test_slow_and_trickled_replies_arrive_whole(server: RunningServer) -> None:
    """With no time between bytes the same reply comes."""
    for kind in (FaultKind.SLOW, FaultKind.TRICKLE):
        server.faults.arm(kind, seconds=0)
        assert get(server.node, "/chain/head") == _json(server, "GET", "/chain/head")


def test_a_huge_reply_is_past_the_cap(server: RunningServer) -> None:
    """huge: more than the online half may read."""
    server.faults.arm(FaultKind.HUGE)
    assert len(_exchange(server, "GET", "/chain/head")[1]) > HTTP_REPLY_BYTES


def test_replies_that_are_no_json(server: RunningServer) -> None:
    """Garbage is no text, html is a page."""
    server.faults.arm(FaultKind.GARBAGE)
    with pytest.raises(UnicodeDecodeError):
        _exchange(server, "GET", "/chain/head")[1].decode()
    server.faults.arm(FaultKind.HTML)
    assert _exchange(server, "GET", "/chain/head")[1].startswith(b"<!doctype html>")


def test_a_cut_reply_ends_early(server: RunningServer) -> None:
    """cut: Content-Length promises more than comes."""
    server.faults.arm(FaultKind.CUT)
    with pytest.raises(http.client.IncompleteRead):
        _exchange(server, "GET", "/chain/head")


def test_a_redirect_leads_to_the_same_answer(server: RunningServer) -> None:
    """redirect: whoever follows would not notice, and is seen."""
    server.faults.arm(FaultKind.REDIRECT)
    assert 302 == _exchange(server, "GET", "/chain/head")[0]
    assert 0 == _json(server, "GET", "/rehearsal/elsewhere/chain/head")["code"]
    assert "/rehearsal/elsewhere/chain/head" == server.requests[-1].path


def test_a_wrong_hash_is_named(server: RunningServer) -> None:
    """wrong-hash: the transaction is taken, its reply names another."""
    body = Desk(server.node, ALICE).body(type="wartTransfer", toAddr=BOB.address, wartE8=5)
    server.faults.arm(FaultKind.WRONG_HASH, "/transaction/add")
    named = _json(server, "POST", "/transaction/add", body)["data"]["txHash"]
    assert [named] != [entry["transaction"]["hash"] for entry in get(server.node, "/transaction/mempool")["data"]]


@pytest.mark.parametrize("network", list(Network))
def test_heads_that_disagree(network: Network) -> None:
    """fork, stale-head and not-synced change the head, in both dialects."""
    with serve(new_node(network, 70), linger=0) as server:
        honest = _head(server)
        server.faults.arm(FaultKind.FORK)
        forked = _head(server)
        assert (64, True) == (forked["pinHeight"], forked["pinHash"] != honest["pinHash"])
        server.faults.arm(FaultKind.STALE_HEAD)
        stale = _head(server)
        assert (32, server.node.chain.block_hash(32).hex()) == (stale["pinHeight"], stale["pinHash"])
        server.faults.arm(FaultKind.NOT_SYNCED)
        assert _head(server)["synced"] is False


def _head(server: RunningServer) -> dict[str, Any]:
    data: dict[str, Any] = _json(server, "GET", "/chain/head")["data"]
    return {**data, **data.get("chainHead", {})}


def test_faults_are_armed_over_the_socket_too(server: RunningServer) -> None:
    """POST /rehearsal/fault arms and clears; nonsense is refused."""
    wish = {"fault": "drop", "path": "/chain", "times": 5}
    assert 0 == _json(server, "POST", "/rehearsal/fault", wish)["code"]
    with pytest.raises(http.client.RemoteDisconnected):
        _exchange(server, "GET", "/chain/head")
    assert 0 == _json(server, "POST", "/rehearsal/fault", {"fault": "clear"})["code"]
    assert 0 == _json(server, "GET", "/chain/head")["code"]
    nonsense: object
    for nonsense in ({"fault": "bang"}, [], {"fault": "drop", "times": "x"}):
        assert -1 == _json(server, "POST", "/rehearsal/fault", nonsense)["code"]


def test_faults_can_be_armed_from_the_start() -> None:
    """The constructor's way."""
    faults = Faults(Fault(FaultKind.DROP, "/chain/head"))
    with (
        serve(new_node(Network.MAIN), linger=0, faults=faults) as server,
        pytest.raises(http.client.RemoteDisconnected),
    ):
        _exchange(server, "GET", "/chain/head")


def test_what_came_is_remembered(server: RunningServer) -> None:
    """A test can ask what was really sent, bytes and all."""
    _exchange(server, "POST", "/transaction/add", b"{}")
    assert ("POST", "/transaction/add", b"{}") == (
        server.requests[-1].method,
        server.requests[-1].target,
        server.requests[-1].body,
    )


def test_it_listens_on_loopback_only() -> None:
    """rehearsal.host: no other address, whatever it is called."""
    for host in ("0.0.0.0", "", "192.168.1.1", "example.org"):  # noqa: S104 -- what must be refused
        with pytest.raises(BadInput) as refused:
            serve(new_node(Network.DEFI), host)
        assert "rehearsal.host" == refused.value.code.name


def test_a_port_that_cannot_be_had_is_said(server: RunningServer) -> None:
    """rehearsal.port: taken, or no port at all."""
    for port, family in ((_address(server)[1], Outside), (65536, BadInput), (-1, BadInput)):
        with pytest.raises(family) as refused:
            serve(new_node(Network.DEFI), port=port)
        assert "rehearsal.port" == refused.value.code.name


def test_stop_leaves_nothing_running() -> None:
    """Hanging, idle and lingering connections end; threads are gone; a second stop is harmless."""
    before = threading.active_count()
    server = serve(new_node(Network.DEFI), linger=3600)
    server.mine_every(3600)
    server.faults.arm(FaultKind.HANG, "/transaction")
    targets = (b"", b"GET /transaction/minfee HTTP/1.1\r\n\r\n", b"GET /chain/head HTTP/1.1\r\n\r\n")
    clients = [socket.create_connection(_address(server), timeout=PATIENCE) for _ in targets]
    for client, sent in zip(clients, targets, strict=True):
        client.sendall(sent)
    assert clients[2].recv(4) == b"HTTP"
    server.stop()
    server.stop()
    assert before == threading.active_count()
    for client in clients:
        client.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(_address(server), timeout=PATIENCE)


def test_blocks_come_by_themselves_when_asked() -> None:
    """With a block time of nothing blocks follow each other until stop."""
    with serve(new_node(Network.DEFI), linger=0) as server:
        server.mine_every(0.001)
        while server.node.height < 3:
            pass
    height = server.node.height
    assert height == server.node.height


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate of 127.0.0.1 and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "rehearsal")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
    builder = builder.not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = builder.add_extension(here, critical=False).sign(key, hashes.SHA256())
    raw = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(raw)
    return folder / "cert.pem", folder / "key.pem"


def test_tls_if_a_context_is_given(tmp_path: Path) -> None:
    """The url says https, the exchange works, plain bytes get no answer, stop ends an idle TLS client."""
    certificate, key = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.load_verify_locations(certificate)
    with serve(new_node(Network.DEFI), linger=0, tls_context=context) as server:
        host, port = _address(server)
        assert server.url == f"https://127.0.0.1:{port}"
        with closing(http.client.HTTPSConnection(host, port, timeout=PATIENCE, context=trust)) as connection:
            connection.request("GET", "/chain/head")
            assert 0 == json.loads(connection.getresponse().read())["code"]
        assert b"200 OK" not in _raw(server, b"GET /chain/head HTTP/1.1\r\n\r\n")
        idle = trust.wrap_socket(socket.create_connection((host, port), timeout=PATIENCE), server_hostname=host)
    idle.close()
