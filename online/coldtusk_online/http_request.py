"""The exact bytes of a request: one head, in one order, and a body as it is.

What our own code cannot mean is a fault of ours, and no such error quotes it: headers, paths and bodies hold secrets.
"""

import re
from collections.abc import Sequence

from coldtusk_online.base_url import BaseUrl

Fields = Sequence[tuple[str, str]]
"""Names and values of headers."""

_METHODS = frozenset({"GET", "POST"})
_PATH = re.compile(r"/[!-~]*", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
_VALUE = re.compile("(?:[!-~\xa0-\xff](?:[ -~\xa0-\xff]*[!-~\xa0-\xff])?)?")
"""What is sent and comes to the server as it is: RFC 9110 5.5 without tabs; blanks at the ends would be lost."""
_OURS = ("host", "user-agent", "accept", "accept-encoding", "connection", "content-length")
_FRAMING = frozenset({"transfer-encoding", "te", "trailer", "upgrade", "expect"})


def request_bytes(method: str, base: BaseUrl, path: str, headers: Fields, body: bytes | None) -> bytes:
    """A whole request. *path* starts with "/"; *headers* follow ours; no *body* of a POST is an empty one.

    :raises RuntimeError: if the method, the path or a header cannot be sent as it is, or stands twice.
    """
    if method not in _METHODS:
        raise RuntimeError("not a method that is sent here")
    if not _PATH.fullmatch(path):
        raise RuntimeError("not a path that can be sent as it is")
    _check(headers)
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {base.authority}",
        "User-Agent: coldtusk",
        "Accept: application/json",
        "Accept-Encoding: identity",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers),
        *([] if body is None and method != "POST" else [f"Content-Length: {len(body or b'')}"]),
    ]
    return "\r\n".join((*lines, "", "")).encode("latin-1") + (body or b"")


def _check(headers: Fields) -> None:
    names = [name.lower() for name, _ in headers]
    if len(set(names)) < len(names) or not _FRAMING.union(_OURS).isdisjoint(names):
        raise RuntimeError("a header stands twice, or is one that is always ours")
    if not all(_NAME.fullmatch(name) and _VALUE.fullmatch(value) for name, value in headers):
        raise RuntimeError("not a header that can be sent as it is")
