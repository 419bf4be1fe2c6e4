"""Contents of calls, and the note by which a payment is found again in the service's history.

A reply can be lost. A withdrawal that carries its payment id in ``note`` is found without doubt; so every one gets it,
unless the operator writes another note. It is in the review, on both halves.
"""

import re
from collections.abc import Mapping, Sequence

from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.services.coinpayments.signature import content_of
from coldtusk_shared import limits
from coldtusk_shared.command import Command, Fields
from coldtusk_shared.forms import FieldValue
from coldtusk_shared.request import Item, PaymentId
from coldtusk_shared.screen import Line
from coldtusk_shared.services.coinpayments import content, describe, mass
from coldtusk_shared.services.coinpayments.commands import HISTORY
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent
from coldtusk_shared.services.coinpayments.payments import MASS_WITHDRAWAL

_OWN_WORD = "coldtusk"
_OWN_NOTE = re.compile(r"coldtusk ([0-9a-f]{32})( wd[0-9]{1,3})?")


def lines(item: Item) -> list[Line]:
    """Every field, as the device shows it."""
    return describe.describe(content_of(item))


def call(account: ServiceAccount, command: Command, given: Fields) -> CoinPaymentsContent:
    """A call with the fields that were given.

    :raises BadInput: what :func:`content.make` raises.
    """
    return content.make(account.account, command, asked(command, given))


def asked(command: Command, given: Fields) -> Fields:
    """*given*, and of the history as much as a page can hold: the more it shows, the more it settles."""
    return {"limit": limits.COINPAYMENTS_PAGE, **given} if command is HISTORY else given


def payment(
    account: ServiceAccount, command: Command, given: Mapping[str, FieldValue], payment_id: PaymentId
) -> CoinPaymentsContent:
    """A call that has a ``note``: the payment's own, unless one was given."""
    return content.make(account.account, command, {**given, "note": given.get("note", note(payment_id))})


def mass_withdrawal(account: ServiceAccount, rows: Sequence[Fields], payment_id: PaymentId) -> CoinPaymentsContent:
    """A mass withdrawal; each row's own note names the payment and the row."""
    noted = tuple(
        {**row, "note": row.get("note", f"{note(payment_id)} {mass.name(number)}")}
        for number, row in enumerate(rows, 1)
    )
    return content.make(account.account, MASS_WITHDRAWAL, {}, noted)


def note(payment_id: PaymentId) -> str:
    """The note of a payment, unique to it."""
    return f"{_OWN_WORD} {payment_id.hex()}"


def payment_of(text: str) -> str:
    """The payment id (hex) in a *text* that :func:`note` made, for a row or for a whole call; "" if it did not."""
    matched = _OWN_NOTE.fullmatch(text)
    return "" if matched is None else matched[1]


def is_like_own_note(text: str) -> bool:
    """Whether *text* may be what the service made of a note of ours: cut, or in other letters."""
    return _OWN_WORD in text.lower() and not payment_of(text)
