"""Reading a reply, chunk by chunk, without a socket: against http.client, cut anywhere, and against nonsense."""

import io
import socket
from http.client import HTTPResponse
from itertools import pairwise
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_online.http_reply import Incoming, Reply, Unfit, read_ok, read_reply
from coldtusk_online.wire import Deadline, Wire
from coldtusk_shared import limits

CHUNKED = (("transfer-encoding", "chunked"),)
CAP = limits.HTTP_REPLY_BYTES


class _Peer:
    """A socket that gives what it holds, a few bytes at a time, and then ends."""

    def __init__(self, data: bytes, step: int = 1 << 16) -> None:
        self._data = io.BytesIO(data)
        self._step = step

    def settimeout(self, value: float, /) -> None:
        """Time stands still here."""

    def recv_into(self, buffer: memoryview, /) -> int:
        """The next few bytes."""
        return self._data.readinto(buffer[: self._step])

    def send(self, data: memoryview, /) -> int:
        """Nobody listens."""
        return len(data)


def _incoming(
    data: bytes, *fields: tuple[str, str], status: int = 200, version: int = 11, step: int = 9999
) -> Incoming:
    wire = Wire(_Peer(data, step), Deadline(lambda: 0, 1), limits.HTTP_HEADER_BYTES)
    return Incoming(status, version, fields, True, wire.makefile("rb"), wire)


def _chunked(data: bytes) -> bytes:
    return read_reply(_incoming(data, *CHUNKED), {200}).body


def _refusal(incoming: Incoming) -> str:
    with pytest.raises(Unfit) as caught:
        read_reply(incoming, {200})
    return caught.value.code.name


def _in_chunks(body: bytes, cuts: list[int], extension: bytes, trailers: bytes) -> bytes:
    edges = sorted({0, len(body), *(cut % (len(body) + 1) for cut in cuts)})
    pieces = [body[start:end] for start, end in pairwise(edges)]
    chunks = b"".join(b"%x%s\r\n%s\r\n" % (len(piece), extension, piece) for piece in pieces)
    return chunks + b"0" + extension + b"\r\n" + trailers + b"\r\n"


_BODIES = st.binary(max_size=300)
_CUTS = st.lists(st.integers(0, 300), max_size=5)
_EXTENSIONS = st.sampled_from([b"", b";a", b' ; a="b"', b";" + b"x" * 100])
_TRAILERS = st.sampled_from([b"", b"X: y\r\n", b"X: y\r\nDate: z\r\n"])


@given(_BODIES, _CUTS, _EXTENSIONS, _TRAILERS, st.integers(1, 50))
def test_chunks(body: bytes, cuts: list[int], extension: bytes, trailers: bytes, step: int) -> None:
    """However it is cut into chunks, and comes, the body is whole; http.client reads the same."""
    data = _in_chunks(body, cuts, extension, trailers)
    assert body == read_reply(_incoming(data + b"more", *CHUNKED, step=step), {200}).body
    wire = Wire(_Peer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + data), Deadline(lambda: 0, 1), 9999)
    with HTTPResponse(cast("socket.socket", wire)) as response:
        response.begin()
        assert body == response.read()


@given(_BODIES, _CUTS, _EXTENSIONS, _TRAILERS, st.integers(0, 5000))
def test_cut_chunks(body: bytes, cuts: list[int], extension: bytes, trailers: bytes, cut: int) -> None:
    """Cut at any byte before the very last it is a cut reply."""
    data = _in_chunks(body, cuts, extension, trailers)
    assert "http.cut" == _refusal(_incoming(data[: cut % len(data)], *CHUNKED))


@given(st.binary(max_size=60) | st.text("0123456789abcdefx;+- \t\r\n", max_size=60).map(str.encode))
def test_any_chunks(data: bytes) -> None:
    """Whatever comes, it is a body or a reason."""
    try:
        assert len(_chunked(data)) <= len(data)
    except Unfit as error:
        assert error.code.name in {"http.cut", "http.reply", "http.size"}


_BAD_CHUNKS = {
    "no size": (b"\r\n", "http.reply"),
    "negative": (b"-1\r\n", "http.reply"),
    "signed": (b"+1\r\nx\r\n0\r\n\r\n", "http.reply"),
    "hexadecimal mark": (b"0x1\r\nx\r\n0\r\n\r\n", "http.reply"),
    "underscore": (b"1_0\r\n", "http.reply"),
    "blank in front": (b" 1\r\nx\r\n0\r\n\r\n", "http.reply"),
    "bare LF": (b"1\nx\n0\n\n", "http.reply"),
    "bare CR in an extension": (b"1;\rx\r\nx\r\n0\r\n\r\n", "http.reply"),
    "longer than it says": (b"1\r\nxy\r\n0\r\n\r\n", "http.reply"),
    "no chunks at all": (b"{}", "http.cut"),
    "nothing": (b"", "http.cut"),
    "HTML": (b"<html>\r\n", "http.reply"),
    "17 digits": (b"00000000000000001\r\nx\r\n0\r\n\r\n", "http.reply"),
    "huge": (b"ffffffffffffffff\r\n", "http.size"),
    "above the cap": (b"%x\r\n" % (CAP + 1), "http.size"),
}


@pytest.mark.parametrize(("data", "code"), _BAD_CHUNKS.values(), ids=_BAD_CHUNKS)
def test_bad_chunks(data: bytes, code: str) -> None:
    """The grammar of RFC 9112 7.1, and no byte besides."""
    assert code == _refusal(_incoming(data, *CHUNKED))


def test_largest_chunked_body() -> None:
    """The cap itself is taken, in one chunk or two; a byte more is not: http.size."""
    full = b"%x\r\n%s\r\n" % (CAP, bytes(CAP))
    assert CAP == len(_chunked(full + b"0\r\n\r\n"))
    assert "http.size" == _refusal(_incoming(full + b"1\r\nx\r\n0\r\n\r\n", *CHUNKED))


def test_room_between_chunks() -> None:
    """Sizes and extensions cannot make a small body a long download: http.size."""
    chunk = b"1;%s\r\nx\r\n" % (b"y" * 1000)
    many = (CAP + limits.HTTP_HEADER_BYTES) // len(chunk) + 1
    assert b"xx" == _chunked(2 * chunk + b"0\r\n\r\n")
    assert "http.size" == _refusal(_incoming(many * chunk + b"0\r\n\r\n", *CHUNKED))


def test_endless_trailers() -> None:
    """Nor can what follows the last chunk."""
    line = b"X: %s\r\n" % (b"y" * 1000)
    data = b"0\r\n" + line * ((CAP + limits.HTTP_HEADER_BYTES) // len(line) + 1)
    assert "http.size" == _refusal(_incoming(data, *CHUNKED))


def test_longest_line_between_chunks() -> None:
    """A line is taken up to its cap: http.size."""
    filling = b"y" * (limits.HTTP_CHUNK_LINE_BYTES - len(b"1;\r\n"))
    assert b"x" == _chunked(b"1;%s\r\nx\r\n0\r\n\r\n" % filling)
    assert "http.size" == _refusal(_incoming(b"1;%sy\r\nx\r\n0\r\n\r\n" % filling, *CHUNKED))


_BAD_FRAMING: dict[str, tuple[tuple[str, str], ...]] = {
    "length and chunks": (("content-length", "5"), *CHUNKED),
    "chunked twice": CHUNKED + CHUNKED,
    "gzip and chunked": (("transfer-encoding", "gzip, chunked"),),
    "gzip": (("transfer-encoding", "gzip"),),
    "identity": (("transfer-encoding", "identity"),),
    "chunked and compressed": (*CHUNKED, ("content-encoding", "br")),
    "compressed": (("content-length", "5"), ("content-encoding", "gzip")),
    "compressed at last": (("content-length", "5"), ("content-encoding", "identity"), ("content-encoding", "gzip")),
    "neither length nor chunks": (),
    "two lengths": (("content-length", "5"), ("content-length", "5")),
}


@pytest.mark.parametrize("fields", _BAD_FRAMING.values(), ids=_BAD_FRAMING)
def test_bad_framing(fields: tuple[tuple[str, str], ...]) -> None:
    """A reply ends in one way, and is not compressed: http.reply."""
    assert "http.reply" == _refusal(_incoming(b"0\r\n\r\n", *fields))


def test_chunks_of_old_http() -> None:
    """HTTP/1.0 has no chunks (RFC 9112 6.1)."""
    assert "http.reply" == _refusal(_incoming(b"0\r\n\r\n", *CHUNKED, version=10))


def test_chunked_in_upper_case() -> None:
    """The coding's name has no case."""
    assert b"" == read_reply(_incoming(b"0\r\n\r\n", ("transfer-encoding", "Chunked")), {200}).body


@pytest.mark.parametrize("status", [204, 304])
def test_status_without_body(status: int) -> None:
    """These end with their head, and whatever it says."""
    incoming = _incoming(b"unread", ("content-length", "6"), status=status)
    assert Reply(status, {}, b"") == read_reply(incoming, {status})


def test_kept_headers() -> None:
    """Three are kept; what stands twice is joined, a broken line is mended, and one without a value is none."""
    fields = [("date", "a"), ("x", "y"), ("retry-after", "1"), ("date", "b "), ("content-type", "c;\r\n\td")]
    assert {"date": "a, b", "retry-after": "1", "content-type": "c; d"} == (
        read_reply(_incoming(b"", ("content-length", "0"), *fields), {200}).headers
    )
    assert {} == read_reply(_incoming(b"", ("content-length", "0"), ("date", " ")), {200}).headers


def test_representation() -> None:
    """A body can hold a bearer token: no representation shows it."""
    assert "Reply(status=200)" == repr(Reply(200, {"date": "s3cr3t"}, b"s3cr3t"))


def test_node_reply_has_no_chunks() -> None:
    """What is for a node stays as it was."""
    with pytest.raises(Unfit) as caught:
        read_ok(_incoming(b"0\r\n\r\n", *CHUNKED))
    assert "http.reply" == caught.value.code.name
