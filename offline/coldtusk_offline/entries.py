"""What the journal's entries say (``messages.cddl``: journal-entry). The journal itself only chains bytes."""

from collections.abc import Callable
from dataclasses import dataclass

from coldtusk_shared import cbor, limits, request, response
from coldtusk_shared.cbor import Encodable
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.mapreader import MapReader
from coldtusk_shared.request import HASH_BYTES, VERSION
from coldtusk_shared.response import Result
from coldtusk_shared.services.warthog import network

UNKNOWN_ENTRY = Code("journal.entry-type", "the journal was written by a newer Coldtusk: use that version")

_ANSWER, _PAIRING, _ACCOUNT = 1, 2, 3
_KEY_BYTES = 32
_ADDRESS_BYTES = 20
_RESERVED_ANSWER = {9: "the text that was shown"}


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """An answered request: *payload* as it came, the results, and all else that the response is made of.

    *since* is the sequence after which the response's entry hashes begin.
    """

    host: bytes
    payload: bytes
    results: tuple[Result, ...]
    software: bytes
    since: int


@dataclass(frozen=True, slots=True)
class PairingEntry:
    """A host's key that was pinned."""

    host: bytes
    label: str


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """An account that was made or imported."""

    network: str
    address: bytes
    label: str


Content = AnswerEntry | PairingEntry | AccountEntry


def encode(entry: Content) -> bytes:
    """The body of *entry*, as it is hashed and sealed."""
    return cbor.encode(_encoded(entry))


def parse(body: bytes) -> Content:
    """The entry in *body*."""
    reader = MapReader(cbor.decode(body, limits.JOURNAL_RECORD_BYTES), "entry")
    request.check_version(reader)
    kind = reader.uint(2, "type")
    if kind not in _READERS:
        raise BadInput(UNKNOWN_ENTRY, f"an entry of type {kind}", where=reader.path("type"))
    return _READERS[kind](reader)


def _encoded(entry: Content) -> dict[int, Encodable]:
    match entry:
        case AnswerEntry():
            results = [response.encode_result(result) for result in entry.results]
            return {
                1: VERSION,
                2: _ANSWER,
                3: entry.host,
                4: entry.payload,
                5: results,
                6: entry.software,
                7: True,
                8: entry.since,
            }
        case PairingEntry():
            return {1: VERSION, 2: _PAIRING, 3: entry.host, 4: entry.label}
        case AccountEntry():
            return {1: VERSION, 2: _ACCOUNT, 3: {1: entry.network, 2: entry.address, 3: entry.label}}


def _parse_answer(reader: MapReader) -> AnswerEntry:
    host = reader.octets(3, "host", _KEY_BYTES)
    payload = reader.value(4, "payload")
    if type(payload) is not bytes:
        raise BadInput(UNKNOWN_ENTRY, "the payload is not bytes", where=reader.path("payload"))
    results = response.parse_results(reader.array(5, "results", limits.ITEMS, 1), "entry.results")
    software = reader.octets(6, "software", HASH_BYTES)
    reader.flag(7, "self_check")
    entry = AnswerEntry(host, payload, results, software, reader.uint(8, "since"))
    reader.done(_RESERVED_ANSWER)
    return entry


def _parse_pairing(reader: MapReader) -> PairingEntry:
    entry = PairingEntry(reader.octets(3, "host", _KEY_BYTES), reader.text(4, "label", limits.LABEL_BYTES))
    reader.done()
    return entry


def _parse_account(reader: MapReader) -> AccountEntry:
    inner = reader.inner(3, "account")
    entry = AccountEntry(
        inner.choice(1, "network", network.NAMES),
        inner.octets(2, "address", _ADDRESS_BYTES),
        inner.text(3, "label", limits.LABEL_BYTES),
    )
    inner.done()
    reader.done()
    return entry


_READERS: dict[int, Callable[[MapReader], Content]] = {
    _ANSWER: _parse_answer,
    _PAIRING: _parse_pairing,
    _ACCOUNT: _parse_account,
}
