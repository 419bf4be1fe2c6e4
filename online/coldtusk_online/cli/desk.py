"""What commands work with: the places, the settings, the host with its ledger, the nodes. Opened when asked for."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from coldtusk_online import identity, places, settings
from coldtusk_online.base_url import BaseUrl
from coldtusk_online.host import Host
from coldtusk_online.http import HttpClient, tls_context
from coldtusk_online.ledger import store
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.places import Places
from coldtusk_online.reply_keys import ReplyKeys
from coldtusk_online.sending import Way
from coldtusk_online.services.warthog.node import Node
from coldtusk_online.settings import Settings
from coldtusk_online.submitting import Means
from coldtusk_shared import files
from coldtusk_shared.services.warthog.network import Network


class Desk:
    """The online half as one command sees it. The settings are read once."""

    __slots__ = ("_memory", "_settings", "places")

    def __init__(self, found: Places) -> None:
        self.places = found
        self._settings: Settings | None = None
        self._memory: dict[ServiceAccount, dict[str, object]] = {}

    def settings(self) -> Settings:
        """The settings of a host that was set up, as they were when they were first asked for."""
        if self._settings is None:
            places.require(self.places)
            self._settings = settings.load(self.places.config)
        return self._settings

    @contextmanager
    def host(self) -> Iterator[Host]:
        """The host with its ledger, closed at the end."""
        loaded = self.settings()
        held = identity.load(self.places.identity)
        ledger = store.connect(loaded.ledger or store.default_url(self.places.ledger))
        try:
            yield Host(loaded.label, held, ledger, clock=now, random=os.urandom)
        finally:
            ledger.close()

    def reply_keys(self) -> ReplyKeys:
        """The one-time keys of requests that make a device release a secret."""
        return ReplyKeys(self.places.reply_keys)

    def means(self, tell: Callable[[str], None]) -> Means:
        """What calls of payment services are sent with; *tell* says a line to the operator."""
        loaded = self.settings()

        def way(account: ServiceAccount) -> Way:
            memory = self._memory.setdefault(account, {})
            return Way(http_client(loaded), loaded, account, now, time.sleep, tell, memory)

        return Means(self.reply_keys(), way, self.alone)

    def alone(self) -> AbstractContextManager[None]:
        """The lock of whoever sends or settles calls: what is just being sent is not settled beside it."""
        return files.exclusive(self.places.identity)

    def nodes(self, network: Network) -> list[Node]:
        """The nodes that the settings name for *network*, in their order."""
        loaded = self.settings()
        http = http_client(loaded)
        return [Node(BaseUrl.parse(url, "node"), network, http) for url in loaded.network(network).nodes]


def open_desk(config: Path | None, data: Path | None, environment: Mapping[str, str] = os.environ) -> Desk:
    """The desk at the places that options, *environment* or platform say."""
    return Desk(places.find(config, data, environment))


def http_client(loaded: Settings) -> HttpClient:
    """The one way out, with the further certificate authority if one is set."""
    return HttpClient(tls_context(loaded.ca_file) if loaded.ca_file else None)


def now() -> int:
    """Unix seconds by this machine's clock."""
    return int(time.time())
