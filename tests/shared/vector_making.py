"""How the golden messages are made: sealed, described, and answered from one journal."""

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

from coldtusk_offline import entries
from coldtusk_shared import card, envelope, journal_chain, plain_decimal, request, response
from coldtusk_shared.card import DeviceCard, HostCard
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.request import Item, JournalHead, Request
from coldtusk_shared.response import Receipt, Response, Result
from coldtusk_shared.services import Content
from coldtusk_shared.services.warthog.content import WarthogContent
from tests.shared.samples import DEVICE, HOST, SENDER, Identity

FOLDER = Path(__file__).parents[1] / "vectors" / "messages"
CREATED = 1_767_225_600
SOFTWARE = bytes(range(32))

_LEFT_OUT = {
    (Request, "reply_key"),
    (Receipt, "utc"),
    (DeviceCard, "services"),
    (entries.AnswerEntry, "utc"),
}
"""Fields that came with the payment services: described where they hold something, so that older files stay."""


@dataclass(frozen=True, slots=True)
class Golden:
    """One vector: a sealed message or, where *type* is None, a journal entry, which no envelope holds."""

    name: str
    about: str
    type: MessageType | None
    signer: Identity | None
    message: bytes
    payload: bytes
    parsed: object

    def text(self) -> str:
        """The file."""
        members: dict[str, object] = {"name": self.name, "about": self.about}
        if self.type is not None and self.signer is not None:
            members |= {
                "content_type": self.type.content_type,
                "external_aad": self.type.external_aad.decode("ascii"),
                "public_key": self.signer.public_key.hex(),
                "message": self.message.hex(),
            }
        members |= {"payload": self.payload.hex(), "parsed": described(self.parsed)}
        return json.dumps(members, indent=1, ensure_ascii=False) + "\n"


_PLAIN: dict[type, Callable[[Any], str]] = {
    bytes: bytes.hex,
    Enum: lambda value: str(value.name),
    Fraction: plain_decimal.exact_text,
}


def described(value: Any) -> Any:
    """*value* as JSON that a person can compare: bytes in hex, enums by name, dataclasses with their type."""
    for type_, plain in _PLAIN.items():
        if isinstance(value, type_):
            return plain(value)
    if isinstance(value, tuple | list):
        return [described(one) for one in value]
    if isinstance(value, dict):
        return {str(key): described(inner) for key, inner in value.items()}
    if dataclasses.is_dataclass(value):
        return {"is": type(value).__name__, **_described_fields(value)}
    return value


def _described_fields(value: Any) -> dict[str, Any]:
    fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Item):
        return {**described({**fields, "content": ()}), "content": _described_content(value.content)}
    empty = [name for name, one in fields.items() if one in (None, ()) and (type(value), name) in _LEFT_OUT]
    return {name: described(one) for name, one in fields.items() if name not in empty}


def _described_content(content: Content) -> Any:
    """A Warthog content field by field; a service's by what the message has, since the rest is computed."""
    if isinstance(content, WarthogContent):
        return described(content)
    return {
        "is": type(content).__name__,
        "kind": content.kind,
        "scope": content.scope,
        "risk": content.risk.name,
        "releases": content.releases,
        "not_after": described(content.not_after),
        "fields": described(content.fields()),
        "values": described(content.values()),
    }


def asked(name: str, about: str, value: Request) -> Golden:
    """The vector of a request, sealed by the host."""
    payload = request.encode(value)
    return Golden(
        name, about, MessageType.REQUEST, HOST, envelope.seal(MessageType.REQUEST, payload, HOST), payload, value
    )


def answered(name: str, about: str, value: Response) -> Golden:
    """The vector of a response, sealed by the device."""
    payload = response.encode(value)
    sealed = envelope.seal(MessageType.RESPONSE, payload, DEVICE)
    return Golden(name, about, MessageType.RESPONSE, DEVICE, sealed, payload, value)


def shown(name: str, about: str, value: HostCard | DeviceCard) -> Golden:
    """The vector of a card, sealed by its own key."""
    if isinstance(value, HostCard):
        type_, signer, sealed = MessageType.HOST_CARD, HOST, card.seal_host(value, HOST)
    else:
        type_, signer, sealed = MessageType.DEVICE_CARD, DEVICE, card.seal_device(value, DEVICE)
    return Golden(name, about, type_, signer, sealed, envelope.read(sealed).payload, value)


def written(name: str, about: str, value: entries.Content) -> Golden:
    """The vector of a journal entry."""
    return Golden(name, about, None, None, b"", entries.encode(value), value)


GENESIS = journal_chain.genesis(DEVICE.public_key)
THE_ACCOUNT = entries.AccountEntry("defi", SENDER.raw, "treasury")
THE_PAIRING = entries.PairingEntry(HOST.public_key, "treasury-1")
BEFORE = [journal_chain.entry_hash(entries.encode(entry)) for entry in (THE_ACCOUNT, THE_PAIRING)]
HEAD_2 = JournalHead(2, journal_chain.replay(GENESIS, BEFORE))
"""Where the journal stands when the requests are made."""


def an_answer(value: Request, *results: Result, utc: int | None = None) -> entries.AnswerEntry:
    """The third entry of the journal: *results* for *value*."""
    since = 2 if value.host_head is None else value.host_head.sequence
    return entries.AnswerEntry(HOST.public_key, request.encode(value), results, SOFTWARE, since, utc)


def a_response(value: Request, *results: Result, since: int = 2, utc: int | None = None) -> Response:
    """The response to *value* as the third entry of the journal, for a host whose last known head is *since*."""
    hashes = [*BEFORE, journal_chain.entry_hash(entries.encode(an_answer(value, *results, utc=utc)))]
    head = JournalHead(3, journal_chain.replay(GENESIS, hashes))
    receipt = Receipt(envelope.key_id(DEVICE.public_key), SOFTWARE, head, tuple(hashes[since:]), utc)
    return Response(value.id, request.digest(request.encode(value)), results, receipt)
