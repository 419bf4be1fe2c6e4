"""The exact bytes of a request, and what cannot be sent."""

import traceback

import pytest

from coldtusk_online.base_url import BaseUrl
from coldtusk_online.http_request import request_bytes

BASE = BaseUrl.parse("https://pay.example:8443")
OURS = (
    b"Host: pay.example:8443\r\nUser-Agent: coldtusk\r\nAccept: application/json\r\n"
    b"Accept-Encoding: identity\r\nConnection: close\r\n"
)


def test_post() -> None:
    """Our headers, theirs in the order given, the length, and the body as it is."""
    headers = [("HMAC", "00ff"), ("Content-Type", "application/x-www-form-urlencoded")]
    assert (
        b"POST /api.php HTTP/1.1\r\n" + OURS + b"HMAC: 00ff\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 6\r\n\r\na=%20\x00"
    ) == request_bytes("POST", BASE, "/api.php", headers, b"a=%20\x00")


def test_get() -> None:
    """No body and no length, unless there is one."""
    assert b"GET /x?y HTTP/1.1\r\n" + OURS + b"\r\n" == request_bytes("GET", BASE, "/x?y", [], None)
    assert request_bytes("GET", BASE, "/", [], b"").endswith(b"\r\nContent-Length: 0\r\n\r\n")


def test_post_without_body() -> None:
    """A POST says its length always (RFC 9110 8.6)."""
    assert request_bytes("POST", BASE, "/", [], None).endswith(b"\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize("value", ["", "x", "a b", "\u00e9", "x" * 5000])
def test_header_value(value: str) -> None:
    """Printable Latin-1 goes out as it is."""
    assert f"\r\nX-Key: {value}\r\n".encode("latin-1") in request_bytes("GET", BASE, "/", [("X-Key", value)], None)


_SECRET = "s3cr3t"
_UNFIT: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "line break in a value": ("POST", "/", [("X-Key", f"{_SECRET}\r\nX: y")]),
    "bare LF": ("POST", "/", [("X-Key", f"{_SECRET}\n")]),
    "NUL": ("POST", "/", [("X-Key", f"{_SECRET}\0")]),
    "tab": ("POST", "/", [("X-Key", f"a\t{_SECRET}")]),
    "DEL": ("POST", "/", [("X-Key", f"{_SECRET}\x7f")]),
    "C1": ("POST", "/", [("X-Key", f"{_SECRET}\x85")]),
    "not Latin-1": ("POST", "/", [("X-Key", f"{_SECRET}\u20ac")]),
    "surrogate": ("POST", "/", [("X-Key", f"{_SECRET}\udc80")]),
    "blank at the end": ("POST", "/", [("X-Key", f"{_SECRET} ")]),
    "blank in front": ("POST", "/", [("X-Key", f" {_SECRET}")]),
    "name with a colon": ("POST", "/", [("X-Key:", _SECRET)]),
    "name with a line break": ("POST", "/", [("X\r\nY", _SECRET)]),
    "no name": ("POST", "/", [("", _SECRET)]),
    "name beyond ASCII": ("POST", "/", [("X-K\u00e9y", _SECRET)]),
    "a header twice": ("POST", "/", [("X-Key", _SECRET), ("x-key", "y")]),
    "one of ours": ("POST", "/", [("host", _SECRET)]),
    "a length": ("POST", "/", [("Content-Length", "1")]),
    "a transfer coding": ("POST", "/", [("Transfer-Encoding", "chunked")]),
    "path with a blank": ("POST", f"/{_SECRET} x", []),
    "path with a line break": ("POST", f"/{_SECRET}\n", []),
    "path beyond ASCII": ("POST", f"/{_SECRET}\u00e9", []),
    "no path": ("POST", _SECRET, []),
    "method in lower case": ("post", "/", []),
    "HEAD, whose reply would have no body": ("HEAD", "/", []),
    "method with a blank": ("POST /x", "/", []),
    "no method": ("", "/", []),
}


@pytest.mark.parametrize(("method", "path", "headers"), _UNFIT.values(), ids=_UNFIT)
def test_unfit(method: str, path: str, headers: list[tuple[str, str]]) -> None:
    """Our own code made it: a fault of ours, and no word of what was to be sent."""
    with pytest.raises(RuntimeError) as caught:
        request_bytes(method, BASE, path, headers, b"")
    assert _SECRET not in "".join(traceback.format_exception(caught.value))
    assert (None, None) == (caught.value.__cause__, caught.value.__context__)
