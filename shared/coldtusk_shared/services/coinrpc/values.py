"""What a call moves, as far as its parameters have the names that such parameters usually have.

Nobody documents CoinRPC's methods. A method that is not known to read counts as moving money; where no parameter says
how much, the amount is not said.
"""

import re
from fractions import Fraction
from typing import Final

from coldtusk_shared import forms
from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.coinrpc.safe_json import Params
from coldtusk_shared.value import Currency, Value

SYSTEM: Final = "coinrpc"
_AMOUNTS: Final = ("amount", "value", "quantity")
_CURRENCIES: Final = ("currency", "coin", "asset")
_PAYEES: Final = ("recipient", "address", "to", "to_address", "destination")
_AMOUNT: Final = forms.amount()
_CURRENCY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,23}")
"""Anything longer is text of the host, which may not stand behind an amount in a total of ours."""


def values(params: Params, key: str) -> tuple[Value, ...]:
    """The one movement of a call that moves money, by the account with this API *key*.

    Without a currency it is that of the account's own wallet; with one that is none, or with two, the amount is not
    said: a total would add what is not alike.
    """
    known = currency(params)
    unclear = known is None and any(name in _CURRENCIES for name, _ in params)
    moved = Currency(SYSTEM, known or f"of the wallet of {key}")
    return (Value(moved, None if unclear else amount(params), payee(params)),)


def amount(params: Params) -> Fraction | None:
    """The amount; None if no parameter of a usual name has a plain decimal above zero, or two have such names."""
    text = _only(params, _AMOUNTS)
    try:
        return None if text is None else Fraction(str(_AMOUNT.read(text, "")))
    except BadInput:
        return None


def currency(params: Params) -> str | None:
    """The currency as the service writes it; None if no parameter of a usual name says it, or two do."""
    text = _only(params, _CURRENCIES)
    return text if text is not None and _CURRENCY.fullmatch(text) else None


def payee(params: Params) -> str | None:
    """The recipient; None if no parameter of a usual name says it, or two do."""
    return _only(params, _PAYEES)


def alike(params: Params) -> dict[str, str]:
    """*params* with decimals that mean the same written alike, whatever their names."""
    return {name: forms.alike(text) for name, text in params}


def _only(params: Params, names: tuple[str, ...]) -> str | None:
    """The one value under these names: of two, nobody but the service knows which counts."""
    found = [text for name, text in params if name in names]
    return found[0] if len(found) == 1 else None
