"""The client against the rehearsal node: what is signed, sent, seen and counted, on both networks, and the faults."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from coldtusk_online.base_url import BaseUrl
from coldtusk_online.http import HttpClient
from coldtusk_online.rehearsal import FaultKind, RehearsalNode, RunningServer, serve
from coldtusk_online.services.warthog import heads
from coldtusk_online.services.warthog.answers import Accepted, Rejected, Seen
from coldtusk_online.services.warthog.node import Node
from coldtusk_online.services.warthog.proof import asset_preimage
from coldtusk_shared.errors import BadInput, OutcomeUnknown, Outside
from coldtusk_shared.services.warthog import asset, price
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import AssetUnits, WartE8
from coldtusk_shared.services.warthog.asset import AssetHash
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.node_errors import Meaning
from coldtusk_shared.services.warthog.node_json import node_json
from coldtusk_shared.services.warthog.preimage import Txid, preimage, txid
from coldtusk_shared.services.warthog.transaction import (
    AssetCreation,
    Body,
    LiquidityDeposit,
    Transaction,
    WartTransfer,
)
from tests.simulators.scripted_server import ScriptedServer, answering_paths
from tests.simulators.warthog_wallet import MIN_FEE, Wallet

WALLET = Wallet("node client")
SENDER = Address.parse(WALLET.address)
PAYEE = Address.parse(Wallet("payee").address)


class Desk:
    """A rehearsal node, the client that asks it, and a wallet with money."""

    def __init__(self, server: RunningServer, network: Network) -> None:
        self.server = server
        self.network = network
        self.client = Node(BaseUrl.parse(server.url), network, HttpClient())
        self.nonce = 0
        server.node.fund(SENDER.text, 10_000_000_000)
        server.node.mine(40)

    def transaction(self, body: Body) -> Transaction:
        """Unsigned, under the node's newest pin."""
        self.nonce += 1
        head = self.client.head()
        return Transaction(self.network, head.pin_hash, head.pin_height, self.nonce, FeeE8(MIN_FEE), body)

    def signed(self, transaction: Transaction) -> bytes:
        """The JSON that submits it."""
        return node_json(transaction, WALLET.key.sign_recoverable(preimage(transaction)))

    def sent(self, body: Body) -> Txid:
        """A transaction that the node must take under our own hash."""
        transaction = self.transaction(body)
        assert Accepted(txid(transaction)) == self.client.add(self.signed(transaction))
        return txid(transaction)


@contextmanager
def _desk(network: Network) -> Iterator[Desk]:
    node = RehearsalNode(network, clock=lambda: 0)
    with serve(node, linger=0) as server:
        yield Desk(server, network)


@pytest.fixture(params=Network, ids=lambda network: network.value)
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    """One of each network."""
    with _desk(request.param) as made:
        yield made


@pytest.fixture
def defi() -> Iterator[Desk]:
    """One of the defi network."""
    with _desk(Network.DEFI) as made:
        yield made


def _transfer(e8: int = 150_000_000) -> WartTransfer:
    return WartTransfer(PAYEE, WartE8(e8))


def test_dialect(desk: Desk) -> None:
    """The rehearsal node of either network passes its check and fails the other's: node.dialect."""
    spoken = desk.client.dialect_check()
    assert desk.client.head() == spoken.head
    other = next(network for network in Network if network is not desk.network)
    with pytest.raises(Outside) as caught:
        Node(desk.client.base, other, HttpClient()).dialect_check()
    assert "node.dialect" == caught.value.code.name


def test_head_and_hashes(desk: Desk) -> None:
    """The head's pin is the block's hash, and above the head there is none."""
    head = desk.client.head()
    assert (32, 40, True) == (head.pin_height, head.length, head.synced)
    assert head.pin_hash == desk.client.block_hash(32)
    assert desk.client.block_hash(41) is None


def test_transfer(desk: Desk) -> None:
    """Unknown, pending, mined, confirmed twice: the same transaction each time."""
    transaction = desk.transaction(_transfer())
    mine = txid(transaction)
    assert desk.client.lookup(mine) is None
    desk.client.add(desk.signed(transaction))
    pending = Seen(mine, SENDER, "wartTransfer", None, 0, MIN_FEE, 1, 32, None)
    assert pending == desk.client.lookup(mine)
    assert [pending] == desk.client.pending_of(SENDER)
    assert [] == desk.client.pending_of(PAYEE)
    desk.server.node.mine(2)
    assert Seen(mine, SENDER, "wartTransfer", 41, 2, MIN_FEE, 1, 32, None) == desk.client.lookup(mine)
    assert [] == desk.client.pending_of(SENDER)
    assert not pending.is_mined
    assert 150_000_000 == desk.client.wart_balance(PAYEE).free
    assert desk.client.account_id(PAYEE) is not None


def test_pending_money_is_not_free() -> None:
    """The defi network tells what pending transactions take; the main network tells the total only."""
    for network, free in ((Network.DEFI, 10_000_000_000 - 150_000_000 - MIN_FEE), (Network.MAIN, 10_000_000_000)):
        with _desk(network) as desk:
            desk.sent(_transfer())
            assert free == desk.client.wart_balance(SENDER).free


def test_rejections(desk: Desk) -> None:
    """The same bytes twice, and too much money: the network's own numbers, with one meaning."""
    transaction = desk.transaction(_transfer())
    body = desk.signed(transaction)
    desk.client.add(body)
    again, too_much = desk.client.add(body), desk.client.add(desk.signed(desk.transaction(_transfer(10**12))))
    assert isinstance(again, Rejected)
    assert isinstance(too_much, Rejected)
    assert [Meaning.DUPLICATE_NONCE, Meaning.INSUFFICIENT_BALANCE] == [again.error.meaning, too_much.error.meaning]


def test_hints(desk: Desk) -> None:
    """The node rounds a fee down."""
    assert 999_936 == desk.client.round_fee_hint(1_000_000)
    assert MIN_FEE == desk.client.minimum_fee()


def test_price_hint(defi: Desk) -> None:
    """Here the node's doubles and our fractions agree."""
    assert price.bounds(price.parse_price_text("0.1"), 4) == defi.client.price_hint("0.1", 4)


_FAULTS = {
    FaultKind.REPLY_LOST: "http.outcome-unknown",
    FaultKind.DROP: "http.outcome-unknown",
    FaultKind.HANG: "http.outcome-unknown",
    FaultKind.TRICKLE: "http.outcome-unknown",
    FaultKind.REDIRECT: "http.outcome-unknown",
    FaultKind.HUGE: "http.outcome-unknown",
    FaultKind.CUT: "http.outcome-unknown",
    FaultKind.GARBAGE: "node.add-unknown",
    FaultKind.HTML: "node.add-unknown",
}
_NEVER_ARRIVED = {FaultKind.DROP, FaultKind.HANG, FaultKind.REDIRECT}


@pytest.mark.parametrize("kind", _FAULTS)
def test_lost_answer(desk: Desk, kind: FaultKind) -> None:
    """Whatever happens to the answer, the outcome is unknown, nothing is sent again, and the lookup tells."""
    transaction = desk.transaction(_transfer())
    desk.server.faults.arm(kind, "/transaction/add", seconds=0.1)
    impatient = Node(desk.client.base, desk.network, HttpClient(seconds=0.5))
    with pytest.raises(OutcomeUnknown) as caught:
        impatient.add(desk.signed(transaction))
    assert _FAULTS[kind] == caught.value.code.name
    assert 1 == sum(request.path == "/transaction/add" for request in desk.server.requests)
    assert (kind in _NEVER_ARRIVED) == (desk.client.lookup(txid(transaction)) is None)


def test_foreign_hash(desk: Desk) -> None:
    """A node that names another transaction is not corrected here: the caller compares."""
    transaction = desk.transaction(_transfer())
    desk.server.faults.arm(FaultKind.WRONG_HASH, "/transaction/add")
    answer = desk.client.add(desk.signed(transaction))
    assert isinstance(answer, Accepted)
    assert txid(transaction) != answer.txid


_CREATION = AssetCreation(AssetUnits(1_000_000), 4, "TOK1")


def _created(desk: Desk) -> AssetHash:
    created = AssetHash(desk.sent(_CREATION))
    desk.server.node.mine(1)
    return created


def test_asset(defi: Desk) -> None:
    """An asset is found by hash and by the beginning of its name, and belongs to who created it."""
    created = _created(defi)
    info = defi.client.asset(created)
    assert info is not None
    assert ("TOK1", 4, 1_000_000) == (info.name, info.decimals, info.supply)
    assert defi.client.account_id(SENDER) == info.owner_account_id
    assert [info] == defi.client.assets_named("TOK")
    assert [] == defi.client.assets_named("ZZZ")
    assert defi.client.asset(bytes(31) + b"\1") is None


def test_balances_of_an_asset(defi: Desk) -> None:
    """Units of the asset, and shares of its pool once there is one."""
    created = _created(defi)
    assert 1_000_000 == heads.token_balance([defi.client], SENDER, created, False).free
    defi.sent(LiquidityDeposit(created, AssetUnits(1000), WartE8(1000)))
    assert 999_000 == defi.client.token_balance(SENDER, created, False).free
    defi.server.node.mine(1)
    assert 0 < defi.client.token_balance(SENDER, created, True).free
    assert 0 == defi.client.token_balance(PAYEE, created, True).total
    with pytest.raises(Outside) as caught:
        defi.client.token_balance(SENDER, bytes(31) + b"\1", False)
    assert "node.error" == caught.value.code.name


def test_proof(defi: Desk) -> None:
    """The 65 bytes that were signed are put together again, pending and mined, and prove the asset."""
    transaction = defi.transaction(_CREATION)
    created = AssetHash(txid(transaction))
    defi.client.add(defi.signed(transaction))
    assert preimage(transaction) == asset_preimage([defi.client], created)
    defi.server.node.mine(100)
    signed = asset_preimage([defi.client], created)
    assert preimage(transaction) == signed
    assert ("TOK1", 4, 1_000_000) == (
        (facts := asset.prove(signed, created)).name,
        facts.decimals,
        facts.supply,
    )


def test_proof_of_what_is_no_asset(defi: Desk) -> None:
    """A hash that no node knows, and one of a transfer: warthog.asset.no-proof, with what each node said."""
    transfer = AssetHash(defi.sent(_transfer()))
    for nothing in (AssetHash(b"\1" * 32), transfer):
        with pytest.raises(Outside) as caught:
            asset_preimage([defi.client], nothing)
        assert ("warthog.asset.no-proof", nothing.hex()) == (caught.value.code.name, caught.value.where)
        assert defi.client.url in caught.value.what
    with pytest.raises(Outside, match="no node"):
        asset_preimage([], transfer)


_LIES = {
    "another name": lambda seen: seen["transaction"]["data"].update(name="USDT"),
    "no name": lambda seen: seen["transaction"]["data"].update(name="TO-K"),
    "another supply": lambda seen: seen["transaction"]["data"]["supply"].update(u64=100, str="0.0100"),
    "no supply": lambda seen: seen["transaction"]["data"]["supply"].update(u64=0, str="0"),
    "other decimals": lambda seen: seen["transaction"]["data"]["supply"].update(decimals=2, str="10000.00"),
    "another fee": lambda seen: seen["transaction"]["signedCommon"]["fee"].update(E8=1, str="0.00000001"),
    "an inexact fee": lambda seen: seen["transaction"]["signedCommon"]["fee"].update(E8=1000449, str="0.01000449"),
    "another nonce": lambda seen: seen["transaction"]["signedCommon"].update(nonceId=7),
    "another pin": lambda seen: seen["transaction"]["signedCommon"].update(pinHeight=0),
    "a pin above its chain": lambda seen: seen["transaction"]["signedCommon"].update(pinHeight=1024),
}


@pytest.mark.parametrize("lie", _LIES.values(), ids=_LIES)
def test_a_lying_node_does_not_prove(defi: Desk, lie: Callable[[Any], None]) -> None:
    """Whatever a node changes, the hash is not of these bytes; a second node that is honest helps out."""
    created = _created(defi)
    path = f"/transaction/lookup/{created.hex()}"
    answer = json.loads(HttpClient().get(defi.client.base, path))
    lie(answer["data"])
    replies = {path: json.dumps(answer).encode()}
    for height in (0, 32, 1024):
        block = f"/chain/block/{height}/hash"
        replies[block] = HttpClient().get(defi.client.base, block)
    with ScriptedServer(answering_paths(replies)) as server:
        liar = Node(BaseUrl.parse(server.url), Network.DEFI, HttpClient())
        with pytest.raises(Outside) as caught:
            asset_preimage([liar], created)
        assert "warthog.asset.no-proof" == caught.value.code.name
        assert created == asset.parse_preimage(asset_preimage([liar, defi.client], created)).hash


def test_unknown_asset_on_main() -> None:
    """The main network has none to ask for."""
    with _desk(Network.MAIN) as desk, pytest.raises(BadInput) as caught:
        desk.client.asset(bytes(32))
    assert "warthog.type-not-on-network" == caught.value.code.name
