"""The house with the canaries, made once: its device has answered, and each test gets a copy of its host."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_online.rehearsal.payments import RunningPayments, serve_payments
from coldtusk_online.rehearsal.payments.coinrpc import CoinRpcModes, Window
from coldtusk_online.rehearsal.payments.coinsoftworks import CoinSoftworksModes
from tests.simulators.canary_house import HELD, CanaryHost, enrol, make_house
from tests.simulators.canary_stage import urls_of


@pytest.fixture(scope="session")
def canary_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPayments]:
    """The stand-ins, whose customer's secrets are canaries."""
    with serve_payments(tmp_path_factory.mktemp("services"), credentials=HELD) as made:
        made.coinrpc.modes = CoinRpcModes(window=Window.NONE)
        made.coinsoftworks.modes = CoinSoftworksModes(pending_polls=0)
        yield made


@pytest.fixture(scope="session")
def canary_house(tmp_path_factory: pytest.TempPathFactory, canary_services: RunningPayments) -> CanaryHost:
    """A host that has the device's answer to a call of each service but CoinRPC, whose answers grow old."""
    made = make_house(tmp_path_factory.mktemp("house"), canary_services.ca_file, urls_of(canary_services))
    enrol(made)
    for system in ("coinpayments", "coinspark", "coinsoftworks"):
        made.ask(system)
        made.approve(system)
    return made


@pytest.fixture
def canary_host(canary_house: CanaryHost, canary_services: RunningPayments, tmp_path: Path) -> Iterator[CanaryHost]:
    """A copy of it."""
    yield canary_house.copied(tmp_path / "host")
    canary_services.faults.clear()
