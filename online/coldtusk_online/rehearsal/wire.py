"""From the body of POST /transaction/add to a transaction, with the node's error for each wrong field.

The node evaluates the fields from the last to the first, the signature before all (recorded: an
empty object is "cannot parse signature"); which of several faults it names is otherwise undefined.
"""

import re
from collections.abc import Callable

from coldtusk_online.rehearsal import fields, jsonreader
from coldtusk_online.rehearsal.jsonreader import Document
from coldtusk_online.rehearsal.numbers import Price, read_hex
from coldtusk_online.rehearsal.reasons import Reason, Rejection
from coldtusk_online.rehearsal.transactions import (
    AssetCreation,
    Body,
    Cancelation,
    LimitSwap,
    LiquidityDeposit,
    LiquidityWithdrawal,
    TokenTransfer,
    Transaction,
    WartTransfer,
)
from coldtusk_shared.services.warthog.network import Network

_NAME = re.compile(r"[A-Za-z0-9]{1,5}")
_LAST_SUPPLY = 2**64 - 2


def read_transaction(network: Network, raw: bytes) -> Transaction:
    """The transaction in *raw*, in *network*'s dialect; raises :class:`Rejection`."""
    document, read_body = _opened(network, raw)
    main = network is Network.MAIN
    return Transaction(
        signature=fields.signature(document, network),
        body=read_body(document),
        fee_e8=fields.fee(document, "fee" if main else "feeStr"),
        nonce_id=fields.u32(document, "nonceId", Reason.BAD_NONCE),
        pin_height=fields.pin_height(document, signed=main),
    )


def _opened(network: Network, raw: bytes) -> tuple[Document, Callable[[Document], Body]]:
    unreadable = Reason.BAD_ARGUMENTS if network is Network.MAIN else Reason.BAD_TYPE
    try:
        value = jsonreader.parse(raw)
    except jsonreader.Unreadable as fault:
        raise Rejection(unreadable) from fault
    document: Document = value if isinstance(value, dict) else {}
    if network is Network.MAIN:
        return document, _main_transfer
    kind = document.get("type")
    if not isinstance(kind, str) or kind not in _BODIES:
        raise Rejection(Reason.BAD_TYPE)
    return document, _BODIES[kind]


def _main_transfer(document: Document) -> Body:
    e8 = fields.some(fields.funds(document, "amount", "amountE8"), Reason.ZERO_AMOUNT)
    return WartTransfer(fields.address(document), e8)


def _wart_transfer(document: Document) -> Body:
    return WartTransfer(
        fields.address(document), fields.some(fields.funds(document, "wartStr", "wartE8"), Reason.ZERO_WART)
    )


def _token_transfer(document: Document) -> Body:
    liquidity = fields.flag(document, "isLiquidity", Reason.BAD_LIQUIDITY_FLAG)
    units = fields.some(fields.u64(document, "amountU64", Reason.BAD_AMOUNT), Reason.ZERO_AMOUNT)
    return TokenTransfer(fields.asset_hash(document), liquidity, fields.address(document), units)


def _limit_swap(document: Document) -> Body:
    text = fields.text(document, "limit", Reason.BAD_PRICE)
    if len(text) % 2:
        raise Rejection(Reason.BAD_PRICE)
    # The node reads as many bytes as there are and uses the first three (facts: "swallows longer ones").
    limit = Price.of(read_hex(text, max(3, len(text) // 2), Reason.BAD_PRICE)[:3])
    if not limit.usable:
        raise Rejection(Reason.BAD_PRICE)
    units = fields.some(fields.u64(document, "amountU64", Reason.BAD_AMOUNT), Reason.ZERO_AMOUNT)
    return LimitSwap(fields.asset_hash(document), fields.flag(document, "isBuy", Reason.BAD_BUY_FLAG), units, limit)


def _deposit(document: Document) -> Body:
    units, e8 = fields.u64(document, "amountU64", Reason.BAD_AMOUNT), fields.funds(document, "wartStr", "wartE8")
    fields.some(units | e8, Reason.ZERO_AMOUNT)
    return LiquidityDeposit(fields.asset_hash(document), units, e8)


def _withdrawal(document: Document) -> Body:
    shares = fields.some(fields.u64(document, "amountE8", Reason.BAD_AMOUNT), Reason.ZERO_AMOUNT)
    return LiquidityWithdrawal(fields.asset_hash(document), shares)


def _cancelation(document: Document) -> Body:
    height = fields.u32(document, "cancelHeight", Reason.BAD_CANCEL_HEIGHT)
    if height % 32:
        raise Rejection(Reason.BAD_CANCEL_HEIGHT)
    return Cancelation(height, fields.u32(document, "cancelNonceId", Reason.BAD_CANCEL_NONCE))


def _asset_creation(document: Document) -> Body:
    name = fields.text(document, "name", Reason.BAD_NAME)
    if not _NAME.fullmatch(name):
        raise Rejection(Reason.BAD_NAME)
    supply = fields.u64(document, "supplyU64", Reason.BAD_UNITS)
    decimals = fields.u64(document, "decimals", Reason.BAD_DECIMALS)
    if decimals > 18:
        raise Rejection(Reason.BAD_DECIMALS)
    if not 0 < supply <= _LAST_SUPPLY:
        raise Rejection(Reason.BAD_SUPPLY)
    return AssetCreation(name, decimals, supply)


_BODIES: dict[str, Callable[[Document], Body]] = {
    "wartTransfer": _wart_transfer,
    "tokenTransfer": _token_transfer,
    "limitSwap": _limit_swap,
    "liquidityDeposit": _deposit,
    "liquidityWithdrawal": _withdrawal,
    "cancelation": _cancelation,
    "assetCreation": _asset_creation,
}
