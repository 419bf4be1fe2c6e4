"""HTTP for the online half: the only module, beside the rehearsal, that opens a socket.

One request, one connection, one reply of known length. TLS 1.2 or newer with names checked; no proxies, no redirects,
no compression, and nothing of it can be changed by an environment variable. Connections are not kept: the Warthog node
closes them anyway, and on a kept one a request can be lost in doubt.

A reply must say its Content-Length: without it, and in chunks, a cut reply of a plain server could look whole, and the
Warthog node keeps its socket open for ten seconds after the reply (facts: Node behaviour).
"""

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPException, HTTPResponse, IncompleteRead, RemoteDisconnected
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, cast

from coldtusk_online.base_url import BaseUrl
from coldtusk_online.wire import AllowanceSpent, Deadline, Wire, send_all
from coldtusk_shared import limits
from coldtusk_shared.errors import Code, OutcomeUnknown, Outside

NAME = Code("http.name", "check the host's spelling and this machine's name service")
CONNECT = Code("http.connect", "check that the server runs, its port, and this machine's network")
CERTIFICATE = Code(
    "http.certificate", "do not go on before you know why: ask whoever runs the server; a private CA is a setting"
)
TLS = Code("http.tls", "the server must speak TLS 1.2 or newer: check the port, and whether it is https at all")
CA_FILE = Code("http.ca-file", "give a readable file of certificates in PEM form")
TIMEOUT = Code("http.timeout", "the server is slow or stuck: try again, or use another one")
CUT = Code(
    "http.cut", "the server ended the connection: check its version and network (a node drops what it does not know)"
)
REPLY = Code("http.reply", "this is no server for us, or a proxy changes its replies: check the URL and the port")
STATUS = Code("http.status", "check the URL: redirects are not followed, and only 200 is an answer")
SIZE = Code("http.size", "the reply is above the cap: use another server")
NO_ANSWER = Code("http.outcome-unknown", "it may have happened: look it up, and send nothing new before you know")

Addresses = list[tuple[int, Any]]
"""Address families and what ``connect`` takes."""
Resolver = Callable[[str, int], Addresses]


def tls_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """TLS as a client: the system's authorities, and those in *ca_file* (PEM). SSLKEYLOGFILE and SSL_CERT_* do nothing.

    :raises Outside: ``http.ca-file``.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # create_default_context would obey SSLKEYLOGFILE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    _trust_system(context)
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except OSError as error:  # ssl.SSLError is one
            raise Outside(CA_FILE, f"cannot take certificates from it: {_reason(error)}", where=str(ca_file)) from error
    return context


class HttpClient:
    """Sends one request at a time and takes one reply. *seconds* bound each exchange as a whole, by *clock*.

    *resolve* looks up host names; it is asked in a thread of its own, since the system's cannot be interrupted.
    """

    def __init__(
        self,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = limits.HTTP_SECONDS,
        resolve: Resolver | None = None,
    ) -> None:
        self._tls = tls
        self._clock = clock
        self._seconds = seconds
        self._resolve = resolve or _system_addresses

    def get(self, base: BaseUrl, path: str) -> bytes:
        """The body of the reply, which may be asked for again at will. *path* starts with "/" and is sent as it is.

        :raises Outside: ``http.name``, ``.connect``, ``.certificate``, ``.tls``, ``.timeout``, ``.cut``, ``.reply``,
            ``.status``, ``.size``.
        """
        return self._exchange(base, path, _head("GET", base, path), Outside)

    def post(self, base: BaseUrl, path: str, body: bytes, content_type: str = "application/json") -> bytes:
        """The body of the reply to *body*, sent once.

        :raises Outside: if nothing was sent: ``http.name``, ``.connect``, ``.certificate``, ``.tls``, ``.timeout``.
        :raises OutcomeUnknown: ``http.outcome-unknown`` for whatever goes wrong once sending began.
        """
        head = _head("POST", base, path, f"Content-Type: {content_type}", f"Content-Length: {len(body)}")
        return self._exchange(base, path, head + body, OutcomeUnknown)

    def _exchange(self, base: BaseUrl, path: str, request: bytes, failure: type[Outside]) -> bytes:
        deadline = Deadline(self._clock, self._seconds)
        where = base.text + path.partition("?")[0]
        try:
            connection = self._connect(base, deadline)
        except OSError as error:
            code, what = _why_not_connected(error, deadline)
            raise Outside(code, what, where=where) from error
        with closing(connection):
            try:
                send_all(connection, request, deadline)
                return read_reply(Wire(connection, deadline, limits.HTTP_HEADER_BYTES))
            except (_Unfit, AllowanceSpent, HTTPException, OSError) as error:
                code, what = _why_not_answered(error, deadline)
                raise failure(NO_ANSWER if failure is OutcomeUnknown else code, what, where=where) from error

    def _connect(self, base: BaseUrl, deadline: Deadline) -> socket.socket:
        connection = _open(self._addresses(base, deadline), deadline)
        if base.is_plain:
            return connection
        if self._tls is None:
            self._tls = tls_context()
        try:
            connection.settimeout(deadline.left())
            return self._tls.wrap_socket(connection, server_hostname=base.host)
        except BaseException:
            connection.close()
            raise

    def _addresses(self, base: BaseUrl, deadline: Deadline) -> Addresses:
        if base.is_address:
            return self._resolve(base.host, base.port)
        answers: SimpleQueue[Addresses | OSError] = SimpleQueue()

        def look_up() -> None:
            try:
                answers.put(self._resolve(base.host, base.port))
            except OSError as error:
                answers.put(error)

        Thread(target=look_up, daemon=True).start()
        try:
            answer = answers.get(timeout=deadline.left())
        except Empty:
            raise TimeoutError from None
        if isinstance(answer, OSError):
            raise answer
        return answer


class _Unfit(Exception):
    """A reply that is no answer for us."""

    def __init__(self, code: Code, what: str) -> None:
        super().__init__(what)
        self.code = code


def read_reply(wire: Wire) -> bytes:
    """The body of the one reply on *wire*: at Content-Length it is whole, whatever the server does then.

    :raises Exception: what the exchange then tells apart: of this module, of http.client, of the socket.
    """
    response = HTTPResponse(cast("socket.socket", wire))  # it asks a socket for makefile("rb") and nothing else
    with closing(response):
        response.begin()
        if response.status != 200:
            raise _Unfit(STATUS, f"the server answered with status {response.status}")
        length = _content_length(response)
        wire.allowance = length  # some of it may have been read with the headers: it is a cap, not a count
        body = response.read(length)
    if len(body) != length:
        raise _Unfit(CUT, f"the reply was cut: {len(body)} of {length} bytes came")
    return body


def _content_length(response: HTTPResponse) -> int:
    if (
        response.headers.get_all("Transfer-Encoding")
        or response.headers.get("Content-Encoding", "identity") != "identity"
    ):
        raise _Unfit(REPLY, "the reply comes in chunks or compressed, which was not asked for")
    lengths = response.headers.get_all("Content-Length", [])
    if len(lengths) != 1 or not (lengths[0].isascii() and lengths[0].isdigit()):
        raise _Unfit(REPLY, "the reply does not say its length")
    if len(lengths[0]) > 10 or int(lengths[0]) > limits.HTTP_REPLY_BYTES:
        raise _Unfit(SIZE, f"the reply has more than {limits.HTTP_REPLY_BYTES} bytes")
    return int(lengths[0])


def _head(method: str, base: BaseUrl, path: str, *headers: str) -> bytes:
    if not path.startswith("/") or not path.isascii() or not path.isprintable() or " " in path:
        raise RuntimeError("not a path that can be sent as it is")
    fixed = (f"{method} {path} HTTP/1.1", f"Host: {base.authority}", "User-Agent: coldtusk", "Accept: application/json")
    return "\r\n".join((*fixed, "Accept-Encoding: identity", "Connection: close", *headers, "", "")).encode("ascii")


def _system_addresses(host: str, port: int) -> Addresses:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


def _open(addresses: Addresses, deadline: Deadline) -> socket.socket:
    """The first of *addresses* that takes a connection; each gets its share of the time that is left."""
    failure: OSError = ConnectionError("the host has no address")
    for tried, (family, address) in enumerate(addresses):
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(deadline.left() / (len(addresses) - tried))
            connection.connect(address)
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


def _trust_system(context: ssl.SSLContext) -> None:
    # load_default_certs would take SSL_CERT_FILE and SSL_CERT_DIR from the environment in place of the system's.
    paths = ssl.get_default_verify_paths()
    for file in filter(Path.is_file, [Path(paths.openssl_cafile)]):
        context.load_verify_locations(cafile=file)
    for folder in filter(Path.is_dir, [Path(paths.openssl_capath)]):
        context.load_verify_locations(capath=folder)


def _why_not_connected(error: OSError, deadline: Deadline) -> tuple[Code, str]:
    if isinstance(error, TimeoutError):
        return TIMEOUT, f"no connection within {deadline.seconds:g} seconds"
    if isinstance(error, ssl.SSLCertVerificationError):
        return CERTIFICATE, f"the server's certificate is refused: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return TLS, f"no TLS with this server: {_reason(error)}"
    if isinstance(error, socket.gaierror):
        return NAME, f"the host name is not known: {_reason(error)}"
    return CONNECT, f"no connection: {_reason(error)}"


def _why_not_answered(error: Exception, deadline: Deadline) -> tuple[Code, str]:
    if isinstance(error, _Unfit):
        return error.code, str(error)
    if isinstance(error, AllowanceSpent):
        return SIZE, f"the headers have more than {limits.HTTP_HEADER_BYTES} bytes"
    if isinstance(error, TimeoutError):
        return TIMEOUT, f"no whole answer within {deadline.seconds:g} seconds"
    if isinstance(error, HTTPException) and not isinstance(error, RemoteDisconnected | IncompleteRead):
        return REPLY, "the reply is not HTTP"
    return CUT, "the connection ended without a whole answer"


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
