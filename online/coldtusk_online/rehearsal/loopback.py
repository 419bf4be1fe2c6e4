"""A server on a real loopback socket: one thread a connection, TLS if wanted, stopped by a call."""

import socket
from collections.abc import Callable
from contextlib import suppress
from ssl import SSLContext, SSLSocket
from threading import Event, Lock, Thread, current_thread

from coldtusk_shared.errors import BadInput, Code, Outside
from coldtusk_shared.limits import REHEARSAL_CONNECTIONS

REQUEST_SECONDS = 10.0
POLL_SECONDS = 0.5
BREATH_SECONDS = 0.01
HIGHEST_PORT = 65535

_LOOPBACK = {"127.0.0.1": socket.AF_INET, "localhost": socket.AF_INET, "::1": socket.AF_INET6}

NOT_LOOPBACK = Code("rehearsal.host", "a rehearsal node listens on this machine only: use 127.0.0.1")
NO_PORT = Code("rehearsal.port", "choose another port, or 0 for any free one")

Conversation = Callable[[socket.socket, Event], None]
"""Serves one connection, after its handshake. The event is set when the server stops."""


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A socket that listens on *host* (loopback only) and *port* (0: any free one).

    Raises :class:`BadInput` for another host or no port, :class:`Outside` when the port cannot be had.
    """
    if host not in _LOOPBACK:
        raise BadInput(NOT_LOOPBACK, f"{host!r} is not a loopback address", where="host")
    if not 0 <= port <= HIGHEST_PORT:
        raise BadInput(NO_PORT, f"{port} is no port", where="port")
    try:
        return socket.create_server((host, port), family=_LOOPBACK[host], backlog=REHEARSAL_CONNECTIONS)
    except OSError as fault:
        raise Outside(NO_PORT, f"cannot listen on port {port}: {fault}", where="port") from fault


def url_of(listener: socket.socket, *, tls: bool) -> str:
    """Where *listener* listens."""
    host, port = listener.getsockname()[:2]
    scheme = "https" if tls else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


class Loopback:
    """Accepts on *listener* and serves each connection by *converse*, until :meth:`stop`."""

    def __init__(self, listener: socket.socket, converse: Conversation, tls: SSLContext | None = None) -> None:
        self.stopping = Event()
        self._listener, self._converse, self._tls = listener, converse, tls
        self._lock = Lock()
        self._connections: dict[Thread, socket.socket] = {}
        self._workers: list[Thread] = []

    def start(self) -> None:
        """Begin to accept."""
        self.work(self._accept)

    def work(self, work: Callable[[], None]) -> None:
        """Run *work* in a thread that :meth:`stop` waits for: it must end when :attr:`stopping` is set."""
        self._workers.append(Thread(target=work, daemon=True))
        self._workers[-1].start()

    def stop(self) -> None:
        """End every connection and thread; when it returns nothing of it runs. Twice is fine."""
        self.stopping.set()
        shut(self._listener)
        with self._lock:
            connections = dict(self._connections)
        for connection in connections.values():
            shut(connection)
        for thread in (*self._workers, *connections):
            if thread is not current_thread():
                thread.join()
        self._listener.close()

    def _accept(self) -> None:
        self._listener.settimeout(POLL_SECONDS)
        while not self.stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:  # nobody came, or the process is out of file descriptors for now
                self.stopping.wait(BREATH_SECONDS)
            else:
                self._start(connection)

    def _start(self, connection: socket.socket) -> None:
        thread = Thread(target=self._serve, args=(connection,), daemon=True)
        with self._lock:
            if self.stopping.is_set() or len(self._connections) >= REHEARSAL_CONNECTIONS:
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
                self._converse(connection, self.stopping)
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
            if self.stopping.is_set():
                shut(secured)
        return secured


def shut(connection: socket.socket) -> None:
    """End both directions; whoever waits on it wakes up."""
    with suppress(OSError):  # it was closed before
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
