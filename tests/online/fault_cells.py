"""The cells of the fault matrix: what is called, what goes wrong on the way, and how one such cell is run.

A cell is one call at one service while one thing goes wrong once. It is submitted three times, each as by a new
process, and nothing goes wrong the second and third time: that is what an operator does who just tries again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.payments import Certificate, RunningPayments, Service
from coldtusk_online.submitting import Sent
from coldtusk_shared.risk import Risk
from tests.online.fault_troubles import CERTIFICATES, DONE_ALONE, KINDS, NEVER_SENT, UNDONE_ALONE, Case, Trouble
from tests.simulators.services_house import ServicesHouse, code_of
from tests.simulators.services_orders import ACTION, ASSET, SEND, WITHDRAWAL, Texts

HANG_SECONDS: Final = 1.5
"""How long a client waits for a service that hangs, in these tests."""
SUBMISSIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One call: what it does at which service, and the path on which it goes wrong."""

    system: str
    risk: Risk
    command: str
    fields: Texts
    path: str

    @property
    def name(self) -> str:
        """For people, and for the test's id."""
        return f"{self.system} {self.command}"


ROWS: Final = (
    Row("coinpayments", Risk.READS, "balances", {}, "/api.php"),
    Row("coinpayments", Risk.CHANGES, "get_callback_address", {"currency": "BTC"}, "/api.php"),
    Row("coinpayments", Risk.MOVES_MONEY, "create_withdrawal", WITHDRAWAL, "/api.php"),
    Row("coinrpc", Risk.READS, "get_balance", {}, "/bitcoin"),
    Row("coinrpc", Risk.MOVES_MONEY, "send", SEND, "/bitcoin"),
    Row("coinspark", Risk.RELEASES_SECRET, "create_asset", ASSET, "/coinspark"),
    Row("coinsoftworks", Risk.RELEASES_SECRET, "authenticate", {}, "/_functions/authentication"),
    Row("coinsoftworks", Risk.READS, "settings", {}, "/_functions/settings"),
    Row("coinsoftworks", Risk.CHANGES, "execute start_mining", {}, "/_functions/execute"),
    Row("coinsoftworks", Risk.MOVES_MONEY, "execute send_btc", ACTION, "/_functions/execute"),
)
"""Each risk that a service has. What coinsoftworks reads or changes is behind a call that releases the token."""


@dataclass(frozen=True, slots=True)
class Look:
    """What an operator sees after a submission: where the call stands, and the code of the error; "" for none."""

    state: State
    code: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A look after each submission, and how many effects of the call stand in the service's books."""

    looks: tuple[Look, ...]
    committed: int


def run(house: ServicesHouse, message: bytes, row: Row, case: Case) -> Outcome:
    """Submit *message* three times, the first one in *case*."""
    if case.trouble in NEVER_SENT:
        with _unreachable(house, case.trouble) as services:
            first = look(house.submit(message))
            assert not services.received and not services.books.all()
        with house.serve() as services:
            return _again(house, message, first, services, row)
    with house.serve() as services:
        if case.trouble in KINDS:
            services.faults.arm(KINDS[case.trouble], row.path, commits=_choice(case), seconds=0.05)
        house.seconds = HANG_SECONDS if case.trouble is Trouble.HANG else house.seconds
        first = look(house.submit(message))
        assert not services.faults.waiting
        return _again(house, message, first, services, row)


def look(sent: Sent) -> Look:
    """What an operator sees of *sent*: of its last call, which is the one in question."""
    return Look(sent.stored.calls[-1].state, code_of(sent.failed))


def committed(services: RunningPayments, row: Row) -> int:
    """Effects of the row's service in the books."""
    return len(services.books.of(Service(row.system)))


def _again(house: ServicesHouse, message: bytes, first: Look, services: RunningPayments, row: Row) -> Outcome:
    looks = [first, *(look(house.submit(message)) for _ in range(SUBMISSIONS - 1))]
    return Outcome(tuple(looks), committed(services, row))


@contextmanager
def _unreachable(house: ServicesHouse, trouble: Trouble) -> Iterator[RunningPayments]:
    with house.serve(CERTIFICATES.get(trouble, Certificate.VALID)) as services:
        if trouble is Trouble.NOBODY:
            services.stop()
        yield services


def _choice(case: Case) -> bool | None:
    """None where the kind has no choice: its own way is the case's."""
    return None if case.trouble in DONE_ALONE | UNDONE_ALONE else case.done


def prepared(house: ServicesHouse, row: Row) -> bytes:
    """The device's answer to the row's call; the house's host has asked for it."""
    with house.serve():
        stored = house.ask(row.system, row.command, row.fields)
    return house.answer(stored)


def cell_folder(base: Path, row: Row, case: Case) -> Path:
    """Where the cell's house stands."""
    return base / f"{ROWS.index(row)}-{case.name}"
