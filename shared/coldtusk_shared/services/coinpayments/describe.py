"""The lines of a call's review, the same on both halves: every field that reaches the service.

What ``currency2`` does to an amount stands beside the amount, not only in a warning.
"""

from collections.abc import Sequence

from coldtusk_shared import command_screen
from coldtusk_shared.command import Fields
from coldtusk_shared.risk import Risk
from coldtusk_shared.screen import Line, line
from coldtusk_shared.services.coinpayments import mass
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent
from coldtusk_shared.services.coinpayments.payments import MASS_WITHDRAWAL, ROW
from coldtusk_shared.services.coinpayments.values import payee, values

RISKS = {
    Risk.READS: "only reads",
    Risk.CHANGES: "CHANGES something at the service",
    Risk.MOVES_MONEY: "MOVES MONEY",
}
_BESIDE = ("amount", "currency", "currency2", "address", "pbntag", "domain")
"""Fields of a row that stand in its first lines."""


def describe(content: CoinPaymentsContent, *owner: str) -> list[Line]:
    """All lines of one call; *owner* is what this half calls the account, if it trusts a name."""
    return [
        line("Do", f"CoinPayments: {words(content)} -- {RISKS[content.risk]}"),
        line("Account", *owner, *command_screen.grouped(content.key)),
        *_fields(content),
    ]


def words(content: CoinPaymentsContent) -> str:
    """The command in words, as the service's name for it with blanks."""
    return content.command.name.replace("_", " ")


def priced(given: Fields) -> str:
    """The amount as it is asked for: ``0.1 BTC``, or ``100 USD in BTC`` where the service sets the price."""
    if _is_priced(given):
        return f"{given['amount']} {given['currency2']} in {given['currency']}"
    return f"{given['amount']} {given['currency']}"


def row_totals(rows: Sequence[Fields]) -> list[Line]:
    """How many rows there are and what they come to, as they are priced."""
    found = [line("Rows", str(len(rows))), *command_screen.totals(values(MASS_WITHDRAWAL, {}, rows))]
    asked = [priced(row) for row in rows if _is_priced(row)]
    return [*found, line("Priced", *asked)] if asked else found


def _is_priced(given: Fields) -> bool:
    return given.get("currency2", given["currency"]) != given["currency"]


def _fields(content: CoinPaymentsContent) -> list[Line]:
    if content.rows:
        table = [_row(number, row) for number, row in enumerate(content.rows, 1)]
        return [*table, *row_totals(content.rows)]
    lines = command_screen.lines(content.command, content.given)
    return [_loud(one, content.given) for one in lines] if "currency2" in content.given else lines


def _loud(one: Line, given: Fields) -> Line:
    """The amount with what it is counted in, where that is another currency than the one that leaves."""
    if one.label != "amount" or "currency" not in given or not _is_priced(given):
        return one
    return line(
        one.label, *one.texts, f"of {given['currency2']}: the service decides how much {given['currency']} leaves"
    )


def _row(number: int, row: Fields) -> Line:
    """One withdrawal: what and to whom first, then each other field with its name."""
    field = ROW.field(next(name for name in _BESIDE[3:] if name in row))
    rest = [one for one in ROW.fields if one.name in row and one.name not in _BESIDE]
    texts = [f"{priced(row)} to the {field.name}", *command_screen.rows(field, str(payee(row)))]
    texts += [f"{one.name} {' '.join(command_screen.rows(one, row[one.name]))}" for one in rest]
    return line(mass.name(number), *texts)
