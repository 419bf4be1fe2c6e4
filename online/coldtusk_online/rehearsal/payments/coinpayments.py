"""CoinPayments as far as a customer sees it: POST /api.php, an HMAC over the raw body, sticky nonces.

Facts: CoinPayments. A refusal is a text in ``error``, and ``result`` is then an empty list.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final

from coldtusk_online.rehearsal.http_bytes import Request
from coldtusk_online.rehearsal.payments.books import Books
from coldtusk_online.rehearsal.payments.coinpayments_answers import Answers
from coldtusk_online.rehearsal.payments.coinpayments_fields import COMMANDS, Wrong, of_command, read_form
from coldtusk_online.rehearsal.payments.coinpayments_payments import Payments
from coldtusk_online.rehearsal.payments.credentials import Credentials
from coldtusk_online.rehearsal.payments.json_text import Json, json_reply
from coldtusk_online.rehearsal.payments.reply import Reply

PATH: Final = "/api.php"
_HIGHEST_NONCE: Final = 2**64 - 1
INVALID_NONCE: Final = "Invalid nonce"
NO_PERMISSION: Final = "This API Key does not have permission to use that command!"


@dataclass(frozen=True, slots=True)
class CoinPaymentsModes:
    """How the service behaves. *sticky_nonce*: a key that used a nonce once must use one always."""

    sticky_nonce: bool = True


@dataclass(slots=True)
class _Key:
    private: str
    only_reads: bool
    last_nonce: int | None = None


class CoinPayments:
    """The service for one merchant with two keys, one of them for reading only."""

    def __init__(self, credentials: Credentials, books: Books, clock: Callable[[], float]) -> None:
        self.modes = CoinPaymentsModes()
        self.payments = Payments(books, clock)
        self._answers = Answers(books, self.payments, credentials.coinpayments_merchant)
        self._lock = Lock()
        self._keys = {
            credentials.coinpayments_public: _Key(credentials.coinpayments_private, only_reads=False),
            credentials.coinpayments_read_public: _Key(credentials.coinpayments_read_private, only_reads=True),
        }

    def last_nonce(self, public_key: str) -> int | None:
        """The highest nonce that *public_key* used."""
        return self._keys[public_key].last_nonce

    def remember_nonce(self, public_key: str, nonce: int) -> None:
        """Let *public_key* have a past: it used *nonce* before this rehearsal."""
        self._keys[public_key].last_nonce = nonce

    def answer(self, request: Request) -> Reply:
        """The reply to *request*; its effects are in the books when this returns."""
        if request.method != "POST":
            return json_reply({"error": "Only POST requests are accepted"})
        with self._lock:
            try:
                return json_reply({"error": "ok", "result": self._result(request)})
            except Wrong as no:
                return json_reply({"error": str(no), "result": []})

    def _result(self, request: Request) -> Json:
        fields = read_form(request.body)
        key = self._keys.get(fields.get("key", ""))
        if key is None:
            raise Wrong("Invalid public key passed")
        _check_mac(request, key.private)
        _check_main(fields)
        self._take_nonce(key, fields.get("nonce"))
        command = fields["cmd"]
        own = of_command(fields, command)
        if not COMMANDS[command].moves_or_changes:
            return self._answers.answer(command, own)
        if key.only_reads:
            raise Wrong(NO_PERMISSION)
        return self.payments.carry_out(command, own)

    def _take_nonce(self, key: _Key, text: str | None) -> None:
        """A nonce that is taken stays taken, whatever becomes of its command."""
        if text is None:
            if key.last_nonce is not None and self.modes.sticky_nonce:
                raise Wrong("You must pass a nonce: this key used one before")
            return
        if not (text.isascii() and text.isdigit()) or len(text) > 20 or int(text) > _HIGHEST_NONCE:
            raise Wrong(f"{INVALID_NONCE}: not a whole number")
        if key.last_nonce is not None and int(text) <= key.last_nonce:
            raise Wrong(f"{INVALID_NONCE}: {text} is not above the last one")
        key.last_nonce = int(text)


def _check_mac(request: Request, private: str) -> None:
    sent = request.header("HMAC")
    if sent is None:
        raise Wrong("No HMAC signature sent")
    own = hmac.new(private.encode(), request.body, "sha512").hexdigest()
    if not hmac.compare_digest(own.encode(), sent.encode("latin-1")):
        raise Wrong("HMAC signature does not match")


def _check_main(fields: Mapping[str, str]) -> None:
    if fields.get("version") != "1":
        raise Wrong("Invalid version")
    if fields.get("format", "json") != "json":
        raise Wrong("This rehearsal answers in json only")
    if fields.get("cmd") not in COMMANDS:
        raise Wrong("Invalid command name")
