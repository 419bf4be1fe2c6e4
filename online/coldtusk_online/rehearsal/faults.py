"""Faults on demand: what can go wrong between a node and its client, for training and for tests.

Not of the real node. Armed in process by :meth:`Faults.arm`, or by
``POST /rehearsal/fault`` with ``{"fault": NAME, "path": PREFIX, "times": N, "seconds": S}`` (all but the
name optional; the name ``clear`` disarms all). Each applies to the next *times* requests whose path begins with *path*.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from threading import Lock

from coldtusk_online.rehearsal import jsonreader
from coldtusk_online.rehearsal.chain import PIN_STEP, Chain
from coldtusk_online.rehearsal.forms import Json


class FaultKind(Enum):
    """What goes wrong. Those of :data:`UNHANDLED` never reach the node; with the others the request takes effect."""

    REPLY_LOST = "reply-lost"
    """The transaction is taken, then the connection ends without a reply."""
    DROP = "drop"
    """The connection ends at once."""
    HANG = "hang"
    """No reply, the connection stays open."""
    REDIRECT = "redirect"
    """HTTP 302 to the same path under /rehearsal/elsewhere."""
    TRICKLE = "trickle"
    """The reply comes at one byte in *seconds* (default 1)."""
    SLOW = "slow"
    """The reply comes after *seconds* (default 1)."""
    HUGE = "huge"
    """A reply past every cap."""
    GARBAGE = "garbage"
    """A reply of bytes that are no text."""
    HTML = "html"
    """A page instead of JSON, as from a proxy."""
    CUT = "cut"
    """Content-Length promises more than comes."""
    WRONG_HASH = "wrong-hash"
    """The reply names another transaction."""
    STALE_HEAD = "stale-head"
    """The head is an older one: the pin before the newest."""
    FORK = "fork"
    """The same heights with other hashes."""
    NOT_SYNCED = "not-synced"
    """The node says that it is not synced."""


UNHANDLED = frozenset({FaultKind.DROP, FaultKind.HANG, FaultKind.REDIRECT})


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault for the next requests under a path."""

    kind: FaultKind
    path: str = "/"
    times: int = 1
    seconds: float = 1.0


class Faults:
    """The armed faults, first armed first used. Safe from any thread."""

    def __init__(self, *armed: Fault) -> None:
        self._armed: list[list[Fault]] = [[fault] * fault.times for fault in armed]
        self._lock = Lock()

    def arm(self, kind: FaultKind, path: str = "/", *, times: int = 1, seconds: float = 1.0) -> None:
        """Let the next *times* requests under *path* go wrong in this way."""
        with self._lock:
            self._armed.append([Fault(kind, path, times, seconds)] * times)

    def clear(self) -> None:
        """Disarm all."""
        with self._lock:
            self._armed.clear()

    def take(self, path: str) -> Fault | None:
        """The fault for a request of *path*, used up by this call."""
        with self._lock:
            for waiting in self._armed:
                if waiting and path.startswith(waiting[0].path):
                    return waiting.pop()
        return None

    def control(self, body: bytes) -> Json:
        """Carry out the body of POST /rehearsal/fault and return its reply."""
        try:
            wish = jsonreader.parse(body)
            if not isinstance(wish, dict):
                raise ValueError("an object is expected")
            if wish.get("fault") == "clear":
                self.clear()
            else:
                self._arm_from(wish)
        except (jsonreader.Unreadable, ValueError, TypeError) as fault:
            return {"code": -1, "error": f"no such fault: {fault}"}
        return {"code": 0, "data": None}

    def _arm_from(self, wish: jsonreader.Document) -> None:
        times, seconds = wish.get("times", 1), wish.get("seconds", 1)
        if not isinstance(times, int) or not isinstance(seconds, int | float):
            raise TypeError("times and seconds are numbers")
        path = str(wish.get("path", "/"))
        self.arm(FaultKind(wish.get("fault")), path, times=times, seconds=float(seconds))


def bend(kind: FaultKind, reply: Json, chain: Chain) -> Json:
    """*reply* as the fault *kind* would have it; unchanged for kinds that are not about content."""
    change = _BENDS.get(kind)
    return reply if change is None else _bent(reply, change(chain))


def _bent(value: Json, changes: dict[str, Callable[[Json], Json]]) -> Json:
    if isinstance(value, list):
        return [_bent(item, changes) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: changes[key](item) if key in changes else _bent(item, changes) for key, item in value.items()}


def _flipped(value: Json) -> Json:
    return value[::-1] if isinstance(value, str) else value


def _wrong_hash(_: Chain) -> dict[str, Callable[[Json], Json]]:
    return {"txHash": _flipped, "hash": _flipped}


def _fork(_: Chain) -> dict[str, Callable[[Json], Json]]:
    return {"pinHash": _flipped, "hash": _flipped}


def _not_synced(_: Chain) -> dict[str, Callable[[Json], Json]]:
    return {"synced": lambda _: False}


def _stale_head(chain: Chain) -> dict[str, Callable[[Json], Json]]:
    height = max(0, chain.pin_height - PIN_STEP)
    shown = chain.block_hash(height).hex()
    return {
        "height": lambda _: height,
        "pinHeight": lambda _: height,
        "hash": lambda _: shown,
        "pinHash": lambda _: shown,
    }


_BENDS: dict[FaultKind, Callable[[Chain], dict[str, Callable[[Json], Json]]]] = {
    FaultKind.WRONG_HASH: _wrong_hash,
    FaultKind.FORK: _fork,
    FaultKind.NOT_SYNCED: _not_synced,
    FaultKind.STALE_HEAD: _stale_head,
}
