"""From sealed bytes to a checked request: who asks, whether it was asked before, whether this device may.

Two steps, each a type: :class:`OpenedRequest` (a pinned host's, well formed) and :class:`CheckedRequest`
(for accounts of this vault, no payment id reused). Nothing is shown to anybody before both are done.
"""

from dataclasses import dataclass

from coldtusk_offline import services
from coldtusk_offline.contents import Host
from coldtusk_offline.device import Device
from coldtusk_offline.history import Answered
from coldtusk_offline.journal import TOO_LONG_APART
from coldtusk_offline.services import Held
from coldtusk_offline.utc import shown
from coldtusk_shared import envelope, limits, released, request
from coldtusk_shared.deadline import Deadline
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.request import Item, Request

ID_REUSED = Code("request.id-reused", "stop and ask the host: it gave another request the same id")
SIGNED_OTHERWISE = Code(
    "payment.signed-otherwise", "a payment id is signed once: ask the host what became of the first"
)
RELEASED_BEFORE = Code(
    "payment.released-before", "give the first request again: it gets the same answer; a secret is released once"
)
EXPIRED = Code("request.expired", "have the request made again: it came too late")
TOO_FAR_AHEAD = Code("request.too-far-ahead", "compare your watch, or have the request made again for a shorter time")


@dataclass(frozen=True, slots=True)
class OpenedRequest:
    """A well-formed request of a pinned host. *payload* is exactly what came, and what was parsed."""

    host: Host
    payload: bytes
    request: Request


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """An item and the account of this vault that it is for."""

    item: Item
    account: Held


@dataclass(frozen=True, slots=True)
class CheckedRequest:
    """A request that this device may sign, if a person approves. *since*: see :class:`AnswerEntry`.

    *utc* is the confirmed time, where the request needs one.
    """

    opened: OpenedRequest
    items: tuple[CheckedItem, ...]
    since: int
    utc: int | None = None


def open_request(message: bytes, device: Device) -> OpenedRequest:
    """The request in *message*, from a host that is paired with this device."""
    opened = envelope.open_sealed(message, MessageType.REQUEST, device.pinned)
    host = next(one for one in device.vault.contents.hosts if one.public_key == opened.signer)
    return OpenedRequest(host, opened.payload, request.parse(opened.payload))


def answered_before(opened: OpenedRequest, device: Device) -> Answered | None:
    """The answer that was given to exactly this request, if there is one."""
    before = device.history.answered.get(opened.request.id)
    if before is None:
        return None
    if before.digest != request.digest(opened.payload) or before.entry.host != opened.host.public_key:
        what = f"entry {before.head.sequence} of the journal answers another request with this id"
        raise Refused(ID_REUSED, what, where="request.id")
    return before


def needs_time(opened: OpenedRequest) -> bool:
    """Whether the request's deadline is a time: then the operator says what time it is."""
    return opened.request.not_after.unit is Deadline.UTC


def check(opened: OpenedRequest, device: Device, utc: int | None = None) -> CheckedRequest:
    """Refuse what this device may not sign, before anybody is asked. *utc*: the confirmed time, if one is needed."""
    check_time(opened, utc)
    if opened.request.reply_key is not None:
        released.check_key(opened.request.reply_key)
    items = tuple(_check_item(item, place, device, utc) for place, item in enumerate(opened.request.items))
    return CheckedRequest(opened, items, _since(opened.request, device), utc)


def check_time(opened: OpenedRequest, utc: int | None) -> None:
    """Refuse a request whose time is over, or whose end lies beyond what a request may be good for.

    The second bounds what a slip of the operator costs: a time that was typed wrong is recorded only if it is just
    before the deadline, never years ahead, where the journal would refuse the right time from then on.
    """
    if not needs_time(opened):
        return
    if utc is None:
        raise RuntimeError("a request with a time is checked with the confirmed time")
    until = opened.request.not_after.value
    if utc >= until:
        raise Refused(EXPIRED, f"it could be answered until {shown(until)}, and it is {shown(utc)}")
    if until - utc > limits.REQUEST_AHEAD_SECONDS:
        days = limits.REQUEST_AHEAD_SECONDS // 86_400
        raise Refused(
            TOO_FAR_AHEAD, f"it could be answered until {shown(until)}, more than {days} days from {shown(utc)}"
        )


def _check_item(item: Item, place: int, device: Device, utc: int | None) -> CheckedItem:
    where = f"request.items[{place}]"
    leaf = services.signer(item.content.kind)
    try:
        account = leaf.account(item, device.vault.contents)
        leaf.check(item, account, utc)
    except (BadInput, Refused) as error:
        raise error.at(where) from None
    before = device.history.payments.get(item.payment_id)
    if before is None:
        return CheckedItem(item, account)
    done = f"entry {before.sequence} of the journal"
    if before.identity != leaf.identity(item):
        what = f"{done} signed payment {item.payment_id.hex()} with other content"
        raise Refused(SIGNED_OTHERWISE, what, where=where)
    if item.content.releases:
        raise Refused(RELEASED_BEFORE, f"{done} released it to another request", where=where)
    return CheckedItem(item, account)


def _since(asked: Request, device: Device) -> int:
    """Where the response's entry hashes begin: at the host's head, which must be one of ours."""
    if asked.host_head is None:
        return device.journal.seq
    missing = device.journal.segment(asked.host_head.sequence, asked.host_head.hash)
    if len(missing) == limits.CHAIN_SEGMENT:  # the receipt names the entry of the answer as well
        raise Refused(TOO_LONG_APART, f"the host knows nothing of the last {len(missing)} entries")
    return asked.host_head.sequence
