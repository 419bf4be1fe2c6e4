"""Calls of payment services that must be refused when a request is parsed."""

from typing import Any

from tests.shared.rejecting import GONE, Rejected, misparsed
from tests.shared.service_samples import ACCOUNTS, ASSET, BITCOIN, CALLS, LATEST, REPLY_KEY, SEND_AT, WITHDRAWAL

_WITHDRAWAL = "request-coinpayments-create_withdrawal"
_MASS = "request-coinpayments-create_mass_withdrawal"
_BALANCE = "request-coinrpc-get_balance"
_SEND = "request-coinrpc-send"
_ASSET = "request-coinspark-create_asset"
_LOGIN = "request-coinsoftworks-authenticate"
_ACTION = "request-coinsoftworks-execute"
_UNKNOWN, _TYPE, _RANGE = "field.unknown", "field.wrong-type", "field.out-of-range"


def rejected() -> list[Rejected]:
    """All of them."""
    return [*_items(), *_deadlines(), *_keys(), *_batches(), *_coinpayments(), *_coinrpc(), *_coinspark(), *_works()]


def _one(name: str, base: str, change: Any, code: str, where: str) -> Rejected:
    return misparsed(name, base, {7: {0: change}}, code, f"request.items[0]{where}")


def _item(name: str, place: int) -> dict[int, Any]:
    """The golden call *name* as one more item."""
    call = CALLS[name]
    account = ACCOUNTS[call.kind.partition("/")[0]]
    return {1: call.kind, 2: bytes([0x60 + place]) * 16, 3: account, 4: call.fields}


def _items() -> list[Rejected]:
    unknown, evidence = "kind.not-supported", {5: {1: b"a body"}}
    length = "field.wrong-length"
    return [
        _one("a command that CoinPayments does not have", _WITHDRAWAL, {1: "coinpayments/send_all"}, unknown, ".kind"),
        _one("a command in capitals", _WITHDRAWAL, {1: "coinpayments/Create_Withdrawal"}, unknown, ".kind"),
        _one("a service without a command", _WITHDRAWAL, {1: "coinpayments"}, unknown, ".kind"),
        _one("a method of CoinRPC as a kind", _BALANCE, {1: "coinrpc/get_balance"}, unknown, ".kind"),
        _one("a call that CoinSpark does not have", _ASSET, {1: "coinspark/transfer"}, unknown, ".kind"),
        _one("a call that coinsoftworks does not have", _LOGIN, {1: "coinsoftworks/login"}, unknown, ".kind"),
        _one("a body of CoinPayments from outside", _WITHDRAWAL, evidence, _UNKNOWN, ".evidence"),
        _one("a body of CoinRPC from outside", _BALANCE, evidence, _UNKNOWN, ".evidence"),
        _one("a body of CoinSpark from outside", _ASSET, evidence, _UNKNOWN, ".evidence"),
        _one("a body of coinsoftworks from outside", _ACTION, evidence, _UNKNOWN, ".evidence"),
        _one("evidence of a service that is an array", _WITHDRAWAL, {5: []}, _TYPE, ".evidence"),
        _one("a public key with a new line", _WITHDRAWAL, {3: b"0f0f\n"}, "coinpayments.key", ".account"),
        _one("an API key with a blank", _BALANCE, {3: b"a key"}, "coinrpc.key", ".account"),
        _one("an account of CoinSpark of 15 bytes", _ASSET, {3: bytes(15)}, length, ".account"),
        _one("an account of coinsoftworks of 17 bytes", _LOGIN, {3: bytes(17)}, length, ".account"),
    ]


def _deadlines() -> list[Rejected]:
    def one(name: str, base: str, value: list[int]) -> Rejected:
        return misparsed(name, base, {4: value}, "request.not-after", "request.not_after")

    return [
        one("a height for CoinPayments", _WITHDRAWAL, [1, 1_207_103]),
        one("a height for CoinSpark", _ASSET, [1, LATEST]),
        one("a height for coinsoftworks", _LOGIN, [1, LATEST]),
        one("a deadline past the window", _BALANCE, [2, SEND_AT + 31]),
        one("a deadline inside of the window", _BALANCE, [2, SEND_AT + 29]),
        one("a deadline in blocks for a window", _BALANCE, [1, SEND_AT + 30]),
        misparsed(
            "a deadline that is the later one of two windows",
            _BALANCE,
            {7: [_item("coinrpc-get_balance", 1), {**_item("coinrpc-send", 2), 4: _later()}], 4: [2, SEND_AT + 60]},
            "request.not-after",
            "request.not_after",
        ),
    ]


def _later() -> dict[int, Any]:
    return {**CALLS["coinrpc-send"].fields, 3: SEND_AT + 30}


def _keys() -> list[Rejected]:
    def one(name: str, base: str, value: Any, code: str = "request.reply-key") -> Rejected:
        return misparsed(name, base, {10: value}, code, "request.reply_key")

    return [
        one("a reply key for an HMAC", _WITHDRAWAL, REPLY_KEY),
        one("no reply key for a body with a secret", _ASSET, GONE),
        one("no reply key for a token", _LOGIN, GONE),
        one("a reply key of 31 bytes", _ASSET, REPLY_KEY[:-1], "field.wrong-length"),
        one("a reply key that is a text", _ASSET, "x" * 32, _TYPE),
    ]


def _batches() -> list[Rejected]:
    def one(name: str, base: str, items: Any, code: str) -> Rejected:
        return misparsed(name, base, {7: items}, code, "request.items")

    withdrawal, balance = _item("coinpayments-create_withdrawal", 1), _item("coinrpc-get_balance", 2)
    asset, mixed, twice = _item("coinspark-create_asset", 1), "request.mixed-scopes", "request.slot-twice"
    return [
        one("two services in one request", _WITHDRAWAL, [withdrawal, balance], mixed),
        misparsed(
            "a service beside a transfer",
            "request-batch",
            {7: {0: {**withdrawal, 2: b"\x51" * 16, 4: _instead(WITHDRAWAL), 5: GONE}}},
            mixed,
            "request.items",
        ),
        one("one withdrawal twice", _WITHDRAWAL, [withdrawal, {**withdrawal, 2: bytes(16)}], twice),
        one("one timed call twice", _BALANCE, [balance, {**balance, 2: bytes(16)}], twice),
        one("two assets at one page", _ASSET, [asset, {**asset, 2: bytes(16), 4: {**ASSET, 9: 1}}], twice),
        one(
            "one action twice, its parameters in another order",
            _ACTION,
            [_action("amount", "to"), {**_action("to", "amount"), 2: bytes(16)}],
            twice,
        ),
    ]


def _instead(fields: dict[int, Any]) -> dict[int, Any]:
    """*fields* in the place of a transfer's."""
    return {**dict.fromkeys(range(1, 12), GONE), **fields}


def _action(*names: str) -> dict[int, Any]:
    return {**_item("coinsoftworks-execute", 1), 4: {1: "TransferAction", 2: [[name, "7"] for name in names]}}


def _coinpayments() -> list[Rejected]:
    def one(name: str, change: Any, code: str, field: str = "") -> Rejected:
        return _one(name, _WITHDRAWAL, {4: change}, code, f".fields{field}")

    def row(name: str, change: Any, code: str, where: str) -> Rejected:
        return _one(name, _MASS, {4: change}, code, f".fields{where}")

    form, url, characters = "decimal.form", "field.url", "field.characters"
    return [
        one("a withdrawal with a nonce", {12: 1}, _UNKNOWN),
        misparsed("a field by its name", _WITHDRAWAL, {7: {0: {4: {"amount": "1"}}}}, "cbor.key-type", "byte 290"),
        one("an amount that is a number", {1: 5}, _TYPE, ".amount"),
        misparsed("an amount that is a float", _WITHDRAWAL, {7: {0: {4: {1: 0.5}}}}, "cbor.float", "byte 185"),
        one("an amount that is NaN", {1: "NaN"}, form, ".amount"),
        one("an amount with an exponent", {1: "1e3"}, form, ".amount"),
        one("an amount with a sign", {1: "-0.5"}, form, ".amount"),
        one("an amount with a comma", {1: "1,000"}, form, ".amount"),
        one("an amount with a blank", {1: "0.5 "}, form, ".amount"),
        one("an amount of zero", {1: "0.00"}, "amount.zero", ".amount"),
        one("an amount of 19 decimals", {1: "0." + "1" * 19}, "decimal.digits", ".amount"),
        one("an amount of 31 digits", {1: "1" * 31}, "decimal.digits", ".amount"),
        one("no amount", {1: GONE}, "field.required"),
        one("a currency in small letters", {2: "btc"}, characters, ".currency"),
        one("an address with a blank", {3: f" {BITCOIN}"}, characters, ".address"),
        one("an address with a new line", {3: f"{BITCOIN}\n"}, "text.character", ".address"),
        one("an address of 129 characters", {3: "1" * 129}, "text.too-long", ".address"),
        one("an address and a tag", {4: "$shop"}, "field.one-of"),
        one("a withdrawal to nobody", {3: GONE}, "field.one-of"),
        one("a callback without TLS", {9: "http://shop.example/ipn"}, url, ".ipn_url"),
        one("a callback with a user", {9: "https://shop.example@evil.example/"}, url, ".ipn_url"),
        one("a callback in capitals", {9: "https://Shop.example/"}, url, ".ipn_url"),
        one("no word on auto_confirm", {10: GONE}, "field.required"),
        one("an auto_confirm that is 1", {10: 1}, _TYPE, ".auto_confirm"),
        one("a note that runs backwards", {11: "\u202e21.0"}, "text.character", ".note"),
        one("an empty note", {11: ""}, "field.empty", ".note"),
        row("a mass withdrawal of nobody", {1: []}, _RANGE, ".wd"),
        row("101 withdrawals", {1: [{}] * 101}, _RANGE, ".wd"),
        row("a row with auto_confirm", {1: {1: {10: True}}}, _UNKNOWN, ".wd2"),
        row("a row with an address and a tag", {1: {1: {3: BITCOIN}}}, "field.one-of", ".wd2"),
        row("a mass withdrawal with an amount", {2: "1"}, _UNKNOWN, ""),
    ]


def _coinrpc() -> list[Rejected]:
    def one(name: str, change: Any, code: str, field: str = ".params") -> Rejected:
        return _one(name, _SEND, {4: change}, code, f".fields{field}")

    def value(name: str, text: Any, code: str) -> Rejected:
        return one(name, {2: [["note", text]]}, code, ".params.note")

    json = "coinrpc.json"
    return [
        value("a text with a slash", "a/b", f"{json}.slash"),
        value("a text beyond ASCII", "M\u00e4rz", f"{json}.character"),
        value("a text with a new line", "a\nb", f"{json}.character"),
        value("a number for a text", 5, f"{json}.not-text"),
        value("a list for a text", ["a"], f"{json}.not-text"),
        value("nothing for a text", None, f"{json}.not-text"),
        value("a parameter of nothing", "", "field.empty"),
        one("a name that is an integer", {2: [["7", "a"]]}, f"{json}.integer-name"),
        one("a name that JavaScript takes", {2: [["__proto__", "a"]]}, f"{json}.reserved-name"),
        one("a name with a blank", {2: [["to whom", "a"]]}, f"{json}.name"),
        one("a parameter twice", {2: [["to", "a"], ["to", "b"]]}, f"{json}.twice"),
        one("a parameter of three", {2: [["to", "a", "b"]]}, _TYPE),
        one("parameters that are a map", {2: {1: "a"}}, _TYPE),
        one("33 parameters", {2: [[f"p{place}", "a"] for place in range(33)]}, _RANGE),
        one("a method with a slash", {1: "wallet/send"}, f"{json}.slash", ".method"),
        one("a send time past the year 9999", {3: 253_402_300_001}, _RANGE, ".send_at"),
        one("a window of 4 seconds", {4: 4}, _RANGE, ".window"),
        one("a window of 301 seconds", {4: 301}, _RANGE, ".window"),
        one("a window that is not said", {4: GONE}, "field.missing", ".window"),
        one("get_balance with a recipient", {1: "get_balance"}, "field.not-of-command"),
    ]


def _coinspark() -> list[Rejected]:
    def one(name: str, change: Any, code: str, field: str) -> Rejected:
        return _one(name, _ASSET, {4: change}, code, f".fields{field}")

    quantity, url = "coinspark.quantity", "coinspark.url"
    return [
        one("an asset of nothing", {9: 0}, quantity, ".raw_quantity"),
        one("an asset of more than 10^14", {9: 10**14 + 1}, quantity, ".raw_quantity"),
        one("a flat charge over 5000", {17: 5001}, "coinspark.flat-charge", ".charge_flat_raw_qty"),
        one("basis points over 250", {16: 251}, "coinspark.basis-points", ".charge_basis_points"),
        one("a page with a user", {2: "https://me@example.com/shop/"}, f"{url}.user", ".asset_url"),
        one("a page in capitals", {2: "https://Example.com/shop/"}, f"{url}.upper-case", ".asset_url"),
        one("an address with a slip", {12: ASSET[12][:-1] + "i"}, "coinspark.address.checksum", ".send_to_address"),
        one("the other network", {1: True}, "coinspark.address.network", ".send_to_address"),
        one("a rounding of nobody", {18: "2"}, _RANGE, ".rounding"),
        one("no rounding", {18: GONE}, "field.required", ""),
        one("an API key from outside", {25: "f8sK30M394dS04LkdpWf"}, _UNKNOWN, ""),
    ]


def _works() -> list[Rejected]:
    def one(name: str, change: Any, code: str, field: str = ".parameters") -> Rejected:
        return _one(name, _ACTION, {4: change}, code, f".fields{field}")

    return [
        _one("a token from outside", _LOGIN, {4: {1: "a-token"}}, _UNKNOWN, ".fields"),
        one("a parameter twice in an action", {2: [["to", "a"], ["to", "b"]]}, "coinsoftworks.parameters"),
        one("a parameter of one", {2: [["to"]]}, "coinsoftworks.parameters", ".parameters[0]"),
        one("a parameter that is a number", {2: [["to", 7]]}, _TYPE, ".parameters[0]"),
        one("a parameter that clears the screen", {2: [["to", "\x1b[2J"]]}, "text.character", ".parameters[0]"),
        one("an action that is a path", {1: "/execute"}, "field.characters", ".action"),
        one("a path from outside", {3: "/execute"}, _UNKNOWN, ""),
    ]
