"""CoinRPC as far as a customer sees it: JSON-RPC 2.0, an HMAC over the JSON that the server wrote again.

Facts: CoinRPC. Nobody documents the window, the replay rule and the errors, so all of them are modes here.
"""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from threading import Lock
from typing import Final

from coldtusk_online.rehearsal.http_bytes import Request
from coldtusk_online.rehearsal.payments.books import Books
from coldtusk_online.rehearsal.payments.coinrpc_methods import Failed, Methods
from coldtusk_online.rehearsal.payments.credentials import Credentials
from coldtusk_online.rehearsal.payments.json_text import Json, json_reply
from coldtusk_online.rehearsal.payments.reply import Reply
from coldtusk_online.rehearsal.payments.reserialise import Reserialise, Unreadable, again, parse

PATH: Final = "/bitcoin"
_STAMP: Final = re.compile(r"[0-9]{1,12}")
_UNAUTHORIZED: Final = -32001
_REPLAYED: Final = -32002
_DUPLICATE: Final = -32003


class Window(Enum):
    """Which timestamps are in time."""

    STRICT = "strict"
    """From the timestamp until *window_seconds* later, by the server's clock: never early."""
    LOOSE = "loose"
    """*window_seconds* early or late."""
    NONE = "none"
    """Any timestamp."""


class DuplicateId(Enum):
    """What becomes of a request whose id came before."""

    EXECUTE = "execute"
    SAME_REPLY = "same-reply"
    REFUSE = "refuse"


class Shape(Enum):
    """The form of the reply. What was asked is carried out in all of them."""

    RIGHT = "right"
    ERROR = "error"
    """An error member alone, although it was carried out."""
    NULL_ERROR = "null-error"
    """The result, and an error that is null."""
    NULL_RESULT = "null-result"
    """A result that is null."""
    BOTH = "both"
    NEITHER = "neither"
    OTHER_ID = "other-id"
    NUMBER_ID = "number-id"
    NO_VERSION = "no-version"


@dataclass(frozen=True, slots=True)
class CoinRpcModes:
    """How the service behaves. Without *replay_cache* it carries out the same signed request again.

    *error_status* is the status of a reply with an error that was not carried out.
    """

    reserialise: Reserialise = Reserialise.PYTHON
    window: Window = Window.STRICT
    window_seconds: int = 30
    replay_cache: bool = True
    duplicate_id: DuplicateId = DuplicateId.EXECUTE
    shape: Shape = Shape.RIGHT
    error_status: int = 200


class CoinRpc:
    """The service for one wallet."""

    def __init__(self, credentials: Credentials, books: Books, clock: Callable[[], float]) -> None:
        self.modes = CoinRpcModes()
        self.methods = Methods(books, clock)
        self._credentials, self._clock = credentials, clock
        self._lock = Lock()
        self._seen: set[str] = set()
        self._replies: dict[str, dict[str, Json]] = {}

    def answer(self, request: Request) -> Reply:
        """The reply to *request*; its effects are in the books when this returns."""
        if request.method != "POST":
            return json_reply({"message": "POST only"}, 405)
        with self._lock:
            identity: Json = None
            try:
                self._authenticate(request)
                call = _call(request)
                identity = str(call["id"])
                return json_reply(self._shaped(identity, self._executed(identity, call)))
            except Failed as no:
                error: Json = {"id": identity, "jsonrpc": "2.0", "error": no.member}
                return json_reply(error, self.modes.error_status)

    def _authenticate(self, request: Request) -> None:
        key, stamp, sent = (request.header(f"x-{name}") or "" for name in ("api-key", "timestamp", "signature"))
        if key != self._credentials.coinrpc_key:
            raise Failed(_UNAUTHORIZED, "unknown api key")
        if _STAMP.fullmatch(stamp) is None or not self._in_time(int(stamp)):
            raise Failed(_UNAUTHORIZED, "timestamp outside of the window")
        try:
            text = again(request.body, self.modes.reserialise)
        except Unreadable as fault:
            raise Failed(-32700, "Parse error") from fault
        own = hmac.new(self._credentials.coinrpc_signing.encode(), text + b":" + stamp.encode(), "sha256").hexdigest()
        if not hmac.compare_digest(own.encode(), sent.encode("latin-1")):
            raise Failed(_UNAUTHORIZED, "signature does not match")
        if self.modes.replay_cache and own in self._seen:
            raise Failed(_REPLAYED, "this request was sent before")
        self._seen.add(own)

    def _in_time(self, stamp: int) -> bool:
        late, seconds = self._clock() - stamp, self.modes.window_seconds
        if self.modes.window is Window.STRICT:
            return 0 <= late < seconds
        return self.modes.window is Window.NONE or abs(late) <= seconds

    def _executed(self, identity: str, call: Mapping[str, object]) -> dict[str, Json]:
        if identity in self._replies and self.modes.duplicate_id is DuplicateId.REFUSE:
            raise Failed(_DUPLICATE, "this id was used before")
        if identity not in self._replies or self.modes.duplicate_id is DuplicateId.EXECUTE:
            self._replies[identity] = {"result": self.methods.call(call["method"], call.get("params", {}))}
        return self._replies[identity]

    def _shaped(self, identity: str, outcome: dict[str, Json]) -> Json:
        right: dict[str, Json] = {"id": identity, "jsonrpc": "2.0"}
        error: Json = {"code": -32603, "message": "Internal error"}
        shapes: dict[Shape, dict[str, Json]] = {
            Shape.RIGHT: right | outcome,
            Shape.ERROR: right | {"error": error},
            Shape.NULL_ERROR: right | outcome | {"error": None},
            Shape.NULL_RESULT: right | {"result": None},
            Shape.BOTH: right | outcome | {"error": error},
            Shape.NEITHER: right,
            Shape.OTHER_ID: right | {"id": identity[::-1] + "x"} | outcome,
            Shape.NUMBER_ID: right | {"id": 1} | outcome,
            Shape.NO_VERSION: {"id": identity} | outcome,
        }
        return shapes[self.modes.shape]


def _call(request: Request) -> dict[str, object]:
    call = parse(request.body)
    if not isinstance(call, dict) or call.get("jsonrpc") != "2.0" or not isinstance(call.get("method"), str):
        raise Failed(-32600, "Invalid Request")
    if type(call.get("id")) not in {str, int}:
        raise Failed(-32600, "Invalid Request: no id")
    return call
