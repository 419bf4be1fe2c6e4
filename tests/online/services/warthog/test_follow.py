"""Following payments to their end."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coldtusk_online.ledger import payments
from coldtusk_online.ledger.payments import Payment, Step
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.faults import FaultKind
from coldtusk_online.rehearsal.state import AccountId
from coldtusk_online.services.warthog.follow import Round, Watch, follow, follow_once, watched
from coldtusk_shared.request import RequestId
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.node_json import node_json
from tests.simulators.device import signed
from tests.simulators.online_house import House, house


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """A house with two nodes; a transfer was taken by the first."""
    with house(tmp_path, nodes=2) as made:
        assert made.run("submit", made.answered(made.transfer().json["file"])).status == 0
        yield made


def _watch(home: House) -> Watch:
    return Watch({Network.DEFI: home.nodes(), Network.MAIN: []}, {Network.DEFI: 10, Network.MAIN: 10})


def _once(home: House, *chosen: RequestId) -> Round:
    with home.host() as host:
        return follow_once(host, _watch(home), chosen)


def _payment(home: House, place: int = 0) -> Payment:
    return home.stored()[place].payments[0]


def _stored(home: House, id_: str) -> Stored:
    return next(one for one in home.stored() if one.id.hex() == id_)


def _payment_of(home: House, id_: str) -> Payment:
    return _stored(home, id_).payments[0]


def _gossip(home: House) -> None:
    """What one node has the others get."""
    body = next(request.body for request in home.servers[0].requests if request.method == "POST")
    home.servers[1].node.add(body)


def test_seen_then_confirmed(home: House) -> None:
    """Pending, mined, and done with ten confirmations on every node; the history tells it."""
    _gossip(home)
    assert [State.SEEN] == [payment.state for payment in _once(home).changed]
    assert [] == _once(home).changed
    home.mine(9)
    _once(home)
    assert (State.SEEN, 41, 9) == (_payment(home).state, _payment(home).height, _payment(home).confirmations)
    home.mine(1)
    assert [State.CONFIRMED] == [payment.state for payment in _once(home).changed]
    with home.host() as host, host.ledger.reading() as db:
        notes = [event.note for event in payments.history(db, _payment(home).id)]
    assert ["pending", "mined", "mined"] == notes[-3:]
    assert [] == _once(home).changed


def test_a_node_that_does_not_show_it(home: House) -> None:
    """Mined on one only: not confirmed, however deep."""
    home.mine(30)
    _once(home)
    assert (State.SEEN, "mined, but not every node shows it") == (_payment(home).state, _payment(home).note)


def test_a_node_that_is_down(home: House) -> None:
    """It is named, and the others are gone on with."""
    _gossip(home)
    home.servers[1].stop()
    home.servers[0].node.mine(10)
    found = _once(home)
    assert {home.servers[1].url} == set(found.down)
    assert [State.CONFIRMED] == [payment.state for payment in found.changed]


def test_a_transaction_that_vanished(home: House) -> None:
    """A node took it and shows it no more: unknown again, for `submit` to repeat the same bytes."""
    home.servers[0].node.set_min_fee(5_000_000)
    assert [State.UNKNOWN] == [payment.state for payment in _once(home).changed]


def test_expired(home: House) -> None:
    """No node has it, and its last block lies ten blocks back: only then is it gone."""
    home.servers[0].node.set_min_fee(5_000_000)
    home.mine(32 + 8191 + 9 - home.node.height)
    _once(home)
    assert State.UNKNOWN is _payment(home).state
    home.mine(1)
    assert [State.EXPIRED] == [payment.state for payment in _once(home).changed]


def test_expiry_needs_every_node(home: House) -> None:
    """While one is silent nothing is given up."""
    home.servers[0].node.set_min_fee(5_000_000)
    home.mine(8300)
    home.servers[1].faults.arm(FaultKind.GARBAGE, "/chain/head", times=1)
    _once(home)
    assert State.UNKNOWN is _payment(home).state
    _once(home)
    assert State.EXPIRED is _payment(home).state


def test_what_expired_by_a_false_word(home: House) -> None:
    """All nodes lied: it is looked at again when it is asked for by name, and its true end is recorded."""
    _gossip(home)
    home.servers[0].node.set_min_fee(5_000_000)
    home.mine(8300)
    liar, honest = home.nodes()
    confirmations = {Network.DEFI: 10}
    with home.host() as host:
        follow_once(host, Watch({Network.DEFI: [liar]}, confirmations), [])
        assert State.EXPIRED is _payment(home).state
        assert [] == watched(host, [])
        follow_once(host, Watch({Network.DEFI: [honest]}, confirmations), [_payment(home).request])
    assert State.CONFIRMED is _payment(home).state


def test_what_another_host_sent_in_vain(home: House) -> None:
    """Seen before it was answered here, then dropped by every node: the answer is taken and sent."""
    built = home.transfer(amount="2")
    response = home.answered(built.json["file"])
    payment = _payment_of(home, built.json["id"])
    content = _stored(home, built.json["id"]).parsed().items[0].content
    assert isinstance(content, WarthogContent)
    home.servers[0].node.add(node_json(content.transaction, signed(content, "treasury")))
    _once(home)
    assert State.SEEN is _payment_of(home, built.json["id"]).state
    home.servers[0].node.set_min_fee(5_000_000)
    _once(home)
    assert State.ISSUED is _payment_of(home, built.json["id"]).state
    home.servers[0].node.set_min_fee(1)
    assert 0 == home.run("submit", response).status
    assert (State.SUBMITTED, payment.txid) == (
        _payment_of(home, built.json["id"]).state,
        _payment_of(home, built.json["id"]).txid,
    )


def test_what_was_never_answered_expires_too(home: House) -> None:
    """An issued request blocks nothing for ever."""
    home.transfer(amount="2")
    home.mine(8300)
    _once(home)
    assert {State.EXPIRED} <= {one.state for one in home.stored()}


def test_a_rejected_payment_that_is_mined_after_all(home: House) -> None:
    """Some node had it: what counts is the chain."""
    with home.host() as host, host.ledger.writing() as db:
        payments.step(db, [Step(_payment(home).id, State.UNKNOWN)], 1)
        payments.step(db, [Step(_payment(home).id, State.REJECTED)], 1)
    _gossip(home)
    home.mine(10)
    _once(home)
    assert State.CONFIRMED is _payment(home).state


def test_chosen_requests_only(home: House) -> None:
    """Others are left alone."""
    assert [] == _once(home, RequestId(bytes(16))).changed
    with home.host() as host:
        assert [_payment(home)] == watched(host, [_payment(home).request])


def test_following_ends_when_nothing_is_waited_for(home: House) -> None:
    """Each round is told; between two of them there is a pause, which may be the end."""
    _gossip(home)
    rounds: list[Round] = []
    pauses: list[int] = []

    def pause() -> bool:
        pauses.append(1)
        home.mine(5)
        return True

    with home.host() as host:
        assert [] == follow(host, _watch(home), [], rounds.append, pause)
    assert (3, 2) == (len(rounds), len(pauses))


def test_following_can_be_cut_short(home: House) -> None:
    """What is still waited for comes back."""
    with home.host() as host:
        left = follow(host, _watch(home), [], lambda _found: None, lambda: False)
    assert [_payment(home).id] == [payment.id for payment in left]


def _create_asset(home: House) -> None:
    out = home.folder / "create.request"
    common = ("--from", "treasury", "--out", str(out))
    home.run("warthog", "create-asset", "--name", "TOK", "--decimals", "4", "--supply", "10", *common)
    home.run("submit", home.answered(str(out)))


def test_an_asset_of_our_own(tmp_path: Path) -> None:
    """A creation counts when the asset's owner is the sender's account."""
    with house(tmp_path) as home:
        _create_asset(home)
        home.mine(10)
        assert [State.CONFIRMED] == [payment.state for payment in _once(home).changed]


def test_an_asset_that_somebody_else_owns(tmp_path: Path) -> None:
    """The node names another owner: mined, but not done, and said loudly."""
    with house(tmp_path) as home:
        _create_asset(home)
        home.mine(10)
        known = home.node.state.assets
        known.update({key: replace(asset, owner=AccountId(99)) for key, asset in known.items()})
        found = _once(home)
        assert ["warthog.asset.other-owner"] == [error.code.name for error in found.foreign]
        assert (State.SEEN, "mined, but the asset belongs to another account") == (
            _payment(home).state,
            _payment(home).note,
        )


def test_an_asset_whose_owner_nobody_tells(tmp_path: Path) -> None:
    """Then nothing is said about it yet."""
    with house(tmp_path) as home:
        _create_asset(home)
        home.mine(10)
        home.servers[0].faults.arm(FaultKind.GARBAGE, "/asset/lookup")
        found = _once(home)
        assert ([], 1) == (found.changed, len(found.down))
