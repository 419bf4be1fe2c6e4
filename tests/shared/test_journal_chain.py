"""The journal's chain: any change of the past changes the head."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import journal_chain

_hashes = st.binary(min_size=32, max_size=32)
_chains = st.lists(_hashes, min_size=1, max_size=8)


def _sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


@given(st.binary(max_size=100), _hashes)
def test_each_hash_by_hand(body: bytes, key: bytes) -> None:
    """The three hashes, with their domains."""
    assert _sha256(b"coldtusk/journal-genesis/v1\0", key) == journal_chain.genesis(key)
    assert _sha256(b"coldtusk/journal-entry/v1\0", body) == journal_chain.entry_hash(body)
    head, entry = journal_chain.genesis(key), journal_chain.entry_hash(body)
    assert _sha256(b"coldtusk/journal-chain/v1\0", head, entry) == journal_chain.following(head, entry)


@given(_hashes, _chains, st.integers(0, 8))
def test_replay_in_parts(head: bytes, entries: list[bytes], cut: int) -> None:
    """Replayed in two parts it arrives at the same head: a host goes on from where it was."""
    middle = journal_chain.replay(head, entries[:cut])
    assert journal_chain.replay(head, entries) == journal_chain.replay(middle, entries[cut:])
    assert head == journal_chain.replay(head, [])


@given(_hashes, st.lists(_hashes, min_size=2, max_size=8, unique=True), st.data())
def test_nothing_is_cut_swapped_or_forked(head: bytes, entries: list[bytes], data: st.DataObject) -> None:
    """An entry left out, two swapped, one exchanged, another beginning: another head."""
    whole = journal_chain.replay(head, entries)
    at = data.draw(st.integers(0, len(entries) - 2))
    swapped = [*entries[:at], entries[at + 1], entries[at], *entries[at + 2 :]]
    exchanged = [*entries[:at], bytes(32), *entries[at + 1 :]]
    assert whole not in {journal_chain.replay(head, other) for other in (entries[:at], swapped)}
    assert (whole == journal_chain.replay(head, exchanged)) == (entries[at] == bytes(32))
    assert whole != journal_chain.replay(journal_chain.entry_hash(head), entries)
