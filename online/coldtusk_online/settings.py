"""The settings: one TOML file, read strictly. Every key is known and of its type, or the file is refused.

```toml
label = "treasury desk"               # this host's name, on every request
ledger = "sqlite:////srv/ledger.db"   # optional: another place than the data folder
ca_file = "/etc/ssl/house-ca.pem"     # optional: a further certificate authority for nodes

[warthog.main]
nodes = ["https://node.example:3000"]
confirmations = 10                    # blocks on top, the own one counted, until a payment counts as done
max_fee = "0.1"                       # WART: no request is built above it without --max-fee
```
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from coldtusk_online.base_url import BaseUrl
from coldtusk_shared import files, limits
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.file_errors import place
from coldtusk_shared.file_system import OS_FILES, FileSystem
from coldtusk_shared.services.warthog.amount import WartE8, parse_wart
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.text import check_label, quoted

NOT_TOML = Code("settings.not-toml", "mend the line, or move the file away and run `init` again")
UNKNOWN_KEY = Code("settings.unknown-key", "remove the key, or correct its name; the manual lists them all")
MISSING_KEY = Code("settings.missing-key", "add the key; the manual lists them all")
WRONG_TYPE = Code("settings.wrong-type", "write the value as the manual shows it")
OUT_OF_RANGE = Code("settings.out-of-range", "write a value inside the range")
NODE_TWICE = Code("settings.node-twice", "name each node once")

CONFIRMATIONS: Final = 10
"""Ten blocks of 20 s: beyond any fork that a healthy network shows, and three minutes of waiting."""
MAX_FEE: Final = WartE8(10_000_000)
"""0.1 WART, ten times the usual minimum."""
_TYPES = {str: "a text", int: "a whole number", list: "a list", dict: "a table"}


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

    def network(self, network: Network) -> NetworkSettings:
        """What is set for *network*; the defaults if nothing is."""
        return self.warthog.get(network, NetworkSettings())


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
    return _settings(_Table(document, where, text))


class _Table:
    """Takes the keys of one table, one by one; :meth:`done` refuses what is left."""

    __slots__ = ("_left", "_text", "_where")

    def __init__(self, values: dict[str, Any], where: str, text: str) -> None:
        self._left = dict(values)
        self._where = where
        self._text = text

    def take(self, key: str, type_: type, default: Any = None, *, required: bool = False) -> Any:
        """The value of *key*, exactly of *type_*."""
        if key not in self._left:
            if required:
                raise BadInput(MISSING_KEY, f"the key {key} is missing", where=self._where)
            return default
        value = self._left.pop(key)
        if type(value) is not type_:
            raise BadInput(WRONG_TYPE, f"not {_TYPES[type_]}", where=self.at(key))
        return value

    def table(self, key: str) -> "_Table | None":
        """The table under *key*."""
        values = self.take(key, dict)
        return None if values is None else _Table(values, self.at(key), self._text)

    def done(self) -> None:
        """Refuse what nobody took."""
        for key in self._left:
            raise BadInput(UNKNOWN_KEY, f"{quoted(key)} is no setting", where=self.at(key))

    def at(self, key: str) -> str:
        """Where *key* stands: file, line if one can be told, path."""
        lines = [number for number, line in enumerate(self._text.splitlines(), 1) if line.strip(" \t[").startswith(key)]
        where = f"{self._where}:{lines[0]}" if len(lines) == 1 and ":" not in self._where else self._where
        return f"{where}: {key if key.isprintable() else quoted(key)}"


def _settings(table: _Table) -> Settings:
    label = check_label(table.take("label", str, required=True), table.at("label"))
    ledger = table.take("ledger", str)
    ca_file = table.take("ca_file", str)
    warthog = table.table("warthog")
    settings = Settings(
        label=label,
        ledger=ledger,
        ca_file=None if ca_file is None else Path(ca_file),
        warthog={} if warthog is None else _networks(warthog),
    )
    table.done()
    return settings


def _networks(table: _Table) -> dict[Network, NetworkSettings]:
    found = {network: table.table(network.value) for network in Network}
    table.done()
    return {network: _network(one) for network, one in found.items() if one is not None}


def _network(table: _Table) -> NetworkSettings:
    nodes = table.take("nodes", list, [])
    if not all(type(node) is str for node in nodes):
        raise BadInput(WRONG_TYPE, "not a list of texts", where=table.at("nodes"))
    if len(nodes) > limits.NODES:
        raise BadInput(OUT_OF_RANGE, f"{len(nodes)} nodes, the most is {limits.NODES}", where=table.at("nodes"))
    urls = [BaseUrl.parse(node, table.at("nodes")).text for node in nodes]
    if len(set(urls)) != len(urls):  # one node in two spellings would agree with itself
        raise BadInput(NODE_TWICE, "a node stands twice", where=table.at("nodes"))
    confirmations = table.take("confirmations", int, CONFIRMATIONS)
    if not 1 <= confirmations <= limits.CONFIRMATIONS:
        where = table.at("confirmations")
        raise BadInput(OUT_OF_RANGE, f"{confirmations} is not 1 to {limits.CONFIRMATIONS}", where=where)
    max_fee = table.take("max_fee", str)
    settings = NetworkSettings(
        nodes=tuple(urls),
        confirmations=confirmations,
        max_fee=MAX_FEE if max_fee is None else parse_wart(max_fee, table.at("max_fee")),
    )
    table.done()
    return settings
