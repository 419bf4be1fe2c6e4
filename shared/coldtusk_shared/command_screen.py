"""A payment service's command on a screen: every field that reaches the service, the same on both halves."""

from collections.abc import Iterable
from fractions import Fraction

from coldtusk_shared import plain_decimal
from coldtusk_shared.command import Command, Field, Fields
from coldtusk_shared.forms import FieldValue
from coldtusk_shared.screen import LABEL_COLUMNS, Line, line, quotation
from coldtusk_shared.value import Currency, Value

_GROUP = 4
_GROUPS_A_LINE = 8
_LONG = 16
"""Tokens from this length on are read in groups."""


def lines(command: Command, given: Fields) -> list[Line]:
    """One line a field, in the order in which they are sent."""
    return [line(_label(field), *rows(field, given[field.name])) for field in command.fields if field.name in given]


def rows(field: Field, value: FieldValue) -> tuple[str, ...]:
    """*value* of *field*: free text quoted, addresses and long ids in groups of four, flags in words."""
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, int):
        return (str(value),)
    if field.form.free:
        return (quotation(value),)
    return grouped(value) if field.form.grouped and len(value) >= _LONG else (value,)


def grouped(text: str) -> tuple[str, ...]:
    """*text* in groups of four, eight groups a line."""
    groups = [text[at : at + _GROUP] for at in range(0, len(text), _GROUP)]
    return tuple(" ".join(groups[at : at + _GROUPS_A_LINE]) for at in range(0, len(groups), _GROUPS_A_LINE))


def totals(values: Iterable[Value]) -> list[Line]:
    """What all *values* come to, by currency."""
    sums: dict[Currency, Fraction] = {}
    unsaid = 0
    for value in values:
        if value.amount is None:
            unsaid += 1
        else:
            sums[value.currency] = sums.get(value.currency, Fraction()) + value.amount
    found = [f"{plain_decimal.exact_text(amount)} {currency.code}" for currency, amount in sums.items()]
    if unsaid:
        found.append(f"and {unsaid} of which the request does not say the amount")
    return [line("All amounts", *found)] if found else []


def _label(field: Field) -> str:
    return (field.label or field.name)[: LABEL_COLUMNS - 1]
