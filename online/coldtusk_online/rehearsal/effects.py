"""What a mined transaction does to the state."""

from dataclasses import dataclass
from math import isqrt

from coldtusk_online.rehearsal.mempool import Entry
from coldtusk_online.rehearsal.reasons import Reason, Rejection
from coldtusk_online.rehearsal.state import WART, AccountId, Asset, AssetId, Order, Pool, State, TxId
from coldtusk_online.rehearsal.transactions import (
    AssetCreation,
    Cancelation,
    LimitSwap,
    LiquidityDeposit,
    LiquidityWithdrawal,
    TokenTransfer,
    WartTransfer,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the node shows of a mined transaction beside its fields; each kind fills its own."""

    asset_id: AssetId | None = None
    shares: int = 0
    base: int = 0
    quote: int = 0
    canceled: bytes | None = None


def apply(state: State, entry: Entry, height: int) -> Outcome:
    """Carry *entry* out in block *height*. Raises :class:`Rejection` before anything has changed."""
    for token, units in entry.costs:
        if state.total(entry.txid.account, token) - state.locked(entry.txid.account, token) < units:
            raise Rejection(Reason.INSUFFICIENT_WART if token == WART else Reason.INSUFFICIENT_TOKEN)
    if isinstance(entry.tx.body, AssetCreation) and entry.hash in state.assets:
        raise Rejection(Reason.NONCE_TAKEN)
    state.debit(entry.txid.account, WART, entry.tx.fee_e8)
    state.taken.add(entry.txid)
    return _carry_out(state, entry, height)


def _carry_out(state: State, entry: Entry, height: int) -> Outcome:
    account, body = entry.txid.account, entry.tx.body
    match body:
        case WartTransfer():
            state.debit(account, WART, body.e8)
            state.credit(state.open_account(body.to), WART, body.e8)
            return Outcome()
        case TokenTransfer():
            return _token_transfer(state, account, body)
        case LimitSwap():
            return _rest(state, entry, body)
        case LiquidityDeposit():
            return _deposit(state, account, body)
        case LiquidityWithdrawal():
            return _withdraw(state, account, body)
        case Cancelation():
            return _cancel(state, account, body)
        case AssetCreation():
            return _create(state, entry, body, height)


def _token_transfer(state: State, account: AccountId, body: TokenTransfer) -> Outcome:
    asset = state.asset(body.asset_hash)
    token = asset.liquidity if body.liquidity else asset.token
    state.debit(account, token, body.units)
    state.credit(state.open_account(body.to), token, body.units)
    return Outcome()


def _rest(state: State, entry: Entry, body: LimitSwap) -> Outcome:
    asset = state.asset(body.asset_hash)
    order = Order(entry.txid, entry.hash, asset, body.buy, body.units, body.limit)
    state.fresh_id()
    state.orders[entry.txid] = order
    state.lock(entry.txid.account, order.token, body.units)
    return Outcome()


def _deposit(state: State, account: AccountId, body: LiquidityDeposit) -> Outcome:
    asset = state.asset(body.asset_hash)
    pool = _opened_pool(state, asset)
    state.debit(account, asset.token, body.units)
    state.debit(account, WART, body.e8)
    received = _new_shares(pool, body)
    pool.base, pool.quote, pool.shares = pool.base + body.units, pool.quote + body.e8, pool.shares + received
    state.credit(account, asset.liquidity, received)
    return Outcome(shares=received)


def _opened_pool(state: State, asset: Asset) -> Pool:
    if asset.id not in state.pools:
        state.fresh_id()
        state.pools[asset.id] = Pool()
    return state.pools[asset.id]


def _new_shares(pool: Pool, body: LiquidityDeposit) -> int:
    """Shares grow as the geometric mean of the pool does, so a proportional deposit gets its proportion."""
    before = pool.base * pool.quote
    after = (pool.base + body.units) * (pool.quote + body.e8)
    if pool.shares == 0 or before == 0:
        return max(0, isqrt(after) - pool.shares)
    return isqrt(pool.shares**2 * after // before) - pool.shares


def _withdraw(state: State, account: AccountId, body: LiquidityWithdrawal) -> Outcome:
    asset = state.asset(body.asset_hash)
    pool = _opened_pool(state, asset)
    state.debit(account, asset.liquidity, body.shares)
    base, quote = pool.base * body.shares // pool.shares, pool.quote * body.shares // pool.shares
    pool.base, pool.quote, pool.shares = pool.base - base, pool.quote - quote, pool.shares - body.shares
    state.credit(account, asset.token, base)
    state.credit(account, WART, quote)
    return Outcome(base=base, quote=quote)


def _cancel(state: State, account: AccountId, body: Cancelation) -> Outcome:
    named = TxId(account, body.height, body.nonce_id)
    state.taken.add(named)
    order = state.orders.pop(named, None)
    if order is None:
        return Outcome()
    state.lock(account, order.token, -order.units)
    return Outcome(canceled=order.tx_hash)


def _create(state: State, entry: Entry, body: AssetCreation, height: int) -> Outcome:
    made = AssetId(state.fresh_id())
    owner = entry.txid.account
    asset = Asset(made, entry.hash, body.name, body.decimals, height, owner, body.supply)
    state.assets[entry.hash] = asset
    state.credit(owner, asset.token, body.supply)
    return Outcome(asset_id=made)
