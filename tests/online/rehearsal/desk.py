"""What the tests of the rehearsal node share: a node at a given height and short ways to talk to it."""

import json
from pathlib import Path
from typing import Any, cast

from coldtusk_online.rehearsal import RehearsalNode
from coldtusk_online.rehearsal.routes import answer
from coldtusk_shared.services.warthog.network import Network
from tests.simulators.warthog_wallet import Value, Wallet

VECTORS = Path(__file__).parents[2] / "vectors" / "warthog"
WART = 100_000_000
NOON = 1_795_174_497


def vectors(name: str) -> Any:
    """A vector file of the reference node."""
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


def new_node(network: Network, height: int = 0, miner: str | None = None, seed: bytes = b"tests") -> RehearsalNode:
    """A node with *height* blocks, their rewards with *miner*."""
    node = RehearsalNode(network, clock=lambda: NOON, seed=seed)
    node.mine(height, miner)
    return node


def get(node: RehearsalNode, target: str) -> Any:
    """The JSON of a GET."""
    return answer(node, "GET", target)


def post(node: RehearsalNode, body: dict[str, Value] | bytes) -> dict[str, Any]:
    """The JSON of a POST /transaction/add."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return cast(dict[str, Any], answer(node, "POST", "/transaction/add", raw))


class Desk:
    """A wallet at a node: signs under the newest pin with the next nonce."""

    def __init__(self, node: RehearsalNode, wallet: Wallet, miner: str | None = None) -> None:
        self.node = node
        self.wallet = wallet
        self.miner = miner
        self.nonce = 0

    def body(self, **fields: Value) -> dict[str, Value]:
        """A signed body (defi, or main if there is no type)."""
        self.nonce += 1
        pinned: dict[str, Value] = {"pinHeight": self.node.pin_height, "nonceId": self.nonce, **fields}
        sign = self.wallet.signed if "type" in fields else self.wallet.signed_main
        return sign(self.node.chain.block_hash(int(pinned["pinHeight"])), **pinned)

    def send(self, **fields: Value) -> dict[str, Any]:
        """The reply to a signed body."""
        return post(self.node, self.body(**fields))

    def sent(self, **fields: Value) -> str:
        """The hash of a transaction that must be taken."""
        reply = self.send(**fields)
        assert reply["code"] == 0, reply
        return str(reply["data"]["txHash"])

    def mined(self, **fields: Value) -> str:
        """The same, and a block after it whose reward goes to the desk's miner, or elsewhere."""
        tx_hash = self.sent(**fields)
        self.node.mine(1, self.miner)
        return tx_hash

    def wart(self) -> tuple[int, int, int]:
        """Total, locked, mempool of WART in E8."""
        held = get(self.node, f"/account/{self.wallet.address}/wart_balance")["data"]["wart"]
        return held["total"]["E8"], held["locked"]["E8"], held["mempool"]["E8"]

    def token(self, kind: str, asset_hash: str) -> tuple[int, int, int]:
        """Total, locked, mempool of an asset or of its liquidity."""
        held = get(self.node, f"/account/{self.wallet.address}/balance/{kind}:{asset_hash}")["data"]["balance"]
        return held["total"]["u64"], held["locked"]["u64"], held["mempool"]["u64"]
