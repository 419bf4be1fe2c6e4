"""How a reply leaves the socket, as it should or as a fault wants it."""

import socket
import struct
from collections.abc import Callable
from threading import Event
from typing import Final

from coldtusk_online.rehearsal.payments.faults import Fault, FaultKind, RetryAfter
from coldtusk_online.rehearsal.payments.reply import Framing, Reply, http_date
from coldtusk_shared.limits import HTTP_REPLY_BYTES

ELSEWHERE: Final = "/rehearsal/elsewhere"
_HTML: Final = "text/html; charset=utf-8"
_PAGE: Final = b"<!doctype html><html><head><title>Checking your browser</title></head><body>One moment</body></html>"
_GATEWAY: Final = b"<!doctype html><html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
_SLOW_DOWN: Final = b'{"message":"too many requests"}'
_NO_TEXT: Final = bytes(range(128, 256))
_CUT_AT: Final = 10
_LONGEST_HANG: Final = 3600.0
_ABSURD: Final = "99999999999999999999"
_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 seconds: close sends RST
_DUPLICATED: Final = b'{"error":"ok","error":"ok"}'

Deliver = Callable[[socket.socket, Reply, Fault, Event], None]


def deliver(connection: socket.socket, reply: Reply, fault: Fault | None, stopping: Event) -> None:
    """Send *reply*, which has its date, as *fault* wants."""
    if fault is None:
        connection.sendall(reply.wire())
    else:
        _WAYS[fault.kind](connection, reply, fault, stopping)


def reset(connection: socket.socket) -> None:
    """Let the coming close of *connection* be a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


def spoilt(fault: Fault, reply: Reply, path: str, now: float) -> Reply:
    """*reply* as a fault of contents has it: the page, the redirect, the refusal in its place."""
    if fault.kind in {FaultKind.TOO_MANY, FaultKind.UNAVAILABLE}:
        status = 429 if fault.kind is FaultKind.TOO_MANY else 503
        return Reply(_SLOW_DOWN, status, headers=_retry_after(fault, now)).dated(now)
    if fault.kind is FaultKind.REDIRECT:
        return Reply(b"", 302, headers=(("Location", ELSEWHERE + path),)).dated(now)
    spoil = _SPOILT.get(fault.kind)
    return reply if spoil is None else spoil(reply).dated(now)


def _retry_after(fault: Fault, now: float) -> tuple[tuple[str, str], ...]:
    values = {
        RetryAfter.SECONDS: str(int(fault.seconds)),
        RetryAfter.DATE: http_date(now + fault.seconds),
        RetryAfter.ABSURD: _ABSURD,
    }
    value = values.get(fault.retry_after)
    return () if value is None else (("Retry-After", value),)


def _twice(reply: Reply) -> Reply:
    members = reply.body.strip()[1:-1]
    is_object = reply.body.strip().startswith(b"{")
    return Reply(b"{" + members + b"," + members + b"}" if is_object and members else _DUPLICATED)


def _huge(_: Reply) -> Reply:
    return Reply(b'{"error":"ok","result":"' + b"x" * HTTP_REPLY_BYTES + b'"}')


_SPOILT: Final[dict[FaultKind, Callable[[Reply], Reply]]] = {
    FaultKind.GARBAGE: lambda _: Reply(_NO_TEXT),
    FaultKind.HTML: lambda _: Reply(_PAGE, kind=_HTML),
    FaultKind.SERVER_ERROR: lambda _: Reply(_GATEWAY, 502, kind=_HTML),
    FaultKind.HUGE: _huge,
    FaultKind.DUPLICATE_KEYS: _twice,
}


def _plain(connection: socket.socket, reply: Reply, _: Fault, __: Event) -> None:
    connection.sendall(reply.wire())


def _latency(connection: socket.socket, reply: Reply, fault: Fault, stopping: Event) -> None:
    if not stopping.wait(fault.seconds):
        connection.sendall(reply.wire())


def _hang(_: socket.socket, __: Reply, ___: Fault, stopping: Event) -> None:
    stopping.wait(_LONGEST_HANG)


def _reset(connection: socket.socket, _: Reply, __: Fault, ___: Event) -> None:
    reset(connection)


def _nothing(_: socket.socket, __: Reply, ___: Fault, ____: Event) -> None:
    return


def _cut(connection: socket.socket, reply: Reply, _: Fault, __: Event) -> None:
    whole, missing = reply.wire(), len(reply.body) - _CUT_AT
    connection.sendall(whole[:-missing] if missing > 0 else reply.wire(promised=len(reply.body) + 1))


def _chunked(connection: socket.socket, reply: Reply, _: Fault, __: Event) -> None:
    connection.sendall(reply.wire(Framing.CHUNKED))


def _no_length(connection: socket.socket, reply: Reply, _: Fault, __: Event) -> None:
    connection.sendall(reply.wire(Framing.UNTIL_CLOSED))


_WAYS: Final[dict[FaultKind, Deliver]] = dict.fromkeys(FaultKind, _plain) | {
    FaultKind.LATENCY: _latency,
    FaultKind.HANG: _hang,
    FaultKind.RESET_AFTER_BODY: _reset,
    FaultKind.REPLY_LOST: _nothing,
    FaultKind.CUT: _cut,
    FaultKind.CHUNKED: _chunked,
    FaultKind.NO_LENGTH: _no_length,
}
