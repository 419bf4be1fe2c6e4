"""Envelopes: what is sealed opens, for its type and its signer alone; hostile bytes are refused and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import cbor, envelope, words
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput
from tests.shared import message_vectors
from tests.shared.samples import DEVICE, HOST, STRANGER, Identity

_MESSAGE = message_vectors.golden()["request-wartTransfer"].message
_signers = st.sampled_from([HOST, DEVICE, STRANGER])
_types = st.sampled_from(list(MessageType))


@given(_types, st.binary(max_size=300), _signers)
def test_sealing_and_opening(type_: MessageType, payload: bytes, signer: Identity) -> None:
    """The payload comes back, byte for byte, with the key that signed it and the message as it came."""
    message = envelope.seal(type_, payload, signer)
    opened = envelope.open_sealed(message, type_, signer.pinned)
    assert (type_, signer.public_key, payload, message) == (opened.type, opened.signer, opened.payload, opened.message)


@given(_types, _types, _signers, _signers)
def test_only_its_type_and_its_signer(
    sealed: MessageType, expected: MessageType, by: Identity, pinned: Identity
) -> None:
    """A message opens if and only if type and signer are those that are expected."""
    message = envelope.seal(sealed, b"\xa0", by)
    if (sealed, by) == (expected, pinned):
        assert message == envelope.open_sealed(message, expected, pinned.pinned).message
        return
    with pytest.raises(BadInput) as refusal:
        envelope.open_sealed(message, expected, pinned.pinned)
    assert ("message.wrong-type" if sealed is not expected else "message.unknown-signer") == refusal.value.code.name


@given(st.binary(max_size=200) | st.binary(max_size=120).map(lambda tail: _MESSAGE[:70] + tail))
def test_hostile_bytes(data: bytes) -> None:
    """Bytes from anywhere are refused with a code and a line that can be printed, and never crash the reader."""
    with pytest.raises(BadInput) as refusal:
        envelope.open_sealed(data, MessageType.REQUEST, HOST.pinned)
    assert refusal.value.line().isprintable()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.binary(max_size=70) | st.text(max_size=9), st.lists
    )
)
def test_hostile_parts(value: cbor.Value) -> None:
    """Whatever canonical CBOR stands behind the tag, it is refused with a code."""
    with pytest.raises(BadInput):
        envelope.read(b"\xd2" + cbor.encode(value))


def test_no_two_types_share_anything() -> None:
    """Each content type and each external_aad belongs to one message type, and no external_aad begins another."""
    aads = [type_.external_aad for type_ in MessageType]
    assert len(MessageType) == len({type_.content_type for type_ in MessageType}) == len(set(aads))
    assert [] == [(one, two) for one in aads for two in aads if one != two and two.startswith(one)]


def test_the_kid_begins_the_key_digest() -> None:
    """What an envelope names and what people compare come from one digest."""
    assert words.key_digest(HOST.public_key)[:16] == envelope.key_id(HOST.public_key)


def test_a_name_for_each_type() -> None:
    """What a person is told."""
    assert ["request", "response", "host card", "device card"] == [envelope.name(type_) for type_ in MessageType]
