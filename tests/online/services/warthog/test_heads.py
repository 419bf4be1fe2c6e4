"""One answer from all nodes: rehearsal nodes of one chain, of different chains, behind, ahead and lying."""

import json
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from coldtusk_online.base_url import BaseUrl
from coldtusk_online.http import HttpClient
from coldtusk_online.rehearsal import FaultKind, RehearsalNode, RunningServer, serve
from coldtusk_online.services.warthog import heads
from coldtusk_online.services.warthog.node import Node
from coldtusk_shared.errors import Outside, Refused
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.network import Network
from tests.simulators.scripted_server import ScriptedServer, answering_paths

ACCOUNT = Address(b"\7" * 20)


class Chains:
    """Rehearsal nodes that run until the test ends."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.servers: list[RunningServer] = []

    def node(self, height: int, network: Network = Network.DEFI, seed: bytes = b"one") -> Node:
        """A node at *height*; those of one seed are on one chain."""
        chain = RehearsalNode(network, clock=lambda: 0, seed=seed)
        chain.mine(height)
        self.servers.append(self._stack.enter_context(serve(chain, linger=0)))
        return Node(BaseUrl.parse(self.servers[-1].url), network, HttpClient())


@pytest.fixture
def chains() -> Iterator[Chains]:
    """Somewhere to run nodes."""
    with ExitStack() as stack:
        yield Chains(stack)


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize(
    ("heights", "pin_height", "length"),
    [
        ((0,), 0, 0),
        ((31,), 0, 31),
        ((32,), 32, 32),
        ((100, 100, 100), 96, 100),
        ((100, 97), 96, 97),
        ((95, 96), 64, 95),
        ((96, 95), 64, 95),
        ((96, 127, 95), 64, 95),
        ((64, 128), 64, 64),
        ((31, 95), 0, 31),
    ],
)
def test_agreement(chains: Chains, network: Network, heights: tuple[int, ...], pin_height: int, length: int) -> None:
    """Honest nodes agree on the lowest pin, wherever boundaries of 32 lie between them."""
    nodes = [chains.node(height, network) for height in heights]
    head = heads.agreed_head(nodes)
    assert (pin_height, length, True) == (head.pin_height, head.length, head.synced)
    assert chains.servers[0].node.chain.block_hash(pin_height) == head.pin_hash


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize("heights", [(100, 100), (95, 96), (96, 95), (0, 0)])
def test_another_chain(chains: Chains, network: Network, heights: tuple[int, int]) -> None:
    """Nodes of different chains: warthog.heads-disagree names all of them."""
    nodes = [chains.node(heights[0], network), chains.node(heights[1], network, seed=b"other")]
    with pytest.raises(Outside) as caught:
        heads.agreed_head(nodes)
    assert "warthog.heads-disagree" == caught.value.code.name
    assert ", ".join(node.url for node in nodes) == caught.value.where


@pytest.mark.parametrize("liar", [0, 1, 2])
def test_one_liar(chains: Chains, liar: int) -> None:
    """One forked head among three is enough."""
    nodes = [chains.node(100) for _ in range(3)]
    chains.servers[liar].faults.arm(FaultKind.FORK, "/chain/head")
    with pytest.raises(Outside) as caught:
        heads.agreed_head(nodes)
    assert "warthog.heads-disagree" == caught.value.code.name
    assert nodes[liar].url in caught.value.what


def test_a_node_ahead_that_has_no_such_block(chains: Chains) -> None:
    """A node that says it is ahead must know the blocks before."""
    head = {"pinHash": "11" * 32, "pinHeight": 96, "height": 100}
    replies = {
        "/chain/head": {"code": 0, "data": {"chainHead": head, "synced": True}},
        "/chain/block/64/hash": {"code": 56, "error": "Not found"},
    }
    bodies = {path: json.dumps(answer).encode() for path, answer in replies.items()}
    honest = chains.node(95)
    with ScriptedServer(answering_paths(bodies)) as server:
        ahead = Node(BaseUrl.parse(server.url), Network.DEFI, HttpClient())
        for nodes in ([honest, ahead], [ahead, honest]):
            with pytest.raises(Outside) as caught:
                heads.agreed_head(nodes)
            assert "warthog.heads-disagree" == caught.value.code.name


def test_not_synced(chains: Chains) -> None:
    """A node that is still syncing: warthog.not-synced."""
    nodes = [chains.node(100), chains.node(100)]
    chains.servers[1].faults.arm(FaultKind.NOT_SYNCED, "/chain/head")
    with pytest.raises(Outside) as caught:
        heads.agreed_head(nodes)
    assert ("warthog.not-synced", nodes[1].url) == (caught.value.code.name, caught.value.where)


def test_too_far_apart(chains: Chains) -> None:
    """A stuck node among others: warthog.heads-apart names both ends."""
    nodes = [chains.node(100), chains.node(100 + heads.MOST_APART), chains.node(101 + heads.MOST_APART)]
    assert 96 == heads.agreed_head(nodes[:2]).pin_height
    with pytest.raises(Outside) as caught:
        heads.agreed_head(nodes)
    assert "warthog.heads-apart" == caught.value.code.name
    assert nodes[0].url in caught.value.what
    assert nodes[2].url in caught.value.what


def test_a_stale_head_is_an_older_pin(chains: Chains) -> None:
    """A node that shows an older head of the same chain costs lifetime, nothing else."""
    nodes = [chains.node(100), chains.node(100)]
    chains.servers[0].faults.arm(FaultKind.STALE_HEAD, "/chain/head")
    assert 64 == heads.agreed_head(nodes).pin_height


def test_unreachable(chains: Chains) -> None:
    """A node that does not answer is an error that names it: nobody goes on without it unasked."""
    nodes = [chains.node(100), chains.node(100)]
    chains.servers[1].stop()
    with pytest.raises(Outside) as caught:
        heads.agreed_head(nodes)
    assert ("http.connect", f"{nodes[1].url}/chain/head") == (caught.value.code.name, caught.value.where)


def test_no_node() -> None:
    """Nothing can be asked without a node: warthog.no-node, for everything."""
    asks = (
        lambda: heads.agreed_head([]),
        lambda: heads.minimum_fee([]),
        lambda: heads.wart_balance([], ACCOUNT),
        lambda: heads.token_balance([], ACCOUNT, bytes(32), False),
    )
    for ask in asks:
        with pytest.raises(Refused) as caught:
            ask()
        assert "warthog.no-node" == caught.value.code.name


def test_mixed_networks(chains: Chains) -> None:
    """The caller picks the nodes of one network: anything else is a fault of ours."""
    with pytest.raises(RuntimeError):
        heads.agreed_head([chains.node(0), chains.node(0, Network.MAIN)])


@pytest.mark.parametrize("network", Network)
def test_minimum_fee(chains: Chains, network: Network) -> None:
    """The highest counts: the transaction must pass every node."""
    nodes = [chains.node(0, network) for _ in range(3)]
    chains.servers[1].node.set_min_fee(2_000_896)
    assert 2_000_896 == heads.minimum_fee(nodes)


@pytest.mark.parametrize("network", Network)
def test_lowest_balance(chains: Chains, network: Network) -> None:
    """The lowest counts, unknown addresses have nothing."""
    nodes = [chains.node(0, network) for _ in range(2)]
    assert 0 == heads.wart_balance(nodes, ACCOUNT).free
    for server, e8 in zip(chains.servers, (500, 300), strict=True):
        server.node.fund(ACCOUNT.text, e8)
    assert 300 == heads.wart_balance(nodes, ACCOUNT).free
