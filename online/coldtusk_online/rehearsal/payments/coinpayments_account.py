"""CoinPayments: coins and amounts, and what one merchant has. Amounts are integers of 10^-8."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from coldtusk_online.rehearsal.payments.coinpayments_fields import Wrong

UNIT: Final = 10**8
_AMOUNT: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,8})?")


@dataclass(frozen=True, slots=True)
class Coin:
    """A currency: its price in units of 10^-8 BTC, the fee of a withdrawal in its own units."""

    name: str
    price: int
    fee: int
    is_fiat: bool = False


COINS: Final = {
    "BTC": Coin("Bitcoin", UNIT, 10_000),
    "LTC": Coin("Litecoin", 120_000, 100_000),
    "ETH": Coin("Ether", 3_800_000, 200_000),
    "DOGE": Coin("Dogecoin", 230, 200_000_000),
    "USDT.TRC20": Coin("Tether USD (Tron)", 1_100, 100_000_000),
    "LTCT": Coin("Litecoin Testnet", 1, 100_000),
    "USD": Coin("United States Dollar", 1_100, 0, is_fiat=True),
    "EUR": Coin("Euro", 1_200, 0, is_fiat=True),
}
STARTING: Final = {
    "BTC": 10 * UNIT,
    "LTC": 1_000 * UNIT,
    "ETH": 100 * UNIT,
    "DOGE": 1_000_000 * UNIT,
    "USDT.TRC20": 1_000_000 * UNIT,
    "LTCT": 1_000_000 * UNIT,
}


class Account:
    """The merchant's balances. Not safe from several threads: its service holds a lock."""

    def __init__(self) -> None:
        self.balances = dict(STARTING)

    def pay(self, currency: str, amount: int) -> None:
        """Take *amount* of *currency* out, or refuse."""
        if self.balances.get(currency, 0) < amount:
            raise Wrong("That amount is larger than your balance!")
        self.balances[currency] -= amount


def coin(code: str, *, fiat: bool = False) -> Coin:
    """The coin *code*; a fiat currency only where one is meant."""
    found = COINS.get(code)
    if found is None or (found.is_fiat and not fiat):
        raise Wrong(f"Invalid currency: {code}")
    return found


def amount_of(text: str) -> int:
    """A positive decimal amount of at most 8 places."""
    if _AMOUNT.fullmatch(text) is None:
        raise Wrong("Invalid amount")
    amount = Fraction(text) * UNIT
    if amount <= 0:
        raise Wrong("Amount must be greater than 0")
    return int(amount)


def priced(amount: int, of: str, in_: str) -> int:
    """*amount* of the currency *of* as units of *in_*, rounded down."""
    return amount * coin(of, fiat=True).price // coin(in_).price


def decimal(amount: int) -> str:
    """*amount* with 8 places."""
    return f"{amount // UNIT}.{amount % UNIT:08d}"
