"""CoinPayments: the commands that move money or change something. Each returns the result; each effect is booked."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Final

from coldtusk_online.rehearsal.payments.books import Books, Entry, Service
from coldtusk_online.rehearsal.payments.coinpayments_account import Account, amount_of, coin, decimal, priced
from coldtusk_online.rehearsal.payments.coinpayments_fields import Wrong, check_withdrawal, mass
from coldtusk_online.rehearsal.payments.json_text import Json

Fields = Mapping[str, str]
CANCELLED: Final = -1
WAITING: Final = 0
PENDING: Final = 1
COMPLETE: Final = 2
_TAG_PRICE: Final = 100_000
"""A $PayByName tag, in units of 10^-8 BTC."""


class Payments:
    """What the merchant made happen. Not safe from several threads: its service holds a lock."""

    def __init__(self, books: Books, clock: Callable[[], float]) -> None:
        self.account = Account()
        self.status: dict[str, int] = {}
        self.sent: dict[str, str] = {}
        self._books, self._clock = books, clock
        self._commands: dict[str, Callable[[Fields], Json]] = {
            "create_withdrawal": self._withdraw,
            "create_mass_withdrawal": self._withdraw_all,
            "create_transfer": self._transfer,
            "convert": self._convert,
            "create_transaction": self._transaction,
            "get_callback_address": lambda fields: self._address("get_callback_address", fields),
            "get_deposit_address": lambda fields: self._address("get_deposit_address", fields),
            "cancel_withdrawal": self._cancel,
            "buy_pbn_tags": self._buy_tags,
            "renew_pbn_tag": self._renew_tag,
        }

    def carry_out(self, command: str, fields: Fields) -> Json:
        """Do *command* and return its result; :class:`Wrong` and nothing done otherwise."""
        known = self._commands.get(command)
        if known is not None:
            return known(fields)
        self._book(command, fields)  # the commands on tags and coupons answer with nothing
        return []

    def complete(self, identity: str) -> None:
        """Let the withdrawal *identity* reach its payee."""
        self.status[identity] = COMPLETE
        self.sent[identity] = sha256(b"withdrawal" + identity.encode()).hexdigest()

    def _withdraw(self, fields: Fields) -> Json:
        return self._withdrawn("create_withdrawal", fields, confirmed=fields.get("auto_confirm") == "1")

    def _withdrawn(self, command: str, fields: Fields, *, confirmed: bool) -> dict[str, Json]:
        currency, asked = fields["currency"], amount_of(fields["amount"])
        fee = coin(currency).fee
        if "currency2" in fields:
            asked = priced(asked, fields["currency2"], currency)
        if asked <= fee:
            raise Wrong("That amount is smaller than the transaction fee!")
        self.account.pay(currency, asked + fee if fields.get("add_tx_fee") == "1" else asked)
        entry = self._book(command, {**fields, "sent": decimal(asked)})
        self.status[entry.identity] = PENDING if confirmed else WAITING
        return {"id": entry.identity, "status": self.status[entry.identity], "amount": decimal(asked)}

    def _withdraw_all(self, fields: Fields) -> Json:
        answers: dict[str, Json] = {}
        for name, one in mass(fields).items():
            try:
                check_withdrawal(one)
                made = self._withdrawn("create_mass_withdrawal", {**one, "wd": name}, confirmed=True)
                answers[name] = {"error": "ok", **made}
            except Wrong as no:
                answers[name] = {"error": str(no)}
        return answers

    def _transfer(self, fields: Fields) -> Json:
        coin(fields["currency"])
        self.account.pay(fields["currency"], amount_of(fields["amount"]))
        entry = self._book("create_transfer", fields)
        self.status[entry.identity] = PENDING if fields.get("auto_confirm") == "1" else WAITING
        return {"id": entry.identity, "status": self.status[entry.identity]}

    def _convert(self, fields: Fields) -> Json:
        amount = amount_of(fields["amount"])
        received = priced(amount, fields["from"], fields["to"])
        self.account.pay(fields["from"], amount)
        if "address" not in fields:
            self.account.balances[fields["to"]] = self.account.balances.get(fields["to"], 0) + received
        return {"id": self._book("convert", {**fields, "received": decimal(received)}).identity}

    def _transaction(self, fields: Fields) -> Json:
        amount = priced(amount_of(fields["amount"]), fields["currency1"], fields["currency2"])
        entry = self._book("create_transaction", {**fields, "due": decimal(amount)})
        return {
            "amount": decimal(amount),
            "txn_id": entry.identity,
            "address": _made_up("payment", entry.identity),
            "confirms_needed": "2",
            "timeout": 9000,
            "checkout_url": f"https://www.coinpayments.invalid/checkout?id={entry.identity}",
            "status_url": f"https://www.coinpayments.invalid/status?id={entry.identity}",
            "qrcode_url": f"https://www.coinpayments.invalid/qrgen.php?id={entry.identity}",
        }

    def _address(self, command: str, fields: Fields) -> Json:
        coin(fields["currency"])
        entry = self._book(command, fields)
        return {"address": _made_up("deposit", entry.identity), "pubkey": ""}

    def _cancel(self, fields: Fields) -> Json:
        if self.status.get(fields["id"]) != WAITING:
            raise Wrong("This withdrawal cannot be cancelled!")
        self._book("cancel_withdrawal", fields)
        self.status[fields["id"]] = CANCELLED
        return []

    def _buy_tags(self, fields: Fields) -> Json:
        number = int(fields["num"])
        if number < 1:
            raise Wrong("Invalid num")
        self.account.pay(fields["coin"], priced(number * _TAG_PRICE, "BTC", fields["coin"]))
        self._book("buy_pbn_tags", fields)
        return []

    def _renew_tag(self, fields: Fields) -> Json:
        years = int(fields.get("years", "1"))
        self.account.pay(fields["coin"], priced(years * _TAG_PRICE, "BTC", fields["coin"]))
        self._book("renew_pbn_tag", fields)
        return []

    def _book(self, command: str, fields: Fields) -> Entry:
        number = len(self._books.of(Service.COINPAYMENTS)) + 1
        identity = "CW" + sha256(f"coinpayments {number}".encode()).hexdigest()[:24].upper()
        return self._books.commit(Service.COINPAYMENTS, command, identity, fields, self._clock())


def _made_up(kind: str, identity: str) -> str:
    return "1Rehearsa1" + sha256(f"{kind} {identity}".encode()).hexdigest()[:24]
