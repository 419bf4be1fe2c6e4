"""The shapes of the recorded GET replies (keys, nesting, kinds), over a history that mirrors the recorded one."""

import json
from typing import Any

import pytest

from coldtusk_online.rehearsal.node import RehearsalNode
from coldtusk_shared.services.warthog.network import Network
from tests.online.rehearsal.desk import WART, Desk, get, new_node, vectors
from tests.simulators.warthog_wallet import Value, Wallet

ALICE, BOB, NOBODY = Wallet("alice"), Wallet("bob"), "af09ed8d1ac3da79dc49810df77cea4bbaa176a42f29e802"
ALICE_THEN = "a3ef89f3533453ec864992d0ecea47e70e56c638a2fef9fa"
BOB_THEN = "34dd616f729b41a463ca877186d898af87260d0037436f93"
ASSET_THEN = "f482f1e9a5c8ad5a5058829af9dae0427170adc2b5b87c68ff66c2d716a39774"
NOT_SERVED = (
    "/account/ALICE/history",
    "/tools/wallet",
    "/transaction/latest",
    "/chain/hashrate",
    "/chain/txcache",
    "/chain/mine",
)
"""Endpoints that the online half never calls; see differences.BEHAVIOUR."""

RECORDED = vectors("node_replies.json")["replies"]
PENDING_LOOKUPS = [entry["path"].rsplit("/", 1)[1] for entry in RECORDED[51:60]]
MINED_LOOKUPS = [entry["path"].rsplit("/", 1)[1] for entry in RECORDED[65:78]]


def shape(value: Any) -> Any:
    """Keys, nesting and kinds; a list has the shape of its members that differ."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def same_shape(theirs: Any, ours: Any) -> bool:
    """Whether two shapes agree; lists do if each member of ours has the shape of one of theirs, or one is empty."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return theirs.keys() == ours.keys() and all(same_shape(theirs[key], ours[key]) for key in theirs)
    if isinstance(theirs, list) and isinstance(ours, list):
        return not theirs or not ours or all(any(same_shape(one, other) for one in theirs) for other in ours)
    return bool(theirs == ours)


class History:
    """What the recording did, done again: blocks 91 to 103, then nine transactions that wait."""

    def __init__(self) -> None:
        self.node = new_node(Network.DEFI, 90, ALICE.address)
        self.alice, self.bob = Desk(self.node, ALICE, ALICE.address), Desk(self.node, BOB, ALICE.address)
        self.names: dict[str, str] = {ALICE_THEN: ALICE.address, BOB_THEN: BOB.address}
        self._past()
        self._waiting()

    def _past(self) -> None:
        payment = self.alice.mined(type="wartTransfer", toAddr=BOB.address, wartE8=150_000_000)
        supply = 1_000_000_000_000
        self.asset = self.alice.mined(type="assetCreation", name="TOK1", decimals=4, supplyU64=supply)
        mined = [payment, self.asset, self._token(10**11), self._deposit(10**10, 10**9), self._token(10**6, True)]
        mined += [self._swap(self.bob, True, WART // 10, "a00042")]
        mined += [self._swap(self.alice, False, 10**8, "fa0049"), self._swap(self.bob, True, WART // 10, "fa004a")]
        doomed = self._swap(self.alice, False, 10**8, "fa004a")
        cancel: dict[str, Value] = {"type": "cancelation", "cancelHeight": self.node.pin_height}
        mined += [doomed, self.alice.mined(**cancel, cancelNonceId=self.alice.nonce)]
        killed = self.alice.sent(type="wartTransfer", toAddr=BOB.address, wartE8=5)
        self.killed = killed
        mined += [killed, self.alice.mined(**cancel, cancelNonceId=self.alice.nonce, feeE8=2_000_896)]
        withdrawal: dict[str, Value] = {"type": "liquidityWithdrawal", "assetHash": self.asset}
        mined += [self.alice.mined(**withdrawal, amountE8=10_000_000)]
        self.names |= dict(zip(MINED_LOOKUPS, mined, strict=True))

    def _token(self, units: int, liquidity: bool = False) -> str:
        fields: dict[str, Value] = {
            "assetHash": self.asset,
            "isLiquidity": liquidity,
            "toAddr": BOB.address,
            "amountU64": units,
        }
        return self.alice.mined(type="tokenTransfer", **fields)

    def _deposit(self, units: int, e8: int) -> str:
        return self.alice.mined(type="liquidityDeposit", assetHash=self.asset, amountU64=units, wartE8=e8)

    def _swap(self, desk: Desk, buy: bool, units: int, limit: str) -> str:
        return desk.mined(type="limitSwap", assetHash=self.asset, isBuy=buy, amountU64=units, limit=limit)

    def _waiting(self) -> None:
        send = self.alice.sent
        token: dict[str, Value] = {"assetHash": self.asset}
        moved: dict[str, Value] = {**token, "toAddr": BOB.address, "amountU64": 7}
        waiting = [
            send(type="wartTransfer", toAddr=BOB.address, wartE8=123),
            send(type="tokenTransfer", isLiquidity=False, **moved),
            send(type="tokenTransfer", isLiquidity=True, **moved),
            send(type="limitSwap", isBuy=True, amountU64=1000, limit="a00042", **token),
            send(type="limitSwap", isBuy=False, amountU64=1000, limit="a00042", **token),
            send(type="liquidityDeposit", amountU64=100, wartE8=1000, **token),
            send(type="liquidityWithdrawal", amountE8=50, **token),
            send(type="cancelation", cancelHeight=0, cancelNonceId=1),
            send(type="assetCreation", name="NEW", decimals=2, supplyU64=1000),
        ]
        self.names |= dict(zip(PENDING_LOOKUPS, waiting, strict=True))

    def translated(self, path: str) -> str:
        """A recorded path with our addresses and hashes."""
        for then, ours in self.names.items():
            path = path.replace(then, ours)
        return path


def _is_asked(path: str) -> bool:
    return not path.replace(ALICE_THEN, "ALICE").startswith(NOT_SERVED)


def _compare(node: RehearsalNode, path: str, entry: dict[str, Any]) -> None:
    ours = get(node, path)
    if entry["status"] == "EXC":
        assert ours is None, path
        return
    recorded = json.loads(entry["reply"])
    if recorded["code"] != 0:
        assert recorded == ours, path
        return
    assert same_shape(shape(recorded), shape(ours)), (path, recorded, ours)


def test_defi_replies_have_the_recorded_shapes() -> None:
    """Every recorded GET of the defi node that we serve, before and after the last block, errors to the letter."""
    history = History()
    for number, entry in enumerate(RECORDED):
        if number == 65:
            history.node.mine(1, ALICE.address)
        if _is_asked(entry["path"]):
            _compare(history.node, history.translated(entry["path"]), entry)


def test_exact_replies_are_the_recorded_ones() -> None:
    """Fees, rounding and the lists without a history agree in every byte of their values."""
    node = new_node(Network.DEFI)
    exact = ("/transaction/minfee", "/tools/encode16bit/", "/settings/mempool/minfee")
    for entry in RECORDED:
        if entry["path"].startswith(exact) and entry["status"] == 200:
            assert json.loads(entry["reply"]) == get(node, entry["path"]), entry["path"]


@pytest.mark.parametrize("entry", [entry for entry in RECORDED if "parse_price" in entry["path"]])
def test_prices_are_the_recorded_ones(entry: dict[str, Any]) -> None:
    """Mantissa, exponent and hex agree; the doubles to 12 digits."""
    recorded, ours = json.loads(entry["reply"]), get(new_node(Network.DEFI), entry["path"])
    for side in ("floor", "ceil") if recorded["code"] == 0 else ():
        for double in ("doubleAdjusted", "doubleRaw"):
            theirs = recorded["data"][side].pop(double)
            assert theirs == pytest.approx(ours["data"][side].pop(double), rel=1e-12)
    assert recorded == ours


def test_main_replies_have_the_recorded_shapes() -> None:
    """Every recorded GET of the main node that we serve, over the same history."""
    recorded = vectors("node_replies_main.json")["replies"]
    alice, bob = "3e6f0080bb8aa745b5eb0ffea58d6c2f4b8b5b1513829d5c", "ba3d1236427c8ef6e83107d08519ffc482749e855339dd7f"
    node = new_node(Network.MAIN, 43, ALICE.address)
    desk = Desk(node, ALICE)
    then = {alice: ALICE.address, bob: BOB.address}
    for entry in recorded:
        if entry["path"].startswith("/transaction/lookup/1290"):
            node.mine(1, ALICE.address)
        path = entry["path"]
        for old, new in then.items():
            path = path.replace(old, new)
        if entry["method"] == "GET" and _is_asked(path):
            _compare(node, path, entry)
        elif entry["method"] == "POST" and entry["name"] == "amountE8+feeE8 (no type)":
            then[json.loads(entry["reply"])["data"]["txHash"]] = desk.sent(toAddr=BOB.address, amountE8=1)


def test_a_waiting_transfer_of_main_is_shown_with_no_block() -> None:
    """Not recorded; the v0.8 sources show 0 confirmations and block height 0 (differences.ASSUMED)."""
    node = new_node(Network.MAIN, 43, ALICE.address)
    tx_hash = Desk(node, ALICE).sent(toAddr=BOB.address, amountE8=1)
    shown = get(node, f"/transaction/lookup/{tx_hash}")["data"]["transaction"]
    assert (0, 0) == (shown["confirmations"], shown["blockHeight"])
    node.mine(2)
    shown = get(node, f"/transaction/lookup/{tx_hash}")["data"]["transaction"]
    assert (2, 44) == (shown["confirmations"], shown["blockHeight"])
