"""Issuing requests for calls of payment services: a draft on disk, then sealed on disk, then handed out.

What a call is numbered or timed with is the device's or the content's own: nothing is allocated here. A payment id is
one intent for ever: whoever comes back with it gets the same request. The one-time key of a request that makes the
device release a secret is on disk before the draft is.
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from coldtusk_online.host import Host
from coldtusk_online.issuing import LOOKS_REPEATED, OTHER_CONTENT, SETTLED, UNDER_WAY, sealed
from coldtusk_online.ledger import calls, devices, requests
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.ledger.states import State
from coldtusk_online.reply_keys import MISSING, ReplyKeys
from coldtusk_shared import cbor, request
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.errors import Refused
from coldtusk_shared.request import Item, PaymentId, Request, RequestId
from coldtusk_shared.risk import Risk
from coldtusk_shared.services import Content
from coldtusk_shared.text import check_text

_INTENT = b"coldtusk/call-intent/v1\0"


@dataclass(frozen=True, slots=True)
class CallOrder:
    """What is to be called with one *account*: one payment id and one content each.

    *not_after* (Unix seconds) holds where no content has a deadline of its own. *again*: a repetition is meant.
    """

    account: ServiceAccount
    contents: tuple[Content, ...]
    payment_ids: tuple[PaymentId, ...]
    purpose: str
    not_after: int
    again: bool = False

    @property
    def deadline(self) -> NotAfter:
        """The earliest deadline of the contents, or else *not_after*."""
        own = [content.not_after for content in self.contents if content.not_after is not None]
        return min(own, key=lambda one: one.value, default=NotAfter(Deadline.UTC, self.not_after))


def intent_of(content: Content) -> bytes:
    """The digest of what *content* wants, equal for a repeated intent."""
    return hashlib.sha256(_INTENT + cbor.encode(content.intent())).digest()


def resume(host: Host, keys: ReplyKeys, order: CallOrder) -> Stored | None:
    """The request that has the payment ids of *order* already, sealed; None if they are new.

    :raises Refused: ``payment.other-content``, ``payment.under-way``, ``payment.settled``, ``reply-key.missing``.
    """
    with host.ledger.reading() as db:
        found = [calls.find(db, payment_id) for payment_id in order.payment_ids]
        known = [call for call in found if call is not None]
        if not known:
            return None
        stored = requests.get(db, known[0].request)
    _check_same(stored, order)
    if stored.state not in (State.DRAFT, State.ISSUED):
        what = f"its request {stored.id.hex()} is {stored.state.value}"
        raise Refused(SETTLED if stored.settled else UNDER_WAY, what, where="--payment-id")
    if stored.parsed().reply_key is not None and not keys.holds(stored.id):
        raise Refused(MISSING, f"the one-time key of request {stored.id.hex()} is not here", where="--payment-id")
    return sealed(host, stored)


def issue(host: Host, keys: ReplyKeys, order: CallOrder) -> Stored:
    """A new sealed request for *order*, on disk.

    :raises Refused: ``request.looks-repeated``, ``payment.under-way``. :raises BadInput: what the device would refuse.
    """
    check_text(order.purpose, "--purpose")
    with host.ledger.reading() as db:
        device = devices.get(db, order.account.device)
        check_new(db, order)
    id_ = RequestId(host.random(request.ID_BYTES))
    releases = any(content.releases for content in order.contents)
    asked = Request(
        id=id_,
        created=host.clock(),
        not_after=order.deadline,
        purpose=order.purpose,
        origin=host.label,
        items=_items(order),
        host_head=device.head,
        reply_key=keys.make(id_, host.random) if releases else None,
    )
    try:
        draft = _draft(order, asked)
        _store(host, order, draft)
    except BaseException:
        keys.drop(id_)
        raise
    host.checkpoint("draft")
    return sealed(host, draft)


def check_new(db: Connection, order: CallOrder) -> None:
    """Refuse an intent that is under way already, unless it only reads, or the operator says that a second is meant.

    :raises Refused: ``request.looks-repeated``.
    """
    if order.again:
        return
    for content in order.contents:
        if content.risk is Risk.READS:
            continue
        for call in calls.unsettled(db, intent_of(content)):
            what = f"request {call.request.hex()} asks for the same and is {call.state.value}"
            raise Refused(LOOKS_REPEATED, what)


def _items(order: CallOrder) -> tuple[Item, ...]:
    pairs = zip(order.payment_ids, order.contents, strict=True)
    return tuple(Item(payment_id, order.account.account, content) for payment_id, content in pairs)


def _draft(order: CallOrder, asked: Request) -> Stored:
    payload = request.encode(asked)
    request.parse(payload)  # what the device would refuse never becomes a draft
    drafts = tuple(_draft_call(asked.id, place, item) for place, item in enumerate(asked.items))
    return Stored(asked.id, asked.created, order.account.device, payload, None, None, (), drafts)


def _draft_call(request_id: RequestId, place: int, item: Item) -> Call:
    system, _, name = item.content.kind.partition("/")
    return Call(
        id=item.payment_id,
        request=request_id,
        place=place,
        state=State.DRAFT,
        system=system,
        command=name,
        account=item.account,
        number=None,
        intent=intent_of(item.content),
    )


def _store(host: Host, order: CallOrder, draft: Stored) -> None:
    """Two commands with one intent or one payment id: one of them makes it."""
    try:
        with host.ledger.writing() as db:
            check_new(db, order)
            requests.add_draft(db, draft)
    except IntegrityError as error:
        what = "another command took this payment id just now"
        raise Refused(UNDER_WAY, what, where="--payment-id") from error


def _check_same(stored: Stored, order: CallOrder) -> None:
    same = [(call.id, call.intent) for call in stored.calls]
    wanted = [(id_, intent_of(content)) for id_, content in zip(order.payment_ids, order.contents, strict=True)]
    if same != wanted:
        raise Refused(OTHER_CONTENT, f"request {stored.id.hex()} has it with other content", where="--payment-id")
