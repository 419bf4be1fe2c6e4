"""Requests that must be refused when they are parsed, whatever they ask for."""

from typing import Any

from coldtusk_shared.envelope import MessageType
from tests.shared.rejecting import GONE, Rejected, misparsed, resealed
from tests.shared.samples import PIN_HEIGHT, SENDER


def rejected() -> list[Rejected]:
    """All of them."""
    return [*_request_fields(), *_items(), *_batches()]


def _request_fields() -> list[Rejected]:
    base = "request-wartTransfer"

    def one(name: str, change: Any, code: str, where: str) -> Rejected:
        return misparsed(name, base, change, code, f"request{where}")

    def payload(name: str, data: bytes, code: str, where: str) -> Rejected:
        return Rejected(name, MessageType.REQUEST, resealed(base, data), "parse", code, where)

    return [
        payload("a payload of nothing", b"", "cbor.cut", "byte 0"),
        payload("a payload that is not canonical", b"\xa1\x18\1\1", "cbor.not-shortest-form", "byte 1"),
        payload("a payload that is an array", b"\x80", "field.wrong-type", "request"),
        payload("a payload with keys that are texts", b"\xa1\x611\1", "field.missing", "request.version"),
        one("format version 2", {1: 2}, "message.version", ".version"),
        one("a version that is a text", {1: "1"}, "field.wrong-type", ".version"),
        one("a version that is true", {1: True}, "field.wrong-type", ".version"),
        one("no id", {2: GONE}, "field.missing", ".id"),
        one("an id of 15 bytes", {2: bytes(15)}, "field.wrong-length", ".id"),
        one("an id that is a text", {2: "x" * 16}, "field.wrong-type", ".id"),
        one("created before 1970", {3: -1}, "field.out-of-range", ".created"),
        one("a deadline of one value", {4: [1]}, "field.out-of-range", ".not_after"),
        one("a deadline of texts", {4: ["1", "2"]}, "field.wrong-type", ".not_after"),
        one("a deadline in a unit of nobody", {4: [3, 1]}, "field.not-supported", ".not_after"),
        one("a deadline below zero", {4: [1, -1]}, "field.out-of-range", ".not_after"),
        one(
            "a deadline that is not that of the payment", {4: [1, PIN_HEIGHT + 8190]}, "request.not-after", ".not_after"
        ),
        one("a deadline in seconds for blocks", {4: [2, PIN_HEIGHT + 8191]}, "request.not-after", ".not_after"),
        one("a purpose that clears the screen", {5: "pay\x1b[2J"}, "text.character", ".purpose"),
        one("a purpose that runs backwards", {5: "pay \u202eecila"}, "text.character", ".purpose"),
        one("a purpose that is not NFC", {5: "Ma\u0308rz"}, "text.not-nfc", ".purpose"),
        one("a purpose that piles up accents", {5: "a" + "\u0336" * 5}, "text.marks", ".purpose"),
        one("an origin of 65 bytes", {6: "x" * 65}, "text.too-long", ".origin"),
        one("no items", {7: []}, "field.out-of-range", ".items"),
        one("items that are a text", {7: "one"}, "field.wrong-type", ".items"),
        one("an item that is a number", {7: [1]}, "field.wrong-type", ".items[0]"),
        one("a host's head without its hash", {8: {1: 3}}, "field.missing", ".host_head.hash"),
        one("a host's head with more", {8: {1: 3, 2: bytes(32), 3: 0}}, "field.unknown", ".host_head"),
        one("a key of nobody", {9: 0}, "field.unknown", ""),
        one("a reply key where nothing is released", {10: bytes(32)}, "request.reply-key", ".reply_key"),
    ]


def _items() -> list[Rejected]:
    base = "request-wartTransfer"

    def one(name: str, change: Any, code: str, where: str = "") -> Rejected:
        return misparsed(name, base, {7: {0: change}}, code, f"request.items[0]{where}")

    unknown = "kind.not-supported"
    succession = {1: 1, 2: [bytes(32)]}
    return [
        one("a system of nobody", {1: "exchange/withdraw"}, unknown),
        one("a kind without a system", {1: "wartTransfer"}, unknown),
        one("a kind that is a path", {1: "../warthog/wartTransfer"}, unknown),
        one("a kind that names a module", {1: "warthog.content/parse"}, unknown),
        one("a kind that Warthog does not have", {1: "warthog/wartBurn"}, unknown, ".kind"),
        one("a kind that is only its system", {1: "warthog"}, unknown, ".kind"),
        one("a kind that is a number", {1: 1}, "field.wrong-type", ".kind"),
        one("a payment id of 17 bytes", {2: bytes(17)}, "field.wrong-length", ".payment_id"),
        one("an account that is a text", {3: SENDER.text}, "field.wrong-type", ".account"),
        one("an empty account", {3: b""}, "field.wrong-length", ".account"),
        one("an account of 65 bytes", {3: bytes(65)}, "field.wrong-length", ".account"),
        one("an account with its checksum", {3: bytes(24)}, "field.wrong-length", ".account"),
        one("fields that are an array", {4: [1]}, "field.wrong-type", ".fields"),
        one("a bump", {6: succession}, "field.not-supported", ".6"),
        one("a key of nobody in an item", {7: 0}, "field.unknown"),
    ]


def _batches() -> list[Rejected]:
    def one(name: str, change: Any, code: str) -> Rejected:
        return misparsed(name, "request-batch", change, code, "request.items")

    return [
        one("two payments with one id", {7: {1: {2: b"\x51" * 16}}}, "request.payment-twice"),
        one("payments of both networks", {7: {0: {4: {1: "main"}}}}, "request.mixed-scopes"),
        one("two payments with one nonce", {7: {1: {4: {4: 2718281828}}}}, "request.slot-twice"),
    ]
