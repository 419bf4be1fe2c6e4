"""Matching an answer with what was asked: pure, step by step, each failure with its own code.

Nothing of an answer is believed before every step passed. What comes out is stored in one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from coldtusk_online import services
from coldtusk_shared import envelope, journal_chain, request, response
from coldtusk_shared.envelope import KeyId, MessageType, key_id
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.request import Item, JournalHead, PaymentId, Request, RequestId
from coldtusk_shared.response import Receipt, RefusedItem, Released, Response, Result, Signed

_STOP = "stop: its journal was cut, forked or rolled back; compare the device's paper log before any signing"
WRONG_DEVICE = Code("response.wrong-device", "take the request to the device that it was made for")
RECEIPT_DEVICE = Code("response.receipt-device", "do not use it: the receipt names another device than the seal")
OTHER_REQUEST = Code(
    "response.other-request", "the device answered other bytes than were asked: have it answered again"
)
RESULTS = Code("response.results", "the answer does not fit the request: have it made again")
NUMBER_ORDER = Code(
    "response.number-order", "do not use it: the service would refuse all but the last; find out what the device counts"
)
SEQUENCE = Code("response.journal-sequence", _STOP)
CHAIN = Code("response.journal-chain", _STOP)
FORK = Code("response.journal-fork", _STOP)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response whose seal was checked against a pinned device; *message* is the file as it came."""

    device: KeyId
    response: Response
    message: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """What the ledger knows of the request: its payload, for which device, and the journal heads known of that."""

    payload: bytes
    device: KeyId
    known_heads: Mapping[int, bytes]


@dataclass(frozen=True, slots=True)
class Matched:
    """An answer of which every word was checked. *heads* are the journal's points that it shows.

    *numbers* are what the device counted its outputs with, by payment id, where the system counts.
    """

    request: RequestId
    message: bytes
    results: tuple[Result, ...]
    heads: Mapping[int, bytes]
    numbers: Mapping[PaymentId, int] = field(default_factory=dict)


def open_response(message: bytes, pinned: Mapping[KeyId, bytes]) -> Answer:
    """Step 1: a response, sealed by one of the *pinned* device keys.

    :raises BadInput: ``message.*`` of the envelope, and what :func:`response.parse` raises.
    """
    opened = envelope.open_sealed(message, MessageType.RESPONSE, pinned)
    return Answer(key_id(opened.signer), response.parse(opened.payload), opened.message)


def match(answer: Answer, asked: Asked) -> Matched:
    """Steps 2 to 6: the right device, the right request, one result an item, good signatures, one journal.

    :raises Refused: ``response.wrong-device``, ``response.receipt-device``, ``response.journal-sequence``,
        ``response.journal-chain``, ``response.journal-fork``.
    :raises BadInput: ``response.other-request``, ``response.results``, ``response.number-order``, and what the
        system's rule raises.
    """
    given = answer.response
    if answer.device != asked.device:
        raise Refused(WRONG_DEVICE, "sealed by another paired device than the one that was asked", where="envelope.kid")
    if given.receipt.device != answer.device:
        raise Refused(RECEIPT_DEVICE, "the receipt names another device", where="response.receipt.device")
    if given.request_digest != request.digest(asked.payload):
        raise BadInput(OTHER_REQUEST, "it answers other bytes than were asked", where="response.request_digest")
    made = request.parse(asked.payload)
    numbers = _check_results(made, given.results)
    heads = _heads(given.receipt, _base(made, answer.device, asked), asked.known_heads)
    return Matched(made.id, answer.message, given.results, heads, numbers)


def _check_results(made: Request, results: tuple[Result, ...]) -> dict[PaymentId, int]:
    """What the outputs are counted with. A released one is checked when it is opened, right before it is sent."""
    if [item.payment_id for item in made.items] != [result.payment_id for result in results]:
        raise BadInput(RESULTS, "not one result for each item, in order", where="response.results")
    numbers: dict[PaymentId, int] = {}
    for place, (item, result) in enumerate(zip(made.items, results, strict=True)):
        where = f"response.results[{place}]"
        if not isinstance(result, RefusedItem) and isinstance(result, Released) is not item.content.releases:
            raise BadInput(RESULTS, "released what was to be signed, or the other way round", where=where)
        if isinstance(result, Signed):
            services.check_output(item, result.output, f"{where}.output")
            _count(numbers, item, result.output, f"{where}.output")
    return numbers


def _count(numbers: dict[PaymentId, int], item: Item, output: bytes, where: str) -> None:
    """Numbers rise in the order of the items, in which they are sent."""
    number = services.number(item, output)
    if number is None:
        return
    if any(number <= before for before in numbers.values()):
        raise BadInput(NUMBER_ORDER, f"{number} does not lie above the numbers before it", where=where)
    numbers[item.payment_id] = number


def _base(made: Request, device: KeyId, asked: Asked) -> JournalHead:
    """Where the receipt's entries begin: the head that the request named."""
    if made.host_head is None or made.host_head.sequence not in asked.known_heads:
        raise RuntimeError(f"a request for {device.hex()} without a head that we know")
    return made.host_head


def _heads(receipt: Receipt, base: JournalHead, known: Mapping[int, bytes]) -> dict[int, bytes]:
    """Every head from *base* on that the entries give; each agrees with those we know."""
    where = "response.receipt.head"
    if receipt.head.sequence != base.sequence + len(receipt.entries):
        what = f"{len(receipt.entries)} entries lead from {base.sequence} to {receipt.head.sequence}"
        raise Refused(SEQUENCE, what, where=where)
    shown, head = {base.sequence: base.hash}, base.hash
    for sequence, entry in enumerate(receipt.entries, base.sequence + 1):
        head = journal_chain.following(head, entry)
        shown[sequence] = head
    if head != receipt.head.hash:
        raise Refused(CHAIN, "the entries do not lead from the head that we know to the one it names", where=where)
    forked = [sequence for sequence, one in shown.items() if known.get(sequence, one) != one]
    if forked:
        raise Refused(FORK, f"another journal entry {forked[0]} than the device showed before", where=where)
    return shown
