"""Matching an answer: pure, each failure with its own code."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from coldtusk_online import match
from coldtusk_online.match import Answer, Asked
from coldtusk_shared import envelope, request
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.envelope import MessageType, key_id
from coldtusk_shared.errors import BadInput, ColdtuskError
from coldtusk_shared.request import Item, JournalHead, PaymentId, Request, RequestId
from coldtusk_shared.response import RefusedItem, Response, Signed
from coldtusk_shared.services.warthog.amount import WartE8
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.evidence import Evidence
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.transaction import Transaction, WartTransfer
from tests.simulators.device import Device, DeviceSigner, address_of, signed, with_output

_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_SENDER = address_of("treasury")


def _content(nonce_id: int) -> WarthogContent:
    body = WartTransfer(address_of("payee"), WartE8(7))
    return WarthogContent(
        _SENDER, Transaction(Network.DEFI, bytes(32), 64, nonce_id, FeeE8(1_000_448), body), Evidence()
    )


def _request(device: Device, number: int = 1, items: int = 2, head: JournalHead | None = None) -> Request:
    contents = [_content(number * 100 + place) for place in range(items)]
    made = [Item(PaymentId(bytes(15) + bytes([place])), _SENDER.raw, one) for place, one in enumerate(contents)]
    not_after = NotAfter(Deadline.HEIGHT, 64 + 8191)
    return Request(RequestId(number.to_bytes(16)), 1, not_after, "", "desk", tuple(made), head or device.head)


def _sealed(asked: Request) -> bytes:
    return envelope.seal(MessageType.REQUEST, request.encode(asked), DeviceSigner("host"))


def _asked(device: Device, asked: Request, known: dict[int, bytes] | None = None) -> Asked:
    head = asked.host_head
    assert head is not None
    heads = {head.sequence: head.hash} if known is None else known
    return Asked(request.encode(asked), key_id(device.signer.public_key), heads)


def _open(device: Device, message: bytes) -> Answer:
    key = device.signer.public_key
    return match.open_response(message, {key_id(key): key})


def _refused(device: Device, asked: Request, **how: Any) -> ColdtuskError:
    message = device.answer(_sealed(asked), **how)
    with pytest.raises(ColdtuskError) as caught:
        match.match(_open(device, message), _asked(device, asked))
    return caught.value


def test_a_good_answer() -> None:
    """Every result, and every point of the journal that it shows."""
    device = Device()
    device.work(b"pairing")
    asked = _request(device)
    device.work(b"something else")
    message = device.answer(_sealed(asked), refuse=(1,))
    matched = match.match(_open(device, message), _asked(device, asked))
    assert (asked.id, message) == (matched.request, matched.message)
    assert [Signed, RefusedItem] == [type(result) for result in matched.results]
    assert {sequence: device.head_at(sequence) for sequence in (1, 2, 3)} == matched.heads


def test_another_devices_seal() -> None:
    """A key that is not pinned does not open."""
    device, other = Device(), Device("cold-2")
    message = other.answer(_sealed(_request(other)))
    with pytest.raises(BadInput) as caught:
        _open(device, message)
    assert "message.unknown-signer" == caught.value.code.name


def test_the_wrong_paired_device() -> None:
    """Two devices are paired, and the other one answered."""
    device, other = Device(), Device("cold-2")
    asked = _request(device)
    answer = _open(other, other.answer(_sealed(asked)))
    with pytest.raises(ColdtuskError) as caught:
        match.match(answer, _asked(device, asked))
    assert "response.wrong-device" == caught.value.code.name


def _change_receipt(**changes: Any) -> Callable[[Response], Response]:
    return lambda given: replace(given, receipt=replace(given.receipt, **changes))


def _high_s(output: bytes) -> bytes:
    s = _ORDER - int.from_bytes(output[32:64])
    return output[:32] + s.to_bytes(32) + bytes([output[64] ^ 1])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_change_receipt(device=bytes(16)), "response.receipt-device"),
        (lambda given: replace(given, request_digest=bytes(32)), "response.other-request"),
        (lambda given: replace(given, results=given.results[:1]), "response.results"),
        (lambda given: replace(given, results=given.results[::-1]), "response.results"),
        (_change_receipt(head=JournalHead(2, bytes(32))), "response.journal-sequence"),
        (_change_receipt(head=JournalHead(1, bytes(32))), "response.journal-chain"),
        (_change_receipt(entries=(bytes(32),)), "response.journal-chain"),
        (with_output(bytes(64)), "warthog.signature.length"),
        (with_output(bytes(64) + b"\4"), "warthog.signature.recid"),
        (with_output(bytes(65)), "warthog.signature.invalid"),
        (with_output(_high_s(signed(_content(100), "treasury"))), "warthog.signature.high-s"),
        (with_output(signed(_content(100), "thief")), "warthog.signature.other-signer"),
        (with_output(signed(_content(101), "treasury")), "warthog.signature.other-signer"),
    ],
)
def test_what_is_refused(change: Callable[[Response], Response], code: str) -> None:
    """A sealed answer whose content is wrong, each with its own code."""
    device = Device()
    assert code == _refused(device, _request(device), change=change).code.name


def test_every_byte_of_a_signature_counts() -> None:
    """One flipped bit anywhere: another signer, no signer at all, or a form that is refused."""
    device = Device()
    good = signed(_content(100), "treasury")
    codes = set()
    for place in range(65):
        bent = bytearray(good)
        bent[place] ^= 0x10
        codes.add(_refused(Device(), _request(device), change=with_output(bytes(bent))).code.name)
    assert all(code.startswith("warthog.signature.") for code in codes)


def test_a_fork_is_seen() -> None:
    """A device that was copied, or put back to an earlier state, shows another entry at a place that we know."""
    device = Device()
    asked = _request(device, 1)
    first = match.match(_open(device, device.answer(_sealed(asked))), _asked(device, asked))
    copy = Device()  # the same keys, an empty journal
    old = _request(copy, 2)
    with pytest.raises(ColdtuskError) as caught:
        match.match(_open(copy, copy.answer(_sealed(old))), _asked(copy, old, dict(first.heads)))
    assert "response.journal-fork" == caught.value.code.name


def test_answers_may_come_in_any_order() -> None:
    """Two requests of one head: the later answer shows the earlier one's entry too, and both fit together."""
    device = Device()
    head = device.head
    one, two = _request(device, 1, head=head), _request(device, 2, head=head)
    first, second = device.answer(_sealed(one)), device.answer(_sealed(two))
    known = {0: device.head_at(0)}
    for message, asked in ((second, two), (first, one)):
        known |= match.match(_open(device, message), _asked(device, asked, known)).heads
    assert {sequence: device.head_at(sequence) for sequence in (0, 1, 2)} == known


def test_a_request_without_a_head_is_our_mistake() -> None:
    """This host names one in every request."""
    device = Device()
    asked = replace(_request(device), host_head=None)
    answer = _open(device, device.answer(_sealed(asked)))
    with pytest.raises(RuntimeError):
        match.match(answer, Asked(request.encode(asked), key_id(device.signer.public_key), {}))


def test_the_digest_is_over_the_payload() -> None:
    """What is compared is the SHA-256 of the stored payload."""
    device = Device()
    asked = _request(device)
    answer = _open(device, device.answer(_sealed(asked)))
    assert hashlib.sha256(request.encode(asked)).digest() == answer.response.request_digest
