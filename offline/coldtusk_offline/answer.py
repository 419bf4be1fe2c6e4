"""Answering a request: checked, reviewed, signed, recorded, and only then released.

A response is a pure function of the journal up to its entry and of the device's identity, so that the
same request always gets the same bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass

from coldtusk_offline import entries, intake, review, services, utc
from coldtusk_offline.approval import BY_OPERATOR, Approved
from coldtusk_offline.device import Device
from coldtusk_offline.entries import AnswerEntry
from coldtusk_offline.history import Answered
from coldtusk_offline.intake import CheckedItem, OpenedRequest
from coldtusk_offline.keyring import Keyring
from coldtusk_offline.review import Reviewer
from coldtusk_offline.session import Session
from coldtusk_offline.utc import ConfirmedClock, Watch
from coldtusk_shared import envelope, limits, released, response
from coldtusk_shared.envelope import MessageType, key_id
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.request import HASH_BYTES, ID_BYTES, JournalHead, digest
from coldtusk_shared.response import Receipt, RefusedItem, Released, Response, Result, Signed

TOO_LARGE = Code("request.answer-too-large", "have the request split: no message could carry its answer back")

_ENVELOPE_BYTES = 1024
"""What the seal adds, at most: headers, key id, signature."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A sealed response, and whether the journal held it already."""

    message: bytes
    response: Response
    again: bool


def answer(
    message: bytes,
    device: Device,
    reviewer: Reviewer,
    keyring: Callable[[], Keyring] = Keyring,
    watch: Watch | None = None,
) -> Answer:
    """Answer the sealed request *message*; when this returns, the journal has it durably.

    Where the request's deadline is a time, *reviewer* is asked for UTC first; *watch* counts from then on.
    """
    opened = intake.open_request(message, device)
    before = intake.answered_before(opened, device)
    if before is not None:
        return _seal(before, device, again=True)
    clock = _clock(opened, device, reviewer, watch or Watch())
    checked = intake.check(opened, device, None if clock is None else clock.now())
    approved = review.confirm(checked, device, reviewer)
    now = None if clock is None else clock.now()
    intake.check_time(opened, now)  # the review took its time
    results = _results(approved, Session(keyring(), device.history.marks), device)
    entry = AnswerEntry(opened.host.public_key, opened.payload, results, device.software, checked.since, now)
    _check_size(entry, opened, device)
    appended = device.journal.append(entries.encode(entry))
    head = JournalHead(appended.seq, appended.head)
    return _seal(device.history.take(head, entry, opened.request), device, again=False)


def _check_size(entry: AnswerEntry, opened: OpenedRequest, device: Device) -> None:
    """Refuse what no message could carry back: bodies grow on the device, by their escapes."""
    hashes = (*device.journal.hashes(entry.since, device.journal.seq), bytes(HASH_BYTES))
    receipt = Receipt(bytes(ID_BYTES), entry.software, device.head, hashes, entry.utc)
    payload = response.encode(Response(opened.request.id, bytes(HASH_BYTES), entry.results, receipt))
    if len(payload) > limits.MESSAGE_BYTES - _ENVELOPE_BYTES:
        raise Refused(TOO_LARGE, f"the answer would have {len(payload)} bytes")


def _clock(opened: OpenedRequest, device: Device, reviewer: Reviewer, watch: Watch) -> ConfirmedClock | None:
    return utc.confirm(reviewer, watch, device.history.last_utc) if intake.needs_time(opened) else None


def _results(approved: Approved, session: Session, device: Device) -> tuple[Result, ...]:
    items = approved.checked.items
    if approved.refusal is not None:
        return tuple(RefusedItem(one.item.payment_id, BY_OPERATOR, approved.refusal) for one in items)
    return tuple(_result(one, approved.checked.opened, session, device) for one in items)


def _result(one: CheckedItem, opened: OpenedRequest, session: Session, device: Device) -> Signed | Released:
    """The item's result; what was given before under a number of its own is given again."""
    id_ = one.item.payment_id
    before = device.history.payments.get(id_)
    if before is not None and before.output is not None:
        return Signed(id_, before.output)
    output = services.signer(one.item.content.kind).sign(one.item, one.account, session)
    if not one.item.content.releases:
        return Signed(id_, output)
    if opened.request.reply_key is None:
        raise RuntimeError("a request that releases a secret was read without a reply key")
    return Released(id_, *released.seal(opened.request.reply_key, output, digest(opened.payload), id_))


def _seal(answered: Answered, device: Device, *, again: bool) -> Answer:
    entry = answered.entry
    identity = device.vault.identity
    receipt = Receipt(
        device=key_id(identity.public_key),
        software=entry.software,
        head=answered.head,
        entries=device.journal.hashes(entry.since, answered.head.sequence),
        utc=entry.utc,
    )
    made = Response(answered.request_id, answered.digest, entry.results, receipt)
    return Answer(envelope.seal(MessageType.RESPONSE, response.encode(made), identity), made, again)
