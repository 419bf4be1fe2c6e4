"""A whole house for the payment services: a device, a host paired with it, and stand-ins of the services.

Vault and journal, settings and ledger stand in one folder; the services are real sockets with TLS of a private
authority. One clock serves all of them, and whoever waits moves it. Nothing of Coldtusk is replaced::

    with services_house(tmp_path / "house") as house:
        stored = house.ask("coinpayments", "create_withdrawal", WITHDRAWAL)
        message = house.answer(stored)          # the operator types UTC and the phrase
        house.services.faults.arm(FaultKind.REPLY_LOST)
        sent = house.submit(message)            # Sent: the request as it stands, and the worst that happened
        house.settle(stored, happened=True)
        house.services.books.all()              # what the services really did

A test that wants another customer (a canary in place of a secret) gives *credentials*; one that runs commands in
processes of their own, whose clock is the machine's, gives ``HouseClock(time.time())``.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from coldtusk_online.ledger import devices, service_accounts
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.rehearsal.payments import REHEARSAL, Certificate, Credentials, RunningPayments, serve_payments
from coldtusk_online.rehearsal.payments.training import settings_lines
from coldtusk_online.submitting import Sent
from coldtusk_shared import card
from coldtusk_shared.errors import ColdtuskError
from tests.simulators.house_clock import HouseClock
from tests.simulators.online_house import run
from tests.simulators.operator import ScriptedOperator
from tests.simulators.services_device import ServicesDevice, device_in, make_device
from tests.simulators.services_host import LABEL, ServicesHost
from tests.simulators.services_orders import NO_FIELDS, Texts


@dataclass
class ServicesHouse(ServicesHost):
    """A folder with a device and a host in it. :func:`services_house` and :func:`prepare` set it up.

    *shown* are the texts of the device's screen; *credentials* are what is enrolled there and what the services know.
    *running* are the stand-ins while they run (:meth:`serve`).
    """

    credentials: Credentials = REHEARSAL
    shown: list[str] = field(default_factory=list)
    running: RunningPayments | None = None

    @property
    def services(self) -> RunningPayments:
        """The stand-ins, which run."""
        assert self.running is not None
        return self.running

    @property
    def device(self) -> ServicesDevice:
        """The device."""
        return device_in(self.folder / "device", self.clock)

    @contextmanager
    def serve(self, certificate: Certificate = Certificate.VALID) -> Iterator[RunningPayments]:
        """Run new stand-ins that show *certificate*, and write the settings for them.

        After the block nobody listens there any more, and the settings still name the place.
        """
        folder = self.folder / "services"
        folder.mkdir(exist_ok=True)
        with serve_payments(folder, certificate=certificate, credentials=self.credentials, clock=self.clock) as made:
            self.running = made
            self.set(*settings_lines(made))
            yield made

    def answer(self, stored: Stored, *typed: str | None) -> bytes:
        """The device's response to *stored*. Its operator types UTC, then *typed*: by default what signs it."""
        assert stored.sealed is not None
        operator = ScriptedOperator([self.clock.typed(), *(typed or (None,))])
        try:
            return self.device.answer(stored.sealed, operator).message
        finally:
            self.shown += operator.shown

    def call(self, system: str, command: str, fields: Texts = NO_FIELDS, *, ahead: int = 60) -> Sent:
        """Ask, answer and submit."""
        return self.submit(self.answer(self.ask(system, command, fields, ahead=ahead)))

    def copied(self, folder: Path) -> "ServicesHouse":
        """The same in another *folder*, to go on from here apart; it has no services yet."""
        shutil.copytree(self.folder, folder)
        return ServicesHouse(folder, HouseClock(self.clock()), self.seconds, credentials=self.credentials)


def prepare(folder: Path, *, clock: HouseClock | None = None, credentials: Credentials = REHEARSAL) -> ServicesHouse:
    """A device and a host in *folder*, paired, with an account at each service; no service runs."""
    house = ServicesHouse(folder, clock or HouseClock(), credentials=credentials)
    device = make_device(folder / "device", house.clock, credentials)
    assert run(*house.arguments(), "init", "--label", LABEL).status == 0
    with house.host() as host:
        device.pin(host.identity.public_key, LABEL)
        opened = card.open_device(device.card())
        with host.ledger.writing() as db:
            service_accounts.take_over(db, opened.services, devices.pin(db, opened, house.clock.seconds()))
    return house


@contextmanager
def services_house(
    folder: Path, *, clock: HouseClock | None = None, credentials: Credentials = REHEARSAL
) -> Iterator[ServicesHouse]:
    """A house whose services run."""
    house = prepare(folder, clock=clock, credentials=credentials)
    with house.serve():
        yield house


def code_of(error: ColdtuskError | None) -> str:
    """The code of what a submission failed with; "" if nothing did."""
    return "" if error is None else error.code.name
