"""What is fuzzed: each decoder as a function of bytes that fails when one of its promises is broken.

The promise of every decoder: bytes are taken or refused with a code, nothing else ever happens; and what is taken has
one encoding only. An exception that leaves a target is a find.
"""

from collections.abc import Callable

from coldtusk_shared import card, cbor, envelope, request, response
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput
from tests.fuzz.receiver_script import play
from tests.shared.samples import DEVICE, HOST, Identity


def fuzz_cbor(data: bytes) -> None:
    """What is decoded is encoded to the same bytes."""
    try:
        value = cbor.decode(data)
    except BadInput as refusal:
        _check(refusal)
        return
    assert data == cbor.encode(value)


def fuzz_envelope(data: bytes) -> None:
    """The parts that were read make the same bytes."""
    try:
        sealed = envelope.read(data)
    except BadInput as refusal:
        _check(refusal)
        return
    assert data == b"\xd2" + cbor.encode([sealed.protected, {}, sealed.payload, sealed.signature])


def fuzz_request(data: bytes) -> None:
    """A request that is taken is encoded to the same bytes."""
    try:
        parsed = request.parse(data)
    except BadInput as refusal:
        _check(refusal)
        return
    assert data == request.encode(parsed)


def fuzz_response(data: bytes) -> None:
    """A response that is taken is encoded to the same bytes."""
    try:
        parsed = response.parse(data)
    except BadInput as refusal:
        _check(refusal)
        return
    assert data == response.encode(parsed)


def fuzz_host_card(data: bytes) -> None:
    """The first byte says whether *data* is the whole message or the payload of one that the host really signed."""
    message = _sealed(data, MessageType.HOST_CARD, HOST)
    try:
        opened = card.open_host(message)
    except BadInput as refusal:
        _check(refusal)
        return
    assert message == card.seal_host(opened, HOST)


def fuzz_device_card(data: bytes) -> None:
    """The same for a device."""
    message = _sealed(data, MessageType.DEVICE_CARD, DEVICE)
    try:
        opened = card.open_device(message)
    except BadInput as refusal:
        _check(refusal)
        return
    assert message == card.seal_device(opened, DEVICE)


def fuzz_receiver(data: bytes) -> None:
    """*data* is a script of frames, honest and not: never a payload that nobody sent."""
    play(data)


def fuzz_planted(data: bytes) -> None:
    """A mistake behind four bytes that only coverage leads to: a fuzzer that does not find it is none."""
    if len(data) < 4:
        return
    if data[0] == 0xC0 and data[1] == 0x1D and data[2] == 0x70 and data[3] == 0x5C:
        raise AssertionError("the planted mistake")


TARGETS: dict[str, Callable[[bytes], None]] = {
    "cbor": fuzz_cbor,
    "envelope": fuzz_envelope,
    "request": fuzz_request,
    "response": fuzz_response,
    "host_card": fuzz_host_card,
    "device_card": fuzz_device_card,
    "receiver": fuzz_receiver,
}


def _sealed(data: bytes, type_: MessageType, signer: Identity) -> bytes:
    return data[1:] if data[:1] == b"\0" else envelope.seal(type_, data[1:], signer)


def _check(refusal: BadInput) -> None:
    """A refusal has a code, a hint, and one line that can be shown."""
    assert refusal.code.name
    assert refusal.code.hint
    assert refusal.line().isprintable()
