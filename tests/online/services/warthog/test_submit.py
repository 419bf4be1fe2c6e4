"""Submitting: what is posted, how often, and what is known afterwards."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coldtusk_online import issuing, taking
from coldtusk_online.base_url import BaseUrl
from coldtusk_online.http import HttpClient
from coldtusk_online.issuing import Order
from coldtusk_online.ledger import payments
from coldtusk_online.ledger.payments import Step
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.states import State
from coldtusk_online.rehearsal.faults import FaultKind
from coldtusk_online.services.warthog import bodies, build
from coldtusk_online.services.warthog.follow import Watch, follow_once
from coldtusk_online.services.warthog.node import Node
from coldtusk_online.services.warthog.submit import GROUP, Submitted, submit
from coldtusk_shared.errors import ColdtuskError, OutcomeUnknown, Outside
from coldtusk_shared.services.warthog.amount import WartE8
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.node_json import node_json
from tests.simulators.device import signed
from tests.simulators.online_house import PAYEE, House, house

ADD = "/transaction/add"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """A house with one node."""
    with house(tmp_path) as made:
        yield made


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[House]:
    """A house with two nodes."""
    with house(tmp_path, nodes=2) as made:
        yield made


def _answered(home: House, count: int = 1, **how: object) -> Stored:
    """A request of *count* transfers that the device answered."""
    asks = tuple(bodies.wart_transfer(PAYEE, f"0.{number:08}") for number in range(1, count + 1))
    with home.host() as host:
        ids = tuple(issuing.new_id(host) for _ in asks)
        order = Order(home.account(), ids, asks)
        plan = build.plan(home.nodes(), order.account.address, asks, None, WartE8(10_000_000))
        stored = issuing.issue(host, order, plan)
        assert stored.sealed is not None
        return taking.take(host, home.device.answer(stored.sealed, **how))  # type: ignore[arg-type] # its options


def _submit(
    home: House, stored: Stored, nodes: list[Node] | None = None, checkpoint: Callable[[str], None] | None = None
) -> Submitted:
    with home.host(checkpoint or (lambda _name: None)) as host:
        return submit(host, home.nodes() if nodes is None else nodes, stored)


def _posts(home: House, node: int = 0) -> list[bytes]:
    return [request.body for request in home.servers[node].requests if request.method == "POST"]


def _states(done: Submitted) -> list[State]:
    return [payment.state for payment in done.stored.payments]


def test_every_payment_is_posted_once(home: House) -> None:
    """In order, accepted under our hash, and the ledger says so; a second call posts nothing."""
    done = _submit(home, _answered(home, 3))
    assert ([State.SUBMITTED] * 3, None) == (_states(done), done.failed)
    assert 3 == len(_posts(home)) == len(set(_posts(home)))
    assert all(home.node.find(payment.txid) for payment in done.stored.payments)
    again = _submit(home, home.stored()[0])
    assert ([State.SUBMITTED] * 3, 3) == (_states(again), len(_posts(home)))


def test_the_main_networks_dialect(tmp_path: Path) -> None:
    """Its node takes what was signed for it."""
    with house(tmp_path, network=Network.MAIN) as home:
        out = str(tmp_path / "a.request")
        common = ("--from", "savings", "--to", PAYEE.text, "--amount", "2", "--out", out)
        assert 0 == home.run("warthog", "transfer", *common).status
        assert 0 == home.run("submit", home.answered(out)).status
        assert b'"amountE8":200000000' in _posts(home)[0]
        home.mine(10)
        assert 0 == home.run("follow").status


def test_refused_items_are_not_posted(home: House) -> None:
    """A partial answer is a right answer."""
    done = _submit(home, _answered(home, 3, refuse=(1,)))
    assert [State.SUBMITTED, State.REFUSED, State.SUBMITTED] == _states(done)
    assert 2 == len(_posts(home))


def test_the_intent_is_durable_before_the_first_post(home: House) -> None:
    """At the first post every payment of the batch stands as unknown, on disk."""
    seen: list[list[State]] = []

    def checkpoint(name: str) -> None:
        if name == "intended":
            assert [] == _posts(home)
        if name == "posted":
            seen.append([payment.state for payment in home.stored()[0].payments])

    _submit(home, _answered(home, 2), checkpoint=checkpoint)
    assert [[State.UNKNOWN] * 2] * 2 == seen


def test_results_are_recorded_in_groups(home: House) -> None:
    """Two commits a payment would cost more than the post."""
    names: list[str] = []
    done = _submit(home, _answered(home, GROUP + 1), checkpoint=names.append)
    assert {State.SUBMITTED} == set(_states(done))
    assert ["intended", *["posted"] * GROUP, "recorded", "posted", "recorded"] == names


def test_a_lost_reply_is_looked_up(home: House) -> None:
    """The node took it, and says so when asked; nothing is posted again."""
    stored = _answered(home)
    home.servers[0].faults.arm(FaultKind.REPLY_LOST, ADD)
    done = _submit(home, stored)
    assert ([State.SEEN], None, 1) == (_states(done), done.failed, len(_posts(home)))


def test_a_lost_post_is_unknown(home: House) -> None:
    """No reply, and no node shows it: unknown. The next call posts the identical bytes, nothing else."""
    stored = _answered(home)
    home.servers[0].faults.arm(FaultKind.DROP, ADD)
    done = _submit(home, stored)
    assert [State.UNKNOWN] == _states(done)
    assert isinstance(done.failed, OutcomeUnknown)
    assert "warthog.submit.unknown" == done.failed.code.name
    again = _submit(home, home.stored()[0])
    assert ([State.SUBMITTED], None) == (_states(again), again.failed)
    assert 2 == len(_posts(home))
    assert 1 == len(set(_posts(home)))


def test_an_answer_that_is_none(home: House) -> None:
    """A page of a proxy instead of JSON: the transaction was taken, so it is unknown until it is looked up."""
    stored = _answered(home)
    home.servers[0].faults.arm(FaultKind.HTML, ADD)
    assert [State.SEEN] == _states(_submit(home, stored))


def test_what_was_in_doubt_and_cannot_be_looked_up(home: House) -> None:
    """Then nothing is posted, not even the identical bytes."""
    stored = _answered(home)
    home.servers[0].faults.arm(FaultKind.DROP, ADD)
    _submit(home, stored)
    home.servers[0].faults.arm(FaultKind.GARBAGE, "/transaction/lookup", times=2)
    again = _submit(home, home.stored()[0])
    assert [State.UNKNOWN] == _states(again)
    assert again.failed is not None
    assert "warthog.submit.lookup-failed" == again.failed.code.name
    assert 1 == len(_posts(home))


def test_another_hash_than_ours(home: House) -> None:
    """A node that names another transaction is not believed, and the rest of the batch is not given to it."""
    stored = _answered(home, 3)
    home.servers[0].faults.arm(FaultKind.WRONG_HASH, ADD)
    done = _submit(home, stored)
    assert [State.UNKNOWN, State.ANSWERED, State.ANSWERED] == _states(done)
    assert isinstance(done.failed, OutcomeUnknown)
    assert "warthog.submit.other-txid" == done.failed.code.name
    assert 1 == len(_posts(home))


def test_a_rejection_is_kept_with_its_words(home: House) -> None:
    """Number, meaning and text; the same bytes may be tried again, and then they are taken."""
    stored = _answered(home)
    home.node.set_min_fee(5_000_000)
    done = _submit(home, stored)
    assert [State.REJECTED] == _states(done)
    assert done.failed is not None
    assert "warthog.submit.rejected" == done.failed.code.name
    assert "fee below the minimum (number 217" in done.stored.payments[0].note
    home.node.set_min_fee(1_000_448)
    assert [State.SUBMITTED] == _states(_submit(home, home.stored()[0]))


def test_a_rejection_does_not_undo_a_doubt(pair: House) -> None:
    """What was sent in doubt stays unknown, whatever is said of the second post."""
    stored = _answered(pair)
    for server in pair.servers:
        server.faults.arm(FaultKind.DROP, ADD)
    _submit(pair, stored)
    for server in pair.servers:
        server.node.set_min_fee(5_000_000)
    again = _submit(pair, pair.stored()[0])
    assert [State.UNKNOWN] == _states(again)
    assert isinstance(again.failed, OutcomeUnknown)


def test_a_duplicate_of_our_own(home: House) -> None:
    """The node has it already: the lookup says so."""
    stored = _answered(home)
    _submit(home, stored)
    home.mine()
    assert [State.SUBMITTED] == [payment.state for payment in home.stored()[0].payments]
    with home.host() as host, host.ledger.writing() as db:
        payments.step(db, [Step(stored.payments[0].id, State.UNKNOWN)], 1)
    assert [State.SEEN] == _states(_submit(home, home.stored()[0]))
    assert 1 == len(_posts(home))


def _bypass(home: House, content: WarthogContent) -> Callable[[str], None]:
    """Give the node *content*, signed by the account's key, between our intent and our post."""

    def checkpoint(name: str) -> None:
        if name == "intended":
            home.node.add(node_json(content.transaction, signed(content, "treasury")))

    return checkpoint


def _content(stored: Stored) -> WarthogContent:
    content = stored.parsed().items[0].content
    assert isinstance(content, WarthogContent)
    return content


def test_somebody_follows_meanwhile(home: House) -> None:
    """`follow` in another terminal sees the payment before the post's result is recorded: what it knows stands."""
    stored = _answered(home)
    watch = Watch({Network.DEFI: home.nodes()}, {Network.DEFI: 10})

    def checkpoint(name: str) -> None:
        if name == "posted":
            with home.host() as other:
                follow_once(other, watch, [])

    done = _submit(home, stored, checkpoint=checkpoint)
    assert ([State.SEEN], None) == (_states(done), done.failed)


def test_two_submit_at_once(home: House) -> None:
    """The second one finds the first one's intent: it posts the identical bytes at most, and nothing breaks."""
    stored = _answered(home)

    def checkpoint(name: str) -> None:
        if name == "intended":
            assert [State.SUBMITTED] == _states(_submit(home, home.stored()[0]))

    done = _submit(home, stored, checkpoint=checkpoint)
    assert [State.SUBMITTED] == _states(done)
    assert 1 == len(set(_posts(home)))


def test_another_process_was_faster(home: House) -> None:
    """The node calls our post a duplicate, and shows our transaction: nothing is wrong."""
    stored = _answered(home)
    done = _submit(home, stored, checkpoint=_bypass(home, _content(stored)))
    assert ([State.SEEN], None) == (_states(done), done.failed)


def test_a_nonce_that_another_transaction_has(home: House) -> None:
    """Somebody with the same key used pin and nonce for another payment: unknown, and said loudly."""
    stored = _answered(home)
    ours = _content(stored)
    body = bodies.wart_transfer(PAYEE, "3").body
    theirs = replace(ours, transaction=replace(ours.transaction, body=body))
    done = _submit(home, stored, checkpoint=_bypass(home, theirs))
    assert [State.UNKNOWN] == _states(done)
    assert isinstance(done.failed, OutcomeUnknown)
    assert "warthog.submit.duplicate-nonce" == done.failed.code.name


def test_the_next_node_takes_over(pair: House) -> None:
    """A node that cannot be reached is certainly not given anything: the next one is, for the rest of the batch."""
    stored = _answered(pair, 3)
    pair.servers[0].stop()
    done = _submit(pair, stored)
    assert ([State.SUBMITTED] * 3, None) == (_states(done), done.failed)
    assert 3 == len(_posts(pair, 1))


def test_no_node_can_be_reached(home: House) -> None:
    """Nothing is sent, and the ledger says so."""
    stored = _answered(home)
    home.servers[0].stop()
    with pytest.raises(Outside):
        _submit(home, stored)
    assert State.ANSWERED is home.stored()[0].state


def test_nodes_that_fall_silent_during_a_batch(pair: House) -> None:
    """Every node failed once in a row: the rest is certainly not sent, and stands as answered again."""
    stored = _answered(pair, 4)
    for server in pair.servers:
        server.faults.arm(FaultKind.DROP, ADD, times=9)
    done = _submit(pair, stored)
    assert [State.UNKNOWN, State.UNKNOWN, State.ANSWERED, State.ANSWERED] == _states(done)
    assert (1, 1) == (len(_posts(pair, 0)), len(_posts(pair, 1)))


def test_too_late(home: House) -> None:
    """When no block can include it any more it is not posted."""
    stored = _answered(home)
    home.mine(8200)
    done = _submit(home, stored)
    assert [State.ANSWERED] == _states(done)
    assert done.failed is not None
    assert "warthog.submit.too-late" == done.failed.code.name
    assert [] == _posts(home)


def test_one_node_alone_says_that_it_is_too_late(pair: House) -> None:
    """It may lie: the payment is posted to a node all the same, which can refuse it."""
    stored = _answered(pair)
    pair.servers[1].node.mine(8200)
    assert ([State.SUBMITTED], 1) == (_states(_submit(pair, stored)), len(_posts(pair)))


def test_a_node_that_hangs(home: House) -> None:
    """The deadline ends the wait, and the outcome is unknown."""
    stored = _answered(home)
    home.servers[0].faults.arm(FaultKind.HANG, ADD)
    node = Node(BaseUrl.parse(home.servers[0].url), Network.DEFI, HttpClient(seconds=0.3))
    done = _submit(home, stored, [node])
    assert [State.UNKNOWN] == _states(done)
    assert isinstance(done.failed, ColdtuskError)
