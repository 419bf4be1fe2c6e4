"""The node on a real loopback socket, one thread a connection, stopped by a call.

Deliberate difference: the real node keeps the socket open for 10 s after a reply that says
``Connection: close``; here it is *linger* seconds, 0.5 unless told. That is long enough to show a client
which waits for the end of the stream instead of Content-Length.
"""

import socket
from collections import deque
from contextlib import suppress
from ssl import SSLContext, SSLSocket
from threading import Event, Lock, Thread, current_thread
from types import TracebackType

from coldtusk_online.rehearsal.delivery import ELSEWHERE, deliver
from coldtusk_online.rehearsal.faults import UNHANDLED, Faults, bend
from coldtusk_online.rehearsal.http_bytes import Request, read_request, reply_bytes
from coldtusk_online.rehearsal.node import RehearsalNode
from coldtusk_online.rehearsal.routes import answer, encode
from coldtusk_shared.errors import BadInput, Code, Outside
from coldtusk_shared.limits import REHEARSAL_CONNECTIONS

CONTROL = "/rehearsal/fault"
LINGER_SECONDS = 0.5
REQUEST_SECONDS = 10.0
POLL_SECONDS = 0.5
BREATH_SECONDS = 0.01
HIGHEST_PORT = 65535
REMEMBERED = 10_000

_LOOPBACK = {"127.0.0.1": socket.AF_INET, "localhost": socket.AF_INET, "::1": socket.AF_INET6}

NOT_LOOPBACK = Code("rehearsal.host", "a rehearsal node listens on this machine only: use 127.0.0.1")
NO_PORT = Code("rehearsal.port", "choose another port, or 0 for any free one")


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
        self.url = _url(listener, "https" if tls else "http")
        self._listener, self._linger, self._tls = listener, linger, tls
        self._stopping = Event()
        self._lock = Lock()
        self._connections: dict[Thread, socket.socket] = {}
        self._workers = [Thread(target=self._accept, daemon=True)]
        self._workers[0].start()

    def mine_every(self, seconds: float, miner: str | None = None) -> None:
        """Mine a block each *seconds* until the server stops; the reward goes to *miner* (an address)."""

        def work() -> None:
            while not self._stopping.wait(seconds):
                self.node.mine(1, miner)

        self._workers.append(Thread(target=work, daemon=True))
        self._workers[-1].start()

    def stop(self) -> None:
        """End every connection and thread; when it returns nothing of it runs. Twice is fine."""
        self._stopping.set()
        _shut(self._listener)
        with self._lock:
            connections = dict(self._connections)
        for connection in connections.values():
            _shut(connection)
        for thread in (*self._workers, *connections):
            if thread is not current_thread():
                thread.join()
        self._listener.close()

    def __enter__(self) -> "RunningServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _accept(self) -> None:
        self._listener.settimeout(POLL_SECONDS)
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:  # nobody came, or the process is out of file descriptors for now
                self._stopping.wait(BREATH_SECONDS)
            else:
                self._start(connection)

    def _start(self, connection: socket.socket) -> None:
        thread = Thread(target=self._serve, args=(connection,), daemon=True)
        with self._lock:
            if self._stopping.is_set() or len(self._connections) >= REHEARSAL_CONNECTIONS:
                connection.close()
                return
            self._connections[thread] = connection
        thread.start()

    def _serve(self, raw: socket.socket) -> None:
        try:
            raw.settimeout(REQUEST_SECONDS)
            connection = self._secured(raw)
            with connection:
                if isinstance(connection, SSLSocket):
                    connection.do_handshake()
                request = read_request(connection)
                if request is not None and self._respond(connection, request):
                    self._wait_for_client(connection)
        except OSError:
            pass  # the client went away, or stop() ended the connection
        finally:
            raw.close()
            with self._lock:
                del self._connections[current_thread()]

    def _secured(self, raw: socket.socket) -> socket.socket:
        if self._tls is None:
            return raw
        with self._lock:  # wrapping takes the file descriptor over: stop() must find one of the two
            secured = self._tls.wrap_socket(raw, server_side=True, do_handshake_on_connect=False)
            self._connections[current_thread()] = secured
            if self._stopping.is_set():
                _shut(secured)
        return secured

    def _respond(self, connection: socket.socket, request: Request) -> bool:
        """Answer one request; whether the socket lingers afterwards."""
        if (request.method, request.path) == ("POST", CONTROL):
            connection.sendall(reply_bytes(encode(self.node.network, self.faults.control(request.body))))
            return True
        self.requests.append(request)
        fault = self.faults.take(request.path)
        if fault is not None and fault.kind in UNHANDLED:
            return deliver(connection, request.path.encode("latin-1"), fault, self._stopping)
        reply = answer(self.node, request.method, request.target.removeprefix(ELSEWHERE), request.body)
        if reply is None:
            return False
        bent = reply if fault is None else bend(fault.kind, reply, self.node.chain)
        return deliver(connection, encode(self.node.network, bent), fault, self._stopping)

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
    if host not in _LOOPBACK:
        raise BadInput(NOT_LOOPBACK, f"{host!r} is not a loopback address", where="host")
    if not 0 <= port <= HIGHEST_PORT:
        raise BadInput(NO_PORT, f"{port} is no port", where="port")
    try:
        listener = socket.create_server((host, port), family=_LOOPBACK[host], backlog=REHEARSAL_CONNECTIONS)
    except OSError as fault:
        raise Outside(NO_PORT, f"cannot listen on port {port}: {fault}", where="port") from fault
    return RunningServer(node, listener, faults or Faults(), linger, tls_context)


def _url(listener: socket.socket, scheme: str) -> str:
    host, port = listener.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # it was closed before
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
