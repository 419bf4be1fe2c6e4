"""The proof of an asset: the 65 bytes that created it, put together again from what a node says.

The asset's hash is their SHA-256, so a node cannot lie here; it can only fail to help (DESIGN, Evidence).
"""

from collections.abc import Sequence

from coldtusk_online.services.warthog.answers import Creation, Seen
from coldtusk_online.services.warthog.node import Node
from coldtusk_shared.errors import BadInput, Code, Outside
from coldtusk_shared.services.warthog.amount import check_decimals
from coldtusk_shared.services.warthog.asset import AssetHash, check_name, check_supply, prove
from coldtusk_shared.services.warthog.fee import require_exact
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.preimage import Txid, preimage
from coldtusk_shared.services.warthog.transaction import AssetCreation, Transaction

NO_PROOF = Code(
    "warthog.asset.no-proof", "check the hash and the nodes; without proof only raw units are shown offline"
)


def asset_preimage(nodes: Sequence[Node], asset_hash: AssetHash) -> bytes:
    """The bytes that created *asset_hash*, proved, from the first of *nodes* (of the defi network) that helps.

    :raises Outside: ``warthog.asset.no-proof`` if none does; it tells what each one said.
    """
    said: list[str] = []
    for node in nodes:
        try:
            return _preimage(node, asset_hash)
        except (BadInput, Outside) as error:
            said.append(f"{node.url}: {error.what}")
    raise Outside(NO_PROOF, "; ".join(said) or "no node to ask", where=asset_hash.hex())


def _preimage(node: Node, asset_hash: AssetHash) -> bytes:
    seen = node.lookup(Txid(asset_hash))
    if seen is None or seen.creation is None:
        raise Outside(NO_PROOF, "it knows no creation of this asset")
    pin_hash = node.block_hash(seen.pin_height)
    if pin_hash is None:
        raise Outside(NO_PROOF, f"it has no block {seen.pin_height}")
    signed = _rebuild(seen, seen.creation, pin_hash)
    prove(signed, asset_hash)
    return signed


def _rebuild(seen: Seen, creation: Creation, pin_hash: bytes) -> bytes:
    body = AssetCreation(check_supply(creation.supply), check_decimals(creation.decimals), check_name(creation.name))
    fee_e8 = require_exact(seen.fee_e8)
    return preimage(Transaction(Network.DEFI, pin_hash, seen.pin_height, seen.nonce_id, fee_e8, body))
