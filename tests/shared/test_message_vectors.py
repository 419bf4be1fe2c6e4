"""The golden messages: made again they are the same bytes, and opened they say what the files say."""

import json
from collections import Counter

import pytest

from coldtusk_offline import entries
from coldtusk_shared import card, envelope, journal_chain, released, request, response, services
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.request import Request
from coldtusk_shared.response import Released
from tests.shared import message_vectors, service_vectors
from tests.shared.samples import DEVICE
from tests.shared.service_samples import REPLY_PRIVATE
from tests.shared.vector_making import BEFORE, FOLDER, Golden, described

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
    kinds = Counter(kind.partition("/")[0] for kind in {content.kind for content in contents})
    assert {"warthog": 7, "coinpayments": 4, "coinrpc": 1, "coinspark": 1, "coinsoftworks": 2} == kinds
    assert services.names() == set(kinds)
    assert {1, 2, 9} == {len(value.items) for value in parsed}
    assert {True, False} == {bool(content.evidence()) for content in contents}
    assert (
        {True, False} == {value.host_head is None for value in parsed} == {value.reply_key is None for value in parsed}
    )


@pytest.mark.parametrize(
    ("name", "value", "plaintexts"),
    [
        ("response-released", service_vectors.AN_ASSET, ("coinspark",)),
        ("response-released-both", service_vectors.BOTH, ("coinsoftworks", "coinsoftworks-execute")),
    ],
)
def test_the_host_opens_what_was_released(name: str, value: Request, plaintexts: tuple[str, ...]) -> None:
    """With the one-time key, the request's digest and the payment ids, the results are plaintexts again."""
    answer = response.parse(_GOLDEN[name].payload)
    assert request.digest(request.encode(value)) == answer.request_digest
    opened = [
        released.open_(REPLY_PRIVATE, one.enc, one.ciphertext, answer.request_digest, one.payment_id)
        for one in answer.results
        if isinstance(one, Released)
    ]
    assert [service_vectors.PLAINTEXTS[one] for one in plaintexts] == opened


def test_the_host_recomputes_the_chain() -> None:
    """From the head that the host knew, the entry hashes of the receipt lead to the receipt's head."""
    genesis = journal_chain.genesis(DEVICE.public_key)
    for name, known in (("response-signed", 2), ("response-batch", 2), ("response-behind", 0)):
        receipt = response.parse(_GOLDEN[name].payload).receipt
        start = journal_chain.replay(genesis, BEFORE[:known])
        assert receipt.head.hash == journal_chain.replay(start, receipt.entries)
        assert receipt.head.sequence == known + len(receipt.entries)
