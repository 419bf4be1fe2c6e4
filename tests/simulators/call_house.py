"""An online half for tests of calls: its files in a folder, the stand-ins of the services, a device to answer."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coldtusk_online import issuing_calls, settings, taking
from coldtusk_online.host import Host, no_checkpoint
from coldtusk_online.http import HttpClient, tls_context
from coldtusk_online.issuing_calls import CallOrder
from coldtusk_online.ledger import accounts, calls, devices, requests, service_accounts
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.rehearsal.payments.serving import RunningPayments, serve_payments
from coldtusk_online.reply_keys import ReplyKeys
from coldtusk_online.sending import Way
from coldtusk_online.submitting import Means, Sent, submit_calls
from coldtusk_shared import card, command, files
from coldtusk_shared.card import CardService
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services import Content
from coldtusk_shared.services.coinpayments import content as payments
from coldtusk_shared.services.coinpayments.commands import COMMANDS
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from tests.shared.services.coinspark.asset_samples import asset
from tests.simulators.call_device import SPARK_ACCOUNT, CallDevice
from tests.simulators.online_house import NOW, Counter, House

DAY = 86_400
PAYEE = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"
_HEAD = 'ca_file = "{ca}"\nlabel = "desk"\n'
_SERVICE = '\n[services.{system}]\nurl = "{url}"\n'


def withdrawal(key: str, amount: str = "0.1", **more: str) -> Content:
    """A withdrawal from the account with this public *key*."""
    given = {"amount": amount, "currency": "BTC", "address": PAYEE, "auto_confirm": "no", **more}
    chosen = COMMANDS["create_withdrawal"]
    return payments.make(key.encode(), chosen, command.typed(chosen, list(given.items())))


def reading(key: str, name: str = "balances", **given: str) -> Content:
    """A call that reads."""
    return payments.make(key.encode(), COMMANDS[name], command.typed(COMMANDS[name], list(given.items())))


def timed(key: str, send_at: int, window: int = 30) -> Content:
    """A call that is sent at its time; it reads."""
    return CoinRpcContent(key.encode(), "get_balance", (), send_at, window)


@dataclass
class CallHouse(House):
    """A house without nodes; *now* is its clock, *told* what the operator was told while calls were sent."""

    services: RunningPayments = field(init=False)
    now: int = NOW
    told: list[str] = field(default_factory=list)
    pause: Callable[[float], None] | None = None
    """What happens instead of sleeping, if a test says so."""

    @property
    def key(self) -> str:
        """The public key at CoinPayments."""
        return self.services.credentials.coinpayments_public

    @property
    def keys(self) -> ReplyKeys:
        """Its one-time keys."""
        return ReplyKeys(self.folder / "data" / "reply_keys")

    @contextmanager
    def host(self, checkpoint: Callable[[str], None] = no_checkpoint) -> Iterator[Host]:
        """The host by its library, with the house's clock."""
        with super().host(checkpoint) as host:
            yield Host(host.label, host.identity, host.ledger, lambda: self.now, host.random, checkpoint)

    def order(self, *contents: Content, first: int = 1, again: bool = False) -> CallOrder:
        """An order with payment ids that count from *first*."""
        system = contents[0].kind.partition("/")[0]
        with self.host() as host, host.ledger.reading() as db:
            account = service_accounts.find(db, system, None)
        ids = tuple(PaymentId((first + place).to_bytes(16)) for place, _ in enumerate(contents))
        return CallOrder(account, contents, ids, "rent", self.now + DAY, again)

    def issued(self, *contents: Content, first: int = 1, again: bool = False) -> Stored:
        """A sealed request."""
        with self.host() as host:
            return issuing_calls.issue(host, self.keys, self.order(*contents, first=first, again=again))

    def taken(self, stored: Stored, **how: Any) -> Stored:
        """The request after the device's answer was taken."""
        assert stored.sealed is not None
        with self.host() as host:
            return taking.take(host, self.device.answer(stored.sealed, **how))

    def ready(self, *contents: Content, first: int = 1, again: bool = False) -> Stored:
        """A request that was issued and answered: it can be submitted."""
        return self.taken(self.issued(*contents, first=first, again=again))

    def way(self, account: ServiceAccount, seconds: float = 5) -> Way:
        """A way out whose sleep moves the house's clock."""
        loaded = settings.load(self.folder / "config" / "settings.toml")
        http = HttpClient(tls_context(loaded.ca_file), seconds=seconds)
        return Way(http, loaded, account, lambda: self.now, self.pause or self.sleep, self.told.append)

    def sleep(self, seconds: float) -> None:
        """Time passes at once."""
        self.now += int(seconds)

    def means(self, seconds: float = 5) -> Means:
        """What is submitted with."""
        return Means(self.keys, lambda account: self.way(account, seconds), self.alone)

    def alone(self) -> AbstractContextManager[None]:
        """The lock of those who send."""
        return files.exclusive(self.folder / "data" / "identity.key")

    def submit(self, stored: Stored, checkpoint: Callable[[str], None] = no_checkpoint, seconds: float = 5) -> Sent:
        """Send what was answered."""
        with self.host(checkpoint) as host, host.ledger.reading() as db:
            current = requests.get(db, stored.id)
        with self.host(checkpoint) as host:
            return submit_calls(host, current, self.means(seconds))

    def call(self, number: int) -> Call:
        """The call with this payment id."""
        with self.host() as host, host.ledger.reading() as db:
            return calls.get(db, PaymentId(number.to_bytes(16)))

    def history(self, number: int) -> list[str]:
        """The states that it went through."""
        with self.host() as host, host.ledger.reading() as db:
            return [event.state.value for event in calls.history(db, PaymentId(number.to_bytes(16)))]

    def bodies(self) -> Sequence[bytes]:
        """What CoinPayments received, in order."""
        return [request.body for request in self.services.received_at("/api.php")]


@contextmanager
def call_house(folder: Path, *, spark_url: bool = True) -> Iterator[CallHouse]:
    """A house that is paired with a device that has an account at three of the services."""
    (folder / "ca").mkdir()
    home = CallHouse(folder, CallDevice(), (), random=Counter())
    with serve_payments(folder / "ca", clock=lambda: float(home.now)) as services:
        home.services = services
        assert home.run("init", "--label", "desk").status == 0
        urls = {"coinpayments": services.coinpayments_url, "coinrpc": services.coinrpc_url}
        urls |= {"coinspark": services.coinspark_url} if spark_url else {}
        text = _HEAD.format(ca=services.ca_file)
        text += "".join(_SERVICE.format(system=system, url=url) for system, url in urls.items())
        (folder / "config" / "settings.toml").write_text(text, encoding="utf-8")
        _pair(home)
        yield home


def spark(**changes: Any) -> Content:
    """The creation of an asset: its result is released."""
    return asset(**changes)


def _pair(home: CallHouse) -> None:
    held = home.services.credentials
    public, rpc = held.coinpayments_public.encode(), held.coinrpc_key.encode()
    home.device = CallDevice(
        services=(
            CardService("coinpayments", public, "trading"),
            CardService("coinrpc", rpc, "wallet"),
            CardService("coinspark", SPARK_ACCOUNT, "assets"),
        ),
        secrets={
            public: held.coinpayments_private,
            rpc: held.coinrpc_signing,
            SPARK_ACCOUNT: held.coinspark_key,
        },
    )
    with home.host() as host, host.ledger.writing() as db:
        opened = card.open_device(home.device.card())
        kid = devices.pin(db, opened, NOW)
        accounts.take_over(db, opened.accounts, kid)
        service_accounts.take_over(db, opened.services, kid)
