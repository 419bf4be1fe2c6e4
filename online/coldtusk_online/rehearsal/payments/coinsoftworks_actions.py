"""coinsoftworks: the actions of an account. Executing one books it and gives a task; polling tells when it is done.

Nothing of it is published. Fields come as a JSON object or as a form, the action's number among them or in the path.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qsl

from coldtusk_online.rehearsal.http_bytes import Headers, Request
from coldtusk_online.rehearsal.payments.books import Books, Service
from coldtusk_online.rehearsal.payments.json_text import Json

_ACTION: Final = "action_id"


class Refusal(Exception):
    """The service answers with this status and these words."""

    def __init__(self, status: int, message: str, headers: Headers = ()) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Action:
    """An action of the account."""

    number: int
    name: str
    kind: str
    is_enabled: bool = True

    def shown(self) -> Json:
        """As the list of actions shows it: a number as a text (facts)."""
        return {
            "action_name": self.name,
            "action_type": self.kind,
            _ACTION: str(self.number),
            "action_status": "Enabled" if self.is_enabled else "Disabled",
        }


@dataclass(frozen=True, slots=True)
class TaskWords:
    """How a task is named and what is said of it."""

    task: str = "task_id"
    status: str = "status"
    pending: str = "Pending"
    done: str = "Done"
    failed: str = "Failed"


ACTIONS: Final = (
    Action(33, "Send BTC", "eWallet Action"),
    Action(34, "Swap", "eWallet Action"),
    Action(35, "Start mining", "eMining Action"),
    Action(36, "Transfer", "eWallet Action", is_enabled=False),
)


class Actions:
    """Executes and remembers. Not safe from several threads: its service holds a lock."""

    def __init__(self, books: Books, clock: Callable[[], float]) -> None:
        self._books, self._clock = books, clock
        self._waits: dict[str, int] = {}

    def execute(self, request: Request, rest: str, polls: int, words: TaskWords) -> Json:
        """Book the action of *request*; it is done after *polls* polls. *rest* of the path may be its number."""
        fields = _fields(request)
        number = fields.setdefault(_ACTION, rest)
        action = next((action for action in ACTIONS if str(action.number) == number), None)
        if action is None or not action.is_enabled or rest not in {"", number}:
            raise Refusal(400, "Bad Request: no such action, or it is disabled")
        count = len(self._books.of(Service.COINSOFTWORKS)) + 1
        task = sha256(f"coinsoftworks {count}".encode()).hexdigest()[:16]
        self._books.commit(Service.COINSOFTWORKS, action.name, task, fields, self._clock())
        self._waits[task] = polls
        return {words.task: task, words.status: words.pending}

    def poll(self, request: Request, rest: str, words: TaskWords, *, fails: bool) -> Json:
        """How far a task is: named in the path, the query or the body."""
        task = rest or _fields(request).get(words.task, "")
        if task not in self._waits:
            raise Refusal(400, "Bad Request: no such task")
        if self._waits[task] > 0:
            self._waits[task] -= 1
            return {words.task: task, words.status: words.pending}
        if fails:
            return {words.task: task, words.status: words.failed}
        return {words.task: task, words.status: words.done, "result": "true"}


def _fields(request: Request) -> dict[str, str]:
    """The fields of the query and the body, every value as a text."""
    try:
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        body = request.body.decode("utf-8")
        given: object = json.loads(body) if body.startswith("{") else dict(parse_qsl(body, keep_blank_values=True))
    except (ValueError, RecursionError) as fault:
        raise Refusal(400, "Bad Request: the content cannot be read") from fault
    named: Mapping[str, object] = given if isinstance(given, dict) else {}
    return query | {str(name): str(value) for name, value in named.items()}
