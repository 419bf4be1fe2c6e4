"""CoinRPC: what one wallet can be asked. Only ``get_balance`` is documented; a send and a history are made up.

A test or an operator who knows other methods adds them: :meth:`Methods.define`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Final

from coldtusk_online.rehearsal.payments.books import Books, Entry, Service
from coldtusk_online.rehearsal.payments.json_text import Json

_AMOUNT: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,8})?")


class Failed(Exception):
    """The service answers with an error member."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.member: Json = {"code": code, "message": message}


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its parameters, and whether it commits (its effect is booked, ``amount`` is taken off the balance)."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    commits: bool = True


class Methods:
    """The wallet. Not safe from several threads: its service holds a lock."""

    def __init__(self, books: Books, clock: Callable[[], float]) -> None:
        self.balances = {"BTC": Decimal("12.5"), "LTC": Decimal(340)}
        self._books, self._clock = books, clock
        self._defined = {
            "get_balance": Method((), ("currency",), commits=False),
            "get_transaction": Method(("guid",), commits=False),
            "list_transactions": Method((), ("currency", "limit"), commits=False),
            "send": Method(("recipient", "amount"), ("currency", "comment")),
        }
        self._reads: dict[str, Callable[[Mapping[str, str]], Json]] = {
            "get_balance": self._balance,
            "get_transaction": self._transaction,
            "list_transactions": self._list,
        }

    def define(self, name: str, method: Method) -> None:
        """Add a method, or change one. One that does not commit and is not known answers with its parameters."""
        self._defined[name] = method

    def call(self, name: object, params: object) -> Json:
        """The result of the method *name*; :class:`Failed` and nothing done otherwise."""
        method = self._defined.get(str(name))
        if method is None:
            raise Failed(-32601, "Method not found")
        given = _params(method, params)
        if not method.commits:
            return self._reads.get(str(name), dict)(given)
        return self._commit(str(name), given)

    def _commit(self, name: str, given: dict[str, str]) -> Json:
        if "amount" in given:
            self._pay(given.get("currency", "BTC"), given["amount"])
        number = len(self._books.of(Service.COINRPC)) + 1
        guid = sha256(f"coinrpc {number}".encode()).hexdigest()[:16].upper()
        return _shown(self._books.commit(Service.COINRPC, name, guid, given, self._clock()))

    def _pay(self, currency: str, text: str) -> None:
        if _AMOUNT.fullmatch(text) is None or Decimal(text) <= 0:
            raise Failed(-32602, "Invalid params: amount")
        if self.balances.get(currency, Decimal(0)) < Decimal(text):
            raise Failed(-32010, "insufficient funds")
        self.balances[currency] -= Decimal(text)

    def _balance(self, params: Mapping[str, str]) -> Json:
        currency = params.get("currency", "BTC")
        if currency not in self.balances:
            raise Failed(-32602, "Invalid params: currency")
        return format(self.balances[currency], "f")

    def _transaction(self, params: Mapping[str, str]) -> Json:
        entry = self._books.find(Service.COINRPC, params["guid"])
        if entry is None:
            raise Failed(-32004, "no such transaction")
        return _shown(entry)

    def _list(self, _: Mapping[str, str]) -> Json:
        return [_shown(entry) for entry in reversed(self._books.of(Service.COINRPC))]


def _shown(entry: Entry) -> Json:
    return {"guid": entry.identity, "status": "PENDING", "timestamp": str(entry.at), **entry.fields}


def _params(method: Method, params: object) -> dict[str, str]:
    if not isinstance(params, dict):
        raise Failed(-32602, "Invalid params: not an object")
    missing = [name for name in method.required if name not in params]
    unknown = [name for name in params if name not in {*method.required, *method.optional}]
    if missing or unknown:
        raise Failed(-32602, "Invalid params: " + ", ".join([*missing, *unknown]))
    return {name: str(value) for name, value in params.items()}
