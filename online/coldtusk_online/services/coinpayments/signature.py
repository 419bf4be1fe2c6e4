"""Whether a device's output fits the call that was asked for.

The body is built again from the item's own fields and the device's nonce, by the rule of the shared half: a device
that was given something else, or that adds a field, is refused before anything is sent. The HMAC itself can be checked
by the service alone, since nobody else has the private key.
"""

from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.request import Item
from coldtusk_shared.services.coinpayments import output as outputs
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent

OTHER_BODY = Code("coinpayments.other-body", "do not send it: ask whoever runs the device what it signed")


def check(item: Item, output: bytes, where: str) -> None:
    """Refuse *output* unless its body is the one of *item*'s fields with its nonce.

    :raises BadInput: ``coinpayments.other-body``, and what :func:`outputs.parse` raises.
    """
    given = outputs.parse(output, where)
    if content_of(item).body(given.nonce) != given.body:
        raise BadInput(OTHER_BODY, "the device's body is not that of the request's fields", where=f"{where}.body")


def number(_item: Item, output: bytes) -> int:
    """The nonce, which the device counted."""
    return outputs.parse(output).nonce


def content_of(item: Item) -> CoinPaymentsContent:
    """The item's content, which its kind says is CoinPayments'."""
    if not isinstance(item.content, CoinPaymentsContent):
        raise RuntimeError(f"{item.content.kind} is not CoinPayments'")
    return item.content
