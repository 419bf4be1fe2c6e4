"""The little of HTTP/1.1 that a rehearsal needs: one request in, the bytes of one reply out.

By hand because the real node's manners (silence for what it does not know, an open socket after
``Connection: close``) are what a client must be tried against.
"""

from dataclasses import dataclass
from socket import socket

from coldtusk_shared.limits import REHEARSAL_BODY_BYTES, REHEARSAL_HEAD_BYTES

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as far as the node looks at it."""

    method: str
    target: str
    body: bytes

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]


def read_request(connection: socket) -> Request | None:
    """The next request, or ``None`` if what came is none within the caps."""
    head, rest = _read_head(connection)
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    length = _content_length(lines[1:])
    if len(words) != 3 or not words[2].startswith("HTTP/1.") or length is None:
        return None
    while len(rest) < length:
        more = connection.recv(min(65536, length - len(rest)))
        if not more:
            return None
        rest += more
    return Request(words[0], words[1], rest[:length])


def _read_head(connection: socket) -> tuple[bytes, bytes]:
    got = b""
    while b"\r\n\r\n" not in got and len(got) < REHEARSAL_HEAD_BYTES:
        more = connection.recv(4096)
        if not more:
            return b"", b""
        got += more
    head, end, rest = got.partition(b"\r\n\r\n")
    return (head, rest) if end else (b"", b"")


def _content_length(lines: list[str]) -> int | None:
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    given = headers.get("content-length", "0")
    if "transfer-encoding" in headers or not (given.isascii() and given.isdigit()) or len(given) > 9:
        return None
    return int(given) if int(given) <= REHEARSAL_BODY_BYTES else None


def reply_bytes(body: bytes, *, kind: str = JSON, promised: int | None = None) -> bytes:
    """An answer as the node sends it, always 200; *promised* is a Content-Length that lies."""
    length = len(body) if promised is None else promised
    return _head_lines("200 OK", f"Content-type: {kind}", f"Content-Length: {length}") + body


def redirect_bytes(location: str) -> bytes:
    """A 302, which the real node never sends."""
    return _head_lines("302 Found", f"Location: {location}", "Content-Length: 0")


def _head_lines(status: str, *headers: str) -> bytes:
    lines = (f"HTTP/1.1 {status}", *headers, "Connection: close", "", "")
    return "\r\n".join(lines).encode("latin-1")
