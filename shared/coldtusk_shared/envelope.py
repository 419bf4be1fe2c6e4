"""COSE_Sign1 envelopes (RFC 9052, tag 18) with EdDSA over Ed25519.

``[protected, {}, payload, signature]``: the protected header holds the algorithm, the content type
and the ``kid``; the external AAD names the message and its direction, so that a request never passes
as a response. The bytes that were opened are kept beside what was read from them and are never
encoded again. The exact bytes are fixed in ``docs/adr/0002-wire-format.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NewType, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from coldtusk_shared import cbor, limits
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.words import key_digest

KeyId = NewType("KeyId", bytes)
"""The first 16 bytes of a key's digest."""

EMPTY = Code("message.empty", "the file or code holds nothing: make the message again")
IS_TEXT = Code("message.is-text", "give the message itself (a .request, .response or .card file), not a text about it")
NOT_SEALED = Code("message.not-coldtusk", "give a file that Coldtusk made")
MALFORMED = Code("message.malformed-envelope", "have the message made again")
WRONG_TYPE = Code(
    "message.wrong-type", "give the kind of message that this command takes; `inspect` names a file's kind"
)
UNKNOWN_SIGNER = Code("message.unknown-signer", "pair with the machine that made it, or use the device it was made for")
BAD_SIGNATURE = Code("message.bad-signature", "the message was changed on its way: copy it again or have it made again")

_TAG_18 = 0xD2
_ALG, _CONTENT_TYPE, _KID = 1, 3, 4
_EDDSA = -8
_PARTS = 4
_SIGNATURE_BYTES = 64
_KID_BYTES = 16
_TEXT = frozenset(b"\t\n\r") | frozenset(range(0x20, 0x7F))


class MessageType(Enum):
    """A message's content type, and the external AAD that binds its direction and version."""

    REQUEST = ("application/vnd.coldtusk.request+cbor", b"coldtusk/v1/request/host-to-device")
    RESPONSE = ("application/vnd.coldtusk.response+cbor", b"coldtusk/v1/response/device-to-host")
    HOST_CARD = ("application/vnd.coldtusk.host-card+cbor", b"coldtusk/v1/card/host-to-device")
    DEVICE_CARD = ("application/vnd.coldtusk.device-card+cbor", b"coldtusk/v1/card/device-to-host")

    def __init__(self, content_type: str, external_aad: bytes) -> None:
        self.content_type = content_type
        self.external_aad = external_aad


class Signer(Protocol):
    """Whoever holds an Ed25519 identity key."""

    @property
    def public_key(self) -> bytes:
        """32 bytes."""

    def sign(self, data: bytes) -> bytes:
        """The 64-byte Ed25519 signature of *data*."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A well-formed envelope whose signature is not checked yet."""

    type: MessageType
    kid: KeyId
    payload: bytes
    protected: bytes
    signature: bytes
    message: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """An envelope whose signature was checked against a key that is pinned."""

    type: MessageType
    signer: bytes
    payload: bytes
    message: bytes


def key_id(public_key: bytes) -> KeyId:
    """The ``kid`` of an Ed25519 *public_key*."""
    return KeyId(key_digest(public_key)[:_KID_BYTES])


def seal(type_: MessageType, payload: bytes, signer: Signer) -> bytes:
    """*payload* in an envelope signed by *signer*."""
    protected = cbor.encode({_ALG: _EDDSA, _CONTENT_TYPE: type_.content_type, _KID: key_id(signer.public_key)})
    signature = signer.sign(_to_be_signed(protected, type_, payload))
    return bytes([_TAG_18]) + cbor.encode([protected, {}, payload, signature])


def read(message: bytes) -> Envelope:
    """The parts of *message*, strictly; nothing in it is to be believed yet."""
    if not message:
        raise BadInput(EMPTY, "the message is empty")
    if len(message) > limits.MESSAGE_BYTES:
        raise BadInput(cbor.TOO_LARGE, f"{len(message)} bytes, the most is {limits.MESSAGE_BYTES}")
    if message[0] != _TAG_18:
        _refuse_foreign(message)
    match cbor.decode(message[1:]):
        case [bytes() as protected, {**unprotected}, bytes() as payload, bytes() as signature] if not unprotected:
            type_, kid = _read_protected(protected)
        case _:
            raise BadInput(MALFORMED, "not [protected, {}, payload, signature]", where="envelope")
    if len(signature) != _SIGNATURE_BYTES:
        raise BadInput(MALFORMED, "the signature has not 64 bytes", where="envelope.signature")
    return Envelope(type_, kid, payload, protected, signature, message)


def open_sealed(message: bytes, type_: MessageType, pinned: Mapping[KeyId, bytes]) -> Opened:
    """Open *message* of *type_*, signed by one of the *pinned* public keys."""
    envelope = read(message)
    require_type(envelope, type_)
    signer = pinned.get(envelope.kid)
    if signer is None:
        raise BadInput(UNKNOWN_SIGNER, f"signed by the unknown key {envelope.kid.hex()}", where="envelope.kid")
    verify(envelope, signer)
    return Opened(type_, signer, envelope.payload, message)


def require_type(envelope: Envelope, type_: MessageType) -> None:
    """Refuse *envelope* unless it is of *type_*: before its content is read as that of another type."""
    if envelope.type is not type_:
        raise BadInput(WRONG_TYPE, f"this is a {name(envelope.type)}, not a {name(type_)}", where="envelope.protected")


def verify(envelope: Envelope, public_key: bytes) -> None:
    """Refuse *envelope* unless *public_key* signed it."""
    signed = _to_be_signed(envelope.protected, envelope.type, envelope.payload)
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(envelope.signature, signed)
    except InvalidSignature as error:
        raise BadInput(BAD_SIGNATURE, "the signature does not fit the content", where="envelope.signature") from error


def name(type_: MessageType) -> str:
    """*type_* in a person's words."""
    return type_.name.lower().replace("_", " ")


def _to_be_signed(protected: bytes, type_: MessageType, payload: bytes) -> bytes:
    """The Sig_structure of RFC 9052 4.4."""
    return cbor.encode(["Signature1", protected, type_.external_aad, payload])


def _read_protected(protected: bytes) -> tuple[MessageType, KeyId]:
    where = "envelope.protected"
    header = cbor.decode(protected)
    match header:
        case {1: -8, 3: str() as content_type, 4: bytes() as kid, **rest} if not rest and len(kid) == _KID_BYTES:
            type_ = next((known for known in MessageType if known.content_type == content_type), None)
        case _:
            raise BadInput(MALFORMED, "not {alg: EdDSA, content type, kid}", where=where)
    if type_ is None:
        raise BadInput(WRONG_TYPE, "a content type that this version does not know", where=where)
    return type_, KeyId(kid)


def _refuse_foreign(message: bytes) -> None:
    if _TEXT.issuperset(message[:64]):
        raise BadInput(IS_TEXT, "this is a text file", where="byte 0")
    raise BadInput(NOT_SEALED, "the first byte is not that of an envelope", where="byte 0")
