"""uvicorn's server and protocol, with the deadlines that they lack and without the signals that they raise again."""

import asyncio
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.server import ServerState


class DeadlineServer(uvicorn.Server):
    """As uvicorn's, with deadlines; and a signal that ended it is not raised again: the command says how it went."""

    def __init__(self, config: uvicorn.Config, seconds: float) -> None:
        super().__init__(config)
        self._seconds = seconds

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen on *sockets*: the library's own way sets no deadline to a handshake or a head."""
        await self.lifespan.startup()
        loop, tls = asyncio.get_running_loop(), self.config.ssl
        deadline = None if tls is None else self._seconds
        self.servers = [
            await loop.create_server(self._protocol, sock=one, ssl=tls, ssl_handshake_timeout=deadline)
            for one in sockets or ()
        ]
        self.started = True

    def _protocol(self) -> asyncio.Protocol:
        return _Protocol(self._seconds, self.config, self.server_state, self.lifespan.state)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End at SIGINT and SIGTERM, if this is the main thread, and put the old handlers back."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        kept = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in kept.items():
                signal.signal(one, handler)


class _Protocol(H11Protocol):
    """As uvicorn's, but a request's head must be whole in time: the library's own timer ends at the first byte."""

    def __init__(self, seconds: float, config: uvicorn.Config, state: ServerState, app_state: dict[str, Any]) -> None:
        super().__init__(config, state, app_state)
        self._seconds = seconds
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise RuntimeError("a connection is a stream")
        super().connection_made(transport)
        self._late = self.loop.call_later(self._seconds, transport.abort)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_answering():
            self._cancel()
        elif self._late is None:
            self._late = self.loop.call_later(self._seconds, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel()
        super().connection_lost(exc)

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request, unlike the library's type
        return cycle is not None and not cycle.response_complete

    def _cancel(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
