"""What may be built at all.

Nothing that a node would crash on, never mine, or read otherwise than it was signed (facts: Node
behaviour to protect from). Both halves apply these rules to every transaction.
"""

from collections.abc import Callable
from typing import Any

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.asset import check_decimals, check_name, check_supply
from coldtusk_shared.services.warthog.fee import require_exact
from coldtusk_shared.services.warthog.layout import BY_BODY, Layout
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.transaction import Transaction

TYPE_NOT_ON_NETWORK = Code("warthog.type-not-on-network", "the main network knows transfers of WART only")
PIN_HEIGHT = Code("warthog.pin-height", "take the pin from the chain's head: its height is a multiple of 32")
AMOUNT_RANGE = Code("warthog.amount-range", "give an amount above zero and within the supply")
SELF_TRANSFER = Code("warthog.self-transfer", "the node refuses a transfer to its sender: give another recipient")
ZERO_ASSET = Code("warthog.zero-asset", "the all-zero hash is no asset: use a WART transfer, or the asset's hash")
NOTHING_DEPOSITED = Code("warthog.nothing-deposited", "give an amount of the asset, of WART, or of both")
CANCEL_HEIGHT = Code("warthog.cancel-height", "give the pin height of the transaction to cancel: a multiple of 32")
CANCEL_FUTURE = Code("warthog.cancel-future", "only what was pinned at or below this pin can be cancelled")
CANCEL_ITSELF = Code("warthog.cancel-itself", "give the pin height and nonce of the transaction to cancel")

PIN_INTERVAL = 32
LIFETIME_BLOCKS = 8191
"""A transaction can last be included in block pin height + 8191 (facts: Pins)."""
_ZERO_HASH = bytes(32)


def check(transaction: Transaction, sender: Address, where: str = "fields") -> None:
    """Refuse *transaction* of *sender* unless a node would take and mine it, given balance and time."""
    layout = BY_BODY[type(transaction.body)]
    _check_common(transaction, layout, where)
    if layout.body in _RULES:  # first: its hints say more than a range does
        _RULES[layout.body](transaction, sender, where)
    _check_ranges(transaction.body, layout, where)


def last_block(pin_height: int) -> int:
    """The last block that can include a transaction with this pin."""
    return pin_height + LIFETIME_BLOCKS


def _check_common(transaction: Transaction, layout: Layout, where: str) -> None:
    if transaction.network is Network.MAIN and layout.body is not tx.WartTransfer:
        raise BadInput(TYPE_NOT_ON_NETWORK, f"{layout.name} is not on the main network", where=f"{where}.network")
    if transaction.pin_height % PIN_INTERVAL or not 0 <= transaction.pin_height <= limits.U32:
        raise BadInput(PIN_HEIGHT, f"{transaction.pin_height} is not a pin height", where=f"{where}.pin_height")
    try:
        require_exact(transaction.fee_e8)
    except BadInput as error:
        raise error.at(f"{where}.fee_e8") from None


def _check_ranges(body: tx.Body, layout: Layout, where: str) -> None:
    for field, value in zip(layout.fields, layout.values(body), strict=True):
        if type(value) is int and not field.least <= value <= field.most:
            raise BadInput(
                AMOUNT_RANGE, f"{value} is not from {field.least} to {field.most}", where=f"{where}.{field.attribute}"
            )
    if getattr(body, "asset_hash", None) == _ZERO_HASH:
        raise BadInput(ZERO_ASSET, "the asset hash is all zero", where=f"{where}.asset_hash")


def _check_recipient(transaction: Transaction, sender: Address, where: str) -> None:
    body = transaction.body
    if isinstance(body, tx.WartTransfer | tx.TokenTransfer) and body.to_addr == sender:
        raise BadInput(SELF_TRANSFER, "sender and recipient are the same", where=f"{where}.to_addr")


def _check_swap(transaction: Transaction, _sender: Address, where: str) -> None:
    body = transaction.body
    if isinstance(body, tx.LimitSwap) and body.is_buy and body.amount_u64 > limits.WART_SUPPLY_E8:
        raise BadInput(AMOUNT_RANGE, f"{body.amount_u64} is more WART than there is", where=f"{where}.amount_u64")


def _check_deposit(transaction: Transaction, _sender: Address, where: str) -> None:
    body = transaction.body
    if isinstance(body, tx.LiquidityDeposit) and not body.amount_u64 and not body.wart_e8:
        raise BadInput(NOTHING_DEPOSITED, "both amounts are zero", where=f"{where}.amount_u64")


def _check_cancel(transaction: Transaction, _sender: Address, where: str) -> None:
    body = transaction.body
    if not isinstance(body, tx.Cancelation):
        return
    if body.cancel_height % PIN_INTERVAL:
        raise BadInput(CANCEL_HEIGHT, f"{body.cancel_height} is not a pin height", where=f"{where}.cancel_height")
    if body.cancel_height > transaction.pin_height:
        raise BadInput(CANCEL_FUTURE, f"{body.cancel_height} is above this pin", where=f"{where}.cancel_height")
    if (body.cancel_height, body.cancel_nonce_id) == (transaction.pin_height, transaction.nonce_id):
        raise BadInput(CANCEL_ITSELF, "it would cancel itself", where=f"{where}.cancel_nonce_id")


def _check_creation(transaction: Transaction, _sender: Address, where: str) -> None:
    body = transaction.body
    if isinstance(body, tx.AssetCreation):
        check_name(body.name, f"{where}.name")
        check_decimals(body.decimals, f"{where}.decimals")
        check_supply(body.supply_u64, f"{where}.supply_u64")


_RULES: dict[type[tx.Body], Callable[[Transaction, Address, str], Any]] = {
    tx.WartTransfer: _check_recipient,
    tx.TokenTransfer: _check_recipient,
    tx.LimitSwap: _check_swap,
    tx.LiquidityDeposit: _check_deposit,
    tx.Cancelation: _check_cancel,
    tx.AssetCreation: _check_creation,
}
