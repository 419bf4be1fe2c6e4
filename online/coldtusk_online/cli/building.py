"""What the building commands have in common: options, the flow from an ask to a file, and what is shown of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from coldtusk_online import issuing
from coldtusk_online.cli import options, request_file, reviewing
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.options import PATH
from coldtusk_online.cli.output import Shown
from coldtusk_online.host import Host
from coldtusk_online.issuing import Order
from coldtusk_online.ledger import accounts
from coldtusk_online.ledger.accounts import Account
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.services.warthog import build
from coldtusk_online.services.warthog.bodies import Ask
from coldtusk_online.services.warthog.node import Node
from coldtusk_shared import request
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services.warthog import fee
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import WartE8, format_wart, parse_wart
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.rules import TYPE_NOT_ON_NETWORK
from coldtusk_shared.text import quoted

BAD_PAYMENT_ID = Code("payment.bad-id", "give 32 lower-case hex digits, as `request show` prints them")
OTHER_NETWORK = Code("account.other-network", "give an address, or a label of the sender's network")

_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Common:
    """The options that every building command has."""

    sender: str
    fee: str | None
    max_fee: str | None
    purpose: str
    out: Path | None
    payment_id: str | None
    again: bool


Asker = Callable[["Context"], Ask]
"""Makes the ask; it may ask nodes for proofs."""


@dataclass(frozen=True, slots=True)
class Context:
    """What an asker works with."""

    desk: Desk
    host: Host
    account: Account
    nodes: Sequence[Node]

    def payee(self, text: str) -> Address:
        """The address that *text* is, or that the account of this label on the sender's network has."""
        with self.host.ledger.reading() as db:
            labelled = [known for known in accounts.all_of(db) if known.label == text]
        if not labelled:
            return Address.parse(text, "--to")
        if labelled[0].network is not self.account.network:
            what = f"{quoted(text)} is of {labelled[0].network.value}, the sender of {self.account.network.value}"
            raise BadInput(OTHER_NETWORK, what, where="--to")
        return labelled[0].address


def command(name: str, *, help: str) -> Callable[[Callable[..., Asker]], click.Command]:  # noqa: A002 - click's word
    """Make a building command of a function that turns its own options into an :data:`Asker`."""

    def decorate(body: Callable[..., Asker]) -> click.Command:
        def run(desk: Desk, **given: Any) -> Shown:
            common = Common(**{field: given.pop(field) for field in Common.__slots__})
            return perform(desk, common, body(**given))

        run.__click_params__ = [*_COMMON, *getattr(body, "__click_params__", [])]  # type: ignore[attr-defined] # click's
        return options.command(name, help=help)(run)

    return decorate


def perform(desk: Desk, common: Common, asker: Asker) -> Shown:
    """From options to a sealed request in the ledger and in a file."""
    request_file.check_out(common.out)
    with desk.host() as host:
        with host.ledger.reading() as db:
            account = accounts.find(db, common.sender, "--from")
        issuing.device_of(host, account)
        stored = _stored(desk, host, account, common, asker)
        out = request_file.write(stored, common.out)
        return reviewing.issued(host, stored, out)


def _stored(desk: Desk, host: Host, account: Account, common: Common, asker: Asker) -> Stored:
    nodes = desk.nodes(account.network)
    ask = asker(Context(desk, host, account, nodes))
    id_ = issuing.new_id(host) if common.payment_id is None else payment_id(common.payment_id)
    order = Order(account, (id_,), (ask,), common.purpose, common.again)
    known = issuing.resume(host, order)
    if known is not None:
        _check_terms(known, common)
        return known
    with host.ledger.reading() as db:
        issuing.check_new(db, order)
    plan = build.plan(nodes, account.address, order.asks, common.fee, _max_fee(desk, account.network, common.max_fee))
    return issuing.issue(host, order, plan)


def _check_terms(known: Stored, common: Common) -> None:
    """A request that is gone on with stays as it is: options that ask for another one are not dropped silently.

    :raises Refused: ``payment.other-content``.
    """
    check_purpose(known, common.purpose)
    for content in (item.content for item in known.parsed().items if isinstance(item.content, WarthogContent)):
        fee_e8 = content.transaction.fee_e8
        if common.fee is not None and fee.ceil(parse_wart(common.fee, "--fee")) != fee_e8:
            raise Refused(issuing.OTHER_CONTENT, f"its fee is {format_wart(fee_e8)} WART", where="--fee")
        if common.max_fee is not None and fee_e8 > parse_wart(common.max_fee, "--max-fee"):
            raise Refused(issuing.OTHER_CONTENT, f"its fee is {format_wart(fee_e8)} WART", where="--max-fee")


def check_purpose(known: Stored, purpose: str) -> None:
    """A request that is gone on with keeps its purpose: another one is not dropped silently.

    :raises Refused: ``payment.other-content``.
    """
    asked = known.parsed().purpose
    if purpose and purpose != asked:
        raise Refused(issuing.OTHER_CONTENT, f"its purpose is {quoted(asked)}", where="--purpose")


def need_assets(context: Context) -> None:
    """Refuse what the main network does not know before any node is asked for a proof.

    :raises BadInput: ``warthog.type-not-on-network``.
    """
    if context.account.network is Network.MAIN:
        raise BadInput(TYPE_NOT_ON_NETWORK, "the account is of the main network", where="--from")


def _max_fee(desk: Desk, network: Network, text: str | None) -> WartE8:
    return desk.settings().network(network).max_fee if text is None else parse_wart(text, "--max-fee")


def payment_id(text: str) -> PaymentId:
    """The payment id in *text*.

    :raises BadInput: ``payment.bad-id``.
    """
    if len(text) != 2 * request.ID_BYTES or not _HEX.issuperset(text):
        raise BadInput(BAD_PAYMENT_ID, f"{quoted(text)} is not a payment id", where="--payment-id")
    return PaymentId(bytes.fromhex(text))


_COMMON = [
    click.Option(["--again"], is_flag=True, help="A second payment like one that is under way is meant."),
    click.Option(["--payment-id"], metavar="HEX", help="The id of an intent that was begun: go on with it."),
    click.Option(["--out"], type=PATH, help="The file to write (default: REQUESTID.request in this folder)."),
    click.Option(["--purpose"], default="", help="What it is for; the device's operator reads it."),
    click.Option(["--max-fee"], metavar="WART", help="The highest fee, after rounding (default: the settings')."),
    click.Option(["--fee"], metavar="WART", help="The fee (default: the least that the nodes take); rounded up."),
    click.Option(["--from", "sender"], required=True, metavar="ACCOUNT", help="Who pays: a label or an address."),
]
"""In reverse, as click's decorators collect them."""
