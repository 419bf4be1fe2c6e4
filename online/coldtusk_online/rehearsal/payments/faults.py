"""Faults on demand: what can go wrong between a payment service and its client.

Each kind says how far a request gets before it goes wrong. Most of them come in two forms that a client cannot tell
apart: the service had carried the request out, or it had not. *commits* chooses; the default is the worse one.
"""

from dataclasses import dataclass
from enum import Enum
from threading import Lock


class RetryAfter(Enum):
    """The forms in which a service says when to come back (facts: coinsoftworks)."""

    SECONDS = "seconds"
    DATE = "date"
    ABSENT = "absent"
    ABSURD = "absurd"


class FaultKind(Enum):
    """What goes wrong."""

    LATENCY = "latency"
    """The reply comes whole after *seconds*."""
    HANG = "hang"
    """No reply, the connection stays open."""
    RESET_BEFORE_BODY = "reset-before-body"
    """The connection is reset when the head has come."""
    RESET_AFTER_BODY = "reset-after-body"
    """The connection is reset when the whole request has come."""
    REPLY_LOST = "reply-lost"
    """Carried out, then the connection ends without a reply."""
    CUT = "cut"
    """Content-Length promises more than comes."""
    GARBAGE = "garbage"
    """A reply of bytes that are no text."""
    HTML = "html"
    """Status 200 and a page, as from a proxy."""
    REDIRECT = "redirect"
    """Status 302 to the same path under /rehearsal/elsewhere, where the service answers."""
    TOO_MANY = "too-many"
    """Status 429."""
    UNAVAILABLE = "unavailable"
    """Status 503."""
    SERVER_ERROR = "server-error"
    """Status 502 and a page: a proxy in front of the service gave up on it."""
    HUGE = "huge"
    """A reply past every cap."""
    DUPLICATE_KEYS = "duplicate-keys"
    """The reply's object names everything twice."""
    CHUNKED = "chunked"
    """The right reply, in chunks."""
    NO_LENGTH = "no-length"
    """The right reply without Content-Length: it ends with the connection."""


NEVER_COMMIT = frozenset({FaultKind.RESET_BEFORE_BODY})
COMMIT_UNLESS_TOLD = frozenset(
    {
        FaultKind.LATENCY,
        FaultKind.REPLY_LOST,
        FaultKind.CUT,
        FaultKind.GARBAGE,
        FaultKind.HTML,
        FaultKind.SERVER_ERROR,
        FaultKind.HUGE,
        FaultKind.DUPLICATE_KEYS,
        FaultKind.CHUNKED,
        FaultKind.NO_LENGTH,
    }
)
NEED_THE_REPLY = frozenset(
    {FaultKind.LATENCY, FaultKind.CUT, FaultKind.DUPLICATE_KEYS, FaultKind.CHUNKED, FaultKind.NO_LENGTH}
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. *seconds* are of a latency, or said by Retry-After in the form *retry_after*."""

    kind: FaultKind
    commits: bool
    seconds: float = 1.0
    retry_after: RetryAfter = RetryAfter.SECONDS


class Faults:
    """The armed faults, first armed first used. Safe from any thread."""

    def __init__(self) -> None:
        self._armed: list[tuple[str, Fault]] = []
        self._lock = Lock()

    def arm(
        self,
        kind: FaultKind,
        path: str = "/",
        *,
        times: int = 1,
        commits: bool | None = None,
        seconds: float = 1.0,
        retry_after: RetryAfter = RetryAfter.SECONDS,
    ) -> None:
        """Let the next *times* requests whose path begins with *path* go wrong in this way.

        *commits* says whether the service carries them out; ``None`` is the kind's own way. A ``RuntimeError`` for a
        kind that has no choice.
        """
        does = kind in COMMIT_UNLESS_TOLD if commits is None else commits
        if kind in (NEVER_COMMIT if does else NEED_THE_REPLY):
            raise RuntimeError(f"{kind.value} has no choice whether it commits")
        with self._lock:
            self._armed += [(path, Fault(kind, does, seconds, retry_after))] * times

    def clear(self) -> None:
        """Disarm all."""
        with self._lock:
            self._armed.clear()

    def take(self, path: str) -> Fault | None:
        """The fault for a request of *path*, used up by this call."""
        with self._lock:
            for index, (prefix, fault) in enumerate(self._armed):
                if path.startswith(prefix):
                    del self._armed[index]
                    return fault
        return None

    @property
    def waiting(self) -> int:
        """How many faults nobody ran into yet."""
        with self._lock:
            return len(self._armed)
