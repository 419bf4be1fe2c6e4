"""What the operator should look at first in a call of CoinPayments (facts: CoinPayments, traps)."""

from collections.abc import Callable

from coldtusk_shared import cbor
from coldtusk_shared.command import Fields
from coldtusk_shared.screen import quotation
from coldtusk_shared.services.coinpayments import mass
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent, wanted
from coldtusk_shared.services.coinpayments.payments import CONVERT, MASS_WITHDRAWAL, ROW, TRANSACTION

_TAGGED = frozenset({"XRP", "XLM", "EOS"})
"""Chains on which exchanges tell their customers apart by a tag or a memo."""


def of_call(content: CoinPaymentsContent) -> list[str]:
    """The warnings of a call's own fields."""
    if content.command is MASS_WITHDRAWAL:
        return ["a mass withdrawal is confirmed at once: nobody at the service is asked again"]
    return [*_of_fields(content.given), *_of_command(content)]


def of_rows(content: CoinPaymentsContent) -> list[str]:
    """The warnings of a mass withdrawal's rows, each with the row's name."""
    found: list[str] = []
    first: dict[bytes, str] = {}
    for number, row in enumerate(content.rows, 1):
        name = mass.name(number)
        found += [f"{name}: {warning}" for warning in _of_fields(row)]
        twin = first.setdefault(cbor.encode(wanted(ROW, row)), name)
        if twin != name:
            found.append(f"{name}: it pays the same as {twin}: this would pay a SECOND time")
    return found


def _of_fields(given: Fields) -> list[str]:
    return [warning for name, of in _WARNINGS.items() if name in given and (warning := of(given)) is not None]


def _of_command(content: CoinPaymentsContent) -> list[str]:
    given = content.given
    if content.command is TRANSACTION and "address" in given:
        return ["what the buyer pays goes to this address, and not to your balance"]
    if content.command is CONVERT and "address" in given:
        return ["what is bought leaves the account: it goes to this address"]
    return []


def _currency(given: Fields) -> str | None:
    if given["currency"] in _TAGGED and "address" in given and "dest_tag" not in given:
        return f"{given['currency']} to an exchange mostly needs a dest_tag, and none is given"
    return None


def _currency2(given: Fields) -> str | None:
    if "currency" not in given or given["currency"] == given["currency2"]:
        return None
    return (
        f"the amount is in {given['currency2']}, NOT in {given['currency']}: "
        f"the service alone decides how much {given['currency']} leaves"
    )


def _pbntag(given: Fields) -> str | None:
    if "amount" not in given:
        return None
    return f"the service alone knows whose tag {quotation(str(given['pbntag']))} is: no address can be checked"


def _domain(given: Fields) -> str:
    return f"the service alone looks up {quotation(str(given['domain']))}: no address can be checked"


def _auto_confirm(given: Fields) -> str | None:
    if not given["auto_confirm"]:
        return None
    return "auto_confirm is on: it is paid at once, nobody at the service is asked again"


def _dest_tag(given: Fields) -> str:
    return f"who gets it is told apart by dest_tag {quotation(str(given['dest_tag']))}: check it as well"


def _ipn_url(given: Fields) -> str:
    return f"the service will tell what becomes of it to {quotation(str(given['ipn_url']))}"


_WARNINGS: dict[str, Callable[[Fields], str | None]] = {
    "currency2": _currency2,
    "auto_confirm": _auto_confirm,
    "pbntag": _pbntag,
    "domain": _domain,
    "currency": _currency,
    "dest_tag": _dest_tag,
    "ipn_url": _ipn_url,
}
