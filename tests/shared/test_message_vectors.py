"""The golden messages: made again they are the same bytes, and opened they say what the files say."""

import json

import pytest

from coldtusk_offline import entries
from coldtusk_shared import card, envelope, journal_chain, request, response
from coldtusk_shared.envelope import MessageType
from tests.shared import message_vectors
from tests.shared.message_vectors import FOLDER, Golden, described
from tests.shared.samples import DEVICE

_GOLDEN = message_vectors.golden()
_all = pytest.mark.parametrize("golden", _GOLDEN.values(), ids=_GOLDEN)


def _opened(golden: Golden) -> object:
    """What the code reads from the vector's bytes."""
    if golden.type is None or golden.signer is None:
        return entries.parse(golden.payload)
    if golden.type is MessageType.HOST_CARD:
        return card.open_host(golden.message)
    if golden.type is MessageType.DEVICE_CARD:
        return card.open_device(golden.message)
    opened = envelope.open_sealed(golden.message, golden.type, golden.signer.pinned)
    assert golden.payload == opened.payload
    return (request if golden.type is MessageType.REQUEST else response).parse(opened.payload)


@_all
def test_the_file_is_what_the_code_makes(golden: Golden) -> None:
    """Ed25519, RFC 6979 and deterministic CBOR leave no choice: the bytes are the same on every machine."""
    assert golden.text() == (FOLDER / f"{golden.name}.json").read_text(encoding="utf-8")


@_all
def test_the_message_says_what_the_file_says(golden: Golden) -> None:
    """Opening and parsing give the description that stands in the file."""
    opened = _opened(golden)
    assert golden.parsed == opened
    assert json.loads(golden.text())["parsed"] == described(opened)


def test_no_file_is_left_over() -> None:
    """Each file has its sentence in the generator; the rejected ones are elsewhere."""
    assert set(_GOLDEN) | {"reject"} == {path.stem for path in FOLDER.iterdir()}


def test_all_kinds_and_types_are_there() -> None:
    """Each message type, each kind, one item and several, with evidence and without, with a host's head and without."""
    parsed = [request.parse(one.payload) for one in _GOLDEN.values() if one.type is MessageType.REQUEST]
    contents = [item.content for value in parsed for item in value.items]
    assert set(MessageType) == {one.type for one in _GOLDEN.values() if one.type is not None}
    assert 7 == len({content.kind for content in contents})
    assert {1, 9} == {len(value.items) for value in parsed}
    assert {True, False} == {bool(content.evidence()) for content in contents}
    assert {True, False} == {value.host_head is None for value in parsed}


def test_the_host_recomputes_the_chain() -> None:
    """From the head that the host knew, the entry hashes of the receipt lead to the receipt's head."""
    genesis = journal_chain.genesis(DEVICE.public_key)
    for name, known in (("response-signed", 2), ("response-batch", 2), ("response-behind", 0)):
        receipt = response.parse(_GOLDEN[name].payload).receipt
        start = journal_chain.replay(genesis, message_vectors.BEFORE[:known])
        assert receipt.head.hash == journal_chain.replay(start, receipt.entries)
        assert receipt.head.sequence == known + len(receipt.entries)
