"""The two dialects as tables: where a node of each network is asked, and how its replies are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from coldtusk_online.json_reader import JsonReader
from coldtusk_online.services.warthog import replies, replies_defi, replies_main
from coldtusk_online.services.warthog.answers import Balance, Head, Seen, Version
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.network import Network


@dataclass(frozen=True, slots=True)
class Dialect:
    """One network's spelling. Paths have ``{}`` where the address stands."""

    release: tuple[int, int]
    """Major and minor version of the nodes that speak it."""
    version_path: str
    version: Callable[[JsonReader], Version]
    is_head: Callable[[JsonReader], bool]
    """Whether a reply to /chain/head has this dialect's shape, and not the other's."""
    head: Callable[[JsonReader], Head]
    minimum_fee: Callable[[JsonReader], int]
    balance_path: str
    wart_balance: Callable[[JsonReader, Address], Balance]
    account_id: Callable[[JsonReader, Address], int | None]
    looked_up: Callable[[JsonReader], Seen]
    pending_path: str
    pending: Callable[[JsonReader], list[Seen]]
    block_hash: Callable[[JsonReader], bytes]
    rounded_fee: Callable[[JsonReader], int]


_MAIN = Dialect(
    release=(0, 8),
    version_path="/tools/version",
    version=replies.version,
    is_head=lambda data: "pinHash" in data.names(),
    head=replies_main.head,
    minimum_fee=replies_main.minimum_fee,
    balance_path="/account/{}/balance",
    wart_balance=replies_main.wart_balance,
    account_id=replies_main.account_id,
    looked_up=replies_main.looked_up,
    pending_path="/transaction/mempool",
    pending=replies_main.pending,
    block_hash=replies_main.block_hash,
    rounded_fee=replies_main.rounded_fee,
)
_DEFI = Dialect(
    release=(0, 10),
    version_path="/tools/info",
    version=lambda data: replies.version(data.member("version")),
    is_head=lambda data: "chainHead" in data.names(),
    head=replies_defi.head,
    minimum_fee=replies_defi.minimum_fee,
    balance_path="/account/{}/wart_balance",
    wart_balance=replies_defi.wart_balance,
    account_id=replies_defi.account_id,
    looked_up=replies_defi.looked_up,
    pending_path="/account/{}/mempool",
    pending=replies_defi.pending,
    block_hash=replies_defi.block_hash,
    rounded_fee=replies_defi.rounded_fee,
)

DIALECTS: Mapping[Network, Dialect] = MappingProxyType({Network.MAIN: _MAIN, Network.DEFI: _DEFI})
