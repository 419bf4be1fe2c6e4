"""How the defi node shows a transaction: waiting, in the mempool's list, mined (recorded shapes).

Recorded oddities that are kept: a mined transfer of liquidity is shown as one of the asset, and
shares received have the asset's decimals.
"""

from coldtusk_online.rehearsal import forms
from coldtusk_online.rehearsal.chain import Chain
from coldtusk_online.rehearsal.effects import Outcome
from coldtusk_online.rehearsal.forms import Json
from coldtusk_online.rehearsal.mempool import Entry
from coldtusk_online.rehearsal.node import Mined
from coldtusk_online.rehearsal.numbers import WART_DECIMALS, write_address
from coldtusk_online.rehearsal.state import Asset, State
from coldtusk_online.rehearsal.transactions import (
    AssetCreation,
    Body,
    Cancelation,
    LimitSwap,
    LiquidityDeposit,
    LiquidityWithdrawal,
    TokenTransfer,
    WartTransfer,
)


def listed(entry: Entry, state: State) -> dict[str, Json]:
    """An entry of the mempool's list."""
    inner = {"data": _data(entry, state, mined=False), **_common(entry)}
    return {"transaction": inner, "type": entry.tx.body.label}


def looked_up(found: Entry | Mined, state: State, chain: Chain) -> dict[str, Json]:
    """The reply of ``transaction/lookup``."""
    mined = found if isinstance(found, Mined) else None
    entry = found.entry if isinstance(found, Mined) else found
    inner: dict[str, Json] = {"data": _data(entry, state, mined=mined is not None)}
    inner |= _processed(entry, mined, state)
    inner |= _common(entry)
    confirmations = 0 if mined is None else chain.length - mined.height + 1
    label = entry.tx.body.label
    return {"transaction": inner, "type": label, "mined": _where(mined, chain), "confirmations": confirmations}


def open_order(entry_hash: bytes, swap: LimitSwap, asset: Asset, *, waiting: bool) -> dict[str, Json]:
    """An order in ``open_orders`` and ``dex/market``; nothing is ever filled here."""
    decimals = _given_decimals(swap, asset)
    return {
        "inMempool": waiting,
        "txHash": entry_hash.hex(),
        "limit": forms.price(swap.limit, asset.decimals),
        "amount": forms.units(swap.units, decimals),
        "filled": forms.units(0, decimals),
    }


def _common(entry: Entry) -> dict[str, Json]:
    signed: dict[str, Json] = {
        "originId": entry.txid.account,
        "originAddress": write_address(entry.sender),
        "fee": forms.wart(entry.tx.fee_e8),
        "nonceId": entry.tx.nonce_id,
        "pinHeight": entry.tx.pin_height,
    }
    return {"hash": entry.hash.hex(), "signedCommon": signed}


def _where(mined: Mined | None, chain: Chain) -> Json:
    if mined is None:
        return None
    block: dict[str, Json] = {
        "height": mined.height,
        "hash": chain.block_hash(mined.height).hex(),
        "timestamp": chain.timestamp(mined.height),
    }
    return {"historyId": mined.history_id, "block": block}


def _data(entry: Entry, state: State, *, mined: bool) -> dict[str, Json]:
    body: Body = entry.tx.body
    match body:
        case WartTransfer():
            return {"toAddress": write_address(body.to), "amount": forms.wart(body.e8)}
        case TokenTransfer():
            return _token_transfer(body, state.asset(body.asset_hash), shown_as_asset=mined or not body.liquidity)
        case LimitSwap():
            return _swap(body, state.asset(body.asset_hash))
        case LiquidityDeposit():
            asset = state.asset(body.asset_hash)
            put: dict[str, Json] = {"base": forms.units(body.units, asset.decimals), "quote": forms.wart(body.e8)}
            return {"baseAsset": forms.short_asset(asset), "deposited": put}
        case LiquidityWithdrawal():
            base = forms.short_asset(state.asset(body.asset_hash))
            return {"baseAsset": base, "sharesRedeemed": forms.shares(body.shares)}
        case Cancelation():
            named: dict[str, Json] = {"accountId": entry.txid.account, "nonceId": body.nonce_id}
            return {"cancelTxid": {**named, "pinHeight": body.height}}
        case AssetCreation():
            return {"name": body.name, "supply": forms.units(body.supply, body.decimals)}


def _token_transfer(body: TokenTransfer, asset: Asset, *, shown_as_asset: bool) -> dict[str, Json]:
    spec = "asset" if shown_as_asset else "liquidity"
    return {
        "toAddress": write_address(body.to),
        "amount": forms.units(body.units, asset.decimals),
        "asset": forms.short_asset(asset),
        "isLiquidity": not shown_as_asset,
        "tokenSpec": f"{spec}:{asset.hash.hex()}",
    }


def _swap(body: LimitSwap, asset: Asset) -> dict[str, Json]:
    return {
        "baseAsset": forms.short_asset(asset),
        "amount": forms.units(body.units, _given_decimals(body, asset)),
        "limit": forms.price(body.limit, asset.decimals),
        "buy": body.buy,
    }


def _given_decimals(body: LimitSwap, asset: Asset) -> int:
    return WART_DECIMALS if body.buy else asset.decimals


def _processed(entry: Entry, mined: Mined | None, state: State) -> dict[str, Json]:
    body, outcome = entry.tx.body, mined.outcome if mined else None
    match body:
        case WartTransfer() | TokenTransfer():
            return {}
        case LimitSwap():
            return {"processed": {"remaining": _remaining(entry, body, state)}}
        case Cancelation():
            canceled = outcome.canceled.hex() if outcome and outcome.canceled else None
            return {"processed": {"canceledTxHash": canceled}}
        case _:
            return {"processed": None if outcome is None else _result(body, outcome, state)}


def _remaining(entry: Entry, body: LimitSwap, state: State) -> dict[str, Json]:
    """What still rests; nothing while it waits and after it was canceled (recorded)."""
    asset = state.asset(body.asset_hash)
    if entry.txid not in state.orders:
        return forms.units(0, asset.decimals)
    return forms.units(body.units, _given_decimals(body, asset))


def _result(body: Body, outcome: Outcome, state: State) -> dict[str, Json]:
    match body:
        case LiquidityDeposit():
            return {"sharesReceived": forms.units(outcome.shares, state.asset(body.asset_hash).decimals)}
        case LiquidityWithdrawal():
            base = forms.units(outcome.base, state.asset(body.asset_hash).decimals)
            return {"received": {"base": base, "quote": forms.wart(outcome.quote)}}
        case _:
            return {"assetId": outcome.asset_id}
