"""Plans: pinned, with fee and evidence."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_online.rehearsal.faults import FaultKind
from coldtusk_online.services.warthog import bodies, build
from coldtusk_online.services.warthog.bodies import Ask
from coldtusk_online.services.warthog.build import Plan
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.errors import BadInput, ColdtuskError
from coldtusk_shared.services.warthog.amount import WartE8
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.transaction import Cancelation
from tests.simulators.device import address_of
from tests.simulators.online_house import PAYEE, START_HEIGHT, House, house

_SENDER = address_of("treasury")
_CAP = WartE8(10_000_000)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """A house with two nodes."""
    with house(tmp_path, nodes=2) as made:
        yield made


def _plan(home: House, *asks: Ask, fee: str | None = None) -> Plan:
    return build.plan(home.nodes(), _SENDER, asks, fee, _CAP)


def test_a_plan_is_pinned(home: House) -> None:
    """The agreed head, the least fee, the deadline and the chain's length as evidence."""
    made = _plan(home, bodies.wart_transfer(PAYEE, "1"))
    content = made.content(0, 7)
    assert (32, home.node.pin_hash) == (content.transaction.pin_height, content.transaction.pin_hash)
    assert NotAfter(Deadline.HEIGHT, 32 + 8191) == made.not_after
    assert (1_000_448, 7, _SENDER) == (content.transaction.fee_e8, content.transaction.nonce_id, content.sender)
    assert (None, START_HEIGHT) == (content.proof.fee_asked, content.proof.chain_length)


def test_the_fee_that_was_asked_is_evidence(home: House) -> None:
    """So that the device shows what rounding did."""
    content = _plan(home, bodies.wart_transfer(PAYEE, "1"), fee="0.02").content(0, 7)
    assert ("0.02", 2_000_896) == (content.proof.fee_asked, content.transaction.fee_e8)


def test_nodes_that_disagree(home: House) -> None:
    """Nothing is built on a fork."""
    home.servers[1].faults.arm(FaultKind.FORK, times=10)
    with pytest.raises(ColdtuskError) as caught:
        _plan(home, bodies.wart_transfer(PAYEE, "1"))
    assert "warthog.heads-disagree" == caught.value.code.name


def test_the_highest_minimum_counts(home: House) -> None:
    """A transaction must pass every node."""
    home.servers[1].node.set_min_fee(3_000_000)
    assert home.servers[1].node.min_fee_e8 == _plan(home, bodies.wart_transfer(PAYEE, "1")).fee_e8


def test_a_cancelation_outbids(home: House) -> None:
    """Its fee is above that of what it cancels, and a fee asked below is refused."""
    ask = Ask(Cancelation(32, 7), outbid_e8=2_000_896)
    assert 2_001_920 == _plan(home, ask).fee_e8
    with pytest.raises(ColdtuskError) as caught:
        _plan(home, ask, fee="0.02")
    assert "warthog.fee.below-minimum" == caught.value.code.name


def test_the_shared_rules_hold(home: House) -> None:
    """What the device would refuse is refused here, before any balance is asked for."""
    for ask, code in (
        (bodies.wart_transfer(_SENDER, "1"), "warthog.self-transfer"),
        (bodies.wart_transfer(PAYEE, "0"), "warthog.amount-range"),
        (bodies.cancel(33, 1), "warthog.cancel-height"),
        (bodies.cancel(64, 1), "warthog.cancel-future"),
    ):
        with pytest.raises(BadInput) as caught:
            _plan(home, ask)
        assert code == caught.value.code.name


def test_an_intent_is_who_pays_what_to_whom() -> None:
    """Every part of it counts; pin, nonce and fee are no part of it."""
    one = build.intent(Network.DEFI, _SENDER, bodies.wart_transfer(PAYEE, "1").body)
    others = [
        build.intent(Network.MAIN, _SENDER, bodies.wart_transfer(PAYEE, "1").body),
        build.intent(Network.DEFI, PAYEE, bodies.wart_transfer(PAYEE, "1").body),
        build.intent(Network.DEFI, _SENDER, bodies.wart_transfer(PAYEE, "2").body),
        build.intent(Network.DEFI, _SENDER, bodies.wart_transfer(_SENDER, "1").body),
        build.intent(Network.DEFI, _SENDER, bodies.cancel(32, 1).body),
    ]
    assert 6 == len({one, *others})
    assert one == build.intent(Network.DEFI, _SENDER, bodies.wart_transfer(PAYEE, "1.00").body)
