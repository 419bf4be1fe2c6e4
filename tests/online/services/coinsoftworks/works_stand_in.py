"""The coinsoftworks stand-in on a real socket, a clock that sleeping moves, and calls as a device releases them."""

from dataclasses import dataclass, field
from typing import Any

from coldtusk_online.http import HttpClient, tls_context
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.payments import REHEARSAL, RunningPayments, Service
from coldtusk_online.sending import Heard, Ready, Way
from coldtusk_online.services.coinsoftworks import submit
from coldtusk_online.settings import Settings
from coldtusk_online.settings_services import ServiceSettings
from coldtusk_shared.request import Item, PaymentId, RequestId
from coldtusk_shared.services.coinsoftworks import body, content, output
from coldtusk_shared.services.coinsoftworks.content import CoinsoftworksContent
from coldtusk_shared.services.coinsoftworks.poll import Poll
from tests.shared.services.coinsoftworks.softworks_samples import ACCOUNT, call

NOW = 1_795_174_500
TOKEN, KEY = REHEARSAL.coinsoftworks_access, REHEARSAL.coinsoftworks_account
REQUEST, OTHER_REQUEST = RequestId(bytes(16)), RequestId(b"o" * 16)
PLAN = Poll("/poll/{id}", "status", ("Done", "Completed"), ("Failed",), "task_id")
SEND = content.execute(ACCOUNT, "send_btc", (("amount", "0.10"), ("to", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq")))
_DEVICE: Any = b"d" * 16
_PLACES = {"authenticate": 0}


class Clock:
    """Unix seconds, for the service and the host alike."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        """Now."""
        return self.now


@dataclass
class Desk:
    """A host's process: what it waited, what its operator was told. *interrupted*: Ctrl-C comes at the first wait."""

    services: RunningPayments
    clock: Clock
    waited: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    memory: dict[str, object] = field(default_factory=dict)
    interrupted: bool = False
    http: HttpClient = field(init=False)

    def __post_init__(self) -> None:
        """One client: reading all authorities of the system takes its time."""
        self.http = HttpClient(tls_context(self.services.ca_file), seconds=1.0)

    @property
    def way(self) -> Way:
        """A client that trusts the rehearsal's authority."""
        settings = Settings(label="ops", services={"coinsoftworks": ServiceSettings(self.services.coinsoftworks_url)})
        return Way(
            http=self.http,
            settings=settings,
            account=ServiceAccount("coinsoftworks", ACCOUNT, "mining", _DEVICE),
            clock=self.clock,
            sleep=self._sleep,
            tell=self.told.append,
            memory=self.memory,
        )

    @property
    def executed(self) -> int:
        """How many actions the service carried out."""
        return len(self.services.books.of(Service.COINSOFTWORKS))

    @property
    def authentications(self) -> int:
        """How often the token came."""
        return len(self.services.received_at("/_functions/authentication"))

    def send(self, ready: Ready) -> Heard:
        """One call."""
        return submit.send(ready, self.way)

    def authenticate(self) -> Heard:
        """The first call of the request."""
        return self.send(ready("authenticate"))

    def _sleep(self, seconds: float) -> None:
        if self.interrupted:
            raise KeyboardInterrupt
        self.waited.append(seconds)
        self.clock.now += int(seconds)


def released(name: str, **changes: Any) -> output.Call:
    """The call that a device releases."""
    known: dict[str, dict[str, Any]] = {
        "authenticate": {"method": "POST", "path": "/authentication/{key}", "body": b"", "token": TOKEN, "key": KEY},
        "execute": {
            "method": "POST",
            "path": "/execute/33",
            "body": body.of_action((("to", dict(SEND.parameters)["to"]), ("amount", "0.10"))),
            "poll": PLAN,
        },
    }
    given = known.get(name, {"method": "GET", "path": f"/{name}/{{key}}", "body": b"", "key": KEY})
    return output.Call(**{**given, **changes})


def ready(
    name: str,
    asked: CoinsoftworksContent | None = None,
    request: RequestId = REQUEST,
    state: State = State.ANSWERED,
    **changes: Any,
) -> Ready:
    """An answered call, its output opened; *changes* are of what the device released."""
    found = asked or (SEND if name == "execute" else call(name))
    id_ = PaymentId(name.encode().ljust(16, b"."))
    stored = Call(id_, request, _PLACES.get(name, 1), state, "coinsoftworks", name, ACCOUNT, None, bytes(32))
    return Ready(stored, Item(id_, ACCOUNT, found), output.encode(released(name, **changes)))
