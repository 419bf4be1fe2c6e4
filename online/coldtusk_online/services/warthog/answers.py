"""What a Warthog node answers, as typed values. All of it is the node's word until something proves it."""

from dataclasses import dataclass

from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.asset import AssetHash
from coldtusk_shared.services.warthog.node_errors import NodeError
from coldtusk_shared.services.warthog.preimage import Txid


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a node's chain: the pin to use (32 bytes of hash), and the height of the newest block."""

    pin_height: int
    pin_hash: bytes
    length: int
    synced: bool


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account has, in E8 or smallest units; the main network tells *total* only, the rest is 0 there."""

    total: int
    locked: int
    mempool: int

    @property
    def free(self) -> int:
        """What is neither in open orders nor promised by pending transactions."""
        return max(0, self.total - self.locked - self.mempool)


@dataclass(frozen=True, slots=True)
class Creation:
    """What an assetCreation says, as the node shows it; *name* is untrusted text."""

    name: str
    decimals: int
    supply: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A transaction that a node knows.

    *kind* is the type's name in the document, or another word of the node; *height* is None while it is pending, and
    *confirmations* count from 1 once it is mined. The txid does not commit to the sender: compare *sender* too.
    """

    txid: Txid
    sender: Address
    kind: str
    height: int | None
    confirmations: int
    fee_e8: int
    nonce_id: int
    pin_height: int
    creation: Creation | None

    @property
    def is_mined(self) -> bool:
        """Whether it is in a block."""
        return self.height is not None


@dataclass(frozen=True, slots=True)
class AssetInfo:
    """An asset as the node describes it: unproved, and *name* is not unique. *owner_account_id* is who created it."""

    hash: AssetHash
    name: str
    decimals: int
    supply: int
    owner_account_id: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """The node took the transaction and calls it *txid*. The caller compares it with its own."""

    txid: Txid


@dataclass(frozen=True, slots=True)
class Rejected:
    """The node refused the transaction. "Duplicate nonce" does not say that ours is not on the chain: look it up."""

    error: NodeError


@dataclass(frozen=True, slots=True)
class Version:
    """What a node says of its software."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"v{self.major}.{self.minor}.{self.patch}"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Evidence that a node speaks its network's dialect: its head has that shape; *version* is None if it told none."""

    head: Head
    version: Version | None
