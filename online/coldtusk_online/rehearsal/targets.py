"""What a path's parameter points at: an account by address or number, a block, a token."""

from coldtusk_online.rehearsal.chain import Chain
from coldtusk_online.rehearsal.numbers import read_address, read_hex, read_u64
from coldtusk_online.rehearsal.reasons import Reason, Rejection
from coldtusk_online.rehearsal.state import AccountId, Asset, State

ADDRESS_DIGITS = 48
WART_SPEC = "asset:" + "00" * 32


def account_of(state: State, text: str) -> AccountId | None:
    """The account of an address or a number; ``None`` if the chain has not seen it."""
    if len(text) == ADDRESS_DIGITS:
        return state.account(read_address(text))
    account = AccountId(read_u64(text))
    return account if state.address(account) is not None else None


def block_of(chain: Chain, text: str) -> bytes:
    """The hash of the block at a height, or "Not found"."""
    height = read_u64(text)
    if height > chain.length:
        raise Rejection(Reason.NOT_FOUND)
    return chain.block_hash(height)


def token_of(state: State, text: str) -> tuple[Asset | None, bool]:
    """The asset (``None`` is WART) of ``asset:HASH``, ``liquidity:HASH`` or a number, and whether it is liquidity."""
    kind, colon, rest = text.partition(":")
    if not colon:
        return _numbered(text)
    if len(rest) != 64:
        raise Rejection(Reason.BAD_ARGUMENTS)
    if kind not in ("asset", "liquidity"):
        raise Rejection(Reason.BAD_TOKEN_SPEC)
    asset_hash = read_hex(rest, 32, Reason.BAD_ARGUMENTS)
    if text.lower() == WART_SPEC:
        return None, False
    if asset_hash not in state.assets:
        raise Rejection(Reason.UNKNOWN_TOKEN)
    return state.assets[asset_hash], kind == "liquidity"


def _numbered(text: str) -> tuple[Asset | None, bool]:
    if len(text) == 64:
        raise Rejection(Reason.BAD_TOKEN_SPEC)
    if read_u64(text) != 0:
        raise Rejection(Reason.UNKNOWN_TOKEN)
    return None, False
