"""The host of a house for the payment services: its files in a folder, driven by its library and by its commands."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from coldtusk_online import identity, issuing, issuing_calls, settings, settling, submitting, taking
from coldtusk_online.host import Host, no_checkpoint
from coldtusk_online.http import HttpClient, tls_context
from coldtusk_online.issuing_calls import CallOrder
from coldtusk_online.ledger import requests, service_accounts, store
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.ledger.states import State
from coldtusk_online.places import Places
from coldtusk_online.reply_keys import ReplyKeys
from coldtusk_online.sending import Way
from coldtusk_online.settings import Settings
from coldtusk_online.submitting import Means, Sent
from coldtusk_shared import files
from coldtusk_shared.request import PaymentId
from tests.simulators.house_clock import HouseClock
from tests.simulators.online_house import Ran, run
from tests.simulators.services_orders import NO_FIELDS, Texts, Wish, contents, items_of

LABEL: Final = "desk"
PURPOSE: Final = "invoice 17"
VALID_SECONDS: Final = 24 * 3600


@dataclass
class ServicesHost:
    """The host in *folder*. *told* are the lines that it said to its operator; *seconds* bound each exchange."""

    folder: Path
    clock: HouseClock
    seconds: float = 10.0
    told: list[str] = field(default_factory=list)
    _http: HttpClient | None = None

    @property
    def places(self) -> Places:
        """Where the host keeps its files."""
        return Places(self.folder / "config" / "settings.toml", self.folder / "data")

    @property
    def keys(self) -> ReplyKeys:
        """The host's one-time keys."""
        return ReplyKeys(self.places.reply_keys)

    def settings(self) -> Settings:
        """The settings as they stand."""
        return settings.load(self.places.config)

    def set(self, *lines: str) -> None:
        """Write the settings: the host's label, then *lines*."""
        self._http = None
        self.places.config.write_text("\n".join([f'label = "{LABEL}"', *lines, ""]), encoding="utf-8")

    @contextmanager
    def host(self, checkpoint: Callable[[str], None] = no_checkpoint) -> Iterator[Host]:
        """The host by its library."""
        ledger = store.connect(store.default_url(self.places.ledger))
        try:
            yield Host(LABEL, identity.load(self.places.identity), ledger, self.clock.seconds, os.urandom, checkpoint)
        finally:
            ledger.close()

    def account(self, host: Host, system: str) -> ServiceAccount:
        """The host's account at *system*."""
        with host.ledger.reading() as db:
            return service_accounts.find(db, system, None)

    def ask(
        self,
        system: str,
        command: str,
        fields: Texts = NO_FIELDS,
        *,
        ahead: int = 60,
        authenticate: bool = True,
        again: bool = False,
        payment_ids: tuple[PaymentId, ...] = (),
        host: Host | None = None,
    ) -> Stored:
        """A sealed request for *command* with *fields*, in the ledger: see :class:`Wish`.

        A call of coinrpc is sent *ahead* seconds from now; *again* means a repetition. With *payment_ids* that are
        known the request that has them is gone on with. *host* is one that is open already.
        """
        window = self.settings().service(system).window
        wish = Wish(command, fields, self.clock.seconds() + ahead, window, authenticate)
        with self.host() if host is None else nullcontext(host) as asking:
            account = self.account(asking, system)
            ids = payment_ids or tuple(issuing.new_id(asking) for _ in range(items_of(system, wish)))
            until = self.clock.seconds() + VALID_SECONDS
            made = CallOrder(account, contents(account, wish, ids), ids, PURPOSE, until, again)
            known = issuing_calls.resume(asking, self.keys, made)
            return issuing_calls.issue(asking, self.keys, made) if known is None else known

    def take(self, message: bytes) -> Stored:
        """Store the device's answer and send nothing."""
        with self.host() as host:
            return taking.take(host, message)

    def submit(self, message: bytes, checkpoint: Callable[[str], None] = no_checkpoint) -> Sent:
        """Take *message* and send what it holds, as the command does; each time as by a new process."""
        with self.host(checkpoint) as host:
            return submitting.submit_calls(host, taking.take(host, message), self.means())

    def means(self) -> Means:
        """What calls are sent with: the clock's sleep, and the host's own lock."""
        loaded = self.settings()
        memory: dict[ServiceAccount, dict[str, object]] = {}

        def way(account: ServiceAccount) -> Way:
            held = memory.setdefault(account, {})
            return Way(self.http(loaded), loaded, account, self.clock.seconds, self.clock.sleep, self.told.append, held)

        return Means(self.keys, way, lambda: files.exclusive(self.places.identity))

    def http(self, loaded: Settings) -> HttpClient:
        """The way out, which trusts the authority of the settings; made once for them."""
        if self._http is None:
            self._http = HttpClient(tls_context(loaded.ca_file), seconds=self.seconds)
        return self._http

    def settle(self, stored: Stored, *, happened: bool, why: str = "the service's own list shows it") -> Call:
        """The operator's word on the unknown call of *stored*."""
        unknown = next(call for call in self.read(stored).calls if call.state is State.UNKNOWN)
        with self.host() as host:
            settled = settling.settle(host, unknown.id, happened=happened, why=why)
            submitting.drop_key(host, self.keys, stored)
            return settled

    def read(self, stored: Stored) -> Stored:
        """*stored* as it stands now."""
        with self.host() as host, host.ledger.reading() as db:
            return requests.get(db, stored.id)

    def stored(self) -> list[Stored]:
        """All requests of the ledger."""
        with self.host() as host, host.ledger.reading() as db:
            return requests.all_of(db)

    def arguments(self) -> list[str]:
        """The options that name the host's places on the command line."""
        return ["--config", str(self.places.config), "--data", str(self.places.data)]

    def run(self, *arguments: str, text: str = "") -> Ran:
        """A command of the host, in this process; its clock is the machine's and not the house's."""
        return run(*self.arguments(), *arguments, text=text)
