"""Messages that must be refused, one for each rule, as sentences: ``tests/vectors/messages/reject.json``.

Each is a golden message with one thing wrong; the signature is right unless it is the one thing. *stage* is the step
that must catch it: read (the envelope's form), open (type, signer, signature), parse (the fields' form), rules (what a
node would not take) or evidence (what contradicts the transaction).
``python tests/shared/rejected_messages.py`` writes the file anew.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __package__ in {None, ""}:  # started as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from coldtusk_shared import cbor, envelope
from coldtusk_shared.envelope import MessageType
from tests.shared import message_vectors
from tests.shared.samples import BURN, DEVICE, HOST, PIN_HEIGHT, SENDER, STRANGER, TOK_PREIMAGE, Identity

FILE = message_vectors.FOLDER / "reject.json"
GONE = object()
"""Takes a key away."""
_GOLDEN = message_vectors.golden()


@dataclass(frozen=True, slots=True)
class Rejected:
    """One vector: what was expected, what came, and how it must be refused."""

    name: str
    expected: MessageType
    message: bytes
    stage: str
    code: str
    where: str

    def member(self) -> dict[str, str]:
        """As it stands in the file."""
        return {
            "name": self.name,
            "expected": self.expected.name,
            "stage": self.stage,
            "code": self.code,
            "where": self.where,
            "message": self.message.hex(),
        }


def text() -> str:
    """The file."""
    note = "Each message is refused by its stage, for one reason alone. Made by tests/shared/rejected_messages.py."
    return json.dumps({"note": note, "vectors": [one.member() for one in rejected()]}, indent=1) + "\n"


def changed(value: Any, change: Any) -> Any:
    """*value* with *change*: a map of keys or places to inner changes, or the new value itself."""
    if not isinstance(change, dict) or not isinstance(value, dict | list):
        return change
    if isinstance(value, list):
        return [changed(inner, change[place]) if place in change else inner for place, inner in enumerate(value)]
    merged = {**value, **{key: changed(value.get(key), inner) for key, inner in change.items()}}
    return {key: inner for key, inner in merged.items() if inner is not GONE}


def payload_with(name: str, change: Any) -> bytes:
    """The payload of the golden message *name*, changed."""
    return cbor.encode(changed(cbor.decode(_GOLDEN[name].payload), change))


def resealed(name: str, payload: bytes) -> bytes:
    """*payload* in an envelope as that of the golden message *name*, with a right signature."""
    one = _GOLDEN[name]
    if one.type is None or one.signer is None:
        raise TypeError(name)
    return envelope.seal(one.type, payload, one.signer)


def enveloped(change: Any) -> bytes:
    """The golden transfer with a change in the four parts of its envelope."""
    parts = cbor.decode(_GOLDEN["request-wartTransfer"].message[1:])
    return b"\xd2" + cbor.encode(changed(parts, change))


def headed(change: Any) -> bytes:
    """The golden transfer with a change in its protected header, signed over the changed header."""
    parts: Any = cbor.decode(_GOLDEN["request-wartTransfer"].message[1:])
    protected = cbor.encode(changed(cbor.decode(parts[0]), change))
    signature = HOST.sign(cbor.encode(["Signature1", protected, MessageType.REQUEST.external_aad, parts[2]]))
    return enveloped({0: protected, 3: signature})


def signed_over(context: str, external_aad: bytes, signer: Identity = HOST) -> bytes:
    """The golden transfer, its signature made over another Sig_structure or by another key."""
    parts: Any = cbor.decode(_GOLDEN["request-wartTransfer"].message[1:])
    return enveloped({3: signer.sign(cbor.encode([context, parts[0], external_aad, parts[2]]))})


def _read() -> list[Rejected]:
    transfer = _GOLDEN["request-wartTransfer"].message
    aad = MessageType.REQUEST
    protected = cbor.decode(cbor.encode(cbor.decode(transfer[1:])))
    header = protected[0] if isinstance(protected, list) and isinstance(protected[0], bytes) else b""

    def one(name: str, message: bytes, code: str, where: str = "envelope") -> Rejected:
        return Rejected(name, aad, message, "read", code, where)

    part = "envelope.protected"
    return [
        one("an empty file", b"", "message.empty", ""),
        one("a letter", b"Please sign what I sent yesterday.\r\n", "message.is-text", "byte 0"),
        one("a file of zeros", bytes(512), "message.not-coldtusk", "byte 0"),
        one("text beyond ASCII", "Bitte \u00fcberweisen".encode(), "message.not-coldtusk", "byte 0"),
        one("the envelope without its tag", transfer[1:], "message.not-coldtusk", "byte 0"),
        one("the tag in two bytes", b"\xd8\x12" + transfer[1:], "message.not-coldtusk", "byte 0"),
        one("COSE_Sign, not COSE_Sign1", b"\xd8\x62" + transfer[1:], "message.not-coldtusk", "byte 0"),
        one("a tag around the tag", b"\xd2" + transfer, "cbor.tag", "byte 0"),
        one("a message cut short", transfer[:-1], "cbor.cut", f"byte {len(transfer) - 67}"),
        one("a byte behind the message", transfer + b"\n", "cbor.trailing-bytes", f"byte {len(transfer) - 1}"),
        one("three parts", b"\xd2" + cbor.encode([header, {}, b""]), "message.malformed-envelope"),
        one("five parts", b"\xd2" + cbor.encode([header, {}, b"", bytes(64), b""]), "message.malformed-envelope"),
        one("a map of parts", b"\xd2" + cbor.encode({0: header}), "message.malformed-envelope"),
        one("a header outside the signature", enveloped({1: {4: bytes(16)}}), "message.malformed-envelope"),
        one("a detached payload", enveloped({2: None}), "message.malformed-envelope"),
        one("a protected header that is no byte string", enveloped({0: None}), "message.malformed-envelope"),
        one("a signature of 63 bytes", enveloped({3: bytes(63)}), "message.malformed-envelope", "envelope.signature"),
        one("a signature of 65 bytes", enveloped({3: bytes(65)}), "message.malformed-envelope", "envelope.signature"),
        one("an empty protected header", enveloped({0: b""}), "cbor.cut", "byte 0"),
        one("a protected header that is not sorted", enveloped({0: b"\xa2\3\0\1\x27"}), "cbor.key-order", "byte 3"),
        one("another algorithm", headed({1: -7}), "message.malformed-envelope", part),
        one("no algorithm", headed({1: GONE}), "message.malformed-envelope", part),
        one("no content type", headed({3: GONE}), "message.malformed-envelope", part),
        one("a content type that is a number", headed({3: 60}), "message.malformed-envelope", part),
        one("no kid", headed({4: GONE}), "message.malformed-envelope", part),
        one("a kid of 15 bytes", headed({4: bytes(15)}), "message.malformed-envelope", part),
        one("a critical header", headed({2: [4]}), "message.malformed-envelope", part),
        one("a content type of nobody", headed({3: "application/cbor"}), "message.wrong-type", part),
        one("a void request", headed({3: "application/vnd.coldtusk.void-request+cbor"}), "message.wrong-type", part),
        one("a policy", headed({3: "application/vnd.coldtusk.policy+cbor"}), "message.wrong-type", part),
    ]


def _open() -> list[Rejected]:
    request, response = _GOLDEN["request-wartTransfer"], _GOLDEN["response-signed"]
    aad, bad = MessageType.REQUEST.external_aad, "message.bad-signature"

    def one(name: str, message: bytes, code: str, where: str, expected: MessageType = MessageType.REQUEST) -> Rejected:
        return Rejected(name, expected, message, "open", code, where)

    def signature(name: str, message: bytes) -> Rejected:
        return one(name, message, bad, "envelope.signature")

    relabelled = headed({3: MessageType.RESPONSE.content_type})
    mixed = enveloped({2: cbor.encode(changed(cbor.decode(request.payload), {3: 1}))})
    foreign_card = envelope.seal(MessageType.HOST_CARD, _GOLDEN["host-card"].payload, STRANGER)
    host_card = _GOLDEN["host-card"].message
    broken_card = host_card[:-1] + bytes([host_card[-1] ^ 1])
    part, key = "envelope.protected", "card.public_key"
    return [
        one("a response where a request is expected", response.message, "message.wrong-type", part),
        one("a card where a request is expected", host_card, "message.wrong-type", part),
        one(
            "a request where a response is expected", request.message, "message.wrong-type", part, MessageType.RESPONSE
        ),
        one("a request where a card is expected", request.message, "message.wrong-type", part, MessageType.HOST_CARD),
        one(
            "a device's card for a host's",
            _GOLDEN["device-card"].message,
            "message.wrong-type",
            part,
            MessageType.HOST_CARD,
        ),
        one("a host's card for a device's", host_card, "message.wrong-type", part, MessageType.DEVICE_CARD),
        one(
            "a stranger's request",
            envelope.seal(MessageType.REQUEST, request.payload, STRANGER),
            "message.unknown-signer",
            "envelope.kid",
        ),
        one(
            "the device's own signature on a request",
            envelope.seal(MessageType.REQUEST, request.payload, DEVICE),
            "message.unknown-signer",
            "envelope.kid",
        ),
        signature("a stranger's signature under the host's kid", signed_over("Signature1", aad, STRANGER)),
        signature("a signature for the other direction", signed_over("Signature1", MessageType.RESPONSE.external_aad)),
        signature("a signature for another version", signed_over("Signature1", aad.replace(b"/v1/", b"/v2/"))),
        signature("a signature without external data", signed_over("Signature1", b"")),
        signature("a signature of a COSE_Sign", signed_over("Signature", aad)),
        signature("another payload under the signature", mixed),
        signature("a signature of zeros", enveloped({3: bytes(64)})),
        one(
            "a request relabelled as a response",
            relabelled,
            "message.unknown-signer",
            "envelope.kid",
            MessageType.RESPONSE,
        ),
        one("a card signed by another key", foreign_card, "card.not-its-own-key", key, MessageType.HOST_CARD),
        one("a card with a broken signature", broken_card, bad, "envelope.signature", MessageType.HOST_CARD),
    ]


def _parse_one(name: str, base: str, change: Any, code: str, where: str) -> Rejected:
    return Rejected(name, _type(base), resealed(base, payload_with(base, change)), "parse", code, where)


def _type(base: str) -> MessageType:
    type_ = _GOLDEN[base].type
    if type_ is None:
        raise TypeError(base)
    return type_


def _request_fields() -> list[Rejected]:
    base = "request-wartTransfer"

    def one(name: str, change: Any, code: str, where: str) -> Rejected:
        return _parse_one(name, base, change, code, f"request{where}")

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
        one("a reply key", {10: bytes(32)}, "field.not-supported", ".10"),
    ]


def _items() -> list[Rejected]:
    base = "request-wartTransfer"

    def one(name: str, change: Any, code: str, where: str = "") -> Rejected:
        return _parse_one(name, base, {7: {0: change}}, code, f"request.items[0]{where}")

    unknown = "kind.not-supported"
    succession = {1: 1, 2: [bytes(32)]}
    return [
        one("a kind of a later version", {1: "coinpayments/create_withdrawal"}, unknown),
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
        return _parse_one(name, "request-batch", change, code, "request.items")

    return [
        one("two payments with one id", {7: {1: {2: b"\x51" * 16}}}, "request.payment-twice"),
        one("payments of both networks", {7: {0: {4: {1: "main"}}}}, "request.mixed-scopes"),
    ]


def _warthog(kind: str, part: str, change: Any) -> bytes:
    base = f"request-{kind}"
    return resealed(base, payload_with(base, {7: {0: {4 if part == "fields" else 5: change}}}))


def _fields() -> list[Rejected]:
    def form(name: str, kind: str, change: Any, code: str, where: str) -> Rejected:
        message = _warthog(kind, "fields", change)
        return Rejected(name, MessageType.REQUEST, message, "parse", code, f"request.items[0].fields{where}")

    transfer = "wartTransfer"
    return [
        form("a network of nobody", transfer, {1: "test"}, "field.out-of-range", ".network"),
        form("a pin hash of 31 bytes", transfer, {2: bytes(31)}, "field.wrong-length", ".pin_hash"),
        form("a pin height of 33 bits", transfer, {3: 1 << 32}, "field.out-of-range", ".pin_height"),
        form("a nonce of 33 bits", transfer, {4: 1 << 32}, "field.out-of-range", ".nonce_id"),
        form("a fee that is a text", transfer, {5: "0.01"}, "field.wrong-type", ".fee_e8"),
        form("a fee below zero", transfer, {5: -1}, "field.out-of-range", ".fee_e8"),
        form("a recipient with its checksum", transfer, {6: bytes(24)}, "field.wrong-length", ".to_addr"),
        form("an amount that is true", transfer, {7: True}, "field.wrong-type", ".wart_e8"),
        form("a field of another type", transfer, {8: 1}, "field.unknown", ""),
        form("a field too few", "tokenTransfer", {9: GONE}, "field.missing", ".amount_u64"),
        form("a side that is 1", "limitSwap-buy", {7: 1}, "field.wrong-type", ".is_buy"),
        form("a limit of 2 bytes", "limitSwap-buy", {9: b"\x80\0"}, "field.wrong-length", ".limit"),
        form("a mantissa that crashes the node", "limitSwap-buy", {9: b"\x7f\xff\x40"}, "warthog.price.form", ".limit"),
        form("an exponent that crashes the node", "limitSwap-buy", {9: b"\x80\0\x80"}, "warthog.price.form", ".limit"),
        form("a name of six letters", "assetCreation", {8: "TOKENS"}, "text.too-long", ".name"),
    ]


def _rules() -> list[Rejected]:
    def rule(name: str, kind: str, change: Any, code: str, where: str) -> Rejected:
        message = _warthog(kind, "fields", change)
        return Rejected(name, MessageType.REQUEST, message, "rules", code, f"request.items[0].fields.{where}")

    amount, above = "warthog.amount-range", 1 << 63
    return [
        rule("an asset on the main network", "tokenTransfer", {1: "main"}, "warthog.type-not-on-network", "network"),
        rule(
            "a pin that is no multiple of 32", "wartTransfer", {3: PIN_HEIGHT + 1}, "warthog.pin-height", "pin_height"
        ),
        rule("a fee of zero", "wartTransfer", {5: 0}, "warthog.fee.range", "fee_e8"),
        rule("a fee above the supply", "wartTransfer", {5: 1 << 51}, "warthog.fee.range", "fee_e8"),
        rule("a fee that 16 bits do not hold", "wartTransfer", {5: 1_000_449}, "warthog.fee.inexact", "fee_e8"),
        rule("a transfer of nothing", "wartTransfer", {7: 0}, amount, "wart_e8"),
        rule("more WART than there is", "wartTransfer", {7: 1_892_160_000_000_001}, amount, "wart_e8"),
        rule("a transfer to the sender", "wartTransfer", {6: SENDER.raw}, "warthog.self-transfer", "to_addr"),
        rule("an asset to the sender", "tokenTransfer", {8: SENDER.raw}, "warthog.self-transfer", "to_addr"),
        rule("the all-zero asset", "tokenTransfer", {6: bytes(32)}, "warthog.zero-asset", "asset_hash"),
        rule("a transfer of no asset", "tokenTransfer", {9: 0}, amount, "amount_u64"),
        rule("more of an asset than one can have", "tokenTransfer", {9: above}, amount, "amount_u64"),
        rule("a purchase for nothing", "limitSwap-buy", {8: 0}, amount, "amount_u64"),
        rule(
            "a purchase for more WART than there is", "limitSwap-buy", {8: 1_892_160_000_000_001}, amount, "amount_u64"
        ),
        rule("a deposit of nothing", "liquidityDeposit", {7: 0, 8: 0}, "warthog.nothing-deposited", "amount_u64"),
        rule("a withdrawal of nothing", "liquidityWithdrawal", {7: 0}, amount, "amount_e8"),
        rule("a cancelation of no pin height", "cancelation", {6: 33}, "warthog.cancel-height", "cancel_height"),
        rule(
            "a cancelation above its pin", "cancelation", {6: PIN_HEIGHT + 32}, "warthog.cancel-future", "cancel_height"
        ),
        rule(
            "a cancelation of itself",
            "cancelation",
            {4: 3_141_592_653, 6: PIN_HEIGHT},
            "warthog.cancel-itself",
            "cancel_nonce_id",
        ),
        rule("a cancelled nonce of 33 bits", "cancelation", {7: 1 << 32}, amount, "cancel_nonce_id"),
        rule("a supply of zero", "assetCreation", {6: 0}, "warthog.asset.supply", "supply_u64"),
        rule("a supply that crashes the node", "assetCreation", {6: above}, "warthog.asset.supply", "supply_u64"),
        rule("19 decimals", "assetCreation", {7: 19}, "warthog.decimals", "decimals"),
        rule("an empty name", "assetCreation", {8: ""}, "warthog.asset.name", "name"),
        rule("a name with a hyphen", "assetCreation", {8: "A-B"}, "warthog.asset.name", "name"),
        rule("a name beyond ASCII", "assetCreation", {8: "\u00c4"}, "warthog.asset.name", "name"),
    ]


def _evidence() -> list[Rejected]:
    def proof(name: str, kind: str, change: Any, code: str, where: str) -> Rejected:
        message = _warthog(kind, "evidence", change)
        return Rejected(name, MessageType.REQUEST, message, "evidence", code, f"request.items[0].evidence{where}")

    def creation(at: int, new: bytes) -> bytes:
        return TOK_PREIMAGE[:at] + new + TOK_PREIMAGE[at + len(new) :]

    fee, limit, asset, chain = ".fee_asked", ".limit_asked", ".asset_preimage", ".chain_length"
    transfer, token, buy = "wartTransfer", "tokenTransfer", "limitSwap-buy"
    return [
        proof("evidence that is an array", transfer, [], "field.wrong-type", ""),
        proof("evidence of nobody", transfer, {5: 0}, "field.unknown", ""),
        proof("a proof of 64 bytes", token, {1: bytes(64)}, "field.wrong-length", asset),
        proof("a proof for a type without an asset", transfer, {1: TOK_PREIMAGE}, "warthog.evidence.no-asset", asset),
        proof("the proof of another asset", token, {1: creation(36, b"\0\0\0\1")}, "warthog.asset.other-hash", asset),
        proof(
            "a proof whose reserved bytes are not zero",
            token,
            {1: creation(40, b"\1")},
            "warthog.asset.preimage",
            asset,
        ),
        proof("a proof at no pin height", token, {1: creation(35, b"\1")}, "warthog.asset.preimage", asset),
        proof(
            "a proof of a fee that 16 bits do not hold", token, {1: creation(50, b"\1")}, "warthog.fee.inexact", asset
        ),
        proof("a proof of a name with a gap", token, {1: creation(61, b"\0")}, "warthog.asset.name", asset),
        proof("a proof of no supply", token, {1: creation(51, bytes(8))}, "warthog.asset.supply", asset),
        proof("a proof of 19 decimals", token, {1: creation(59, b"\x13")}, "warthog.decimals", asset),
        proof("another fee than was asked", transfer, {2: "0.02"}, "warthog.evidence.fee", fee),
        proof("a fee that was asked as zero", transfer, {2: "0"}, "warthog.evidence.fee", fee),
        proof("a fee that was rounded down", transfer, {2: "0.01000449"}, "warthog.evidence.fee", fee),
        proof("an asked fee of nine decimals", transfer, {2: "0.010000000"}, "warthog.amount.too-precise", fee),
        proof("an asked fee above the supply", transfer, {2: "18921600.00000001"}, "warthog.amount.above-supply", fee),
        proof("an asked fee with an exponent", transfer, {2: "1e-2"}, "decimal.form", fee),
        proof("an asked fee of 21 digits", transfer, {2: "0." + "0" * 20}, "decimal.digits", fee),
        proof("an asked fee of 42 characters", transfer, {2: "0" * 42}, "text.too-long", fee),
        proof("a limit price for a transfer", transfer, {3: "1"}, "warthog.evidence.price", limit),
        proof("another price than was asked", buy, {3: "0.08"}, "warthog.evidence.price", limit),
        proof("a price of zero", buy, {3: "0"}, "warthog.price.range", limit),
        proof("a price with a sign", buy, {3: "+1"}, "decimal.form", limit),
        proof("a chain below the pin", transfer, {4: PIN_HEIGHT - 1}, "warthog.evidence.pin-above-chain", chain),
        proof("a chain past the last block", transfer, {4: PIN_HEIGHT + 8191}, "warthog.pin-expired", chain),
        proof("a chain's length of 33 bits", transfer, {4: 1 << 32}, "field.out-of-range", chain),
    ]


def _responses() -> list[Rejected]:
    def one(name: str, change: Any, code: str, where: str) -> Rejected:
        return _parse_one(name, "response-signed", change, code, f"response{where}")

    def result(name: str, value: Any, code: str, where: str) -> Rejected:
        return one(name, {4: [value]}, code, f".results[0]{where}")

    payment, later = b"\x51" * 16, "field.not-supported"
    encrypted = {1: bytes(32), 2: b"\0"}
    return [
        one("a response of version 2", {1: 2}, "message.version", ".version"),
        one("a request digest of 20 bytes", {3: bytes(20)}, "field.wrong-length", ".request_digest"),
        one("no results", {4: []}, "field.out-of-range", ".results"),
        one("a response with more", {6: 0}, "field.unknown", ""),
        result("a signed result without output", {1: payment, 2: 1}, "field.missing", ".output"),
        result("an empty output", {1: payment, 2: 1, 3: b""}, "field.wrong-length", ".output"),
        result("an output of 4097 bytes", {1: payment, 2: 1, 3: bytes(4097)}, "field.wrong-length", ".output"),
        result("an output that is a text", {1: payment, 2: 1, 3: "ab"}, "field.wrong-type", ".output"),
        result("signed and refused at once", {1: payment, 2: 1, 3: b"\0", 4: "a.b", 5: ""}, "field.unknown", ""),
        result("a refusal without a code", {1: payment, 2: 2, 5: ""}, "field.missing", ".code"),
        result("a reason that runs backwards", {1: payment, 2: 2, 4: "a.b", 5: "\u202e"}, "text.character", ".reason"),
        result("an outcome of nobody", {1: payment, 2: 0}, later, ".outcome"),
        result("an encrypted output", {1: payment, 2: 3, 6: encrypted}, later, ".outcome"),
        result("an encrypted output beside a plain one", {1: payment, 2: 1, 3: b"\0", 6: encrypted}, later, ".6"),
        result("a void that was promised", {1: payment, 2: 4}, later, ".outcome"),
        result("a void that was refused", {1: payment, 2: 5, 7: b"\0"}, later, ".outcome"),
        one("a failed self-check", {5: {3: False}}, "response.self-check", ".receipt.self_check"),
        one("entry 0 of the journal", {5: {4: 0}}, "field.out-of-range", ".receipt.sequence"),
        one("no entry hashes", {5: {6: []}}, "field.out-of-range", ".receipt.entries"),
        one("an entry hash of 31 bytes", {5: {6: [bytes(31)]}}, "field.wrong-length", ".receipt.entries"),
        one("an entry hash that is a number", {5: {6: [0]}}, "field.wrong-type", ".receipt.entries"),
        one("a policy digest", {5: {7: bytes(32)}}, later, ".receipt.7"),
        one("a policy rule", {5: {8: "rule 1"}}, later, ".receipt.8"),
        one("an approval", {5: {9: [{1: bytes(32), 2: bytes(64)}]}}, later, ".receipt.9"),
        one("an air-gap result", {5: {10: {}}}, later, ".receipt.10"),
        one("a device's time", {5: {11: 0}}, later, ".receipt.11"),
        one("a receipt with more", {5: {12: 0}}, "field.unknown", ".receipt"),
    ]


def _cards() -> list[Rejected]:
    def one(name: str, change: Any, code: str, where: str) -> Rejected:
        return _parse_one(name, "device-card", change, code, f"card{where}")

    return [
        one("a card of version 2", {1: 2}, "message.version", ".version"),
        one("a key of 31 bytes", {2: bytes(31)}, "field.wrong-length", ".public_key"),
        one("a name that clears the screen", {3: "\x1b[2J"}, "text.character", ".label"),
        one("a name of 65 bytes", {3: "x" * 65}, "text.too-long", ".label"),
        one("a card without its journal's head", {4: GONE}, "field.missing", ".head"),
        one("an account of no network", {5: {0: {1: "test"}}}, "field.out-of-range", ".accounts[0].network"),
        one("an account of 32 bytes", {5: {0: {2: bytes(32)}}}, "field.wrong-length", ".accounts[0].address"),
        one("an account with more", {5: {1: {4: BURN.raw}}}, "field.unknown", ".accounts[1]"),
        one("a card with more", {6: 0}, "field.unknown", ""),
    ]


def rejected() -> list[Rejected]:
    """All of them."""
    parsed = [*_request_fields(), *_items(), *_batches(), *_fields(), *_responses(), *_cards()]
    return [*_read(), *_open(), *parsed, *_rules(), *_evidence()]


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    print(f"{len(rejected())} rejected messages")
