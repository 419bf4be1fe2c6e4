"""CoinSpark's asset creation as far as a customer sees it: JSON-RPC over https, the key inside the parameters.

Afterwards the contract, a basic page and, as a block explorer would, the genesis transaction are served by GET.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from threading import Lock
from typing import Final
from urllib.parse import parse_qs

from coldtusk_online.rehearsal.http_bytes import Request
from coldtusk_online.rehearsal.payments.books import Books, Service
from coldtusk_online.rehearsal.payments.coinspark_asset import NoAsset
from coldtusk_online.rehearsal.payments.coinspark_made import Made, make
from coldtusk_online.rehearsal.payments.coinspark_params import Value, read_params
from coldtusk_online.rehearsal.payments.credentials import Credentials
from coldtusk_online.rehearsal.payments.json_text import Json, json_reply
from coldtusk_online.rehearsal.payments.reply import Reply

PATH: Final = "/coinspark"
FILES: Final = "/create-asset/"
GENESIS: Final = "/rehearsal/genesis/"
_METHOD: Final = "coinspark_create_asset"
_HTML: Final = "text/html; charset=utf-8"
_PLAIN: Final = "text/plain; charset=utf-8"
_MESSAGES: Final = {
    -20000: "Protocol error",
    -20001: "Invalid key",
    -20002: "Insufficient funds are available in your account",
    -20003: "Insufficient funds are available in your account",
    -32700: "Invalid JSON received",
    -32600: "Invalid JSON-RPC request",
    -32601: "Method not found",
    -32602: "Invalid params",
    -32603: "Internal error",
}


@dataclass(frozen=True, slots=True)
class CoinSparkModes:
    """How the service behaves. The document's table and its example differ in *insufficient_code* (-20002, -20003).

    *other_contract*: the file at ``contract_final`` is not the one that was hashed. *other_fields*: the fields of the
    reply say another multiple than was asked for. *error_status*: of replies with an error; bitcoind has 500.
    """

    insufficient_code: int = -20002
    other_contract: bool = False
    other_fields: bool = False
    internal_error: bool = False
    error_status: int = 200


class Failed(Exception):
    """The service answers with an error member."""

    def __init__(self, code: int, data: str = "") -> None:
        super().__init__(data)
        self.member: Json = {"code": code, "message": _MESSAGES[code], "data": data}


class CoinSpark:
    """The service for one customer. *url* is where it is reached, *secure* whether that is https."""

    def __init__(
        self, credentials: Credentials, books: Books, clock: Callable[[], float], url: str, *, secure: bool
    ) -> None:
        self.modes = CoinSparkModes()
        self.balance = {False: Decimal("0.01"), True: Decimal(1)}
        self._key, self._books, self._clock, self._url, self._secure = (
            credentials.coinspark_key,
            books,
            clock,
            url,
            secure,
        )
        self._made: dict[str, Made] = {}
        self._lock = Lock()

    def answer(self, request: Request) -> Reply:
        """The reply to *request*; its effects are in the books when this returns."""
        if request.method == "GET":
            return self._file(request)
        if request.path != PATH:
            return Reply(b"not found", 404, _PLAIN)
        identity: Json = None
        with self._lock:
            try:
                call = _call(request.body)
                identity = str(call.get("id"))
                return json_reply({"id": identity, "result": self._result(call), "jsonrpc": "2.0"})
            except Failed as no:
                error: Json = {"id": identity, "error": no.member, "jsonrpc": "2.0"}
                return json_reply(error, self.modes.error_status)

    def _result(self, call: Mapping[str, object]) -> Json:
        if not self._secure:
            raise Failed(-20000, "The API must be called using https")
        params = call.get("params")
        if call.get("method") != _METHOD:
            raise Failed(-32601)
        if not isinstance(params, dict):
            raise Failed(-32600, "params: not an object")
        if params.get("key") != self._key:
            raise Failed(-20001, "The API key does not appear to be valid")
        if self.modes.internal_error:
            raise Failed(-32603)
        try:
            return self._create(read_params(params))
        except NoAsset as no:
            raise Failed(-32602, str(no)) from no

    def _create(self, params: dict[str, Value]) -> Json:
        network = params["testnet"] is True
        spent = Decimal(str(params["send_btc"])) + Decimal(str(params["fee_btc"]))
        made = make(params, len(self._made) + 1, self._clock())
        if self.balance[network] < spent:
            raise Failed(self.modes.insufficient_code, f"required: {spent}, available: {self.balance[network]} BTC")
        self.balance[network] -= spent
        self._made[made.identity] = made
        told = {name: str(value) for name, value in params.items() if name != "key"}
        booked = told | {"asset_hash": made.asset_hash.hex(), "metadata": made.metadata.hex()}
        self._books.commit(Service.COINSPARK, _METHOD, made.txid, booked, self._clock())
        where = f"{self._url}{FILES}?id={made.identity}&file="
        fields: dict[str, Json] = {**made.fields, "coinspark_tracker_url": [f"{self._url}/tracker/"]}
        return {
            "txid": made.txid,
            "spent_btc": spent.normalize(),
            "balance_btc": self.balance[network].normalize(),
            "contract_final": where + "contract",
            "web_page_basic": where + "home",
            "web_page_fields": fields | ({"multiple": Decimal(7)} if self.modes.other_fields else {}),
        }

    def _file(self, request: Request) -> Reply:
        if request.path.startswith(GENESIS):
            txid = request.path.removeprefix(GENESIS)
            found = [made.transaction.hex() for made in self._made.values() if made.txid == txid]
            return Reply(found[0].encode(), kind=_PLAIN) if found else Reply(b"no such transaction", 404, _PLAIN)
        query = parse_qs(request.query)
        made = self._made.get(query.get("id", [""])[0])
        files = {} if made is None else {"contract": (made.contract, _PLAIN), "home": (made.page, _HTML)}
        body, kind = files.get(query.get("file", [""])[0], (b"", ""))
        if not kind or request.path != FILES:
            return Reply(b"not found", 404, _PLAIN)
        changed = b" and more" if self.modes.other_contract and kind == _PLAIN else b""
        return Reply(body + changed, kind=kind)


def _call(body: bytes) -> dict[str, object]:
    try:
        call = json.loads(body.decode("utf-8"), parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as fault:
        raise Failed(-32700) from fault
    if not isinstance(call, dict) or type(call.get("id")) not in {str, int} or not isinstance(call.get("method"), str):
        raise Failed(-32600)
    return call


def _no_constant(name: str) -> Decimal:
    raise ValueError(name)
