"""What waits to be mined: one entry for an account, pin and nonce; a higher fee replaces.

As in the node's sources: entries of the same account with a lower fee make room for a new one that
its balance would otherwise not cover.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from coldtusk_online.rehearsal.reasons import Reason, Rejection
from coldtusk_online.rehearsal.state import WART, AccountId, State, TokenId, TxId
from coldtusk_online.rehearsal.transactions import Transaction

LISTED = 2000
"""How many the node lists (facts)."""
CAPACITY = 10_000
"""How many it holds (facts)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An accepted transaction: its account, its hash, and what it spends by token."""

    txid: TxId
    tx: Transaction
    hash: bytes
    sender: bytes
    costs: tuple[tuple[TokenId, int], ...]
    sequence: int


class Mempool:
    """Entries by id, with what they lock."""

    def __init__(self) -> None:
        self._entries: dict[TxId, Entry] = {}
        self._by_hash: dict[bytes, dict[TxId, Entry]] = {}
        self._by_account: dict[AccountId, dict[TxId, Entry]] = {}
        self._locked: dict[tuple[AccountId, TokenId], int] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def locked(self, account: AccountId, token: TokenId) -> int:
        """What waiting transactions of *account* will take of *token*."""
        return self._locked.get((account, token), 0)

    def find(self, tx_hash: bytes) -> Entry | None:
        """The oldest waiting transaction of that hash; two senders may share one (design: Evidence)."""
        return next(iter(self._by_hash.get(tx_hash, {}).values()), None)

    def by_fee(self) -> list[Entry]:
        """The order of mining: highest fee first, then the oldest."""
        return sorted(self._entries.values(), key=lambda entry: (-entry.tx.fee_e8, entry.sequence))

    def newest(self) -> list[Entry]:
        """The order of the node's list: the newest first."""
        return sorted(self._entries.values(), key=lambda entry: -entry.sequence)[:LISTED]

    def of(self, account: AccountId) -> list[Entry]:
        """An account's entries by pin and nonce."""
        return [entry for _, entry in sorted(self._by_account.get(account, {}).items())]

    def insert(self, entry: Entry, state: State) -> None:
        """Take *entry* in, or reject it; nothing changes when it is rejected."""
        held = self._entries.get(entry.txid)
        if held is not None and held.tx.fee_e8 >= entry.tx.fee_e8:
            raise Rejection(Reason.NONCE_TAKEN)
        for leaving in self._room_for(entry, held, state):
            self.erase(leaving.txid)
        self._entries[entry.txid] = entry
        self._by_hash.setdefault(entry.hash, {})[entry.txid] = entry
        self._by_account.setdefault(entry.txid.account, {})[entry.txid] = entry
        self._shift(entry, 1)
        self._prune()

    def erase(self, txid: TxId) -> None:
        """Forget an entry, if it is there."""
        entry = self._entries.pop(txid, None)
        if entry is None:
            return
        del self._by_hash[entry.hash][txid]
        del self._by_account[txid.account][txid]
        self._shift(entry, -1)

    def erase_pinned_before(self, height: int) -> int:
        """Forget what can no longer be mined; returns how many those were."""
        return self._erase_all(entry for entry in self._entries.values() if entry.txid.pin_height < height)

    def erase_cheaper_than(self, fee_e8: int) -> int:
        """Forget what pays less; returns how many those were."""
        return self._erase_all(entry for entry in self._entries.values() if entry.tx.fee_e8 < fee_e8)

    def _erase_all(self, entries: Iterable[Entry]) -> int:
        leaving = [entry.txid for entry in entries]
        for txid in leaving:
            self.erase(txid)
        return len(leaving)

    def _shift(self, entry: Entry, sign: int) -> None:
        for token, units in entry.costs:
            at = (entry.txid.account, token)
            self._locked[at] = self._locked.get(at, 0) + sign * units

    def _room_for(self, entry: Entry, held: Entry | None, state: State) -> list[Entry]:
        leaving = [held] if held is not None else []
        for token, units in reversed(entry.costs):
            leaving += self._cheaper(entry, token, units, leaving, state)
        return leaving

    def _cheaper(self, entry: Entry, token: TokenId, units: int, leaving: list[Entry], state: State) -> list[Entry]:
        account = entry.txid.account
        free = state.total(account, token) - state.locked(account, token) - self.locked(account, token)
        free += sum(cost for gone in leaving for key, cost in gone.costs if key == token)
        more: list[Entry] = []
        for other in self._cheapest_first(entry, leaving) if free < units else ():
            given = dict(other.costs).get(token, 0)
            if free < units and given:
                more.append(other)
                free += given
        if free < units:
            raise Rejection(Reason.INSUFFICIENT_WART if token == WART else Reason.INSUFFICIENT_TOKEN)
        return more

    def _cheapest_first(self, entry: Entry, leaving: list[Entry]) -> list[Entry]:
        others = self._by_account.get(entry.txid.account, {}).values()
        lower = [other for other in others if other.tx.fee_e8 < entry.tx.fee_e8 and other not in leaving]
        return sorted(lower, key=lambda other: (other.tx.fee_e8, other.sequence))

    def _prune(self) -> None:
        if len(self._entries) > CAPACITY:
            self.erase(self.by_fee()[-1].txid)
