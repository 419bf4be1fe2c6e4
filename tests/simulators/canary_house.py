"""A device, and hosts that were paired with it, whose secrets at the payment services are canaries.

The real commands do everything in which a secret takes part, from enrolment on. A host is copied for each try, so that
one approval of the device is tried in many ways; no service is real.
"""

import shutil
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from coldtusk_offline import home as homes
from coldtusk_offline.cli.card import card_of
from coldtusk_offline.contents import Host as PairedHost
from coldtusk_offline.home import Home
from coldtusk_offline.kdf import Profile
from coldtusk_online import identity
from coldtusk_online.ledger import devices, requests, store
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.places import Places
from coldtusk_online.rehearsal.payments.credentials import Credentials
from coldtusk_online.rehearsal.payments.tables import COINRPC_METHODS, COINSOFTWORKS_ACTIONS
from coldtusk_online.reply_keys import ReplyKeys
from coldtusk_shared import card
from tests.offline.commands import TYPED
from tests.simulators.canaries import Canary
from tests.simulators.canary_commands import Commands, Ended
from tests.simulators.desk import PASSPHRASE
from tests.simulators.services_orders import ACTION, ASSET, WITHDRAWAL, Texts

HELD: Final = Credentials(
    coinpayments_public="public_key_of_canary_coinpayments",
    coinpayments_private='/Canary+"&<CoinPaymentsPrivateKeyF3A9d2e1b7>',
    coinpayments_ipn="/Canary+=IpnSecret5d81c3be07",
    coinrpc_key="api_key_of_canary_coinrpc",
    coinrpc_signing='/Canary+"&<CoinRpcApiSecret93e2D7aa04>',
    coinspark_key='/Canary+"&<CoinSparkApiKey4C9e51b7a0>',
    coinsoftworks_access='1_/Canary+"&<SimpleAccessTokenE80b2f66d1>',
    coinsoftworks_account="~Canary-AccountApiKey2A77c09bd4",
)
"""With characters that JSON, URLs and HTML write in other ways, and a word that they leave as it is.

The last is part of a path, which the stand-in compares as it came.
"""
MACS: Final = (
    Canary("CoinPayments private key", HELD.coinpayments_private),
    Canary("CoinRPC API secret", HELD.coinrpc_signing),
)
"""Money-moving secrets that never leave the device."""
SPARK: Final = Canary("CoinSpark API key", HELD.coinspark_key)
TOKEN: Final = Canary("coinsoftworks Simple Access Token", HELD.coinsoftworks_access)
ACCOUNT: Final = Canary("coinsoftworks account API key", HELD.coinsoftworks_account)
RELEASED: Final = (SPARK, TOKEN, ACCOUNT)
"""Bearer secrets, released inside one approved call."""
ALL: Final = (*MACS, *RELEASED)
IPN: Final = Canary("CoinPayments IPN secret", HELD.coinpayments_ipn)
"""A secret that the online half keeps, and that moves no money."""
PASSPHRASE_TYPED: Final = Canary("vault passphrase", TYPED)

SYSTEMS: Final = ("coinpayments", "coinrpc", "coinspark", "coinsoftworks")
_FILES: Final = {
    "coinpayments": HELD.coinpayments_private,
    "coinrpc": HELD.coinrpc_signing,
    "coinspark": HELD.coinspark_key,
    "coinsoftworks": HELD.coinsoftworks_access,
    "coinpayments-ipn": HELD.coinpayments_ipn,
    "coinrpc.toml": COINRPC_METHODS,
    "coinsoftworks.toml": COINSOFTWORKS_ACTIONS,
}
_TABLES: Final = {system: ("--table", f"../../secrets/{system}.toml") for system in ("coinrpc", "coinsoftworks")}
_LABEL: Final = "desk"
_WINDOW: Final = 300


@dataclass(frozen=True, slots=True)
class CanaryHost:
    """A host's folder below *house*: its files, what its commands said, the stick with what crossed."""

    house: Path
    folder: Path

    @property
    def commands(self) -> Commands:
        """Its commands, run on the stick."""
        places = {
            "HOME": str(self.folder),
            "COLDTUSK_ONLINE_CONFIG": str(self.places.config),
            "COLDTUSK_ONLINE_DATA": str(self.places.data),
            "COLDTUSK_OFFLINE_HOME": str(self.house / "offline"),
        }
        return Commands(self.stick, self.folder / "logs", places)

    @property
    def stick(self) -> Path:
        """Where requests and responses are, and where its commands run."""
        return self.folder / "stick"

    @property
    def places(self) -> Places:
        """Its settings and its data."""
        return Places(self.folder / "settings.toml", self.folder / "data")

    @property
    def keys(self) -> ReplyKeys:
        """Its one-time keys."""
        return ReplyKeys(self.places.reply_keys)

    def copied(self, folder: Path) -> "CanaryHost":
        """The same in another *folder*."""
        shutil.copytree(self.folder, folder)
        return replace(self, folder=folder)

    def configure(self, ca_file: Path, urls: dict[str, str]) -> None:
        """Say where the services are."""
        tables = [f'[services.{system}]\nurl = "{url}"' for system, url in urls.items()]
        timed = [f"{one}\nwindow = {_WINDOW}" if "coinrpc" in one.splitlines()[0] else one for one in tables]
        lines = [f'label = "{_LABEL}"', f'ca_file = "{ca_file}"', *timed, ""]
        self.places.config.write_text("\n".join(lines), encoding="utf-8")

    def ask(self, system: str) -> None:
        """Have the system's one call asked for: SYSTEM.request."""
        command = (system, *CALLS[system], "--out", f"{system}.request")
        assert self.commands.online(*command).status == 0

    def approve(self, system: str) -> None:
        """Have the device answer: SYSTEM.response."""
        answers = (("YYYY-MM-DD HH:MM)> ", _now()), ("> ", ""))
        self.commands.at_terminal("sign", f"{system}.request", "--out", f"{system}.response", answers=answers)

    def submit(self, system: str, *options: str) -> Ended:
        """Submit the response."""
        return self.commands.online("submit", f"{system}.response", *options)

    def stored(self, system: str) -> Stored:
        """The request of *system* in the ledger."""
        ledger = store.connect(store.default_url(self.places.ledger))
        try:
            with ledger.reading() as db:
                return next(one for one in requests.all_of(db) if one.calls and one.calls[0].system == system)
        finally:
            ledger.close()


def _options(fields: Texts) -> tuple[str, ...]:
    return tuple(text for name, value in fields.items() for text in (f"--{name.replace('_', '-')}", value))


CALLS: Final = {
    "coinpayments": ("create-withdrawal", *_options(WITHDRAWAL)),
    "coinrpc": ("get-balance", "--currency", "BTC", "--in", "1s"),
    "coinspark": ("create-asset", *_options(ASSET)),
    "coinsoftworks": ("execute", "send_btc", *(f"--field={name}={value}" for name, value in ACTION.items())),
}
"""One call of each service, as an operator has it asked for."""


def make_house(folder: Path, ca_file: Path, urls: dict[str, str]) -> CanaryHost:
    """A device without a secret yet in *folder*/offline, and a host that is paired with it."""
    host = CanaryHost(folder, folder / "host")
    host.stick.mkdir(parents=True)
    homes.create(Home(folder / "offline"), PASSPHRASE, "cold-1", "operator", Profile.FLOOR)
    assert host.commands.online("init", "--label", _LABEL).status == 0
    host.configure(ca_file, urls)
    now, held = int(time.time()), identity.load(host.places.identity)
    with homes.opened(Home(folder / "offline"), PASSPHRASE) as device:
        homes.pin_host(device, PairedHost(held.public_key, _LABEL, now))
        opened = card.open_device(card_of(device).message)
    ledger = store.connect(store.default_url(host.places.ledger))
    with ledger.writing() as db:
        devices.pin(db, opened, now)
    ledger.close()
    return host


def enrol(host: CanaryHost) -> None:
    """The secrets into the vault, from files in *house*/secrets and, one of them, typed; then the card to the host."""
    secrets = host.house / "secrets"
    secrets.mkdir(mode=0o700)
    for name, text in _FILES.items():
        (secrets / name).write_text(text, encoding="utf-8")
    asked = {
        "coinpayments": (("Public key> ", HELD.coinpayments_public), ("or nothing> ", " "), ("HH:MM)> ", _now())),
        "coinrpc": (("API key> ", HELD.coinrpc_key),),
        "coinspark": (),
        "coinsoftworks": (("(or nothing)> ", HELD.coinsoftworks_account), *([("]> ", " ")] * 5)),
    }
    for system, answers in asked.items():
        options = ("--label", f"{system}-1", "--file", f"../../secrets/{system}", *_TABLES.get(system, ()))
        kept = (*answers, ("type its label> ", f"{system}-1"))
        host.commands.at_terminal("secret", "enrol", system, *options, answers=kept)
    host.commands.at_terminal("card", "--out", "device.card")
    assert host.commands.online("account", "import", "device.card").status == 0


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
