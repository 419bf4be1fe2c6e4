"""Addresses of servers as operators write them: ``https://host``, ``http://host:port``, and nothing else.

Strict, because everything else that fits into a URL (a user, a path, a query) would be lost or sent silently.
"""

import ipaddress
import re
from dataclasses import dataclass
from enum import Enum

from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.text import quoted

FORM = Code("url.form", "write it as https://host or https://host:port, without user, path, query or fragment")

_URL = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([1-9][0-9]{0,4}))?/?", re.ASCII)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_HOST_LENGTH = 253
_TEXT_LENGTH = 300
_HIGHEST_PORT = 65535


class Scheme(Enum):
    """How a server is spoken to; the value is the default port."""

    HTTP = 80
    HTTPS = 443


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """A server: scheme, host (a name or the digits of an IP address, without brackets) and port."""

    scheme: Scheme
    host: str
    port: int

    @classmethod
    def parse(cls, text: object, where: str = "") -> "BaseUrl":
        """The server that *text* names. Upper case, the default port and one slash at the end make no difference.

        :raises BadInput: ``url.form``.
        """
        if not isinstance(text, str):
            raise BadInput(FORM, f"a {type(text).__name__} is not a URL", where=where)
        match = _URL.fullmatch(text.lower()) if text.isascii() and len(text) <= _TEXT_LENGTH else None
        if match is None:
            raise BadInput(FORM, f"{quoted(text)} is not the URL of a server", where=where)
        scheme = Scheme[match[1].upper()]
        port = int(match[3] or scheme.value)
        if not _is_host(match[2]) or port > _HIGHEST_PORT:
            raise BadInput(FORM, f"{quoted(text)} has no valid host and port", where=where)
        return cls(scheme, _canonical(match[2]), port)

    @property
    def is_plain(self) -> bool:
        """Whether it is spoken to without TLS: anybody on the way reads and changes what passes."""
        return self.scheme is Scheme.HTTP

    @property
    def is_address(self) -> bool:
        """Whether the host is an IP address, so that no name has to be looked up."""
        return ":" in self.host or self.host.rpartition(".")[2].isdigit()

    @property
    def authority(self) -> str:
        """Host and port as in a Host header, the default port left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == self.scheme.value else f"{host}:{self.port}"

    @property
    def text(self) -> str:
        """The one way in which this server is written."""
        return f"{self.scheme.name.lower()}://{self.authority}"

    def __str__(self) -> str:
        return self.text


def _is_host(host: str) -> bool:
    labels = host.split(".")
    if host.startswith("["):
        return _is_address(host[1:-1], ipaddress.IPv6Address)
    if labels[-1].isdigit():  # no top-level domain is a number: it is an IPv4 address or a slip
        return _is_address(host, ipaddress.IPv4Address)
    return len(host) <= _HOST_LENGTH and all(_LABEL.fullmatch(label) for label in labels)


def _is_address(text: str, form: type[ipaddress.IPv4Address] | type[ipaddress.IPv6Address]) -> bool:
    try:
        form(text)
    except ValueError:
        return False
    return True


def _canonical(host: str) -> str:
    return str(ipaddress.IPv6Address(host[1:-1])) if host.startswith("[") else host
