"""The seven transaction types as commands that build a request."""

from collections.abc import Callable
from typing import Any

import click

from coldtusk_online.cli import building
from coldtusk_online.cli.building import Asker, Context, need_assets
from coldtusk_online.ledger import payments, requests
from coldtusk_online.ledger.payments import Payment
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.services.warthog import bodies
from coldtusk_online.services.warthog.bodies import Ask, ProvedAsset
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.services.warthog.content import WarthogContent

NOT_ONE = Code("cancel.not-one-payment", "give --pin-height and --nonce of the one payment to cancel")
OTHER_SENDER = Code("cancel.other-sender", "cancel from the account that the payment is from")

_TO = click.option("--to", required=True, metavar="ADDRESS", help="The recipient: an address, or a label known here.")
_ASSET = click.option("--asset", required=True, metavar="HASH", help="The asset's hash.")


def _amount(help_: str, *, required: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option("--amount", required=required, help=help_)


def _proved(context: Context, asset: str) -> ProvedAsset:
    need_assets(context)
    return bodies.proved_asset(context.nodes, asset)


@building.command("transfer", help="Request to send WART.")
@_TO
@_amount("WART, at most 8 decimals.")
def transfer(to: str, amount: str) -> Asker:
    """WartTransfer."""
    return lambda context: bodies.wart_transfer(context.payee(to), amount)


@building.command("token-transfer", help="Request to send an asset, or with --liquidity shares of its pool.")
@_ASSET
@click.option("--liquidity", is_flag=True, help="Send liquidity shares of the asset's pool (8 decimals).")
@_TO
@_amount("Whole units of the asset, or shares.")
def token_transfer(asset: str, liquidity: bool, to: str, amount: str) -> Asker:
    """TokenTransfer."""

    def ask(context: Context) -> Ask:
        return bodies.token_transfer(_proved(context, asset), context.payee(to), amount, liquidity=liquidity)

    return ask


@building.command("swap", help="Request to place a limit order.")
@_ASSET
@click.option("--buy/--sell", "buy", default=None, help="Spend WART, or spend the asset. Required.")
@_amount("What is spent: WART to buy, whole units of the asset to sell.")
@click.option("--limit", required=True, metavar="PRICE", help="WART for one unit; rounded in the sender's favour.")
def swap(asset: str, buy: bool | None, amount: str, limit: str) -> Asker:
    """LimitSwap."""
    if buy is None:  # click lets a required flag of two names pass when neither is given
        raise click.UsageError("give either --buy or --sell")
    return lambda context: bodies.swap(_proved(context, asset), amount, limit, buy=buy)


@building.command("deposit", help="Request to deposit an asset, WART or both into the asset's pool.")
@_ASSET
@_amount("Whole units of the asset.", required=False)
@click.option("--wart", help="WART.")
def deposit(asset: str, amount: str | None, wart: str | None) -> Asker:
    """LiquidityDeposit."""
    return lambda context: bodies.deposit(_proved(context, asset), amount, wart)


@building.command("withdraw", help="Request to redeem liquidity shares of an asset's pool.")
@_ASSET
@_amount("Liquidity shares, at most 8 decimals.")
def withdraw(asset: str, amount: str) -> Asker:
    """LiquidityWithdrawal."""
    return lambda context: bodies.withdraw(_proved(context, asset), amount)


@building.command("cancel", help="Request to cancel a pending payment or an open order of the same account.")
@click.option("--request", "request_id", metavar="ID", help="The request whose one payment is to be cancelled.")
@click.option("--pin-height", type=click.IntRange(0, limits.U32), help="The pin height of what is to be cancelled.")
@click.option("--nonce", type=click.IntRange(0, limits.U32), help="Its nonceId.")
def cancel(request_id: str | None, pin_height: int | None, nonce: int | None) -> Asker:
    """Cancelation. Cancelling what does not exist is accepted by nodes and costs the fee."""
    if request_id is not None and pin_height is None and nonce is None:
        return lambda context: _cancel_request(context, request_id)
    if request_id is None and pin_height is not None and nonce is not None:
        return lambda context: _cancel_triple(context, pin_height, nonce)
    raise click.UsageError("give either --request, or --pin-height and --nonce")


@building.command("create-asset", help="Request to create an asset.")
@click.option("--name", required=True, help="1 to 5 letters and digits.")
@click.option("--decimals", required=True, type=int, help="0 to 18.")
@click.option("--supply", required=True, help="In whole units.")
def create_asset(name: str, decimals: int, supply: str) -> Asker:
    """AssetCreation."""

    def ask(context: Context) -> Ask:
        need_assets(context)
        return bodies.create_asset(name, decimals, supply)

    return ask


def _cancel_triple(context: Context, pin_height: int, nonce: int) -> Ask:
    need_assets(context)
    with context.host.ledger.reading() as db:
        payment = payments.by_triple(db, context.account.network, pin_height, nonce)
        if payment is None or payment.account != context.account.address.raw:
            return bodies.cancel(pin_height, nonce)
        return _cancel(requests.get(db, payment.request), payment)


def _cancel_request(context: Context, request_id: str) -> Ask:
    need_assets(context)
    with context.host.ledger.reading() as db:
        stored = requests.by_text(db, request_id, "--request")
    if len(stored.payments) != 1:
        raise BadInput(NOT_ONE, f"it has {len(stored.payments)} payments", where="--request")
    payment = stored.payments[0]
    if (payment.network, payment.account) != (context.account.network, context.account.address.raw):
        raise BadInput(OTHER_SENDER, "its payment is from another account", where="--from")
    return _cancel(stored, payment)


def _cancel(stored: Stored, payment: Payment) -> Ask:
    content = stored.parsed().items[payment.place].content
    if payment.height is not None or not isinstance(content, WarthogContent):
        return bodies.cancel(payment.pin_height, payment.nonce_id)
    return bodies.cancel(payment.pin_height, payment.nonce_id, outbid_e8=content.transaction.fee_e8)
