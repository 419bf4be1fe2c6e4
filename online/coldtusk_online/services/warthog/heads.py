"""One answer from all nodes of a network: heads must agree, fees and balances are taken on the safe side."""

from collections.abc import Sequence

from coldtusk_online.services.warthog.answers import Balance, Head
from coldtusk_online.services.warthog.node import Node
from coldtusk_shared.errors import Code, Outside, Refused
from coldtusk_shared.services.warthog.address import Address

NO_NODE = Code("warthog.no-node", "add one: coldtusk-online node add URL --network main|defi")
NOT_SYNCED = Code("warthog.not-synced", "wait until the node has caught up, or remove it")
DISAGREE = Code(
    "warthog.heads-disagree", "the nodes are on different chains: sign nothing; find out which are wrong, remove them"
)
APART = Code("warthog.heads-apart", "a node is stuck or lies about its height: wait, or find out which and remove it")

MOST_APART = 64
"""Blocks between the heads of honest nodes: twenty minutes of them."""


def agreed_head(nodes: Sequence[Node]) -> Head:
    """The head that all *nodes* stand behind: the lowest pin of them, and the lowest length.

    A boundary of 32 may lie between honest nodes, so those that are ahead are asked for their hash at the lowest pin. A
    node that cannot be reached is an error: the operator decides whether to go on without it.

    :raises Refused: ``warthog.no-node``.
    :raises Outside: ``warthog.not-synced``, ``warthog.heads-apart``, ``warthog.heads-disagree``; what a node raises.
    """
    _check_some(nodes)
    heads = [(node, node.head()) for node in nodes]
    _check_synced(heads)
    _check_near(heads)
    behind, lowest = min(heads, key=lambda pair: pair[1].pin_height)
    for node, head in heads:
        if _hash_at(node, head, lowest.pin_height) != lowest.pin_hash:
            what = f"{behind.url} and {node.url} differ at block {lowest.pin_height}"
            raise Outside(DISAGREE, what, where=", ".join(each.url for each in nodes))
    return Head(lowest.pin_height, lowest.pin_hash, min(head.length for _, head in heads), True)


def minimum_fee(nodes: Sequence[Node]) -> int:
    """The highest minimum fee of all *nodes*, in E8: a transaction must pass every one of them.

    :raises Refused: ``warthog.no-node``.
    """
    _check_some(nodes)
    return max(node.minimum_fee() for node in nodes)


def wart_balance(nodes: Sequence[Node], account: Address) -> Balance:
    """The WART of *account* by the node that leaves the least free.

    :raises Refused: ``warthog.no-node``.
    """
    _check_some(nodes)
    return min((node.wart_balance(account) for node in nodes), key=lambda balance: balance.free)


def token_balance(nodes: Sequence[Node], account: Address, asset_hash: bytes, is_liquidity: bool) -> Balance:
    """The same of an asset or its liquidity shares.

    :raises Refused: ``warthog.no-node``.
    """
    _check_some(nodes)
    found = (node.token_balance(account, asset_hash, is_liquidity) for node in nodes)
    return min(found, key=lambda balance: balance.free)


def _hash_at(node: Node, head: Head, pin_height: int) -> bytes | None:
    return head.pin_hash if head.pin_height == pin_height else node.block_hash(pin_height)


def _check_some(nodes: Sequence[Node]) -> None:
    if not nodes:
        raise Refused(NO_NODE, "no node of this network is known")
    if len({node.network for node in nodes}) > 1:
        raise RuntimeError("nodes of different networks")


def _check_synced(heads: Sequence[tuple[Node, Head]]) -> None:
    for node, head in heads:
        if not head.synced:
            raise Outside(NOT_SYNCED, f"it is still syncing, at block {head.length}", where=node.url)


def _check_near(heads: Sequence[tuple[Node, Head]]) -> None:
    lowest, highest = (pick(heads, key=lambda pair: pair[1].length) for pick in (min, max))
    if highest[1].length - lowest[1].length > MOST_APART:
        what = f"{lowest[0].url} is at block {lowest[1].length}, {highest[0].url} at {highest[1].length}"
        raise Outside(APART, what)
