"""coinsoftworks as far as a customer sees it: a token buys a bearer, the bearer opens the rest until it expires.

Facts: coinsoftworks. Both prefixes of the document are served, POST and GET both authenticate, and what the document
leaves open is a mode. Execute and poll are unpublished: their paths here are an operator's choice.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from threading import Lock
from typing import Final

from coldtusk_online.rehearsal.http_bytes import Request
from coldtusk_online.rehearsal.payments.books import Books
from coldtusk_online.rehearsal.payments.coinsoftworks_actions import ACTIONS, Actions, Refusal, TaskWords
from coldtusk_online.rehearsal.payments.credentials import Credentials
from coldtusk_online.rehearsal.payments.json_text import Json, json_reply
from coldtusk_online.rehearsal.payments.reply import Reply

PREFIXES: Final = ("/_functions/", "/_function/")
_TICKS: Final = 636607848220000000
"""As in the document: a moment of 2018 by .NET's count, whatever *expiration* says."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Where things are, behind the prefix. What follows as a further part is the account's key, or a task."""

    authentication: str = "authentication"
    settings: str = "settings"
    actions: str = "actions"
    user: str = "user"
    execute: str = "execute"
    poll: str = "poll"


@dataclass(frozen=True, slots=True)
class CoinSoftworksModes:
    """How the service behaves. *unauthorized_status* is 401 or 500, for a bearer that expired or is unknown.

    *seconds_between*: authenticating again sooner is answered with 429. *pending_polls*: so often a task is not done.
    *tasks_fail*: at their end. *null_bearer*: authentication succeeds and gives no token, as the document allows.
    """

    unauthorized_status: int = 401
    bearer_seconds: int = 3600
    seconds_between: int = 0
    pending_polls: int = 2
    null_bearer: bool = False
    tasks_fail: bool = False
    paths: Paths = field(default_factory=Paths)
    words: TaskWords = field(default_factory=TaskWords)


class CoinSoftworks:
    """The service for one account."""

    def __init__(self, credentials: Credentials, books: Books, clock: Callable[[], float]) -> None:
        self.modes = CoinSoftworksModes()
        self.bearers: dict[str, float] = {}
        self._credentials, self._clock = credentials, clock
        self._actions = Actions(books, clock)
        self._authenticated = 0
        self._last: float | None = None
        self._lock = Lock()

    def revoke(self) -> None:
        """Forget every bearer: each is unknown from now on."""
        with self._lock:
            self.bearers.clear()

    def answer(self, request: Request) -> Reply:
        """The reply to *request*; its effects are in the books when this returns."""
        prefix = next(prefix for prefix in PREFIXES if request.path.startswith(prefix))
        name, _, rest = request.path.removeprefix(prefix).partition("/")
        with self._lock:
            try:
                return json_reply(self._result(request, name, rest))
            except Refusal as no:
                return Reply(json_reply({"message": str(no)}).body, no.status, headers=no.headers)

    def _result(self, request: Request, name: str, rest: str) -> Json:
        paths, modes = self.modes.paths, self.modes
        if name == paths.authentication:
            return self._authenticate(request, rest)
        self._check_bearer(request)
        if name == paths.execute:
            return self._actions.execute(request, rest, modes.pending_polls, modes.words)
        if name == paths.poll:
            return self._actions.poll(request, rest, modes.words, fails=modes.tasks_fail)
        return self._read(request, name, rest)

    def _authenticate(self, request: Request, account: str) -> Json:
        token = request.header("X-SIMPLE-API-ACCESS-TOKEN")
        if request.method not in {"POST", "GET"}:
            raise Refusal(405, "GET or POST")
        is_known = token is not None and _same(token, self._credentials.coinsoftworks_access)
        by_path = request.method == "GET" and token is None and bool(account)
        if not (is_known or by_path) or account not in {"", self._credentials.coinsoftworks_account}:
            raise Refusal(500, "Unauthorized")
        now = self._clock()
        if self._last is not None and now - self._last < self.modes.seconds_between:
            wait = int(self._last + self.modes.seconds_between - now) + 1
            raise Refusal(429, "Too many requests", (("Retry-After", str(wait)),))
        self._last = now
        self._authenticated += 1
        return self._bearer(now + self.modes.bearer_seconds)

    def _bearer(self, expiration: float) -> Json:
        token = "eyRehearsal." + sha256(f"bearer {self._authenticated} {expiration}".encode()).hexdigest()
        self.bearers[token] = expiration
        return {
            "bearer_token": None if self.modes.null_bearer else token,
            "expiration": datetime.fromtimestamp(expiration, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ticks": _TICKS,
        }

    def _check_bearer(self, request: Request) -> None:
        kind, _, token = (request.header("Authorization") or "").partition(" ")
        expiration = self.bearers.get(token)
        if kind != "Bearer" or expiration is None or self._clock() >= expiration:
            raise Refusal(self.modes.unauthorized_status, "Unauthorized")

    def _read(self, request: Request, name: str, account: str) -> Json:
        paths = self.modes.paths
        answers: dict[str, Json] = {
            paths.settings: {"settings_list": {"language": "en", "two_factor": "true"}, "enterprise_mode": "true"},
            paths.actions: [action.shown() for action in ACTIONS],
            paths.user: {"username": "JohnCB5496", "purchased_plan": "Ultimate"},
        }
        if name not in answers:
            raise Refusal(404, "Not found")
        if request.method != "GET":
            raise Refusal(405, "GET only")
        if account not in {"", self._credentials.coinsoftworks_account}:
            raise Refusal(self.modes.unauthorized_status, "Unauthorized")
        return answers[name]


def _same(given: str, own: str) -> bool:
    return hmac.compare_digest(given.encode("latin-1", "replace"), own.encode())
