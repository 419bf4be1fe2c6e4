"""What is asked of the payment services in tests: contents made by the online half's own builders."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.services.coinpayments import build as coinpayments
from coldtusk_online.services.coinrpc import build as coinrpc
from coldtusk_online.services.coinsoftworks import build as coinsoftworks
from coldtusk_online.services.coinspark import build as coinspark
from coldtusk_shared import command as commands
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services import Content
from coldtusk_shared.services.coinpayments.commands import COMMANDS as COINPAYMENTS
from coldtusk_shared.services.coinsoftworks.commands import COMMANDS as COINSOFTWORKS
from coldtusk_shared.services.coinspark.commands import COMMANDS as COINSPARK

Texts = Mapping[str, str]
"""Fields as a person types them."""
NO_FIELDS: Final[Texts] = {}


@dataclass(frozen=True, slots=True)
class Wish:
    """One call: *command* is the method of coinrpc, and ``execute ACTION`` for an action of coinsoftworks.

    *send_at* and *window* are coinrpc's; *authenticate* is whether coinsoftworks is asked for a bearer first.
    """

    command: str
    fields: Texts
    send_at: int
    window: int
    authenticate: bool = True

    @property
    def items(self) -> int:
        """How many items of a request it is at coinsoftworks."""
        return 2 if self.authenticate and self.command != "authenticate" else 1


def contents(account: ServiceAccount, wish: Wish, ids: Sequence[PaymentId]) -> tuple[Content, ...]:
    """The items of *wish* for *account*, one for each of *ids*."""
    return tuple(_MAKERS[account.system](account, wish, ids))


def items_of(system: str, wish: Wish) -> int:
    """How many items *wish* needs."""
    return wish.items if system == "coinsoftworks" else 1


def _coinpayments(account: ServiceAccount, wish: Wish, ids: Sequence[PaymentId]) -> Sequence[Content]:
    command = COINPAYMENTS[wish.command]
    given = commands.typed(command, list(wish.fields.items()))
    if any(field.name == "note" for field in command.fields):
        return [coinpayments.payment(account, command, given, ids[0])]
    return [coinpayments.call(account, command, given)]


def _coinrpc(account: ServiceAccount, wish: Wish, _ids: Sequence[PaymentId]) -> Sequence[Content]:
    params = coinrpc.params(f"{name}={text}" for name, text in wish.fields.items())
    return [coinrpc.content(account.account, wish.command, params, wish.send_at, wish.window)]


def _coinspark(account: ServiceAccount, wish: Wish, _ids: Sequence[PaymentId]) -> Sequence[Content]:
    return [coinspark.content(account, commands.typed(COINSPARK[wish.command], list(wish.fields.items())))]


def _coinsoftworks(account: ServiceAccount, wish: Wish, _ids: Sequence[PaymentId]) -> Sequence[Content]:
    name, _, action = wish.command.partition(" ")
    fields = [f"{field}={text}" for field, text in wish.fields.items()]
    if action:
        made = coinsoftworks.execute(account, action, fields)
    else:
        made = coinsoftworks.call(account, COINSOFTWORKS[name])
    return coinsoftworks.with_authentication(account, made, authenticate=wish.items == 2)


_MAKERS: Final[Mapping[str, Callable[[ServiceAccount, Wish, Sequence[PaymentId]], Sequence[Content]]]] = {
    "coinpayments": _coinpayments,
    "coinrpc": _coinrpc,
    "coinspark": _coinspark,
    "coinsoftworks": _coinsoftworks,
}

WITHDRAWAL: Final[Texts] = {
    "amount": "0.1",
    "currency": "BTC",
    "address": "1BitcoinEaterAddressDontSendf59kuE",
    "auto_confirm": "no",
}
"""A withdrawal of CoinPayments."""
SEND: Final[Texts] = {"recipient": "1BitcoinEaterAddressDontSendf59kuE", "amount": "0.1", "currency": "BTC"}
"""The parameters of the table's ``send`` at CoinRPC."""
ACTION: Final[Texts] = {"to": "1BitcoinEaterAddressDontSendf59kuE", "amount": "0.1"}
"""The fields of the table's ``send_btc`` at coinsoftworks."""
ASSET: Final[Texts] = {
    "asset_url": "http://www.example.com/vouchers/",
    "contract_url": "http://www.example.com/vouchers/contract.pdf",
    "issuer": "John Smith Restaurants",
    "issuer_address": "123 Cookery Street\\nLondon",
    "name": "Voucher for John Smith Restaurants",
    "name_short": "John Smith Voucher",
    "description": "Voucher for the purchase of food and drink",
    "raw_quantity": "100000000",
    "display_multiple": "0.01",
    "value_per_unit": "1 Euro",
    "send_to_address": "ssw5De84Cm5BynnWsuF9cXZmFp4bb3fNEeqvh",
}
"""An asset of CoinSpark, after its document."""
