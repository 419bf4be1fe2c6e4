"""A server on a loopback socket that does to its client exactly what a script says."""

import socket
import ssl
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Self

Script = Callable[["Visit"], None]


class Visit:
    """One connection of a client, for a script to play with."""

    def __init__(self, connection: socket.socket, stopping: Event) -> None:
        self.connection = connection
        self.stopping = stopping

    def request(self) -> bytes:
        """The whole request, head and body."""
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, body = got.partition(b"\r\n\r\n")
        lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        while len(body) < int(lengths[0] if lengths else 0):
            body += self._more()
        return head + b"\r\n\r\n" + body

    def send(self, data: bytes) -> None:
        """Send *data*."""
        self.connection.sendall(data)

    def trickle(self, data: bytes) -> None:
        """Send *data* again and again, one byte at a time, until the client is gone or the server stops."""
        while not self.stopping.wait(0.01):
            self.send(data[:1])
            data = data[1:] + data[:1]

    def hold(self) -> None:
        """Keep the connection open and silent until the server stops."""
        self.stopping.wait()

    def reset(self) -> None:
        """Drop the connection with a TCP reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _more(self) -> bytes:
        more = self.connection.recv(65536)
        if not more:
            raise ConnectionError
        return more


class ScriptedServer:
    """Plays *script* to every client; *requests* are what the clients sent, for scripts that ask for it."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self._script = script
        self._tls = tls
        self._stopping = Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [Thread(target=self._accept, daemon=True)]
        self.visits = 0
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.visits += 1
            thread = Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, raw: socket.socket) -> None:
        raw.settimeout(20)
        with raw, suppress(OSError):  # the client may go away at any time
            connection = self._tls.wrap_socket(raw, server_side=True) if self._tls else raw
            with connection:
                self._script(Visit(connection, self._stopping))


def reply(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A reply as the Warthog node sends it; a Content-Length among *headers* stands for the true one."""
    lengths = [] if any(header.startswith("Content-Length") for header in headers) else [f"Content-Length: {len(body)}"]
    lines = (f"HTTP/1.1 {status}", "Content-type: application/json; charset=utf-8", *lengths, *headers, "", "")
    return "\r\n".join(lines).encode() + body


def answering(body: bytes) -> Script:
    """Answer everything with *body*, and leave the connection open as the node does."""

    def script(visit: Visit) -> None:
        visit.request()
        visit.send(reply(body, "Connection: close"))
        visit.hold()

    return script


def answering_paths(bodies: Mapping[str, bytes]) -> Script:
    """Answer each path with its body; drop the connection at any other, as the node does."""

    def script(visit: Visit) -> None:
        body = bodies.get(visit.request().split(b" ")[1].decode())
        if body is not None:
            visit.send(reply(body, "Connection: close"))
            visit.hold()

    return script
