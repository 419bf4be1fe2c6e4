"""Warthog on the review screen: the shared lines with this vault's labels, warnings, totals, and what to type."""

from collections.abc import Sequence
from typing import assert_never

from coldtusk_offline.contents import VaultContents
from coldtusk_offline.history import History
from coldtusk_offline.services.warthog import totals as all_of
from coldtusk_offline.services.warthog.sign import content_of, intent
from coldtusk_shared.request import Item
from coldtusk_shared.screen import Line
from coldtusk_shared.services.warthog import describe, rules
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import LIQUIDITY_DECIMALS, format_units, format_wart
from coldtusk_shared.services.warthog.content import WarthogContent

USUAL_MINIMUM_E8 = 1_000_448
"""The minimum fee of both networks' default nodes (facts: Networks and dialects)."""
FEE_SHARE = 100
"""Hundredths of a percent."""
FEE_MINIMUMS = 100
BLOCKS_SHORT = 540
"""Three hours."""
BLOCKS_FAR = 60_480
"""Two weeks of blocks above the highest pin that was signed."""
_LAST_DIGITS = 4


def lines(item: Item, contents: VaultContents) -> list[Line]:
    """Every field, with the labels of this vault's own accounts."""
    return describe.describe(content_of(item), {one.address: one.label for one in contents.accounts})


def warnings(item: Item, history: History, _contents: VaultContents) -> list[str]:
    """What to look at first."""
    content = content_of(item)
    found = [*_fee(content), *_recipient(content), *_asset(content), *_time(content)]
    return [*found, *_pin(content, history), *_again(item, content, history)]


def totals(items: Sequence[Item]) -> list[Line]:
    """What all *items* come to."""
    return all_of.lines([content_of(item) for item in items])


def phrase(item: Item) -> str:
    """What to type to sign *item* alone, by type."""
    return _phrase(content_of(item))


def _fee(content: WarthogContent) -> list[str]:
    fee_e8, share = content.transaction.fee_e8, describe.fee_share(content)
    found = []
    if share is not None and share > FEE_SHARE:
        found.append(f"the fee is {describe.share_text(share)} of the amount")
    if fee_e8 > FEE_MINIMUMS * USUAL_MINIMUM_E8:
        found.append(f"the fee is {fee_e8 // USUAL_MINIMUM_E8} times the usual minimum")
    if fee_e8 < USUAL_MINIMUM_E8:
        found.append("the fee is below the usual minimum: nodes may never take it")
    return found


def _recipient(content: WarthogContent) -> list[str]:
    body = content.transaction.body
    if isinstance(body, tx.WartTransfer | tx.TokenTransfer) and body.to_addr.is_burn:
        return ["the recipient is the all-zero address: what is sent there is BURNED"]
    return []


def _asset(content: WarthogContent) -> list[str]:
    asset = content.proof.asset
    if not hasattr(content.transaction.body, "asset_hash"):
        return []
    if asset is None:
        return ["the asset's name and decimals are not proved: amounts are in its smallest units"]
    return ['the asset calls itself "WART" and is not WART'] if asset.name.upper() == "WART" else []


def _time(content: WarthogContent) -> list[str]:
    left = describe.blocks_left(content)
    if left is not None and left < BLOCKS_SHORT:
        return [f"it expires soon: the host says that {left} blocks are left"]
    return []


def _pin(content: WarthogContent, history: History) -> list[str]:
    latest = history.latest.get(content.scope)
    if latest is None:
        return []
    highest, pin = latest - rules.LIFETIME_BLOCKS, content.transaction.pin_height
    if pin > highest + BLOCKS_FAR:
        return [f"the pin is {pin - highest} blocks above every pin signed before ({highest})"]
    if rules.last_block(pin) < highest:
        return [f"a pin of {highest} was signed before: this one may have expired"]
    return []


def _again(item: Item, content: WarthogContent, history: History) -> list[str]:
    """The same account, type and fields under another payment id, while the earlier can still be mined."""
    before = history.intents.get(intent(item))
    if before is None or item.payment_id in history.payments:  # the same payment again is the same signature
        return []
    earlier = content_of(before.item).transaction
    if earlier.network is not content.transaction.network:
        return []
    if rules.last_block(earlier.pin_height) < content.transaction.pin_height:
        return []
    return [f"journal entry {before.sequence} signed the same already: this would pay a SECOND time"]


def _phrase(content: WarthogContent) -> str:
    match content.transaction.body:
        case tx.WartTransfer() as body:
            typed = f"send {_wart(body.wart_e8)} to {_last(body.to_addr)}"
        case tx.TokenTransfer() as body:
            amount = _shares(body.amount_u64) if body.is_liquidity else _units(body.amount_u64, content)
            typed = f"send {amount} to {_last(body.to_addr)}"
        case tx.LimitSwap() as body:
            typed = f"buy for {_wart(body.amount_u64)}" if body.is_buy else f"sell {_units(body.amount_u64, content)}"
        case tx.LiquidityDeposit() as body:
            typed = f"deposit {_units(body.amount_u64, content)} and {_wart(body.wart_e8)}"
        case tx.LiquidityWithdrawal() as body:
            typed = f"withdraw {_shares(body.amount_e8)}"
        case tx.Cancelation() as body:
            typed = f"cancel {body.cancel_height} {body.cancel_nonce_id}"
        case tx.AssetCreation() as body:
            typed = f"create {_short(format_units(body.supply_u64, body.decimals))} {body.name}"
        case body:
            assert_never(body)
    return typed


def _last(address: Address) -> str:
    return address.text[-_LAST_DIGITS:]


def _wart(e8: int) -> str:
    return f"{_short(format_wart(e8))} WART"


def _shares(units: int) -> str:
    return f"{_short(format_units(units, LIQUIDITY_DECIMALS))} shares"


def _units(units: int, content: WarthogContent) -> str:
    asset = content.proof.asset
    return f"{units} units" if asset is None else f"{_short(format_units(units, asset.decimals))} {asset.name}"


def _short(amount: str) -> str:
    """Without the zeros behind the dot that nobody types."""
    return amount.rstrip("0").rstrip(".") if "." in amount else amount
