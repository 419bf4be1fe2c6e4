"""What the node checks before it takes a transaction into its mempool, in the order of its sources."""

from coldtusk_online.rehearsal.chain import Chain
from coldtusk_online.rehearsal.mempool import Entry
from coldtusk_online.rehearsal.numbers import round_fee
from coldtusk_online.rehearsal.reasons import Reason, Rejection
from coldtusk_online.rehearsal.state import WART, State, TokenId, TxId
from coldtusk_online.rehearsal.transactions import Body, Cancelation, TokenTransfer, Transaction, WartTransfer, signer


def admit(tx: Transaction, chain: Chain, state: State, *, min_fee_e8: int, sequence: int) -> Entry:
    """The entry that *tx* makes; raises :class:`Rejection`. Balances are the mempool's to check."""
    if isinstance(tx.body, Cancelation):
        _check_cancelation(tx, tx.body)
    if not chain.takes_pin(tx.pin_height):
        raise Rejection(Reason.BAD_PIN)
    digest = tx.digest(chain.block_hash(tx.pin_height))
    sender = signer(tx.signature, digest)
    account = state.account(sender)
    if account is None:
        raise Rejection(Reason.UNKNOWN_ADDRESS)
    costs = _costs(tx, state)
    txid = TxId(account, tx.pin_height, tx.nonce_id)
    if txid in state.taken:
        raise Rejection(Reason.NONCE_TAKEN)
    if tx.fee_e8 < round_fee(min_fee_e8):
        raise Rejection(Reason.FEE_TOO_LOW)
    if _to(tx.body) == sender:
        raise Rejection(Reason.SELF_SEND)
    return Entry(txid, tx, digest, sender, costs, sequence)


def _check_cancelation(tx: Transaction, body: Cancelation) -> None:
    if body.height > tx.pin_height:
        raise Rejection(Reason.CANCELS_FUTURE)
    if (body.height, body.nonce_id) == (tx.pin_height, tx.nonce_id):
        raise Rejection(Reason.CANCELS_ITSELF)


def _costs(tx: Transaction, state: State) -> tuple[tuple[TokenId, int], ...]:
    """WART first, then the token if there is one."""
    spend = tx.body.spend()
    wart = (WART, spend.wart + tx.fee_e8)
    if spend.asset_hash is None:
        return (wart,)
    asset = state.asset(spend.asset_hash)
    if spend.amount == 0:
        return (wart,)
    return wart, (asset.liquidity if spend.liquidity else asset.token, spend.amount)


def _to(body: Body) -> bytes | None:
    return body.to if isinstance(body, WartTransfer | TokenTransfer) else None
