"""Every byte of a sealed message changed in turn: refused with a code, never a crash, never accepted."""

from collections.abc import Iterable

import pytest

from coldtusk_shared import card, envelope, request, response
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput
from tests.shared import message_vectors
from tests.shared.samples import DEVICE, HOST

_GOLDEN = message_vectors.golden()
_NAMES = [
    "request-limitSwap-buy",
    "request-batch",
    "request-coinpayments-create_mass_withdrawal",
    "request-coinsoftworks-both",
    "response-batch",
    "response-released-both",
    "host-card",
    "device-card-services",
]


def _take(name: str, message: bytes) -> object:
    """The message as the half that gets it reads it."""
    match _GOLDEN[name].type:
        case MessageType.REQUEST:
            return request.parse(envelope.open_sealed(message, MessageType.REQUEST, HOST.pinned).payload)
        case MessageType.RESPONSE:
            return response.parse(envelope.open_sealed(message, MessageType.RESPONSE, DEVICE.pinned).payload)
        case MessageType.HOST_CARD:
            return card.open_host(message)
        case _:
            return card.open_device(message)


def _accepted(name: str, messages: Iterable[bytes]) -> list[str]:
    """Those of *messages* that are taken. Any error but a refusal goes through to the test."""
    taken = []
    for message in messages:
        try:
            _take(name, message)
        except BadInput as refusal:
            assert refusal.code.name
        else:
            taken.append(message.hex())
    return taken


def _with(message: bytes, at: int, byte: int) -> bytes:
    return message[:at] + bytes([byte]) + message[at + 1 :]


@pytest.mark.parametrize("name", _NAMES)
def test_each_bit_of_each_byte(name: str) -> None:
    """Each of the eight bits of each byte flipped."""
    whole = _GOLDEN[name].message
    flips = (_with(whole, at, whole[at] ^ 1 << bit) for at in range(len(whole)) for bit in range(8))
    assert [] == _accepted(name, flips)


@pytest.mark.parametrize("name", _NAMES)
def test_each_other_value_of_some_bytes(name: str) -> None:
    """All 255 other values for the first bytes, where the structure is, for the last, and for every 61st between."""
    whole = _GOLDEN[name].message
    places = {*range(8), *range(0, len(whole), 61), len(whole) - 1}
    changed = (_with(whole, at, byte) for at in sorted(places) for byte in range(256) if byte != whole[at])
    assert [] == _accepted(name, changed)


@pytest.mark.parametrize("name", _NAMES)
def test_each_length(name: str) -> None:
    """Cut after each byte, a byte taken out, a byte put in, a byte twice."""
    whole = _GOLDEN[name].message
    places = range(0, len(whole), 1 + len(whole) // 400)
    cut = [whole[:at] for at in places]
    without = [whole[:at] + whole[at + 1 :] for at in places]
    more = [whole[:at] + byte + whole[at:] for at in places for byte in (b"\0", whole[at : at + 1])]
    # A byte put in before an equal one, or taken out of a run, is the same change at another place, never the whole.
    assert [] == _accepted(name, [one for one in (*cut, *without, *more, whole + b"\0", whole * 2) if one != whole])


def test_the_payload_is_what_was_signed() -> None:
    """The opened bytes are the message's own: the golden bytes are kept and never encoded again."""
    golden = _GOLDEN["request-batch"]
    opened = envelope.open_sealed(golden.message, MessageType.REQUEST, HOST.pinned)
    assert (golden.message, golden.payload, HOST.public_key) == (opened.message, opened.payload, opened.signer)
    assert opened.payload in opened.message
