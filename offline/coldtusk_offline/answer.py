"""Answering a request: checked, reviewed, signed, recorded, and only then released.

A response is a pure function of the journal up to its entry and of the device's identity, so that the
same request always gets the same bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass

from coldtusk_offline import entries, intake, review, services
from coldtusk_offline.approval import BY_OPERATOR, Approved
from coldtusk_offline.device import Device
from coldtusk_offline.entries import AnswerEntry
from coldtusk_offline.history import Answered
from coldtusk_offline.intake import CheckedItem
from coldtusk_offline.keyring import Keyring
from coldtusk_offline.review import Reviewer
from coldtusk_shared import envelope, response
from coldtusk_shared.envelope import MessageType, key_id
from coldtusk_shared.request import JournalHead
from coldtusk_shared.response import Receipt, RefusedItem, Response, Result, Signed


@dataclass(frozen=True, slots=True)
class Answer:
    """A sealed response, and whether the journal held it already."""

    message: bytes
    response: Response
    again: bool


def answer(message: bytes, device: Device, reviewer: Reviewer, keyring: Callable[[], Keyring] = Keyring) -> Answer:
    """Answer the sealed request *message*; when this returns, the journal has it durably."""
    opened = intake.open_request(message, device)
    before = intake.answered_before(opened, device)
    if before is not None:
        return _seal(before, device, again=True)
    checked = intake.check(opened, device)
    approved = review.confirm(checked, device, reviewer)
    results = _results(approved, keyring())
    entry = AnswerEntry(opened.host.public_key, opened.payload, results, device.software, checked.since)
    appended = device.journal.append(entries.encode(entry))
    head = JournalHead(appended.seq, appended.head)
    return _seal(device.history.take(head, entry, opened.request), device, again=False)


def _results(approved: Approved, keyring: Keyring) -> tuple[Result, ...]:
    items = approved.checked.items
    if approved.refusal is not None:
        return tuple(RefusedItem(one.item.payment_id, BY_OPERATOR, approved.refusal) for one in items)
    for one in items:
        keyring.add(one.account)
    return tuple(_sign(one, keyring) for one in items)


def _sign(one: CheckedItem, keyring: Keyring) -> Signed:
    return Signed(one.item.payment_id, services.signer(one.item.content.kind).sign(one.item, keyring))


def _seal(answered: Answered, device: Device, *, again: bool) -> Answer:
    entry = answered.entry
    identity = device.vault.identity
    receipt = Receipt(
        device=key_id(identity.public_key),
        software=entry.software,
        head=answered.head,
        entries=device.journal.hashes(entry.since, answered.head.sequence),
    )
    made = Response(answered.request_id, answered.digest, entry.results, receipt)
    return Answer(envelope.seal(MessageType.RESPONSE, response.encode(made), identity), made, again)
