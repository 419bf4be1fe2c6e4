"""What a call of CoinPayments moves, in the model that all systems share.

Where ``currency2`` prices the amount, nobody knows how much of the currency leaves before the service does it: the
request then does not say the amount, and the price is on the screen only.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from coldtusk_shared.command import Command, Fields
from coldtusk_shared.value import Currency, Value

SYSTEM = "coinpayments"
_PAYEES = ("address", "pbntag", "domain", "merchant")


def values(command: Command, given: Fields, rows: Sequence[Fields]) -> tuple[Value, ...]:
    """Every movement of the call; none where it moves nothing."""
    moved = _MOVED.get(command.name)
    return tuple(value for row in rows for value in _withdrawal(row)) if moved is None else moved(given)


def payee(given: Fields) -> str | None:
    """Who gets it, as the service writes it; None if it stays with the account or with the service."""
    return next((str(given[name]) for name in _PAYEES if name in given), None)


def currency(given: Fields, name: str) -> Currency:
    """The currency in the field *name*."""
    return Currency(SYSTEM, str(given[name]))


def _amount(given: Fields) -> Fraction:
    return Fraction(str(given["amount"]))


def _withdrawal(given: Fields) -> tuple[Value, ...]:
    moved = currency(given, "currency")
    own = "currency2" not in given or given["currency2"] == given["currency"]
    found = Value(moved, _amount(given) if own else None, payee(given))
    return (found, Value(moved, None, None)) if given.get("add_tx_fee") else (found,)


def _transfer(given: Fields) -> tuple[Value, ...]:
    return (Value(currency(given, "currency"), _amount(given), payee(given)),)


def _convert(given: Fields) -> tuple[Value, ...]:
    return (Value(currency(given, "from"), _amount(given), payee(given)),)


def _bought(given: Fields) -> tuple[Value, ...]:
    return (Value(currency(given, "coin"), None, None),)


def _transaction(given: Fields) -> tuple[Value, ...]:
    """What a buyer pays goes past the account to ``address``; without one it arrives, and nothing leaves."""
    if "address" not in given:
        return ()
    own = given["currency1"] == given["currency2"]
    return (Value(currency(given, "currency2"), _amount(given) if own else None, payee(given)),)


_MOVED: dict[str, Callable[[Fields], tuple[Value, ...]]] = {
    "create_withdrawal": _withdrawal,
    "create_transfer": _transfer,
    "convert": _convert,
    "buy_pbn_tags": _bought,
    "renew_pbn_tag": _bought,
    "create_transaction": _transaction,
}
