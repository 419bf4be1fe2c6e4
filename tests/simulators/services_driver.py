"""A process that does one step of the online half for a payment service and is killed (SIGKILL) where a test says.

``python -m tests.simulators.services_driver FOLDER NOW STEP CALL FILE WHERE COUNT``: *STEP* is ask or submit, *CALL*
one of :data:`CALLS`, *NOW* the house's time; the process dies at the *COUNT*-th event *WHERE*: a checkpoint of the host
(``draft``, ``answered``, ``intended``, ``recorded``), ``before-commit``, ``after-commit``, ``sending`` (right before
the bytes leave) or ``replied`` (the reply is here and nowhere else). The hooks stand here and not in the code that is
shipped; so does the list of events that came, in *FILE*.events.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from coldtusk_online import submitting, taking
from coldtusk_online.host import Host
from coldtusk_online.http import HttpClient, tls_context
from coldtusk_online.http_reply import Reply
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.ledger.store import Ledger
from coldtusk_online.sending import Way
from coldtusk_shared.request import PaymentId
from tests.simulators.house_clock import HouseClock
from tests.simulators.online_driver import DoomedLedger, Killer
from tests.simulators.services_house import ServicesHouse
from tests.simulators.services_orders import ACTION, ASSET, SEND, WITHDRAWAL, Texts

CALLS: Final[dict[str, tuple[str, str, Texts]]] = {
    "withdrawal": ("coinpayments", "create_withdrawal", WITHDRAWAL),
    "send": ("coinrpc", "send", SEND),
    "asset": ("coinspark", "create_asset", ASSET),
    "action": ("coinsoftworks", "execute send_btc", ACTION),
}
AHEAD: Final = 60


def payment_ids(call: str) -> tuple[PaymentId, ...]:
    """Fixed, so that whoever asks again means the same."""
    number = list(CALLS).index(call) + 1
    return tuple(PaymentId(bytes([number] * 15 + [place])) for place in range(2 if call == "action" else 1))


@dataclass
class Events(Killer):
    """A killer that keeps what came in a file."""

    file: Path = field(default_factory=Path)

    def __call__(self, name: str) -> None:
        """An event."""
        with self.file.open("a", encoding="utf-8") as out:
            out.write(f"{name}\n")
        super().__call__(name)


class DoomedHttp(HttpClient):
    """A way out that tells before and after each exchange."""

    def __init__(self, ca_file: Path | None, killer: Killer) -> None:
        super().__init__(tls_context(ca_file), seconds=10)
        self.killer = killer

    def call(self, *where: Any, **how: Any) -> Reply:
        """The same exchange."""
        self.killer("sending")
        reply = super().call(*where, **how)
        self.killer("replied")
        return reply


@contextmanager
def doomed(house: ServicesHouse, killer: Killer) -> Iterator[Host]:
    """The house's host, whose commits and checkpoints are events."""
    with house.host(killer) as host:
        yield replace(host, ledger=_doomed(host.ledger, killer))


def _doomed(ledger: Ledger, killer: Killer) -> Ledger:
    return DoomedLedger(ledger, killer)


def do_ask(house: ServicesHouse, host: Host, call: str, file: Path) -> None:
    """Make the request, or go on with it; what the command does."""
    system, command, fields = CALLS[call]
    stored = house.ask(system, command, fields, ahead=AHEAD, payment_ids=payment_ids(call), host=host)
    assert stored.sealed is not None
    file.unlink(missing_ok=True)
    file.write_bytes(stored.sealed)


def do_submit(house: ServicesHouse, host: Host, _call: str, file: Path) -> None:
    """Take the response and send what it holds."""
    loaded, made = house.settings(), house.means()

    def way(account: ServiceAccount) -> Way:
        return replace(made.way(account), http=DoomedHttp(loaded.ca_file, _killer(host)))

    submitting.submit_calls(host, taking.take(host, file.read_bytes()), replace(made, way=way))


def _killer(host: Host) -> Killer:
    assert isinstance(host.checkpoint, Killer)
    return host.checkpoint


STEPS: Final[dict[str, Callable[[ServicesHouse, Host, str, Path], None]]] = {"ask": do_ask, "submit": do_submit}


def main() -> None:
    """Do the step."""
    folder, now, step, call, file, where, count = sys.argv[1:]
    killer = Events(where, int(count), Path(f"{file}.events"))
    killer.file.write_text("", encoding="utf-8")
    house = ServicesHouse(Path(folder), HouseClock(float(now)))
    with doomed(house, killer) as host:
        STEPS[step](house, host, call, Path(file))


if __name__ == "__main__":
    os.umask(0o077)
    main()
