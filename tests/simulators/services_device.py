"""A device for tests with one account at each payment service, enrolled by the device's own leaves from a script."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from coldtusk_offline import enrolment
from coldtusk_offline import home as homes
from coldtusk_offline.answer import Answer, answer
from coldtusk_offline.cli.card import card_of
from coldtusk_offline.contents import Host
from coldtusk_offline.entries import Change
from coldtusk_offline.home import Home
from coldtusk_offline.kdf import Profile
from coldtusk_offline.secret import Secret
from coldtusk_offline.service_accounts import check_secret
from coldtusk_offline.utc import Watch
from coldtusk_offline.vault import Means
from coldtusk_online.rehearsal.payments.credentials import Credentials
from coldtusk_online.rehearsal.payments.tables import COINRPC_METHODS, COINSOFTWORKS_ACTIONS
from tests.simulators.desk import PASSPHRASE, fixed_means
from tests.simulators.house_clock import HouseClock
from tests.simulators.operator import ScriptedOperator

SYSTEMS: Final = ("coinpayments", "coinrpc", "coinspark", "coinsoftworks")
"""Each account has its system's name as its label."""
TABLES: Final[Mapping[str, str]] = MappingProxyType(
    {"coinrpc": COINRPC_METHODS, "coinsoftworks": COINSOFTWORKS_ACTIONS}
)


@dataclass
class ScriptedAsk:
    """Gives what an enrolment asks for: *secrets* and *lines* in their order, *given* is the table.

    See :class:`coldtusk_offline.enrolment.Ask`. A line that is not in the script is the default.
    """

    clock: HouseClock
    means: Means
    secrets: list[str]
    lines: list[str]
    given: str | None
    shown: list[str] = field(default_factory=list)

    def secret(self, name: str, *, optional: bool = False) -> Secret | None:
        """The next secret; None where the script has none and none is needed."""
        if not self.secrets and optional:
            return None
        return check_secret(self.secrets.pop(0), name)

    def line(self, prompt: str, default: str = "") -> str:
        """The next line, then defaults."""
        self.shown.append(prompt)
        return self.lines.pop(0) if self.lines else default

    def show(self, text: str) -> None:
        """Keep *text*."""
        self.shown.append(text)

    def utc(self) -> int:
        """The house's time."""
        return self.clock.seconds()

    def random(self, size: int) -> bytes:
        """As the device's."""
        return self.means.random(size)

    def table(self) -> bytes | None:
        """The table."""
        return None if self.given is None else self.given.encode()


@dataclass(frozen=True)
class ServicesDevice:
    """A device in a folder: vault and journal on the medium, its watch is the house's clock."""

    home: Home
    means: Means
    clock: HouseClock

    def card(self) -> bytes:
        """Its card, sealed."""
        with homes.opened(self.home, PASSPHRASE, self.means) as device:
            return card_of(device).message

    def pin(self, public_key: bytes, label: str) -> None:
        """Pair a host with it."""
        with homes.opened(self.home, PASSPHRASE, self.means) as device:
            homes.pin_host(device, Host(public_key, label, self.clock.seconds()))

    def answer(self, message: bytes, operator: ScriptedOperator) -> Answer:
        """What it answers to the sealed request *message* while *operator* sits in front of it."""
        watch = Watch(unix=self.clock, monotonic=self.clock)
        with homes.opened(self.home, PASSPHRASE, self.means) as device:
            return answer(message, device, operator, watch=watch)


def device_in(folder: Path, clock: HouseClock) -> ServicesDevice:
    """The device that stands in *folder*."""
    return ServicesDevice(Home(folder), fixed_means(), clock)


def make_device(folder: Path, clock: HouseClock, credentials: Credentials) -> ServicesDevice:
    """A new device in *folder* with one account at each service, of the customer who has *credentials*."""
    made = device_in(folder, clock)
    homes.create(made.home, PASSPHRASE, "cold-1", "operator", Profile.FLOOR, made.means)
    with homes.opened(made.home, PASSPHRASE, made.means) as device:
        for system, (secrets, lines) in _script(credentials).items():
            ask = ScriptedAsk(clock, made.means, list(secrets), list(lines), TABLES.get(system))
            enrolment.keep(device, enrolment.asked(device, system, system, ask), Change.ENROLLED)
    return made


def _script(held: Credentials) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Secrets and lines of each enrolment."""
    return {
        "coinpayments": ((held.coinpayments_private,), (held.coinpayments_public,)),
        "coinrpc": ((held.coinrpc_signing,), (held.coinrpc_key,)),
        "coinspark": ((held.coinspark_key,), ()),
        "coinsoftworks": ((held.coinsoftworks_access, held.coinsoftworks_account), ()),
    }
