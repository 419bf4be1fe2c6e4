"""What the services really did: the committed effects, in their order. A test counts here what was paid."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from threading import Lock


class Service(Enum):
    """The four."""

    COINPAYMENTS = "coinpayments"
    COINRPC = "coinrpc"
    COINSPARK = "coinspark"
    COINSOFTWORKS = "coinsoftworks"


@dataclass(frozen=True, slots=True)
class Entry:
    """One effect. *fields* are as the service read them, *identity* is the service's own name for it.

    *at* is unix seconds of the service's clock, *number* counts the entries of all services from 1.
    """

    number: int
    service: Service
    command: str
    identity: str
    fields: Mapping[str, str]
    at: int


class Books:
    """Every effect of all services, first first. Safe from any thread."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._lock = Lock()

    def commit(self, service: Service, command: str, identity: str, fields: Mapping[str, str], at: float) -> Entry:
        """Write an effect down for good."""
        with self._lock:
            entry = Entry(len(self._entries) + 1, service, command, identity, dict(fields), int(at))
            self._entries.append(entry)
        return entry

    def all(self) -> tuple[Entry, ...]:
        """Every entry."""
        with self._lock:
            return tuple(self._entries)

    def of(self, service: Service, *commands: str) -> tuple[Entry, ...]:
        """The entries of *service*; of these *commands* only, if any are named."""
        return tuple(
            entry for entry in self.all() if entry.service is service and (not commands or entry.command in commands)
        )

    def find(self, service: Service, identity: str, *commands: str) -> Entry | None:
        """The entry that *service* calls *identity*."""
        return next((entry for entry in self.of(service, *commands) if entry.identity == identity), None)
