"""Calls of CoinRPC to test with, and what three languages make of their bytes."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from coldtusk_shared import limits
from coldtusk_shared.request import Item, PaymentId
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from coldtusk_shared.services.coinrpc.safe_json import Params
from tests.simulators.programs import node

PAYMENTS = Path(__file__).parents[3] / "vectors" / "payments"
REQUESTS: list[dict[str, Any]] = json.loads((PAYMENTS / "coinrpc_requests.json").read_text("utf-8"))["vectors"]
CAPTURES: list[dict[str, Any]] = json.loads((PAYMENTS / "coinrpc_vendor_captures.json").read_text("utf-8"))["vectors"]
KEY = b"merchant-1207"
RECIPIENT = "1Lbcfr7sAHTD9CgdQo3HTMTkV8LK4ZnX71"
SEND_AT = 1_795_175_100
"""2026-11-20 11:45:00 UTC."""
WINDOW = 30
PAYMENT_ID = PaymentId(bytes(range(0x10, 0x20)))

names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}", fullmatch=True).filter(
    lambda name: name not in {"__proto__", "constructor", "prototype"}
)
values = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="/"), min_size=1, max_size=40)
params = st.dictionaries(names, values, max_size=6).map(lambda found: tuple(found.items()))
methods = st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,63}", fullmatch=True).filter(lambda name: name != "get_balance")

_AGAIN = """
const rows = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(rows.map((row) => JSON.stringify(JSON.parse(row)))));
"""


def call(method: str = "send", *given: tuple[str, str], **changes: Any) -> CoinRpcContent:
    """A call at the usual time."""
    common: dict[str, Any] = {"account": KEY, "send_at": SEND_AT, "window": WINDOW}
    return CoinRpcContent(method=method, params=given, **{**common, **changes})


def paying(amount: str = "0.10", **changes: Any) -> CoinRpcContent:
    """A call of a made-up method that pays."""
    return call("send", ("recipient", RECIPIENT), ("amount", amount), ("currency", "BTC"), **changes)


def balance(**changes: Any) -> CoinRpcContent:
    """The method that is documented."""
    return call("get_balance", ("currency", "BTC"), **changes)


def item(content: CoinRpcContent, payment_id: PaymentId = PAYMENT_ID) -> Item:
    """An item with *content*."""
    return Item(payment_id, content.account, content)


def wire(content: CoinRpcContent) -> dict[int, Any]:
    """The fields as they are decoded."""
    return {1: content.method, 2: [list(pair) for pair in content.params], 3: content.send_at, 4: content.window}


def params_of(body: str) -> Params:
    """The parameters in a body, whatever they are."""
    return tuple(json.loads(body).get("params", {}).items())


def by_node(bodies: Iterable[bytes]) -> list[bytes]:
    """Each body as Node parses it and writes it again; one process for all."""
    rows = json.dumps([body.decode() for body in bodies])
    return [text.encode() for text in json.loads(node(_AGAIN, rows))]


def by_python(body: bytes) -> bytes:
    """As the vendor's client writes what it parsed."""
    return json.dumps(json.loads(body), separators=(",", ":")).encode()


def by_php(body: bytes) -> bytes:
    """As PHP's json_encode writes what json_decode made of it, arrays for objects, default flags.

    A model of what php.net documents: ``/`` is escaped, all but ASCII too, DEL is not; a list is an array whose keys
    count from 0; names that are decimal integers become integers, which keeps their place.
    """
    return _php(json.loads(body)).encode()


def _php(value: Any) -> str:
    if isinstance(value, dict):
        if list(value) == [str(place) for place in range(len(value))]:
            return "[" + ",".join(map(_php, value.values())) + "]"
        return "{" + ",".join(f"{_php_text(name)}:{_php(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, str):
        return _php_text(value)
    raise ValueError(f"the safe subset has no {type(value).__name__}")


def _php_text(value: str) -> str:
    return '"' + "".join(map(_php_character, value)) + '"'


def _php_character(character: str) -> str:
    named = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    if character in named:
        return named[character]
    if " " <= character <= "\x7f":
        return character
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


LONGEST: Params = tuple((f"p{place}", "x" * limits.TEXT_BYTES) for place in range(23))
"""Just inside the cap of a body."""
