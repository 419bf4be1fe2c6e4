"""An online half for tests: its files in a folder, rehearsal nodes on real sockets, a device to answer."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from coldtusk_online import identity
from coldtusk_online.base_url import BaseUrl
from coldtusk_online.cli import main
from coldtusk_online.host import Host, no_checkpoint
from coldtusk_online.http import HttpClient
from coldtusk_online.ledger import accounts, devices, requests, store
from coldtusk_online.ledger.accounts import Account
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.rehearsal.node import RehearsalNode
from coldtusk_online.rehearsal.server import RunningServer, serve
from coldtusk_online.services.warthog.node import Node
from coldtusk_shared import card
from coldtusk_shared.services.warthog.network import Network
from tests.simulators.device import Device, address_of

WART = 100_000_000
NOW = 1_795_000_000
PAYEE = address_of("payee")
START_HEIGHT = 40
"""So that a pin above the genesis block exists."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command gave."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on stdout."""
        return json.loads(self.out)

    @property
    def code(self) -> str:
        """The error's code, from --json."""
        return str(self.json["error"]["code"])


def run(*arguments: str, text: str = "") -> Ran:
    """Run the command line in this process; *text* is what is typed."""
    with CliRunner().isolation(input=text) as (out, err, _):
        status = main.run(arguments)
        return Ran(status, out.getvalue().decode(), err.getvalue().decode())


def test_clock() -> int:
    """A clock that stands still."""
    return NOW


test_clock.__test__ = False  # type: ignore[attr-defined] # pytest's own mark


class Counter:
    """A random source that never gives the same twice, and the same in every run."""

    def __init__(self, start: int = 0) -> None:
        self.count = start

    def __call__(self, size: int) -> bytes:
        """The next *size* bytes."""
        self.count += 1
        return (self.count * 0x9E3779B1 % (1 << 8 * size)).to_bytes(size)


@dataclass
class House:
    """A folder, nodes and a device. :func:`house` sets it up."""

    folder: Path
    device: Device
    servers: Sequence[RunningServer]
    network: Network = Network.DEFI
    random: Callable[[int], bytes] = field(default_factory=Counter)

    @property
    def node(self) -> RehearsalNode:
        """The first node."""
        return self.servers[0].node

    def nodes(self) -> list[Node]:
        """Clients of all nodes."""
        return [Node(BaseUrl.parse(one.url), self.network, HttpClient(seconds=5)) for one in self.servers]

    def mine(self, blocks: int = 1) -> None:
        """Mine on every node."""
        for server in self.servers:
            server.node.mine(blocks)

    def fund(self, word: str = "treasury", wart: int = 1000) -> None:
        """Give the account of *word* WART on every node."""
        for server in self.servers:
            server.node.fund(address_of(word).text, wart * WART)

    @contextmanager
    def host(self, checkpoint: Callable[[str], None] = no_checkpoint) -> Iterator[Host]:
        """The host by its library, with a fixed clock."""
        ledger = store.connect(store.default_url(self.folder / "data" / "ledger.sqlite"))
        try:
            held = identity.load(self.folder / "data" / "identity.key")
            yield Host("desk", held, ledger, test_clock, self.random, checkpoint)
        finally:
            ledger.close()

    def account(self, label: str = "treasury") -> Account:
        """An account of the ledger."""
        with self.host() as host, host.ledger.reading() as db:
            return accounts.find(db, label)

    def stored(self) -> list[Stored]:
        """All requests of the ledger."""
        with self.host() as host, host.ledger.reading() as db:
            return requests.all_of(db)

    def run(self, *arguments: str, text: str = "") -> Ran:
        """A command of this house."""
        return run(*self.places(), *arguments, text=text)

    def json(self, *arguments: str, text: str = "") -> Ran:
        """A command with --json."""
        return self.run(*arguments, "--json", text=text)

    def places(self) -> list[str]:
        """The options that name the house's folders."""
        return ["--config", str(self.folder / "config" / "settings.toml"), "--data", str(self.folder / "data")]

    def transfer(self, *more: str, amount: str = "1") -> Ran:
        """Build a transfer from the treasury to the payee."""
        out = self.folder / f"{len(self.stored())}.request"
        common = ("--from", "treasury", "--to", PAYEE.text, "--amount", amount, "--out", str(out))
        return self.json("warthog", "transfer", *common, *more)

    def answered(self, request_file: str, **how: Any) -> str:
        """Have the device answer the request in a file; the response's file."""
        path = Path(request_file)
        response = path.with_suffix(".response")
        response.write_bytes(self.device.answer(path.read_bytes(), **how))
        return str(response)


@contextmanager
def house(folder: Path, *, nodes: int = 1, network: Network = Network.DEFI, paired: bool = True) -> Iterator[House]:
    """A house whose chain has a few blocks and whose accounts have 1000 WART each."""
    with ExitStack() as stack:
        made = [RehearsalNode(network, clock=test_clock) for _ in range(nodes)]
        servers = [stack.enter_context(serve(node, linger=0)) for node in made]
        home = House(folder, Device(), servers, network)
        for word in ("treasury", "savings"):
            home.fund(word)
        home.mine(START_HEIGHT)
        assert home.run("init", "--label", "desk").status == 0
        for server in servers:
            assert home.run("node", "add", server.url, "--network", network.value).status == 0
        if paired:
            _pair(home)
        yield home


def _pair(home: House) -> None:
    with home.host() as host, host.ledger.writing() as db:
        opened = card.open_device(home.device.card())
        accounts.take_over(db, opened.accounts, devices.pin(db, opened, NOW))
