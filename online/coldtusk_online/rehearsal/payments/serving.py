"""The four services on one loopback socket, told apart by their paths."""

import socket
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Final, Protocol

from coldtusk_online.rehearsal.http_bytes import Head, Request, read_body, read_head
from coldtusk_online.rehearsal.loopback import Loopback, listen, url_of
from coldtusk_online.rehearsal.payments import coinpayments, coinrpc, coinsoftworks, coinspark
from coldtusk_online.rehearsal.payments.authority import Authority, Certificate
from coldtusk_online.rehearsal.payments.books import Books
from coldtusk_online.rehearsal.payments.credentials import REHEARSAL, Credentials
from coldtusk_online.rehearsal.payments.delivery import ELSEWHERE, deliver, reset, spoilt
from coldtusk_online.rehearsal.payments.faults import Fault, FaultKind, Faults
from coldtusk_online.rehearsal.payments.reply import Reply

REMEMBERED: Final = 10_000
_NOT_FOUND: Final = Reply(b"not found", 404, "text/plain; charset=utf-8")

Clock = Callable[[], float]
"""Unix seconds."""


class StandIn(Protocol):
    """One service."""

    def answer(self, request: Request) -> Reply:
        """The reply to *request*; its effects are in the books when this returns."""


class RunningPayments:
    """Served stand-ins; leave the ``with`` block or call :meth:`stop` to end them.

    *url* is where they listen, *ca_file* whom to trust for it, *books* what was really done, *faults* arms faults,
    *received* are the last requests whose body came whole, as they came.
    """

    def __init__(
        self, listener: socket.socket, folder: Path, shown: Certificate | None, credentials: Credentials, clock: Clock
    ) -> None:
        authority = Authority()
        self.ca_file = authority.publish(folder)
        self.url = url_of(listener, tls=shown is not None)
        self.credentials, self.books, self.faults = credentials, Books(), Faults()
        self.received: deque[Request] = deque(maxlen=REMEMBERED)
        self.coinpayments = coinpayments.CoinPayments(credentials, self.books, clock)
        self.coinrpc = coinrpc.CoinRpc(credentials, self.books, clock)
        self.coinspark = coinspark.CoinSpark(credentials, self.books, clock, self.url, secure=shown is not None)
        self.coinsoftworks = coinsoftworks.CoinSoftworks(credentials, self.books, clock)
        self._clock = clock
        tls = None if shown is None else authority.context(folder, shown)
        self._loopback = Loopback(listener, self._converse, tls)
        self._loopback.start()

    @property
    def coinpayments_url(self) -> str:
        """Where CoinPayments takes requests."""
        return self.url + coinpayments.PATH

    @property
    def coinrpc_url(self) -> str:
        """Where CoinRPC takes requests for the bitcoin wallet."""
        return self.url + coinrpc.PATH

    @property
    def coinspark_url(self) -> str:
        """Where CoinSpark takes requests."""
        return self.url + coinspark.PATH

    @property
    def coinsoftworks_url(self) -> str:
        """The base of coinsoftworks' paths, without a slash at its end."""
        return self.url + coinsoftworks.PREFIXES[0].rstrip("/")

    def received_at(self, path: str) -> list[Request]:
        """The requests whose path begins with *path*."""
        return [request for request in self.received if request.path.startswith(path)]

    def stop(self) -> None:
        """End every connection and thread; when it returns nothing of it runs. Twice is fine."""
        self._loopback.stop()

    def __enter__(self) -> "RunningPayments":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _converse(self, connection: socket.socket, stopping: Event) -> None:
        head = read_head(connection)
        if head is None:
            return
        fault = self.faults.take(head.path)
        if fault is not None and fault.kind is FaultKind.RESET_BEFORE_BODY:
            reset(connection)
            return
        request = read_body(connection, head)
        if request is not None:
            self.received.append(request)
            deliver(connection, self._reply(head, request, fault), fault, stopping)

    def _reply(self, head: Head, request: Request, fault: Fault | None) -> Reply:
        if fault is None:
            return self._answer(request).dated(self._clock())
        own = self._answer(request) if fault.commits else Reply(b"")
        return spoilt(fault, own.dated(self._clock()), head.path, self._clock())

    def _answer(self, request: Request) -> Reply:
        asked = Request(request.method, request.target.removeprefix(ELSEWHERE), request.body, request.headers)
        routes: tuple[tuple[str, StandIn], ...] = (
            (coinpayments.PATH, self.coinpayments),
            (coinrpc.PATH, self.coinrpc),
            (coinspark.PATH, self.coinspark),
            (coinspark.FILES, self.coinspark),
            (coinspark.GENESIS, self.coinspark),
            *((prefix, self.coinsoftworks) for prefix in coinsoftworks.PREFIXES),
        )
        for prefix, service in routes:
            if asked.path == prefix or (prefix.endswith("/") and asked.path.startswith(prefix)):
                return service.answer(asked)
        return _NOT_FOUND


def serve_payments(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    certificate: Certificate | None = Certificate.VALID,
    credentials: Credentials = REHEARSAL,
    clock: Clock = time.time,
) -> RunningPayments:
    """Listen on *host* (loopback only) and *port* (0: any free one), showing *certificate* (``None``: plain http).

    The authority's certificate is written to *folder*/ca.pem. *clock* is that of the services: shift it to be early or
    late. Raises :class:`BadInput` for another host or no port, :class:`Outside` when the port cannot be had.
    """
    listener = listen(host, port)
    try:
        return RunningPayments(listener, folder, certificate, credentials, clock)
    except BaseException:
        listener.close()
        raise
