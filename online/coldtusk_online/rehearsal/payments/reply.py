"""One reply of a stand-in, and its bytes: with Content-Length, in chunks, or until the connection ends."""

from dataclasses import dataclass, replace
from email.utils import formatdate
from enum import Enum

from coldtusk_online.rehearsal.http_bytes import JSON, Headers, head_bytes

_PHRASES = {
    200: "OK",
    302: "Found",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}
_CHUNK = 7


class Framing(Enum):
    """How the reader learns where the body ends."""

    LENGTH = "length"
    CHUNKED = "chunked"
    UNTIL_CLOSED = "until-closed"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a service answers. *kind* is the content type."""

    body: bytes
    status: int = 200
    kind: str = JSON
    headers: Headers = ()

    def dated(self, now: float) -> "Reply":
        """The same with a Date of *now*, unix seconds of the service's clock."""
        return replace(self, headers=(("Date", http_date(now)), *self.headers))

    def wire(self, framing: Framing = Framing.LENGTH, *, promised: int | None = None) -> bytes:
        """The bytes that leave; *promised* is a Content-Length that lies."""
        lines = [f"Content-Type: {self.kind}", *(f"{name}: {value}" for name, value in self.headers)]
        if framing is Framing.CHUNKED:
            lines.append("Transfer-Encoding: chunked")
        elif framing is Framing.LENGTH:
            lines.append(f"Content-Length: {len(self.body) if promised is None else promised}")
        body = chunked(self.body) if framing is Framing.CHUNKED else self.body
        return head_bytes(f"{self.status} {_PHRASES[self.status]}", *lines) + body


def chunked(body: bytes) -> bytes:
    """*body* in small chunks."""
    pieces = [body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def http_date(now: float) -> str:
    """Unix seconds as HTTP writes them (RFC 9110, 5.6.7)."""
    return formatdate(now, usegmt=True)
