"""The node itself: chain, state and mempool in one place, without a socket."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from threading import RLock

from coldtusk_online.rehearsal.admission import admit
from coldtusk_online.rehearsal.chain import REWARD_E8, Chain
from coldtusk_online.rehearsal.effects import Outcome, apply
from coldtusk_online.rehearsal.mempool import Entry, Mempool
from coldtusk_online.rehearsal.numbers import read_address, round_fee
from coldtusk_online.rehearsal.reasons import Reason, Rejection
from coldtusk_online.rehearsal.state import WART, State, TxId
from coldtusk_online.rehearsal.transactions import Cancelation
from coldtusk_online.rehearsal.wire import read_transaction
from coldtusk_shared.services.warthog.network import Network

MIN_FEE_E8 = 1_000_448
"""0.01 WART as the node's 16 bits hold it, rounded up (recorded default of both networks)."""
BLOCK_TRANSACTIONS = 350
"""How many a block took (facts)."""
DEFAULT_SEED = b"coldtusk"


@dataclass(frozen=True, slots=True)
class Mined:
    """A transaction on the chain."""

    entry: Entry
    outcome: Outcome
    height: int
    history_id: int


@dataclass(frozen=True, slots=True)
class Happened:
    """One change from outside, enough to make it again: for a state file."""

    what: str
    details: tuple[str | int, ...]


class RehearsalNode:
    """A Warthog node of one network, deterministic given *seed*, *clock* and what is asked of it.

    *clock* gives seconds (UTC) for the time stamps of blocks. Nodes of one network and seed agree on
    every block hash. Every public method may be called from any thread.
    """

    def __init__(
        self,
        network: Network,
        *,
        clock: Callable[[], int],
        seed: bytes = DEFAULT_SEED,
        observer: Callable[[Happened], None] | None = None,
    ) -> None:
        self.network = network
        self.clock = clock
        self.chain = Chain(network, seed)
        self.state = State()
        self.mempool = Mempool()
        self.mined: dict[bytes, Mined] = {}
        self.min_fee_e8 = MIN_FEE_E8
        self.started = clock()
        self.lock = RLock()
        self._observer = observer
        self._nobody = sha256(b"coldtusk rehearsal miner\0" + seed).digest()[:20]
        self._sequence = 0
        self._history_id = 0

    @property
    def height(self) -> int:
        """The height of the newest block."""
        return self.chain.length

    @property
    def pin_height(self) -> int:
        """The newest pin height."""
        return self.chain.pin_height

    @property
    def pin_hash(self) -> bytes:
        """The hash at :attr:`pin_height`."""
        return self.chain.block_hash(self.chain.pin_height)

    def fund(self, address: str, e8: int) -> None:
        """Give *address* (48 hex digits) *e8* of WART out of nothing, at once."""
        with self.lock:
            self.state.credit(self.state.open_account(read_address(address)), WART, e8)
            self._tell("fund", address, e8)

    def mine(self, blocks: int = 1, miner: str | None = None) -> int:
        """Mine *blocks* blocks, each with what the mempool offers; returns the new height.

        The rewards and fees go to *miner* (48 hex digits), or to nobody's account.
        """
        with self.lock:
            timestamp = self.clock()
            return self.mine_at(timestamp, blocks, miner)

    def mine_at(self, timestamp: int, blocks: int, miner: str | None) -> int:
        """The same with a time stamp from outside."""
        with self.lock:
            account = self.state.open_account(self._nobody if miner is None else read_address(miner))
            for _ in range(blocks):
                fees = self._mine_block(timestamp)
                self.state.credit(account, WART, REWARD_E8 + fees)
            self._tell("mine", timestamp, blocks, miner or "")
            return self.chain.length

    def advance(self, blocks: int) -> int:
        """Let *blocks* blocks pass; a pin that becomes too old takes its transactions with it."""
        return self.mine(blocks)

    def add(self, body: bytes) -> bytes:
        """Take the body of a POST /transaction/add; returns the hash or raises :class:`Rejection`."""
        with self.lock:
            tx = read_transaction(self.network, body)
            self._sequence += 1
            entry = admit(tx, self.chain, self.state, min_fee_e8=self.min_fee_e8, sequence=self._sequence)
            self.mempool.insert(entry, self.state)
            self._tell("add", body.decode("utf-8"))
            return entry.hash

    def set_min_fee(self, e8: int) -> int:
        """Ask at least *e8* from now on; returns how many waiting transactions that drops."""
        with self.lock:
            self.min_fee_e8 = round_fee(e8)
            self._tell("minfee", e8)
            return self.mempool.erase_cheaper_than(self.min_fee_e8)

    def find(self, tx_hash: bytes) -> Entry | Mined:
        """The transaction of that hash, waiting first; or "Not found"."""
        found = self.mempool.find(tx_hash) or self.mined.get(tx_hash)
        if found is None:
            raise Rejection(Reason.NOT_FOUND)
        return found

    def _mine_block(self, timestamp: int) -> int:
        height = self.chain.append(timestamp)
        self._history_id += 1
        if not len(self.mempool):
            return 0
        fees = sum(self._mine_entry(entry, height) for entry in self._chosen())
        for entry in self.mempool.by_fee():
            if entry.txid in self.state.taken:
                self.mempool.erase(entry.txid)
        self.mempool.erase_pinned_before(self.chain.oldest_pin())
        return fees

    def _chosen(self) -> list[Entry]:
        """What goes into the next block: of a transaction and its cancelation only the better paid one."""
        chosen: list[Entry] = []
        ids: set[TxId] = set()
        for entry in self.mempool.by_fee():
            named = _named(entry)
            if entry.txid in ids or (named is not None and named in ids):
                continue
            ids.add(entry.txid)
            if named is not None:
                ids.add(named)
            chosen.append(entry)
        return chosen[:BLOCK_TRANSACTIONS]

    def _mine_entry(self, entry: Entry, height: int) -> int:
        self.mempool.erase(entry.txid)
        try:
            outcome = apply(self.state, entry, height)
        except Rejection:
            return 0
        self._history_id += 1
        self.mined.setdefault(entry.hash, Mined(entry, outcome, height, self._history_id))
        return entry.tx.fee_e8

    def _tell(self, what: str, *details: str | int) -> None:
        if self._observer is not None:
            self._observer(Happened(what, details))


def _named(entry: Entry) -> TxId | None:
    body = entry.tx.body
    return TxId(entry.txid.account, body.height, body.nonce_id) if isinstance(body, Cancelation) else None
