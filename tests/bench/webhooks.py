"""Webhooks a second on loopback: verified and durable, against a bare Starlette echo that does one synced append.

Both get the same bodies from the same client, over the same number of kept connections.
"""

import hashlib
import hmac
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.figures import Bound, Figure, Goal, Of, spread
from tests.bench.webhook_servers import MERCHANT, SECRET

ROOT = Path(__file__).resolve().parents[2]
NOTICES = 3000
CONNECTIONS = 16
ROUNDS = 5
_GOAL = Goal(Of.RATIO, Bound.AT_LEAST, 0.7)


def measure() -> list[Figure]:
    """Webhooks a second, the median of the rounds; the two servers take turns."""
    ours, echo = [], []
    for number in range(ROUNDS):
        requests = [_request(number, index) for index in range(NOTICES)]
        echo.append(_rate("echo", requests))
        ours.append(_rate("ours", requests))
    value, beside = spread(ours)
    return [Figure("webhooks stored, a second", value, "1/s", "bare echo with fsync", spread(echo)[0], _GOAL, beside)]


def _request(round_: int, index: int) -> bytes:
    """A deposit's notification, as long as the service's are."""
    body = (
        f"ipn_version=1.0&ipn_id=bench{round_}x{index}&ipn_mode=hmac&merchant={MERCHANT}&ipn_type=deposit"
        f"&deposit_id=CDBENCH{round_}X{index}&txn_id={hashlib.sha256(b'%d' % index).hexdigest()}"
        "&address=1Lbcfr7sAHTD9CgdQo3HTMTkV8LK4ZnX71&status=100&status_text=Deposit%20confirmed&currency=BTC"
        "&confirms=3&amount=0.10000000&amounti=10000000&fee=0.00050000&feei=50000&fiat_coin=USD&fiat_amount=6400.00"
    ).encode()
    proof = hmac.new(SECRET.encode(), body, hashlib.sha512).hexdigest()
    head = (
        f"POST /coinpayments HTTP/1.1\r\nHost: 127.0.0.1\r\nHMAC: {proof}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _rate(kind: str, requests: Sequence[bytes]) -> float:
    with tempfile.TemporaryDirectory() as folder, _server(kind, Path(folder)) as port:
        _send_all(port, requests[:CONNECTIONS])  # to have everything loaded; repeated ones are answered too
        start = time.perf_counter()
        _send_all(port, requests[CONNECTIONS:])
        return (len(requests) - CONNECTIONS) / (time.perf_counter() - start)


@contextmanager
def _server(kind: str, folder: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.webhook_servers", kind, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        try:
            if child.stdout is None:
                raise RuntimeError("its stdout is a pipe")
            yield int(child.stdout.readline())
        finally:
            child.terminate()


def _send_all(port: int, requests: Sequence[bytes]) -> None:
    """Send *requests* over the connections, one at a time on each, and demand 200 for every one."""
    waiting = iter(requests)
    with selectors.DefaultSelector() as selector:
        for _ in range(CONNECTIONS):
            connection = socket.create_connection(("127.0.0.1", port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(next(waiting))
            selector.register(connection, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                _go_on(selector, key, waiting)


def _go_on(selector: selectors.BaseSelector, key: selectors.SelectorKey, waiting: Iterator[bytes]) -> None:
    connection = key.fileobj
    if not isinstance(connection, socket.socket):
        raise RuntimeError("only sockets were registered")
    reply = connection.recv(1 << 16)
    while not _is_whole(reply):
        reply += connection.recv(1 << 16)
    if not reply.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError("not taken: " + reply.decode()[:200])
    following = next(waiting, None)
    if following is None:
        selector.unregister(connection)
        connection.close()
    else:
        connection.sendall(following)


def _is_whole(reply: bytes) -> bool:
    head, found, body = reply.partition(b"\r\n\r\n")
    return bool(found) and len(body) >= int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
