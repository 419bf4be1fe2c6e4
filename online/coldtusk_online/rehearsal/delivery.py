"""How a reply leaves the socket, as it should or as a fault wants it."""

from collections.abc import Callable
from socket import socket
from threading import Event

from coldtusk_online.rehearsal.faults import Fault, FaultKind
from coldtusk_online.rehearsal.http_bytes import redirect_bytes, reply_bytes
from coldtusk_shared.limits import HTTP_REPLY_BYTES

ELSEWHERE = "/rehearsal/elsewhere"
_PAGE = b"<!doctype html><html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
_NO_TEXT = bytes(range(128, 256))
_CUT_AT = 10
_LONGEST_HANG = 3600.0

Deliver = Callable[[socket, bytes, Fault, Event], bool]


def deliver(connection: socket, body: bytes, fault: Fault | None, stopping: Event) -> bool:
    """Send *body* as *fault* wants; returns whether the socket may linger as the real node's does.

    For a request that the node did not handle, *body* is its path.
    """
    if fault is None or fault.kind not in _WAYS:
        connection.sendall(reply_bytes(body))
        return True
    return _WAYS[fault.kind](connection, body, fault, stopping)


def _nothing(_: socket, __: bytes, ___: Fault, ____: Event) -> bool:
    return False


def _redirect(connection: socket, path: bytes, _: Fault, __: Event) -> bool:
    connection.sendall(redirect_bytes(ELSEWHERE + path.decode("latin-1")))
    return True


def _hang(_: socket, __: bytes, ___: Fault, stopping: Event) -> bool:
    stopping.wait(_LONGEST_HANG)
    return False


def _trickle(connection: socket, body: bytes, fault: Fault, stopping: Event) -> bool:
    for octet in reply_bytes(body):
        if stopping.wait(fault.seconds):
            return False
        connection.sendall(bytes([octet]))
    return True


def _slow(connection: socket, body: bytes, fault: Fault, stopping: Event) -> bool:
    if stopping.wait(fault.seconds):
        return False
    connection.sendall(reply_bytes(body))
    return True


def _huge(connection: socket, _: bytes, __: Fault, ___: Event) -> bool:
    connection.sendall(reply_bytes(b'{"code":0,"data":"' + b"x" * HTTP_REPLY_BYTES + b'"}'))
    return True


def _garbage(connection: socket, _: bytes, __: Fault, ___: Event) -> bool:
    connection.sendall(reply_bytes(_NO_TEXT))
    return True


def _html(connection: socket, _: bytes, __: Fault, ___: Event) -> bool:
    connection.sendall(reply_bytes(_PAGE, kind="text/html; charset=utf-8"))
    return True


def _cut(connection: socket, body: bytes, _: Fault, __: Event) -> bool:
    connection.sendall(reply_bytes(body[:_CUT_AT], promised=len(body)))
    return False


_WAYS: dict[FaultKind, Deliver] = {
    FaultKind.REPLY_LOST: _nothing,
    FaultKind.DROP: _nothing,
    FaultKind.REDIRECT: _redirect,
    FaultKind.HANG: _hang,
    FaultKind.TRICKLE: _trickle,
    FaultKind.SLOW: _slow,
    FaultKind.HUGE: _huge,
    FaultKind.GARBAGE: _garbage,
    FaultKind.HTML: _html,
    FaultKind.CUT: _cut,
}
