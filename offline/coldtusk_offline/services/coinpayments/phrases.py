"""What an operator types to sign one call of CoinPayments: it depends on what the call does."""

from collections.abc import Callable
from fractions import Fraction

from coldtusk_shared import plain_decimal
from coldtusk_shared.command import Fields
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent
from coldtusk_shared.services.coinpayments.describe import words
from coldtusk_shared.services.coinpayments.values import payee

_LAST_CHARACTERS = 4
_CURRENCIES = 2


def of_call(content: CoinPaymentsContent) -> str:
    """The phrase of *content*."""
    if content.rows:
        return _mass(content)
    known = _PHRASES.get(content.command.name)
    if known is not None:
        return known(content.given)
    if content.risk is Risk.READS:
        return f"ask {words(content).removeprefix('get ')}"
    first = next(iter(content.given.values()))
    return f"{words(content)} {_last(str(first))}"


def _withdrawal(given: Fields) -> str:
    return f"withdraw {_price(given)} to {_payee(given)}"


def _transfer(given: Fields) -> str:
    return f"transfer {_price(given)} to {_payee(given)}"


def _convert(given: Fields) -> str:
    whither = f" to {_payee(given)}" if "address" in given else ""
    return f"convert {_short(given['amount'])} {given['from']} to {given['to']}{whither}"


def _buy(given: Fields) -> str:
    return f"buy {given['num']} tags for {given['coin']}"


def _renew(given: Fields) -> str:
    return f"renew {_last(str(given['tagid']))} for {given['years']} years and {given['coin']}"


def _transaction(given: Fields) -> str:
    whither = f" to {_payee(given)}" if "address" in given else ""
    return f"invoice {_short(given['amount'])} {given['currency1']} in {given['currency2']}{whither}"


def _mass(content: CoinPaymentsContent) -> str:
    """The number of rows and what they come to, as it is priced."""
    sums: dict[str, Fraction] = {}
    for row in content.rows:
        unit = str(row.get("currency2", row["currency"]))
        sums[unit] = sums.get(unit, Fraction()) + Fraction(str(row["amount"]))
    if len(sums) > _CURRENCIES:
        return f"withdraw {len(content.rows)} rows of {len(sums)} currencies"
    amounts = " and ".join(f"{plain_decimal.exact_text(amount)} {unit}" for unit, amount in sums.items())
    return f"withdraw {len(content.rows)} rows {amounts}"


def _price(given: Fields) -> str:
    own = given["currency"]
    unit = given.get("currency2", own)
    return f"{_short(given['amount'])} {unit}" + (f" in {own}" if unit != own else "")


def _payee(given: Fields) -> str:
    """The end of an address or of a merchant's id; tags and domains are short, and typed whole."""
    name = str(payee(given))
    return name if "pbntag" in given or "domain" in given else _last(name)


def _last(text: str) -> str:
    return text[-_LAST_CHARACTERS:]


def _short(amount: object) -> str:
    """Without the zeros behind the dot that nobody types."""
    return plain_decimal.exact_text(Fraction(str(amount)))


_PHRASES: dict[str, Callable[[Fields], str]] = {
    "create_withdrawal": _withdrawal,
    "create_transfer": _transfer,
    "convert": _convert,
    "buy_pbn_tags": _buy,
    "renew_pbn_tag": _renew,
    "create_transaction": _transaction,
}
