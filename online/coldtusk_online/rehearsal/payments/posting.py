"""Posts a form to a receiver of ours, as a service does when something happened."""

import ssl
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Final
from urllib.parse import quote_plus, urlsplit

FORM: Final = "application/x-www-form-urlencoded"
_SECONDS: Final = 20.0

Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receiver said."""

    status: int
    body: bytes


def php_form(pairs: Pairs) -> bytes:
    """*pairs* as PHP's ``http_build_query`` writes them: ``+`` for a blank, ``%7E`` for ``~``, upper-case hex."""
    return "&".join(f"{_php(name)}={_php(value)}" for name, value in pairs).encode("ascii")


def post_form(url: str, body: bytes, headers: dict[str, str], ca_file: Path | None = None) -> Answer:
    """POST *body* to *url* and return the answer; *ca_file* (PEM) is whom to trust for https. Raises ``OSError``."""
    parts = urlsplit(url)
    with closing(_connection(parts.scheme, parts.hostname or "", parts.port, ca_file)) as connection:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {"Content-Type": FORM, **headers})
        reply = connection.getresponse()
        return Answer(reply.status, reply.read())


def _connection(scheme: str, host: str, port: int | None, ca_file: Path | None) -> HTTPConnection:
    if scheme == "http":
        return HTTPConnection(host, port, timeout=_SECONDS)
    context = ssl.create_default_context(cafile=ca_file)
    return HTTPSConnection(host, port, timeout=_SECONDS, context=context)


def _php(text: str) -> str:
    return quote_plus(text).replace("~", "%7E")
