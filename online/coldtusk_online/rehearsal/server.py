"""The node on a real loopback socket, one thread a connection, stopped by a call.

Deliberate difference: the real node keeps the socket open for 10 s after a reply that says
``Connection: close``; here it is *linger* seconds, 0.5 unless told. That is long enough to show a client
which waits for the end of the stream instead of Content-Length.
"""

import socket
from collections import deque
from ssl import SSLContext
from threading import Event
from types import TracebackType

from coldtusk_online.rehearsal.delivery import ELSEWHERE, deliver
from coldtusk_online.rehearsal.faults import UNHANDLED, Faults, bend
from coldtusk_online.rehearsal.http_bytes import Request, read_request, reply_bytes
from coldtusk_online.rehearsal.loopback import Loopback, listen, url_of
from coldtusk_online.rehearsal.node import RehearsalNode
from coldtusk_online.rehearsal.routes import answer, encode

CONTROL = "/rehearsal/fault"
LINGER_SECONDS = 0.5
REMEMBERED = 10_000


class RunningServer:
    """A served node; leave the ``with`` block or call :meth:`stop` to end it.

    *url* is where it listens, *faults* arms faults, *requests* are the last ones that came.
    """

    def __init__(
        self, node: RehearsalNode, listener: socket.socket, faults: Faults, linger: float, tls: SSLContext | None
    ) -> None:
        self.node = node
        self.faults = faults
        self.requests: deque[Request] = deque(maxlen=REMEMBERED)
        self.url = url_of(listener, tls=tls is not None)
        self._linger = linger
        self._loopback = Loopback(listener, self._converse, tls)
        self._loopback.start()

    def mine_every(self, seconds: float, miner: str | None = None) -> None:
        """Mine a block each *seconds* until the server stops; the reward goes to *miner* (an address)."""

        def work() -> None:
            while not self._loopback.stopping.wait(seconds):
                self.node.mine(1, miner)

        self._loopback.work(work)

    def stop(self) -> None:
        """End every connection and thread; when it returns nothing of it runs. Twice is fine."""
        self._loopback.stop()

    def __enter__(self) -> "RunningServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _converse(self, connection: socket.socket, stopping: Event) -> None:
        request = read_request(connection)
        if request is not None and self._respond(connection, request, stopping):
            self._wait_for_client(connection)

    def _respond(self, connection: socket.socket, request: Request, stopping: Event) -> bool:
        """Answer one request; whether the socket lingers afterwards."""
        if (request.method, request.path) == ("POST", CONTROL):
            connection.sendall(reply_bytes(encode(self.node.network, self.faults.control(request.body))))
            return True
        self.requests.append(request)
        fault = self.faults.take(request.path)
        if fault is not None and fault.kind in UNHANDLED:
            return deliver(connection, request.path.encode("latin-1"), fault, stopping)
        reply = answer(self.node, request.method, request.target.removeprefix(ELSEWHERE), request.body)
        if reply is None:
            return False
        bent = reply if fault is None else bend(fault.kind, reply, self.node.chain)
        return deliver(connection, encode(self.node.network, bent), fault, stopping)

    def _wait_for_client(self, connection: socket.socket) -> None:
        if self._linger > 0:
            connection.settimeout(self._linger)
            connection.recv(1)


def serve(
    node: RehearsalNode,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    linger: float = LINGER_SECONDS,
    faults: Faults | None = None,
    tls_context: SSLContext | None = None,
) -> RunningServer:
    """Listen for *node* on *host* (loopback only) and *port* (0: any free one).

    *linger* is how many seconds a socket stays open after its reply. Raises :class:`BadInput` for
    another host or no port, :class:`Outside` when the port cannot be had.
    """
    return RunningServer(node, listen(host, port), faults or Faults(), linger, tls_context)
