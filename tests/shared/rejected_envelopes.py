"""Envelopes that must be refused, when they are read and when they are opened."""

from typing import Any

from coldtusk_shared import cbor, envelope
from coldtusk_shared.envelope import MessageType
from tests.shared.rejecting import GOLDEN, GONE, Rejected, changed, payload_with
from tests.shared.samples import DEVICE, HOST, STRANGER, Identity


def rejected() -> list[Rejected]:
    """All of them."""
    return [*_read(), *_open()]


def enveloped(change: Any) -> bytes:
    """The golden transfer with a change in the four parts of its envelope."""
    parts = cbor.decode(GOLDEN["request-wartTransfer"].message[1:])
    return b"\xd2" + cbor.encode(changed(parts, change))


def headed(change: Any) -> bytes:
    """The golden transfer with a change in its protected header, signed over the changed header."""
    parts: Any = cbor.decode(GOLDEN["request-wartTransfer"].message[1:])
    protected = cbor.encode(changed(cbor.decode(parts[0]), change))
    signature = HOST.sign(cbor.encode(["Signature1", protected, MessageType.REQUEST.external_aad, parts[2]]))
    return enveloped({0: protected, 3: signature})


def signed_over(context: str, external_aad: bytes, signer: Identity = HOST) -> bytes:
    """The golden transfer, its signature made over another Sig_structure or by another key."""
    parts: Any = cbor.decode(GOLDEN["request-wartTransfer"].message[1:])
    return enveloped({3: signer.sign(cbor.encode([context, parts[0], external_aad, parts[2]]))})


def _read() -> list[Rejected]:
    transfer = GOLDEN["request-wartTransfer"].message
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
    request, response = GOLDEN["request-wartTransfer"], GOLDEN["response-signed"]
    aad, bad = MessageType.REQUEST.external_aad, "message.bad-signature"

    def one(name: str, message: bytes, code: str, where: str, expected: MessageType = MessageType.REQUEST) -> Rejected:
        return Rejected(name, expected, message, "open", code, where)

    def signature(name: str, message: bytes) -> Rejected:
        return one(name, message, bad, "envelope.signature")

    relabelled = headed({3: MessageType.RESPONSE.content_type})
    mixed = enveloped({2: cbor.encode(changed(cbor.decode(request.payload), {3: 1}))})
    foreign_card = envelope.seal(MessageType.HOST_CARD, GOLDEN["host-card"].payload, STRANGER)
    host_card = GOLDEN["host-card"].message
    weak = bytes([1]) + bytes(31)
    parts: Any = cbor.decode(host_card[1:])
    header: Any = cbor.decode(parts[0])
    weak_card = b"\xd2" + cbor.encode(
        [
            cbor.encode({**header, 4: envelope.key_id(weak)}),
            {},
            payload_with("host-card", {2: weak}),
            weak + bytes(32),  # it fits every message
        ]
    )
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
            GOLDEN["device-card"].message,
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
        one("a card of a key that nobody holds", weak_card, "card.weak-key", key, MessageType.HOST_CARD),
        one("a card with a broken signature", broken_card, bad, "envelope.signature", MessageType.HOST_CARD),
    ]
