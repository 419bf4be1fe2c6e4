"""From sealed bytes to a checked request: who asks, whether it was asked before, whether this device may.

Two steps, each a type: :class:`OpenedRequest` (a pinned host's, well formed) and :class:`CheckedRequest`
(for accounts of this vault, no payment id reused). Nothing is shown to anybody before both are done.
"""

from dataclasses import dataclass

from coldtusk_offline import services
from coldtusk_offline.contents import Account, Host
from coldtusk_offline.device import Device
from coldtusk_offline.history import Answered
from coldtusk_offline.journal import TOO_LONG_APART
from coldtusk_shared import envelope, limits, request
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.request import Item, Request

ID_REUSED = Code("request.id-reused", "stop and ask the host: it gave another request the same id")
SIGNED_OTHERWISE = Code(
    "payment.signed-otherwise", "a payment id is signed once: ask the host what became of the first"
)


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
    account: Account


@dataclass(frozen=True, slots=True)
class CheckedRequest:
    """A request that this device may sign, if a person approves. *since*: see :class:`AnswerEntry`."""

    opened: OpenedRequest
    items: tuple[CheckedItem, ...]
    since: int


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


def check(opened: OpenedRequest, device: Device) -> CheckedRequest:
    """Refuse what this device may not sign, before anybody is asked."""
    items = tuple(_check_item(item, place, device) for place, item in enumerate(opened.request.items))
    return CheckedRequest(opened, items, _since(opened.request, device))


def _check_item(item: Item, place: int, device: Device) -> CheckedItem:
    where = f"request.items[{place}]"
    leaf = services.signer(item.content.kind)
    try:
        account = leaf.account(item, device.vault.contents)
    except BadInput as error:
        raise error.at(where) from None
    before = device.history.payments.get(item.payment_id)
    if before is not None and before.identity != leaf.identity(item):
        what = f"entry {before.sequence} of the journal signed payment {item.payment_id.hex()} with other content"
        raise Refused(SIGNED_OTHERWISE, what, where=where)
    return CheckedItem(item, account)


def _since(asked: Request, device: Device) -> int:
    """Where the response's entry hashes begin: at the host's head, which must be one of ours."""
    if asked.host_head is None:
        return device.journal.seq
    missing = device.journal.segment(asked.host_head.sequence, asked.host_head.hash)
    if len(missing) == limits.CHAIN_SEGMENT:  # the receipt names the entry of the answer as well
        raise Refused(TOO_LONG_APART, f"the host knows nothing of the last {len(missing)} entries")
    return asked.host_head.sequence
