"""The journal's entries: each comes back as it was, and what this version does not know is refused."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_offline import entries
from coldtusk_offline.entries import AccountEntry, AnswerEntry, Change, Content, PairingEntry, ServiceEntry
from coldtusk_shared import cbor, limits
from coldtusk_shared.request import PaymentId
from coldtusk_shared.response import RefusedItem, Released, Result, Signed
from tests.offline.payments import code_of

IDS = st.binary(min_size=16, max_size=16).map(PaymentId)
TEXTS = st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), max_size=60)
RESULTS: st.SearchStrategy[Result] = st.one_of(
    st.builds(Signed, IDS, st.binary(min_size=1, max_size=80)),
    st.builds(RefusedItem, IDS, TEXTS, TEXTS),
    st.builds(Released, IDS, st.binary(min_size=32, max_size=32), st.binary(min_size=1, max_size=80)),
)
ENTRIES: st.SearchStrategy[Content] = st.one_of(
    st.builds(
        AnswerEntry,
        host=st.binary(min_size=32, max_size=32),
        payload=st.binary(max_size=200),
        results=st.lists(RESULTS, min_size=1, max_size=5).map(tuple),
        software=st.binary(min_size=32, max_size=32),
        since=st.integers(0, limits.U64),
        utc=st.none() | st.integers(0, limits.U64),
    ),
    st.builds(PairingEntry, st.binary(min_size=32, max_size=32), TEXTS),
    st.builds(AccountEntry, st.sampled_from(["main", "defi"]), st.binary(min_size=20, max_size=20), TEXTS),
    st.builds(
        ServiceEntry,
        st.sampled_from(Change),
        TEXTS,
        st.binary(min_size=1, max_size=64),
        TEXTS,
        st.binary(min_size=32, max_size=32),
    ),
)
ANSWER = AnswerEntry(bytes(32), b"payload", (Signed(PaymentId(bytes(16)), b"s" * 65),), bytes(32), 0)
SERVICE = ServiceEntry(Change.ENROLLED, "coinrpc", b"key-1", "shop", bytes(32))
SAMPLES: tuple[Content, ...] = (
    ANSWER,
    PairingEntry(bytes(32), "office"),
    AccountEntry("main", bytes(20), "savings"),
    SERVICE,
)


def changed(entry: Content, change: dict[int, Any]) -> bytes:
    """The bytes of *entry* with other values under some keys; None takes a key away."""
    tree: Any = cbor.decode(entries.encode(entry), limits.JOURNAL_RECORD_BYTES)
    kept = {key: value for key, value in {**tree, **change}.items() if value is not None}
    return cbor.encode(dict(sorted(kept.items())))


@given(ENTRIES)
def test_entry_comes_back_as_it_was(entry: Content) -> None:
    """And its bytes are canonical."""
    body = entries.encode(entry)
    assert entry == entries.parse(body)
    assert body == cbor.encode(cbor.decode(body))


def test_largest_answer_fits_into_an_entry() -> None:
    """A payload as large as a message, and a refusal with the longest reason for each item."""
    results = tuple(RefusedItem(PaymentId(bytes(16)), "c" * 64, "r" * limits.TEXT_BYTES) for _ in range(limits.ITEMS))
    entry = replace(ANSWER, payload=bytes(limits.MESSAGE_BYTES), results=results)
    body = entries.encode(entry)
    assert len(body) < limits.JOURNAL_RECORD_BYTES
    assert entry == entries.parse(body)


@pytest.mark.parametrize(
    ("entry", "change", "code"),
    [
        (ANSWER, {1: 2}, "message.version"),
        (ANSWER, {2: 5}, "journal.entry-type"),
        (ANSWER, {2: "1"}, "field.wrong-type"),
        (ANSWER, {3: bytes(31)}, "field.wrong-length"),
        (ANSWER, {4: "payload"}, "journal.entry-type"),
        (ANSWER, {4: None}, "field.missing"),
        (ANSWER, {5: []}, "field.out-of-range"),
        (ANSWER, {7: 1}, "field.wrong-type"),
        (ANSWER, {8: -1}, "field.out-of-range"),
        (ANSWER, {9: "shown"}, "field.not-supported"),
        (ANSWER, {11: 0}, "field.unknown"),
        (SAMPLES[1], {4: "two\nlines"}, "text.character"),
        (SAMPLES[1], {5: 0}, "field.unknown"),
        (SAMPLES[2], {3: {1: "moon", 2: bytes(20), 3: "a"}}, "field.out-of-range"),
        (SAMPLES[2], {3: {1: "main", 2: bytes(24), 3: "a"}}, "field.wrong-length"),
        (SAMPLES[2], {3: {1: "main", 2: bytes(20), 3: "a", 4: 0}}, "field.unknown"),
        (SAMPLES[2], {3: 7}, "field.wrong-type"),
        (SAMPLES[2], {4: 0}, "field.unknown"),
        (ANSWER, {10: "noon"}, "field.wrong-type"),
        (SERVICE, {3: {1: "coinrpc", 2: "key-1", 3: "shop"}}, "journal.entry-type"),
        (SERVICE, {3: {1: "coinrpc", 2: b"", 3: "shop"}}, "journal.entry-type"),
        (SERVICE, {3: {1: "coinrpc", 2: bytes(limits.ACCOUNT_BYTES + 1), 3: "shop"}}, "journal.entry-type"),
        (SERVICE, {3: {1: "coinrpc", 2: b"key-1", 3: "shop", 4: 0}}, "field.unknown"),
        (SERVICE, {4: "forgotten"}, "field.out-of-range"),
        (SERVICE, {5: bytes(31)}, "field.wrong-length"),
        (SERVICE, {6: 0}, "field.unknown"),
    ],
)
def test_anything_else_is_refused(entry: Content, change: dict[int, Any], code: str) -> None:
    """It is authentic, so a newer Coldtusk wrote it: never skipped."""
    assert code == code_of(entries.parse, changed(entry, change))
