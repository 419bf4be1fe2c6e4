"""What an item moves: currency, amount and payee, in one model for every system.

A policy can so speak of a Warthog transfer and of a withdrawal from a payment service alike.
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency of one system and network: ``Currency("coinpayments", "BTC")``, ``Currency("warthog/main", "WART")``.

    *scope* is the item's; *code* is the system's own name, of a Warthog asset its hash in hex. *raw* amounts count
    smallest units, because nobody proved the decimals.
    """

    scope: str
    code: str
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """One movement out of the account. *amount* is exact, in whole units; None where the request does not say it.

    *payee* is the recipient as the system writes it; None for a fee, and for what stays on the own account.
    """

    currency: Currency
    amount: Fraction | None
    payee: str | None
