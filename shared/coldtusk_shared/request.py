"""Requests: what the online half asks to be signed (``messages.cddl``: request)."""

import hashlib
from dataclasses import dataclass
from typing import NewType

from coldtusk_shared import cbor, limits, services
from coldtusk_shared.cbor import Encodable, Value
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.mapreader import OUT_OF_RANGE, RESERVED, WRONG_LENGTH, WRONG_TYPE, MapReader
from coldtusk_shared.services import Content
from coldtusk_shared.words import REQUEST_WORDS, words_of

RequestId = NewType("RequestId", bytes)
"""16 bytes; one message."""
PaymentId = NewType("PaymentId", bytes)
"""16 bytes; one intent, kept across retries."""

VERSION = 1
ID_BYTES = 16
HASH_BYTES = 32
_REPLY_KEY_BYTES = 32

WRONG_VERSION = Code("message.version", "use the same version of Coldtusk on both halves")
NOT_AFTER = Code("request.not-after", "have the request made again: its deadline is not that of its payments")
MIXED_SCOPES = Code("request.mixed-scopes", "have one request made for each system and network")
PAYMENT_TWICE = Code("request.payment-twice", "each payment of a request has an id of its own: make the request again")

SLOT_TWICE = Code("request.slot-twice", "two payments exclude each other: make the request again")
REPLY_KEY = Code("request.reply-key", "have the request made again: a one-time key is there for released secrets alone")

_ITEM_RESERVED = {6: "a bump or a replacement"}


@dataclass(frozen=True, slots=True)
class JournalHead:
    """A point of a device's journal: the sequence number of an entry, and the chain's hash there."""

    sequence: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Item:
    """One payment of a request, for one account."""

    payment_id: PaymentId
    account: bytes
    content: Content


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the CDDL has it. *created* is the host's clock in Unix seconds, a claim."""

    id: RequestId
    created: int
    not_after: NotAfter
    purpose: str
    origin: str
    items: tuple[Item, ...]
    host_head: JournalHead | None
    reply_key: bytes | None = None
    """A one-time X25519 key (32 bytes), there if and only if a result holds a secret."""


def digest(payload: bytes) -> bytes:
    """The request's digest: SHA-256 of the COSE payload's bytes, exactly as they came."""
    return hashlib.sha256(payload).digest()


def digest_words(payload: bytes) -> str:
    """Twelve words of the digest, shown on both halves for a call to whoever asked."""
    return words_of(digest(payload), REQUEST_WORDS)


def encode(request: Request) -> bytes:
    """The payload of *request*."""
    payload: dict[int, Encodable] = {
        1: VERSION,
        2: request.id,
        3: request.created,
        4: [request.not_after.unit.value, request.not_after.value],
        5: request.purpose,
        6: request.origin,
        7: [_encode_item(item) for item in request.items],
    }
    if request.host_head is not None:
        payload[8] = encode_head(request.host_head)
    if request.reply_key is not None:
        payload[10] = request.reply_key
    return cbor.encode(payload)


def parse(payload: bytes) -> Request:
    """The request in *payload*; :class:`BadInput` names the field that is not as it must be."""
    reader = MapReader(cbor.decode(payload), "request")
    check_version(reader)
    request = Request(
        id=RequestId(reader.octets(2, "id", ID_BYTES)),
        created=reader.uint(3, "created", limits.U64),
        not_after=_parse_not_after(reader.array(4, "not_after", 2, 2)),
        purpose=reader.text(5, "purpose"),
        origin=reader.text(6, "origin", limits.LABEL_BYTES),
        items=_parse_items(reader.array(7, "items", limits.ITEMS, 1)),
        host_head=parse_head(reader.inner(8, "host_head")) if reader.has(8) else None,
        reply_key=reader.octets(10, "reply_key", _REPLY_KEY_BYTES) if reader.has(10) else None,
    )
    reader.done()
    _check_not_after(request)
    _check_reply_key(request)
    return request


def check_version(reader: MapReader) -> None:
    """Refuse a message of another format version, naming both."""
    version = reader.uint(1, "version")
    if version != VERSION:
        raise BadInput(
            WRONG_VERSION, f"format version {version}, this Coldtusk reads {VERSION}", where=reader.path("version")
        )


def encode_head(head: JournalHead) -> dict[int, Encodable]:
    """*head* as the CDDL has it."""
    return {1: head.sequence, 2: head.hash}


def parse_head(reader: MapReader) -> JournalHead:
    """A journal head."""
    head = JournalHead(reader.uint(1, "sequence"), reader.octets(2, "hash", HASH_BYTES))
    reader.done()
    return head


def _encode_item(item: Item) -> dict[int, Encodable]:
    encoded: dict[int, Encodable] = {
        1: item.content.kind,
        2: item.payment_id,
        3: item.account,
        4: item.content.fields(),
    }
    evidence = item.content.evidence()
    if evidence:
        encoded[5] = evidence
    return encoded


def _parse_not_after(value: list[Value]) -> NotAfter:
    unit, at = value
    where = "request.not_after"
    if type(unit) is not int or type(at) is not int:
        raise BadInput(WRONG_TYPE, "not [unit, integer]", where=where)
    known = next((deadline for deadline in Deadline if deadline.value == unit), None)
    if known is None:
        raise BadInput(RESERVED, f"unit {unit} is not supported in this version", where=where)
    if at < 0:
        raise BadInput(OUT_OF_RANGE, f"{at} is below zero", where=where)
    return NotAfter(known, at)


def _check_not_after(request: Request) -> None:
    """The deadline is that of the items, which all live in one scope: the host cannot say another."""
    if len({item.content.scope for item in request.items}) != 1:
        raise BadInput(MIXED_SCOPES, "items of several systems or networks", where="request.items")
    known = [item.content.not_after for item in request.items]
    least = min((one for one in known if one is not None), key=lambda one: one.value, default=None)
    if least is None:
        if request.not_after.unit is not Deadline.UTC:
            raise BadInput(NOT_AFTER, "its payments have no block height", where="request.not_after")
        return
    if request.not_after != least:
        what = f"the earliest deadline of its payments is {least.value}"
        raise BadInput(NOT_AFTER, what, where="request.not_after")


def _check_reply_key(request: Request) -> None:
    """A key to encrypt to is there if and only if a result needs it."""
    if (request.reply_key is not None) is not any(item.content.releases for item in request.items):
        what = "it is missing" if request.reply_key is None else "nothing is released"
        raise BadInput(REPLY_KEY, what, where="request.reply_key")


def _parse_items(values: list[Value]) -> tuple[Item, ...]:
    items = tuple(_parse_item(value, f"request.items[{place}]") for place, value in enumerate(values))
    if len({item.payment_id for item in items}) != len(items):
        raise BadInput(PAYMENT_TWICE, "two items have one payment id", where="request.items")
    if len({item.content.slot for item in items}) != len(items):
        raise BadInput(SLOT_TWICE, "only one of two items could ever be carried out", where="request.items")
    return items


def _parse_item(value: Value, where: str) -> Item:
    reader = MapReader(value, where)
    kind = reader.text(1, "kind", limits.LABEL_BYTES)
    payment_id = PaymentId(reader.octets(2, "payment_id", ID_BYTES))
    account = reader.value(3, "account")
    if type(account) is not bytes:
        raise BadInput(WRONG_TYPE, "not a byte string", where=reader.path("account"))
    if not 1 <= len(account) <= limits.ACCOUNT_BYTES:
        what = f"{len(account)} bytes, not 1 to {limits.ACCOUNT_BYTES}"
        raise BadInput(WRONG_LENGTH, what, where=reader.path("account"))
    fields = reader.value(4, "fields")
    evidence = reader.value(5, "evidence") if reader.has(5) else {}
    reader.done(_ITEM_RESERVED)
    content = services.load(kind, where).parse(kind, account, fields, evidence, where)
    return Item(payment_id, account, content)
