"""HTTP for the online half: the only module, beside the rehearsal, that opens a socket.

One request, one connection, one reply that says where it ends. TLS 1.2 or newer with names checked; no proxies, no
redirects, no compression, and nothing of it can be changed by an environment variable. Connections are not kept: on a
kept one a request can be lost in doubt. ``get`` and ``post`` are for a node, ``call`` is for a payment service.

Requests hold secrets, and a server may echo them: once sending began, no error has a cause or a context.
"""

import socket
import ssl
import time
from collections.abc import Callable, Collection
from contextlib import closing
from functools import partial
from http.client import HTTPException, HTTPResponse, IncompleteRead, RemoteDisconnected
from pathlib import Path
from typing import TypeVar, cast

from coldtusk_online.base_url import BaseUrl
from coldtusk_online.http_connect import Addresses, Resolver, addresses_of, first_connected
from coldtusk_online.http_reply import CUT, OK, REPLY, SIZE, Incoming, Reply, Unfit, read_ok, read_reply
from coldtusk_online.http_request import Fields, request_bytes
from coldtusk_online.wire import AllowanceSpent, Deadline, Wire, send_all
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code, OutcomeUnknown, Outside

NAME = Code("http.name", "check the host's spelling and this machine's name service")
CONNECT = Code("http.connect", "check that the server runs, its port, and this machine's network")
CERTIFICATE = Code(
    "http.certificate", "do not go on before you know why: ask whoever runs the server; a private CA is a setting"
)
TLS = Code("http.tls", "the server must speak TLS 1.2 or newer: check the port, and whether it is https at all")
CA_FILE = Code("http.ca-file", "give a readable file of certificates in PEM form")
HTTPS_ONLY = Code("http.https-only", "give an https URL: keys and signed calls are never sent in the clear")
TIMEOUT = Code("http.timeout", "the server is slow or stuck: try again, or use another one")
NO_ANSWER = Code("http.outcome-unknown", "it may have happened: look it up, and send nothing new before you know")

_TCP = partial(socket.socket, type=socket.SOCK_STREAM)
_T = TypeVar("_T")


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


def _at_once() -> None:
    """Nothing keeps a request back."""


class HttpClient:
    """Sends one request at a time and takes one reply. *seconds* bound each exchange as a whole, by *clock*."""

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
        return self._exchange(base, path, request_bytes("GET", base, path, (), None), Outside, read_ok)

    def post(self, base: BaseUrl, path: str, body: bytes, content_type: str = "application/json") -> bytes:
        """The body of the reply to *body*, sent once.

        :raises Outside: if nothing was sent: ``http.name``, ``.connect``, ``.certificate``, ``.tls``, ``.timeout``.
        :raises OutcomeUnknown: ``http.outcome-unknown`` for whatever goes wrong once sending began.
        """
        request = request_bytes("POST", base, path, [("Content-Type", content_type)], body)
        return self._exchange(base, path, request, OutcomeUnknown, read_ok)

    def call(  # noqa: PLR0913 - one exchange has so many sides; but for where it goes, all go by name
        self,
        base: BaseUrl,
        path: str,
        *,
        method: str = "POST",
        headers: Fields = (),
        body: bytes | None = None,
        statuses: Collection[int] = (OK,),
        failure: type[Outside] = OutcomeUnknown,
        shown_path: str | None = None,
        before_sending: Callable[[], None] | None = None,
    ) -> Reply:
        """The reply to one request, sent once, by TLS; it has one of *statuses* and may have come in chunks.

        *failure* is ``Outside`` for what may be asked again at will. *headers* and *body* are sent as they are, and no
        error shows them; errors show *shown_path* in place of *path*, if it is given. *before_sending* is asked once
        the server is there and nothing is sent yet; what it raises ends the call.

        :raises BadInput: ``http.https-only``.
        :raises Outside: if nothing was sent, as ``post``; of *failure* ``Outside`` also all that ``get`` raises.
        :raises OutcomeUnknown: of that *failure*, as ``post``; another status is one too.
        :raises RuntimeError: if the method, the path or a header cannot be sent as it is.
        """
        if base.is_plain:
            raise BadInput(HTTPS_ONLY, "a payment service is spoken to by https only", where=base.text)
        request = request_bytes(method, base, path, headers, body)
        shown = path if shown_path is None else shown_path
        read = partial(read_reply, statuses=statuses)
        return self._exchange(base, shown, request, failure, read, before_sending or _at_once)

    def _exchange(
        self,
        base: BaseUrl,
        shown: str,
        request: bytes,
        failure: type[Outside],
        read: Callable[[Incoming], _T],
        before_sending: Callable[[], None] = _at_once,
    ) -> _T:
        deadline = Deadline(self._clock, self._seconds)
        where = base.text + shown.partition("?")[0]
        try:
            connection = self._connect(base, deadline)
        except OSError as error:
            code, what = _why_not_connected(error, deadline)
            raise Outside(code, what, where=where) from error
        with closing(connection):
            before_sending()
            try:
                send_all(connection, request, deadline)
                return _receive(Wire(connection, deadline, limits.HTTP_HEADER_BYTES), read)
            except (Unfit, AllowanceSpent, HTTPException, OSError) as error:
                code, what = _why_not_answered(error, deadline)
        raise failure(NO_ANSWER if issubclass(failure, OutcomeUnknown) else code, what, where=where)

    def _connect(self, base: BaseUrl, deadline: Deadline) -> socket.socket:
        connection = first_connected(addresses_of(base, self._resolve, deadline), _TCP, deadline)
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


def _receive(wire: Wire, read: Callable[[Incoming], _T]) -> _T:
    response = HTTPResponse(cast("socket.socket", wire))  # it asks a socket for makefile("rb") and nothing else
    with closing(response):
        stream = response.fp
        response.begin()
        fields = tuple((name.lower(), value) for name, value in response.headers.items())
        return read(Incoming(response.status, response.version, fields, not response.headers.defects, stream, wire))


def _system_addresses(host: str, port: int) -> Addresses:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


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
    if isinstance(error, Unfit):
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
