"""The CoinRPC stand-in by a clock of the test, and the online half on its way to it."""

import hmac
from dataclasses import dataclass, field
from typing import Any

from coldtusk_online.http import HttpClient, tls_context
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.payments import REHEARSAL, RunningPayments, Service
from coldtusk_online.sending import Heard, Ready, Way
from coldtusk_online.services.coinrpc import submit
from coldtusk_online.settings import Settings
from coldtusk_online.settings_services import ServiceSettings
from coldtusk_shared.envelope import KeyId
from coldtusk_shared.request import Item, PaymentId, RequestId
from coldtusk_shared.services.coinrpc import output
from coldtusk_shared.services.coinrpc.body import body, message
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from coldtusk_shared.services.coinrpc.output import Output
from tests.shared.services.coinrpc.rpc_samples import PAYMENT_ID, SEND_AT

KEY = REHEARSAL.coinrpc_key.encode()
PATH = "/bitcoin"
DEVICE = KeyId(b"d" * 16)


@dataclass
class Clock:
    """A clock that only the test moves. The service's is *ahead* of ours by so many seconds."""

    now: float = float(SEND_AT)
    ahead: float = 0.0

    def ours(self) -> int:
        """As the online half reads it."""
        return int(self.now)

    def theirs(self) -> float:
        """As the service reads it."""
        return self.now + self.ahead

    def sleep(self, seconds: float) -> None:
        """Time goes by."""
        self.now += seconds


@dataclass
class Desk:
    """The stand-in, and the way to it; what the operator was told."""

    services: RunningPayments
    clock: Clock
    told: list[str] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        """Where the stand-in is."""
        return Settings(label="ops", services={"coinrpc": ServiceSettings(self.services.coinrpc_url)})

    @property
    def way(self) -> Way:
        """A client that trusts the rehearsal's authority."""
        return Way(
            http=HttpClient(tls_context(self.services.ca_file), seconds=2.0),
            settings=self.settings,
            account=ServiceAccount("coinrpc", KEY, "wallet", DEVICE),
            clock=self.clock.ours,
            sleep=self.clock.sleep,
            tell=self.told.append,
        )

    @property
    def payments(self) -> int:
        """How many the service carried out."""
        return len(self.services.books.of(Service.COINRPC))

    @property
    def arrived(self) -> int:
        """How many calls arrived."""
        return len(self.services.received_at(PATH))

    def send(self, ready: Ready) -> Heard:
        """One call."""
        return submit.send(ready, self.way)


def signed(item: Item, content: CoinRpcContent, secret: str = REHEARSAL.coinrpc_signing) -> bytes:
    """What the device gives."""
    made = body(item.payment_id, content.method, content.params)
    mac = hmac.digest(secret.encode(), message(made, content.send_at), "sha256")
    return output.encode(Output(content.send_at, made, mac))


def ready(
    content: CoinRpcContent, state: State = State.ANSWERED, payment_id: PaymentId = PAYMENT_ID, **signing: Any
) -> Ready:
    """An answered call."""
    item = Item(payment_id, content.account, content)
    call = Call(payment_id, RequestId(bytes(16)), 0, state, "coinrpc", "call", content.account, None, bytes(32))
    return Ready(call, item, signed(item, content, **signing))
