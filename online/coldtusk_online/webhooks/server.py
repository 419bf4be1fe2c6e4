"""The server: uvicorn, told everything, so that neither the environment nor a default decides.

With a certificate it speaks TLS 1.2 or newer. Without one it listens on loopback only, behind a reverse proxy.
"""

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette

from coldtusk_online.webhooks.uvicorn_server import DeadlineServer
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code, Outside, Refused

HOST = Code("webhooks.host", "give an IP address of this machine, or localhost")
PLAIN = Code("webhooks.plain", "give --cert and --key, or listen on 127.0.0.1 behind a reverse proxy that speaks TLS")
PROXY = Code("webhooks.proxy", "only a proxy on this machine is trusted: listen on 127.0.0.1 or ::1")
CERTIFICATE = Code("webhooks.certificate", "give a chain and its private key in PEM form, the key without a passphrase")
LISTEN = Code("webhooks.listen", "is the port taken? Ports below 1024 need a permission")

_LOOPBACK: Final = "127.0.0.1,::1"
_BACKLOG: Final = 128
_KEEP_ALIVE_SECONDS: Final = 5
_GRACE_SECONDS: Final = 15
"""For what is being answered when the server is told to end: longer than the ledger waits for its lock."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Where and how: *tls* None is plain HTTP, *proxied* takes a peer's address from a proxy on this machine.

    *seconds* are given to a handshake, and to the head of a request.
    """

    host: str = "127.0.0.1"
    port: int = 0
    tls: ssl.SSLContext | None = None
    proxied: bool = False
    seconds: float = limits.WEBHOOK_SECONDS


def tls_context(cert: Path, key: Path) -> ssl.SSLContext:
    """TLS of a server with the chain in *cert* and its key in *key* (PEM).

    :raises Outside: ``webhooks.certificate``.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(cert, key, password="")  # none given: OpenSSL would ask the terminal
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise Outside(CERTIFICATE, f"cannot be used: {reason}", where=str(cert)) from error
    return context


class Server:
    """A socket that listens from the start. :meth:`run` serves *app* until a signal or :meth:`stop`."""

    def __init__(self, app: Starlette, listen: Listen) -> None:
        """Listen.

        :raises BadInput: ``webhooks.host``.
        :raises Refused: ``webhooks.plain``, ``webhooks.proxy``.
        :raises Outside: ``webhooks.listen``.
        """
        address = _address(listen)
        self._socket = _bound(address, listen.port)
        host, port = self._socket.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        self.url = f"{'http' if listen.tls is None else 'https'}://{shown}:{port}"
        self._server = DeadlineServer(_config(app, listen), listen.seconds)

    def run(self) -> None:
        """Serve; SIGINT and SIGTERM end it if this is the main thread. What was begun is answered first."""
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """End :meth:`run`, from any thread."""
        self._server.should_exit = True

    def close(self) -> None:
        """Let go of the socket, if :meth:`run` was never called."""
        self._socket.close()


def _address(listen: Listen) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        address = ipaddress.ip_address("127.0.0.1" if listen.host == "localhost" else listen.host)
    except ValueError as error:
        raise BadInput(HOST, "no IP address", where="--host") from error
    if listen.tls is None and not address.is_loopback:
        raise Refused(PLAIN, f"plain http on {address}: whoever is on the way could read and hold back", where="--host")
    if listen.proxied and not address.is_loopback:
        raise Refused(PROXY, f"a peer could claim any address to {address}", where="--proxy")
    return address


def _bound(address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int) -> socket.socket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    # TCP by name: asyncio sends at once (TCP_NODELAY) only where it is said, and else each answer waits for 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((str(address), port))
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise Outside(LISTEN, f"cannot listen: {error.strerror}", where=f"{address} port {port}") from error
    return listening


def _config(app: Starlette, listen: Listen) -> uvicorn.Config:
    tls: dict[str, Any] = {} if listen.tls is None else {"ssl_context_factory": lambda *_: listen.tls}
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        interface="asgi3",
        workers=1,
        log_config=None,
        log_level="error",  # a warning for each broken request would let any peer fill a disk
        access_log=False,
        server_header=False,
        proxy_headers=listen.proxied,
        forwarded_allow_ips=_LOOPBACK if listen.proxied else "",
        limit_concurrency=limits.WEBHOOK_CONNECTIONS + 1,  # it refuses at the number, not above it
        backlog=_BACKLOG,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        h11_max_incomplete_event_size=limits.WEBHOOK_HEAD_BYTES,
        **tls,
    )
