"""Issuing a request: draft with allocated nonceIds on disk, then sealed on disk, then handed out.

A payment id has one nonceId for ever: whoever comes back with the same id and intent gets the same request.
The random nonceIds stand under a unique constraint on (network, pin height, nonceId) in the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from coldtusk_online.host import Host
from coldtusk_online.ledger import devices, payments, requests
from coldtusk_online.ledger.accounts import Account
from coldtusk_online.ledger.devices import Device
from coldtusk_online.ledger.payments import Payment
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.states import FINAL, State
from coldtusk_online.services.warthog.bodies import Ask
from coldtusk_online.services.warthog.build import Plan, intent
from coldtusk_shared import envelope, limits, request
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import Code, Outside, Refused
from coldtusk_shared.request import Item, PaymentId, Request, RequestId
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.text import check_text

NO_DEVICE = Code("account.no-device", "pair the device that holds the account's key; this one is watch-only")
LOOKS_REPEATED = Code(
    "request.looks-repeated", "go on with that request (`follow`, `request show`), or say --again if two are meant"
)
OTHER_CONTENT = Code("payment.other-content", "one payment id is one intent: leave --payment-id out for another")
SETTLED = Code("payment.settled", "see `request show`; leave --payment-id out only if another payment is meant")
UNDER_WAY = Code("payment.under-way", "nothing new is made for this payment id: go on with its request")
NO_NONCE = Code("request.no-nonce", "try again; if it happens twice, the random source of this machine is broken")

_NONCE_BYTES = 4


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid from one *account*: one payment id and one ask each. *again*: a repetition is meant."""

    account: Account
    payment_ids: tuple[PaymentId, ...]
    asks: tuple[Ask, ...]
    purpose: str = ""
    again: bool = False

    @property
    def intents(self) -> tuple[bytes, ...]:
        """The digest of each ask."""
        return tuple(intent(self.account.network, self.account.address, ask.body) for ask in self.asks)


def new_id(host: Host) -> PaymentId:
    """A payment id for a new intent."""
    return PaymentId(host.random(request.ID_BYTES))


def resume(host: Host, order: Order) -> Stored | None:
    """The request that has the payment ids of *order* already, sealed; None if they are new.

    :raises Refused: ``payment.other-content``, ``payment.under-way``, ``payment.settled``.
    """
    with host.ledger.reading() as db:
        found = [payments.find(db, payment_id) for payment_id in order.payment_ids]
        known = [payment for payment in found if payment is not None]
        if not known:
            return None
        stored = requests.get(db, known[0].request)
    _check_same(stored, order)
    if stored.state not in (State.DRAFT, State.ISSUED):
        what = f"its request {stored.id.hex()} is {stored.state.value}"
        raise Refused(SETTLED if stored.state in FINAL else UNDER_WAY, what, where="--payment-id")
    return sealed(host, stored)


def issue(host: Host, order: Order, plan: Plan) -> Stored:
    """A new sealed request for *order*, on disk.

    :raises Refused: ``account.no-device``, ``request.looks-repeated``.
    :raises Outside: ``request.no-nonce``, and what the ledger raises.
    """
    check_text(order.purpose, "--purpose")
    device = device_of(host, order.account)
    return sealed(host, _store_draft(host, order, plan, device))


def device_of(host: Host, account: Account) -> Device:
    """The device that signs for *account*.

    :raises Refused: ``account.no-device``.
    """
    if account.device is None:
        raise Refused(NO_DEVICE, f"no paired device signs for {account.label}", where="--from")
    with host.ledger.reading() as db:
        return devices.get(db, account.device)


def sealed(host: Host, stored: Stored) -> Stored:
    """*stored* as an issued request: a draft is sealed, and its sealed bytes are stored with the step."""
    if stored.sealed is not None:
        return stored
    message = envelope.seal(MessageType.REQUEST, stored.payload, host.identity)
    with host.ledger.writing() as db:
        current = requests.get(db, stored.id)
        if current.sealed is None:
            requests.issue(db, current, message, host.clock())
    host.checkpoint("issued")
    with host.ledger.reading() as db:
        return requests.get(db, stored.id)


def check_new(db: Connection, order: Order) -> None:
    """Refuse an intent that is under way already, unless the operator says that a second one is meant.

    :raises Refused: ``request.looks-repeated``.
    """
    if order.again:
        return
    for digest in order.intents:
        for payment in payments.unsettled(db, digest):
            what = f"request {payment.request.hex()} pays the same and is {payment.state.value}"
            raise Refused(LOOKS_REPEATED, what)


def _store_draft(host: Host, order: Order, plan: Plan, device: Device) -> Stored:
    for _ in range(limits.NONCE_TRIES):
        nonces = [int.from_bytes(host.random(_NONCE_BYTES)) for _ in order.asks]
        if len(set(nonces)) != len(nonces):
            continue
        draft = _draft(host, order, plan, device, nonces)
        try:
            with host.ledger.writing() as db:
                check_new(db, order)
                requests.add_draft(db, draft)
        except IntegrityError:
            _check_ids_free(host, order)
            continue
        host.checkpoint("draft")
        return draft
    raise Outside(NO_NONCE, f"{limits.NONCE_TRIES} random nonceIds were all taken")


def _check_ids_free(host: Host, order: Order) -> None:
    """Another process may have taken the payment id meanwhile: then it was no nonceId that was taken."""
    with host.ledger.reading() as db:
        for payment_id in order.payment_ids:
            if payments.find(db, payment_id) is not None:
                raise Refused(UNDER_WAY, "another command took this payment id just now", where="--payment-id")


def _draft(host: Host, order: Order, plan: Plan, device: Device, nonces: Sequence[int]) -> Stored:
    contents = [plan.content(place, nonce_id) for place, nonce_id in enumerate(nonces)]
    asked = Request(
        id=RequestId(host.random(request.ID_BYTES)),
        created=host.clock(),
        not_after=plan.not_after,
        purpose=order.purpose,
        origin=host.label,
        items=tuple(
            Item(payment_id, plan.sender.raw, content)
            for payment_id, content in zip(order.payment_ids, contents, strict=True)
        ),
        host_head=device.head,
    )
    payload = request.encode(asked)
    request.parse(payload)  # what the device would refuse never becomes a draft
    rows = zip(range(len(contents)), order.payment_ids, contents, order.intents, strict=True)
    drafts = tuple(_draft_payment(asked.id, *row) for row in rows)
    return Stored(asked.id, asked.created, device.kid, payload, None, None, drafts)


def _draft_payment(
    request_id: RequestId, place: int, payment_id: PaymentId, content: WarthogContent, digest: bytes
) -> Payment:
    transaction = content.transaction
    return Payment(
        id=payment_id,
        request=request_id,
        place=place,
        state=State.DRAFT,
        network=transaction.network,
        account=content.sender.raw,
        pin_height=transaction.pin_height,
        nonce_id=transaction.nonce_id,
        txid=content.txid,
        intent=digest,
    )


def _check_same(stored: Stored, order: Order) -> None:
    same = [(payment.id, payment.intent) for payment in stored.payments]
    if same != list(zip(order.payment_ids, order.intents, strict=True)):
        raise Refused(OTHER_CONTENT, f"request {stored.id.hex()} has it with other content", where="--payment-id")
