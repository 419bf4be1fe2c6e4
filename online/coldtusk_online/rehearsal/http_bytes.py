"""The little of HTTP/1.1 that a rehearsal needs: one request in, the bytes of one reply out.

By hand because the real node's manners (silence for what it does not know, an open socket after
``Connection: close``) are what a client must be tried against.
"""

from dataclasses import dataclass
from socket import socket

from coldtusk_shared.limits import REHEARSAL_BODY_BYTES, REHEARSAL_HEAD_BYTES

JSON = "application/json; charset=utf-8"
Headers = tuple[tuple[str, str], ...]
"""Names and values as they came, in their order."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as far as a rehearsal looks at it."""

    method: str
    target: str
    body: bytes
    headers: Headers = ()

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What stands behind the target's question mark."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """The value of the only header *name*, in any case; ``None`` if there is none or more than one."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Head:
    """A request before its body: *length* bytes of it are promised, *begun* came along with the head."""

    method: str
    target: str
    headers: Headers
    length: int
    begun: bytes

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]


def read_request(connection: socket) -> Request | None:
    """The next request, or ``None`` if what came is none within the caps."""
    head = read_head(connection)
    return None if head is None else read_body(connection, head)


def read_head(connection: socket) -> Head | None:
    """The head of the next request, or ``None`` if what came is none within the caps."""
    head, rest = _head_bytes(connection)
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    headers = tuple((name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:]))
    length = _content_length(headers)
    if len(words) != 3 or not words[2].startswith("HTTP/1.") or length is None:
        return None
    return Head(words[0], words[1], headers, length, rest)


def read_body(connection: socket, head: Head) -> Request | None:
    """The whole request of *head*, or ``None`` if its body ends too early."""
    body = head.begun
    while len(body) < head.length:
        more = connection.recv(min(65536, head.length - len(body)))
        if not more:
            return None
        body += more
    return Request(head.method, head.target, body[: head.length], head.headers)


def _head_bytes(connection: socket) -> tuple[bytes, bytes]:
    got = b""
    while b"\r\n\r\n" not in got and len(got) < REHEARSAL_HEAD_BYTES:
        more = connection.recv(4096)
        if not more:
            return b"", b""
        got += more
    head, end, rest = got.partition(b"\r\n\r\n")
    return (head, rest) if end else (b"", b"")


def _content_length(headers: Headers) -> int | None:
    values = {name.lower(): value for name, value in headers}
    given = values.get("content-length", "0")
    if "transfer-encoding" in values or not (given.isascii() and given.isdigit()) or len(given) > 9:
        return None
    return int(given) if int(given) <= REHEARSAL_BODY_BYTES else None


def reply_bytes(body: bytes, *, kind: str = JSON, promised: int | None = None) -> bytes:
    """An answer as the node sends it, always 200; *promised* is a Content-Length that lies."""
    length = len(body) if promised is None else promised
    return head_bytes("200 OK", f"Content-type: {kind}", f"Content-Length: {length}") + body


def redirect_bytes(location: str) -> bytes:
    """A 302, which the real node never sends."""
    return head_bytes("302 Found", f"Location: {location}", "Content-Length: 0")


def head_bytes(status: str, *headers: str) -> bytes:
    """The head of a reply, with ``Connection: close``."""
    lines = (f"HTTP/1.1 {status}", *headers, "Connection: close", "", "")
    return "\r\n".join(lines).encode("latin-1")
