"""The settings: one TOML file, read strictly. Every key is known and of its type, or the file is refused.

```toml
label = "treasury desk"               # this host's name, on every request
ledger = "sqlite:////srv/ledger.db"   # optional: another place than the data folder
ca_file = "/etc/ssl/house-ca.pem"     # optional: a further certificate authority for nodes

[warthog.main]
nodes = ["https://node.example:3000"]
confirmations = 10                    # blocks on top, the own one counted, until a payment counts as done
max_fee = "0.1"                       # WART: no request is built above it without --max-fee

[services.coinrpc]
url = "https://api.coinrpc.com/bitcoin"
window = 30                           # seconds from the send time on in which a timed call is sent (coinrpc)

[services.coinrpc.urls]               # optional: another address for the account of this label
"label" = "https://api.coinrpc.com/tron"
```
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from coldtusk_online import settings_services
from coldtusk_online.base_url import BaseUrl
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.settings_services import ServiceSettings
from coldtusk_online.settings_table import OUT_OF_RANGE, WRONG_TYPE, Table
from coldtusk_shared import files, limits
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.file_errors import place
from coldtusk_shared.file_system import OS_FILES, FileSystem
from coldtusk_shared.services.warthog.amount import WartE8, parse_wart
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.text import check_label, quoted

NOT_TOML = Code("settings.not-toml", "mend the line, or move the file away and run `init` again")
NODE_TWICE = Code("settings.node-twice", "name each node once")

CONFIRMATIONS: Final = 10
"""Ten blocks of 20 s: beyond any fork that a healthy network shows, and three minutes of waiting."""
MAX_FEE: Final = WartE8(10_000_000)
"""0.1 WART, ten times the usual minimum."""


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """What is set for one Warthog network. *nodes* are canonical URLs, *max_fee* is in E8."""

    nodes: tuple[str, ...] = ()
    confirmations: int = CONFIRMATIONS
    max_fee: WartE8 = MAX_FEE


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole file. *ledger* is a SQLAlchemy URL, None for the data folder's own."""

    label: str
    ledger: str | None = None
    ca_file: Path | None = None
    warthog: Mapping[Network, NetworkSettings] = field(default_factory=dict)
    services: Mapping[str, ServiceSettings] = field(default_factory=dict)

    def network(self, network: Network) -> NetworkSettings:
        """What is set for *network*; the defaults if nothing is."""
        return self.warthog.get(network, NetworkSettings())

    def service(self, system: str) -> ServiceSettings:
        """What is set for the payment service *system*; the defaults if nothing is."""
        return self.services.get(system) or settings_services.default(system)

    def endpoint(self, account: ServiceAccount) -> tuple[BaseUrl, str]:
        """Server and path for calls of *account*.

        :raises Refused: ``settings.no-service-url``.
        """
        return settings_services.endpoint(self.service(account.system), account.system, account.label)


def load(path: Path, fs: FileSystem = OS_FILES) -> Settings:
    """The settings in the file *path*."""
    return parse(files.read_input(path, limits.SETTINGS_BYTES, fs), place(path))


def parse(data: bytes, where: str) -> Settings:
    """The settings in *data*; :class:`BadInput` names the file *where* and the line.

    :raises BadInput: ``settings.not-toml``, ``settings.unknown-key``, ``settings.missing-key``,
        ``settings.wrong-type``, ``settings.out-of-range``, ``settings.node-twice``, and what the values' own
        rules raise.
    """
    try:
        text = data.decode()
        document = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise BadInput(NOT_TOML, f"byte {error.start} is not UTF-8", where=where) from error
    except (ValueError, RecursionError) as error:  # of tomllib, and of int() for a number of thousands of digits
        raise BadInput(NOT_TOML, quoted(str(error)), where=where) from error
    return _settings(Table(document, where, text))


def _settings(table: Table) -> Settings:
    label = check_label(table.take("label", str, required=True), table.at("label"))
    ledger = table.take("ledger", str)
    ca_file = table.take("ca_file", str)
    warthog = table.table("warthog")
    services = table.table("services")
    settings = Settings(
        label=label,
        ledger=ledger,
        ca_file=None if ca_file is None else Path(ca_file),
        warthog={} if warthog is None else _networks(warthog),
        services={} if services is None else settings_services.parse(services),
    )
    table.done()
    return settings


def _networks(table: Table) -> dict[Network, NetworkSettings]:
    found = {network: table.table(network.value) for network in Network}
    table.done()
    return {network: _network(one) for network, one in found.items() if one is not None}


def _network(table: Table) -> NetworkSettings:
    nodes = table.take("nodes", list, [])
    if not all(type(node) is str for node in nodes):
        raise BadInput(WRONG_TYPE, "not a list of texts", where=table.at("nodes"))
    if len(nodes) > limits.NODES:
        raise BadInput(OUT_OF_RANGE, f"{len(nodes)} nodes, the most is {limits.NODES}", where=table.at("nodes"))
    urls = [BaseUrl.parse(node, table.at("nodes")).text for node in nodes]
    if len(set(urls)) != len(urls):  # one node in two spellings would agree with itself
        raise BadInput(NODE_TWICE, "a node stands twice", where=table.at("nodes"))
    confirmations = table.whole("confirmations", (1, limits.CONFIRMATIONS), CONFIRMATIONS)
    max_fee = table.take("max_fee", str)
    settings = NetworkSettings(
        nodes=tuple(urls),
        confirmations=confirmations,
        max_fee=MAX_FEE if max_fee is None else parse_wart(max_fee, table.at("max_fee")),
    )
    table.done()
    return settings
