"""What nodes know of a transaction, and what follows from it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coldtusk_online.base_url import BaseUrl
from coldtusk_online.http import HttpClient
from coldtusk_online.ledger.payments import Payment, Step
from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.faults import FaultKind
from coldtusk_online.services.warthog.node import Node
from coldtusk_online.services.warthog.sightings import Sight, Sighting, judge, look
from coldtusk_shared.errors import Outside
from coldtusk_shared.request import PaymentId, RequestId
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.preimage import Txid
from tests.simulators.device import address_of
from tests.simulators.online_house import House, house

_ID = PaymentId(bytes(16))
_LAST = 32 + 8191


def _payment(state: State = State.SUBMITTED, txid: bytes = bytes(32), account: bytes = bytes(20)) -> Payment:
    return Payment(_ID, RequestId(bytes(16)), 0, state, Network.DEFI, account, 32, 7, Txid(txid), bytes(32))


def _found(height: int | None = None, confirmations: int = 0) -> Sighting:
    return Sighting("a", Sight.FOUND, height, confirmations)


_ABSENT, _DOWN, _MASKED = (Sighting("b", sight) for sight in (Sight.ABSENT, Sight.DOWN, Sight.MASKED))


@pytest.mark.parametrize(
    ("sightings", "expected"),
    [
        ([_found()], Step(_ID, State.SEEN, "pending")),
        ([_found(), _ABSENT], Step(_ID, State.SEEN, "pending, but not every node shows it")),
        ([_found(50, 3)], Step(_ID, State.SEEN, "mined", height=50, confirmations=3)),
        ([_found(50, 10)], Step(_ID, State.CONFIRMED, "mined", height=50, confirmations=10)),
        ([_found(50, 12), _found(50, 9)], Step(_ID, State.SEEN, "mined", height=50, confirmations=9)),
        ([_found(50, 12), _DOWN], Step(_ID, State.CONFIRMED, "mined", height=50, confirmations=12)),
        (
            [_found(50, 12), _ABSENT],
            Step(_ID, State.SEEN, "mined, but not every node shows it", height=50, confirmations=12),
        ),
        (
            [_found(50, 12), _found(51, 11)],
            Step(_ID, State.SEEN, "mined, but the nodes name different blocks", height=51, confirmations=11),
        ),
        ([_found(50, 12), _found()], Step(_ID, State.SEEN, "pending")),
        ([_ABSENT], Step(_ID, State.UNKNOWN, "no node shows it any more")),
        ([_ABSENT, _DOWN], None),
        ([_ABSENT, _MASKED], None),
        ([_DOWN], None),
        ([], None),
    ],
)
def test_what_follows(sightings: list[Sighting], expected: Step | None) -> None:
    """The node with the fewest confirmations counts, and every node that answers must agree."""
    assert expected == judge(_payment(), sightings, 100, 10)


@pytest.mark.parametrize(
    ("length", "sightings", "expected"),
    [
        (_LAST + 9, [_ABSENT], None),
        (_LAST + 10, [_ABSENT], State.EXPIRED),
        (_LAST + 10, [_ABSENT, _DOWN], None),
        (_LAST + 10, [_ABSENT, _MASKED], None),
        (_LAST + 10, [_found()], State.SEEN),
        (None, [_ABSENT], None),
    ],
)
def test_when_a_payment_is_gone(length: int | None, sightings: list[Sighting], expected: State | None) -> None:
    """As many blocks past the last possible one as count for done, every node's word, and every node's length."""
    for state in (State.UNKNOWN, State.ANSWERED, State.ISSUED, State.REJECTED):
        step = judge(_payment(state), sightings, length, 10)
        assert expected == (None if step is None else step.state)


def test_what_was_seen_without_an_answer() -> None:
    """A node showed what this host has no signature of, and no more: its answer can still be taken."""
    unsigned, signed = _payment(State.SEEN), replace(_payment(State.SEEN), signature=bytes(65))
    gone = "no node shows it any more"
    assert Step(_ID, State.ISSUED, gone) == judge(unsigned, [_ABSENT], 100, 10)
    assert Step(_ID, State.UNKNOWN, gone) == judge(signed, [_ABSENT], 100, 10)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """A house with two nodes, the first of which has a transfer."""
    with house(tmp_path, nodes=2) as made:
        assert made.run("submit", made.answered(made.transfer().json["file"])).status == 0
        yield made


def test_every_node_is_asked(home: House) -> None:
    """Pending on one, absent on the other, then down."""
    payment = home.stored()[0].payments[0]
    assert [Sight.FOUND, Sight.ABSENT] == [one.sight for one in look(home.nodes(), payment)]
    home.servers[0].faults.arm(FaultKind.DROP, "/transaction/lookup")
    assert [Sight.DOWN, Sight.ABSENT] == [one.sight for one in look(home.nodes(), payment)]
    home.servers[0].node.mine(3)
    mined = look(home.nodes(), payment)[0]
    assert (Sight.FOUND, 41, 3) == (mined.sight, mined.height, mined.confirmations)


def test_a_node_that_lets_us_wait(home: House) -> None:
    """Those who look together wait for it once; one that answers at once, whatever it says, is asked again."""
    payment = home.stored()[0].payments[0]
    faults = home.servers[0].faults
    faults.arm(FaultKind.HANG, "/transaction/lookup", times=1)
    slow = Node(BaseUrl.parse(home.servers[0].url), Network.DEFI, HttpClient(seconds=0.2))
    silent: dict[str, Outside] = {}
    first, second = look([slow], payment, silent)[0], look([slow], payment, silent)[0]
    assert ([Sight.DOWN] * 2, "http.timeout") == (
        [first.sight, second.sight],
        second.failure and second.failure.code.name,
    )
    assert [Sight.FOUND] == [one.sight for one in look([slow], payment)]
    faults.arm(FaultKind.GARBAGE, "/transaction/lookup", times=1)
    assert [Sight.DOWN, Sight.FOUND] == [look([slow], payment, {})[0].sight for _ in range(2)]


def test_another_senders_transaction_is_not_ours(home: House) -> None:
    """The hash is the same, the sender another: neither found nor absent, unless ours waits in the mempool."""
    payment = home.stored()[0].payments[0]
    stranger = Payment(
        **{
            **{name: getattr(payment, name) for name in Payment.__slots__},
            "account": address_of("savings").raw,
        }
    )
    assert [Sight.MASKED, Sight.ABSENT] == [one.sight for one in look(home.nodes(), stranger)]
