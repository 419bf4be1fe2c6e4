"""A service that says back the secrets it was sent, where a service could: in pages, status lines, headers, members."""

import json
import re
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Final

from coldtusk_shared.limits import HTTP_REPLY_BYTES
from tests.simulators.canaries import Canary
from tests.simulators.canary_house import RELEASED
from tests.simulators.scripted_server import ScriptedServer, Visit, reply

BEARER: Final = Canary("coinsoftworks bearer", "eyCanary.+/BearerToken7f3E91c4d0")
_SECRETS: Final = [one.text for one in (*RELEASED, BEARER)]
_LINE: Final = " ".join(_SECRETS)
_SECONDS: Final = 60
_TXID: Final = "ab" * 32
_PAGE: Final = '<!doctype html><html><body><a href="/?{0}">{0}</a><pre>{1}</pre></body></html>'


def _page(request: bytes) -> bytes:
    return reply(_PAGE.format(_LINE, request.decode("latin-1")).encode(), status="500 Internal Server Error")


def _found_page(request: bytes) -> bytes:
    return reply(_PAGE.format(_LINE, request.decode("latin-1")).encode())


def _status_line(_request: bytes) -> bytes:
    return reply(b"", status=f"403 {_LINE}")


def _no_status(_request: bytes) -> bytes:
    return reply(b"", status=_LINE)


def _headers(_request: bytes) -> bytes:
    named = ("Location", "Retry-After", "Date", "Set-Cookie", "WWW-Authenticate")
    values = [f"{name}: {_LINE}" for name in named]
    return reply(b"", *values, status="302 Found")


def _slow_down(_request: bytes) -> bytes:
    return reply(_LINE.encode(), f"Retry-After: {_LINE}", "Retry-After: 99999", status="429 Too Many Requests")


def _length(_request: bytes) -> bytes:
    return reply(b"", f"Content-Length: {_LINE}")


def _not_http(request: bytes) -> bytes:
    return b"You sent: " + request


def _error(request: bytes) -> bytes:
    error = {"code": -20001, "message": f"no such key: {_LINE}", "data": request.decode("latin-1")}
    return _json({"id": _id(request), "error": error, "message": _LINE, "bearer_token": _LINE, "expiration": _LINE})


def _result(request: bytes) -> bytes:
    return _json(_created(request))


def _escaped(request: bytes) -> bytes:
    """The same with every character of the secrets escaped."""
    text = json.dumps(_created(request))
    for secret in _SECRETS:
        text = text.replace(json.dumps(secret)[1:-1], "".join(f"\\u{ord(one):04X}" for one in secret))
    return reply(text.encode())


def _done(_request: bytes) -> bytes:
    """A task that is done at once, with secrets in other members."""
    return _json({"task_id": "7", "status": "Done", _LINE: _SECRETS, "list": [{"deep": [_LINE]}]})


def _large(_request: bytes) -> bytes:
    """As long as a reply may be: it is taken in one piece."""
    return reply(_LINE.encode().ljust(HTTP_REPLY_BYTES))


def _created(request: bytes) -> dict[str, object]:
    fields = dict.fromkeys(("name", "issuer", "description", "units", "issue_date", _LINE), _LINE)
    result = {"txid": _TXID, "contract_final": f"https://127.0.0.1/{_LINE}", "web_page_basic": _SECRETS, _LINE: 1}
    made = {"id": _id(request), "result": {**result, "web_page_fields": fields, "spent_btc": 1, "balance_btc": _LINE}}
    return {**made, "task_id": _LINE, "status": _LINE, "bearer_token": BEARER.text, "expiration": _LINE}


def _json(value: object) -> bytes:
    return reply(json.dumps(value).encode())


def _id(request: bytes) -> str:
    found = re.search(rb'"id":"([0-9a-f]{32})"', request)
    return "" if found is None else found[1].decode()


ECHOES: Final[dict[str, Callable[[bytes], bytes]]] = {
    "page": _page,
    "page with status 200": _found_page,
    "status line": _status_line,
    "no status": _no_status,
    "headers": _headers,
    "slow down": _slow_down,
    "length": _length,
    "not HTTP": _not_http,
    "error": _error,
    "result": _result,
    "escaped": _escaped,
    "done": _done,
    "large": _large,
}
"""What the service answers, by a name."""


class EchoServer(ScriptedServer):
    """Answers everything with the echo *name*, and takes the token first if it *gives_bearer*.

    *asked* is set when what it echoes has come; it waits for *go* before it answers.
    """

    def __init__(self, tls: ssl.SSLContext, name: str, *, gives_bearer: bool, go: Event | None = None) -> None:
        super().__init__(self._play, tls)
        self.asked = Event()
        self._echo, self._gives_bearer, self._go = ECHOES[name], gives_bearer, go

    def _play(self, visit: Visit) -> None:
        request = visit.request()
        if self._gives_bearer and b"/authentication" in request.partition(b"\r\n")[0]:
            visit.send(_bought())
            return
        self.asked.set()
        if self._go is not None:
            self._go.wait(_SECONDS)
        visit.send(self._echo(request))


def _bought() -> bytes:
    until = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _json({"bearer_token": BEARER.text, "expiration": until, "ticks": _LINE})
