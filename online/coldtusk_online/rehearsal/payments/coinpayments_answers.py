"""CoinPayments: the commands that only read, answered from the books."""

from collections.abc import Callable, Mapping
from typing import Final

from coldtusk_online.rehearsal.payments.books import Books, Entry, Service
from coldtusk_online.rehearsal.payments.coinpayments_account import COINS, UNIT, amount_of, coin, decimal
from coldtusk_online.rehearsal.payments.coinpayments_fields import Wrong
from coldtusk_online.rehearsal.payments.coinpayments_payments import (
    CANCELLED,
    COMPLETE,
    PENDING,
    WAITING,
    Payments,
)
from coldtusk_online.rehearsal.payments.json_text import Json

Fields = Mapping[str, str]
_WITHDRAWALS: Final = ("create_withdrawal", "create_mass_withdrawal")
_TEXT: Final = {CANCELLED: "Cancelled", WAITING: "Waiting for email confirmation", PENDING: "Pending"}
_DEFAULT_LIMIT: Final = 25
_TXIDS_LIMIT: Final = 100


class Answers:
    """Reads the books for one merchant."""

    def __init__(self, books: Books, payments: Payments, merchant: str) -> None:
        self._books, self._payments, self._merchant = books, payments, merchant
        self._commands: dict[str, Callable[[Fields], Json]] = {
            "get_basic_info": self._basic_info,
            "rates": self._rates,
            "balances": self._balances,
            "get_tx_info": lambda fields: self._transaction(fields["txid"]),
            "get_tx_info_multi": self._transactions,
            "get_tx_ids": self._transaction_ids,
            "convert_limits": self._limits,
            "get_withdrawal_history": self._history,
            "get_withdrawal_info": lambda fields: self._withdrawal(self._found(fields["id"], *_WITHDRAWALS)),
            "get_conversion_info": self._conversion,
            "get_pbn_info": lambda fields: {"pbntag": fields["pbntag"], "merchant": self._merchant},
            "get_pbn_list": lambda _: [],
        }

    def answer(self, command: str, fields: Fields) -> Json:
        """The result of *command*; :class:`Wrong` for what is not there."""
        return self._commands[command](fields)

    def _basic_info(self, _: Fields) -> Json:
        return {
            "username": "rehearsal",
            "merchant_id": self._merchant,
            "email": "rehearsal@example.invalid",
            "public_name": "Coldtusk rehearsal",
        }

    def _rates(self, fields: Fields) -> Json:
        if fields.get("short") == "1":
            return {code: {"is_fiat": int(one.is_fiat), "rate_btc": decimal(one.price)} for code, one in COINS.items()}
        return {
            code: {
                "is_fiat": int(one.is_fiat),
                "rate_btc": decimal(one.price),
                "tx_fee": decimal(one.fee),
                "status": "online",
                "name": one.name,
                "confirms": "2",
                "accepted": int(not one.is_fiat),
            }
            for code, one in COINS.items()
        }

    def _balances(self, fields: Fields) -> Json:
        return {
            code: {"balance": amount, "balancef": decimal(amount), "status": "available", "coin_status": "online"}
            for code, amount in self._payments.account.balances.items()
            if amount or fields.get("all") == "1"
        }

    def _transactions(self, fields: Fields) -> Json:
        answers: dict[str, Json] = {}
        for txid in fields["txid"].split("|"):
            try:
                answers[txid] = {"error": "ok", **self._transaction(txid)}
            except Wrong as no:
                answers[txid] = {"error": str(no)}
        return answers

    def _transaction(self, txid: str) -> dict[str, Json]:
        entry = self._found(txid, "create_transaction")
        due = amount_of(entry.fields["due"])
        return {
            "time_created": entry.at,
            "time_expires": entry.at + 9000,
            "status": 0,
            "status_text": "Waiting for buyer funds...",
            "type": "coins",
            "coin": entry.fields["currency2"],
            "amount": due,
            "amountf": decimal(due),
            "received": 0,
            "receivedf": decimal(0),
            "recv_confirms": 0,
        }

    def _transaction_ids(self, fields: Fields) -> Json:
        entries = _page(self._books.of(Service.COINPAYMENTS, "create_transaction"), fields, _TXIDS_LIMIT)
        if fields.get("all") == "1":
            return [{"txid": entry.identity, "user_is": "seller"} for entry in entries]
        return [entry.identity for entry in entries]

    def _limits(self, fields: Fields) -> Json:
        coin(fields["from"])
        coin(fields["to"])
        return {"min": decimal(UNIT // 1000), "max": decimal(100 * UNIT)}

    def _history(self, fields: Fields) -> Json:
        entries = _page(self._books.of(Service.COINPAYMENTS, *_WITHDRAWALS), fields, _DEFAULT_LIMIT)
        return [{"id": entry.identity, **self._withdrawal(entry)} for entry in entries]

    def _withdrawal(self, entry: Entry) -> dict[str, Json]:
        status = self._payments.status[entry.identity]
        sent = amount_of(entry.fields["sent"])
        payee = next(entry.fields[name] for name in ("address", "pbntag", "domain") if name in entry.fields)
        return {
            "time_created": entry.at,
            "status": status,
            "status_text": "Complete" if status == COMPLETE else _TEXT[status],
            "coin": entry.fields["currency"],
            "amount": sent,
            "amountf": decimal(sent),
            "note": entry.fields.get("note", ""),
            "send_address": payee,
            "send_dest_tag": entry.fields.get("dest_tag", ""),
            "send_txid": self._payments.sent.get(entry.identity, ""),
        }

    def _conversion(self, fields: Fields) -> Json:
        entry = self._found(fields["id"], "convert")
        sent, received = amount_of(entry.fields["amount"]), amount_of(entry.fields["received"])
        return {
            "time_created": entry.at,
            "status": COMPLETE,
            "status_text": "Complete",
            "coin1": entry.fields["from"],
            "coin2": entry.fields["to"],
            "amount_sent": sent,
            "amount_sentf": decimal(sent),
            "received": received,
            "receivedf": decimal(received),
        }

    def _found(self, identity: str, *commands: str) -> Entry:
        entry = self._books.find(Service.COINPAYMENTS, identity, *commands)
        if entry is None:
            raise Wrong("Invalid ID!")
        return entry


def _page(entries: tuple[Entry, ...], fields: Fields, limit: int) -> list[Entry]:
    newest = sorted(entries, key=lambda entry: entry.number, reverse=True)
    newer = [entry for entry in newest if entry.at >= int(fields.get("newer", "0"))]
    start = int(fields.get("start", "0"))
    return newer[start : start + int(fields.get("limit", limit))]
