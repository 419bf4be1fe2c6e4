"""A process that does one step of the online half and is killed (SIGKILL) where a test says.

``python -m tests.simulators.online_driver FOLDER STEP WHERE COUNT [FILE]``: *STEP* is one of build, submit, follow;
the process dies at the *COUNT*-th event *WHERE*: ``before-commit``, ``after-commit`` or ``posted``.
The hook stands here and not in the code that is shipped.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from coldtusk_online import identity, issuing, settings, taking
from coldtusk_online.base_url import BaseUrl
from coldtusk_online.host import Host
from coldtusk_online.http import HttpClient
from coldtusk_online.issuing import Order
from coldtusk_online.ledger import accounts, store
from coldtusk_online.ledger.store import Ledger
from coldtusk_online.services.warthog import bodies, build
from coldtusk_online.services.warthog.follow import Watch, follow_once
from coldtusk_online.services.warthog.node import Node
from coldtusk_online.services.warthog.submit import submit
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services.warthog.amount import WartE8
from coldtusk_shared.services.warthog.network import Network
from tests.simulators.online_house import PAYEE, test_clock

PAYMENTS = tuple(PaymentId(bytes([1] * 15) + bytes([number])) for number in range(3))


@dataclass
class Killer:
    """Kills this process at the *count*-th event called *where*."""

    where: str
    count: int

    def __call__(self, name: str) -> None:
        """An event."""
        if name == self.where:
            self.count -= 1
            if self.count == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class DoomedLedger(Ledger):
    """A ledger that tells before and after each commit."""

    def __init__(self, ledger: Ledger, killer: Killer) -> None:
        super().__init__(ledger._engine, ledger._where)
        self.killer = killer

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The same transaction."""
        with super().writing() as connection:
            yield connection
            self.killer("before-commit")
        self.killer("after-commit")


@contextmanager
def doomed(folder: Path, killer: Killer) -> Iterator[Host]:
    """The host in *folder*."""
    ledger = DoomedLedger(store.connect(store.default_url(folder / "data" / "ledger.sqlite")), killer)
    held = identity.load(folder / "data" / "identity.key")
    yield Host("desk", held, ledger, test_clock, os.urandom, killer)
    ledger.close()


def nodes(folder: Path) -> list[Node]:
    """The nodes of the settings."""
    named = settings.load(folder / "config" / "settings.toml").network(Network.DEFI).nodes
    return [Node(BaseUrl.parse(url), Network.DEFI, HttpClient(seconds=5)) for url in named]


def order(host: Host) -> Order:
    """Three transfers of fixed payment ids."""
    with host.ledger.reading() as db:
        account = accounts.find(db, "treasury")
    asks = tuple(bodies.wart_transfer(PAYEE, str(amount)) for amount in (1, 2, 3))
    return Order(account, PAYMENTS, asks)


def do_build(host: Host, folder: Path, out: Path) -> None:
    """Make the request, or go on with it; what the command does."""
    wanted = order(host)
    stored = issuing.resume(host, wanted)
    if stored is None:
        plan = build.plan(nodes(folder), wanted.account.address, wanted.asks, None, WartE8(10_000_000))
        stored = issuing.issue(host, wanted, plan)
    assert stored.sealed is not None
    out.unlink(missing_ok=True)
    out.write_bytes(stored.sealed)


def do_submit(host: Host, folder: Path, response: Path) -> None:
    """Take the response and post what it signed."""
    submit(host, nodes(folder), taking.take(host, response.read_bytes()))


def do_follow(host: Host, folder: Path, _file: Path) -> None:
    """One round."""
    follow_once(host, Watch({Network.DEFI: nodes(folder)}, {Network.DEFI: 1}), [])


STEPS = {"build": do_build, "submit": do_submit, "follow": do_follow}


def main() -> None:
    """Do the step."""
    folder, step, where, count, file = sys.argv[1:]
    with doomed(Path(folder), Killer(where, int(count))) as host:
        STEPS[step](host, Path(folder), Path(file))


if __name__ == "__main__":
    main()
