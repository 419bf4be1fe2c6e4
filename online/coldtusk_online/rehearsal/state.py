"""Who owns what: balances and locked balances by account and token, assets, pools, open orders."""

from dataclasses import dataclass
from typing import NamedTuple, NewType

from coldtusk_online.rehearsal.numbers import Price
from coldtusk_online.rehearsal.reasons import Reason, Rejection

AccountId = NewType("AccountId", int)
AssetId = NewType("AssetId", int)
TokenId = NewType("TokenId", int)

WART = TokenId(0)


class TxId(NamedTuple):
    """What may be on the chain once: an account, a pin and a nonce."""

    account: AccountId
    pin_height: int
    nonce_id: int


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset; its hash is the hash of the transaction that made it."""

    id: AssetId
    hash: bytes
    name: str
    decimals: int
    height: int
    owner: AccountId
    supply: int

    @property
    def token(self) -> TokenId:
        """The asset itself as a token (recorded: asset 3 is token 7)."""
        return TokenId(2 * self.id + 1)

    @property
    def liquidity(self) -> TokenId:
        """Shares of its pool as a token (recorded: asset 3 has liquidity 8)."""
        return TokenId(2 * self.id + 2)


@dataclass(slots=True)
class Pool:
    """An asset's pool: units of the asset, WART in E8, shares."""

    base: int = 0
    quote: int = 0
    shares: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """A resting order; *units* are locked in what it gives away."""

    txid: TxId
    tx_hash: bytes
    asset: Asset
    buy: bool
    units: int
    limit: Price

    @property
    def token(self) -> TokenId:
        """What it locks."""
        return WART if self.buy else self.asset.token


class State:
    """The accounts and their holdings. Amounts are integers in a token's smallest unit."""

    def __init__(self) -> None:
        self._accounts: dict[bytes, AccountId] = {}
        self._addresses: dict[AccountId, bytes] = {}
        self._totals: dict[tuple[AccountId, TokenId], int] = {}
        self._locked: dict[tuple[AccountId, TokenId], int] = {}
        self._next_id = 1
        self.assets: dict[bytes, Asset] = {}
        self.pools: dict[AssetId, Pool] = {}
        self.orders: dict[TxId, Order] = {}
        self.taken: set[TxId] = set()

    def fresh_id(self) -> int:
        """Accounts, assets, pools and orders count together (recorded ids fit that)."""
        self._next_id += 1
        return self._next_id - 1

    def account(self, address: bytes) -> AccountId | None:
        """The account of *address*, if the chain has seen it."""
        return self._accounts.get(address)

    def open_account(self, address: bytes) -> AccountId:
        """The account of *address*, made now if the chain has not seen it."""
        if address not in self._accounts:
            opened = AccountId(self.fresh_id())
            self._accounts[address] = opened
            self._addresses[opened] = address
        return self._accounts[address]

    def address(self, account: AccountId) -> bytes | None:
        """The address of *account*, if there is one."""
        return self._addresses.get(account)

    def total(self, account: AccountId, token: TokenId) -> int:
        """What *account* owns of *token*, locked included."""
        return self._totals.get((account, token), 0)

    def locked(self, account: AccountId, token: TokenId) -> int:
        """What of it rests in orders."""
        return self._locked.get((account, token), 0)

    def credit(self, account: AccountId, token: TokenId, units: int) -> None:
        """Add *units* to what *account* owns."""
        self._totals[account, token] = self.total(account, token) + units

    def debit(self, account: AccountId, token: TokenId, units: int) -> None:
        """Take *units* that are not locked, or reject."""
        if self.total(account, token) - self.locked(account, token) < units:
            raise Rejection(Reason.INSUFFICIENT_WART if token == WART else Reason.INSUFFICIENT_TOKEN)
        self._totals[account, token] = self.total(account, token) - units

    def lock(self, account: AccountId, token: TokenId, units: int) -> None:
        """Lock (or with a negative number unlock) *units*."""
        self._locked[account, token] = self.locked(account, token) + units

    def asset(self, asset_hash: bytes) -> Asset:
        """The asset of *asset_hash*, or "Asset hash not found"."""
        if asset_hash not in self.assets:
            raise Rejection(Reason.UNKNOWN_ASSET)
        return self.assets[asset_hash]

    def pool(self, asset: Asset) -> Pool:
        """The pool of *asset*, empty if nobody has deposited."""
        return self.pools.get(asset.id, Pool())
