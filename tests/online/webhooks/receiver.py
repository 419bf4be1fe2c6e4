"""A webhook server in a thread of the test, and what services send to it."""

import hashlib
import hmac
import http.client
import os
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from coldtusk_online.host import Host, no_checkpoint
from coldtusk_online.identity import HostIdentity
from coldtusk_online.ledger import notices, store
from coldtusk_online.ledger.notices import Stored
from coldtusk_online.ledger.store import Ledger
from coldtusk_online.webhooks.app import Intake, application
from coldtusk_online.webhooks.limiter import Limiter, Rate
from coldtusk_online.webhooks.notice import Service
from coldtusk_online.webhooks.secrets import Secret, Secrets
from coldtusk_online.webhooks.server import Listen, Server
from coldtusk_online.webhooks.storing import store_in
from coldtusk_online.webhooks.tally import Tally
from coldtusk_online.webhooks.writer import Writer
from tests.simulators.online_house import NOW, test_clock

MERCHANT, IPN_SECRET = "m1", "canary ipn secret"
WALLET, WALLET_SECRET = "hot-1", "canary-wallet-secret"
FORM = "application/x-www-form-urlencoded"
PLENTY = Rate(1_000_000, 1_000_000)
RECEIVE = {
    "amount": "0.1",
    "block_number": "",
    "currency": "BTC",
    "event": "RECEIVE",
    "guid": "ABCD12349876",
    "network": "bitcoin",
    "recipient": "1Lbcfr7sAHTD9CgdQo3HTMTkV8LK4ZnX71",
    "service_fee": "0",
    "status": "PENDING",
    "timestamp": "1795000000",
    "tx_hash": "ab" * 32,
    "wallet": WALLET,
}


def secrets() -> Secrets:
    """One of each service."""
    return Secrets(
        {
            Service.COINPAYMENTS: {MERCHANT: Secret(IPN_SECRET, "test")},
            Service.COINRPC: {WALLET: Secret(WALLET_SECRET, "test")},
        }
    )


def encode(fields: Mapping[str, str]) -> bytes:
    """*fields* as a form, in their order."""
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items()).encode()


def ipn(**fields: str) -> bytes:
    """The body of an IPN."""
    return encode({"ipn_mode": "hmac", "merchant": MERCHANT, "status": "100", **fields})


def mac(body: bytes, secret: str = IPN_SECRET) -> str:
    """The header HMAC, by Python's other way to it."""
    return hmac.new(secret.encode(), body, hashlib.sha512).hexdigest()


def verify_hash(fields: Mapping[str, str], secret: str = WALLET_SECRET) -> str:
    """As the service's document shows it."""
    parts = [fields[key] for key in sorted(fields.keys()) if key != "verify_hash"]
    parts.append(secret)
    return hashlib.sha256(":".join(parts).encode("utf-8")).hexdigest()


def webhook(**changed: str) -> bytes:
    """The body of a CoinRPC webhook about a received payment, with its hash."""
    fields = {**RECEIVE, **changed}
    return encode({**fields, "verify_hash": verify_hash(fields)})


class Reply(NamedTuple):
    """What the server answered."""

    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass
class Receiver:
    """A running server; :func:`receiving` makes it."""

    url: str
    ledger: Ledger
    tally: Tally
    lines: list[str] = field(default_factory=list)
    tls: ssl.SSLContext | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.url).port or 0

    def post(self, path: str, body: bytes, method: str = "POST", **headers: str) -> Reply:
        """Send *body* on a connection of its own; "_" in a header's name is "-"."""
        sent = {"Content-Type": FORM, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.tls is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        else:
            connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=self.tls)
        try:
            connection.request(method, path, body, sent)
            reply = connection.getresponse()
            return Reply(reply.status, reply.read(), {name.lower(): value for name, value in reply.getheaders()})
        finally:
            connection.close()

    def ipn(self, body: bytes, **headers: str) -> Reply:
        """Send *body* as CoinPayments does, with its right HMAC."""
        return self.post("/coinpayments", body, **{"HMAC": mac(body), **headers})

    def webhook(self, body: bytes, wallet: str = WALLET) -> Reply:
        """Send *body* as CoinRPC does."""
        return self.post(f"/coinrpc/{quote(wallet)}", body)

    def stored(self) -> list[Stored]:
        """What the ledger has."""
        with self.ledger.reading() as db:
            return notices.latest(db)


@contextmanager
def receiving(
    folder: Path,
    *,
    held: Secrets | None = None,
    limiter: Limiter | None = None,
    listen: Listen | None = None,
    client_tls: ssl.SSLContext | None = None,
    seconds: float = 20,
    random: Callable[[int], bytes] = os.urandom,
    checkpoint: Callable[[str], None] = no_checkpoint,
) -> Iterator[Receiver]:
    """A server over a new ledger in *folder*, that ends with the block."""
    ledger = store.create(store.default_url(folder / "ledger.sqlite"))
    host = Host("desk", HostIdentity(bytes(32)), ledger, test_clock, random, checkpoint)
    lines: list[str] = []
    tally, writer = Tally(lines.append), Writer(store_in(host))
    unlimited = Limiter(lambda: NOW, PLENTY, PLENTY)
    intake = Intake(held or secrets(), writer, limiter or unlimited, tally, seconds)
    server = Server(application(intake), listen or Listen())
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield Receiver(server.url, ledger, tally, lines, client_tls)
    finally:
        server.stop()
        thread.join()
        writer.stop()
        ledger.close()
