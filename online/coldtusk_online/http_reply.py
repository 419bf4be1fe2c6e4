"""What a server answered, read strictly from the wire: pure, behind the head that http.client has taken apart.

A reply must end where it says: at its Content-Length, or, for a service behind the usual proxies, at its last chunk
(RFC 9112 6 and 7). An answer that ends with its connection is none, because a cut one would look the same.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from io import BufferedReader

from coldtusk_online.wire import AllowanceSpent, Wire
from coldtusk_shared import limits
from coldtusk_shared.errors import Code

CUT = Code(
    "http.cut", "the server ended the connection: check its version and network (a node drops what it does not know)"
)
REPLY = Code("http.reply", "this is no server for us, or a proxy changes its replies: check the URL and the port")
STATUS = Code("http.status", "check the URL, and what the server is for: redirects are never followed")
SIZE = Code("http.size", "the reply is above the cap: use another server")

OK = 200
_KEPT = ("content-type", "date", "retry-after")
_WITHOUT_BODY = frozenset({204, 304})
"""These end with their head, whatever it says (RFC 9112 6.3)."""
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})(?:[ \t]*;[^\r\n]*)?\r\n")
_FOLD = re.compile(r"[ \t]*\r?\n[ \t]+")
"""A field over several lines: each break is one blank (RFC 9112 5.2)."""
_TOO_LARGE = f"the reply has more than {limits.HTTP_REPLY_BYTES} bytes"


class Unfit(Exception):
    """A reply that is no answer for us. Nothing in it quotes the server, which may echo what we sent."""

    def __init__(self, code: Code, what: str) -> None:
        super().__init__(what)
        self.code = code


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, of its headers ``content-type``, ``date`` and ``retry-after`` if they came, and its body.

    All is the server's word and unchecked. A header that stands twice is joined by ", ", as RFC 9110 5.3 has it: of the
    three that is no date, no number and no type, so it counts as absent where it is read. To refuse it would make
    an answer that came an unknown outcome. A body may hold a secret: the representation shows the status alone.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A reply whose head is read: *fields* with names in lower case, *well_formed* if every line of it was a field.

    *version* is 10 or 11, as http.client has it. *stream* reads from *wire* and may be ahead.
    """

    status: int
    version: int
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    well_formed: bool
    stream: BufferedReader
    wire: Wire

    def all(self, name: str) -> list[str]:
        """The values of each field *name*, in order."""
        return [value for known, value in self.fields if known == name]


def read_ok(incoming: Incoming) -> bytes:
    """The body of a reply of status 200 and known length: at Content-Length it is whole, whatever comes then.

    :raises Unfit: ``http.status``, ``.reply``, ``.size``, ``.cut``.
    """
    _require_status(incoming, {OK})
    return _known_body(incoming)


def read_reply(incoming: Incoming, statuses: Collection[int]) -> Reply:
    """A reply of one of *statuses*, of known length or in chunks.

    :raises Unfit: ``http.status``, ``.reply``, ``.size``, ``.cut``.
    """
    _require_status(incoming, statuses)
    if not incoming.well_formed:
        raise Unfit(REPLY, "the reply's headers are malformed")
    headers = {name: value for name in _KEPT if (value := _joined(incoming.all(name)))}
    return Reply(incoming.status, headers, _body(incoming))


def _joined(values: list[str]) -> str:
    return ", ".join(_FOLD.sub(" ", value).strip() for value in values)


def _require_status(incoming: Incoming, statuses: Collection[int]) -> None:
    if incoming.status not in statuses:
        raise Unfit(STATUS, f"the server answered with status {incoming.status}")


def _body(incoming: Incoming) -> bytes:
    if incoming.status in _WITHOUT_BODY:
        return b""
    codings = incoming.all("transfer-encoding")
    if not codings:
        return _known_body(incoming)
    if incoming.all("content-length"):
        raise Unfit(REPLY, "the reply has a length and comes in chunks, which contradict each other")
    if incoming.version != 11 or [coding.lower() for coding in codings] != ["chunked"]:
        raise Unfit(REPLY, "the reply has a transfer coding that was not asked for")
    _require_uncompressed(incoming)
    return _chunked_body(incoming)


def _known_body(incoming: Incoming) -> bytes:
    if incoming.all("transfer-encoding"):
        raise Unfit(REPLY, "the reply comes in chunks, which was not asked for")
    _require_uncompressed(incoming)
    length = _content_length(incoming)
    incoming.wire.allowance = length  # some of it may have been read with the headers: it is a cap, not a count
    return _exactly(incoming.stream, length)


def _require_uncompressed(incoming: Incoming) -> None:
    if any(coding != "identity" for coding in incoming.all("content-encoding")):
        raise Unfit(REPLY, "the reply is compressed, which was not asked for")


def _content_length(incoming: Incoming) -> int:
    lengths = incoming.all("content-length")
    if len(lengths) != 1 or not (lengths[0].isascii() and lengths[0].isdigit()):
        raise Unfit(REPLY, "the reply does not say its length")
    if len(lengths[0]) > 10 or int(lengths[0]) > limits.HTTP_REPLY_BYTES:
        raise Unfit(SIZE, _TOO_LARGE)
    return int(lengths[0])


def _chunked_body(incoming: Incoming) -> bytes:
    """All chunks. Their sizes, extensions and trailers may take together what headers may."""
    incoming.wire.allowance = limits.HTTP_REPLY_BYTES + limits.HTTP_HEADER_BYTES
    chunks: list[bytes] = []
    room = limits.HTTP_REPLY_BYTES
    try:
        while size := _chunk_size(incoming.stream):
            if size > room:
                raise Unfit(SIZE, _TOO_LARGE)
            chunks.append(_exactly(incoming.stream, size))
            room -= size
            if _exactly(incoming.stream, 2) != b"\r\n":
                raise Unfit(REPLY, "a chunk of the reply does not end where it says")
        while _line(incoming.stream).strip(b"\r\n"):  # trailers: nobody asked for any
            pass
    except AllowanceSpent:
        raise Unfit(SIZE, "the chunks of the reply take more room than its cap leaves") from None
    return b"".join(chunks)


def _chunk_size(stream: BufferedReader) -> int:
    match = _CHUNK.fullmatch(_line(stream))
    if match is None:
        raise Unfit(REPLY, "the reply comes in malformed chunks")
    return int(match[1], 16)


def _line(stream: BufferedReader) -> bytes:
    line = stream.readline(limits.HTTP_CHUNK_LINE_BYTES)
    if line.endswith(b"\n"):
        return line
    if len(line) == limits.HTTP_CHUNK_LINE_BYTES:
        raise Unfit(SIZE, f"a line between the chunks of the reply has more than {len(line)} bytes")
    raise Unfit(CUT, "the reply was cut before the end of its last chunk")


def _exactly(stream: BufferedReader, length: int) -> bytes:
    data = stream.read(length)
    if len(data) != length:
        raise Unfit(CUT, f"the reply was cut: {len(data)} of {length} bytes came")
    return data
