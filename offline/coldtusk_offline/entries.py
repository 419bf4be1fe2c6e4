"""What the journal's entries say (``messages.cddl``: journal-entry). The journal itself only chains bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from coldtusk_shared import cbor, limits, request, response
from coldtusk_shared.cbor import Encodable
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.mapreader import MapReader
from coldtusk_shared.request import HASH_BYTES, VERSION
from coldtusk_shared.response import Result
from coldtusk_shared.services.warthog import network

UNKNOWN_ENTRY = Code("journal.entry-type", "the journal was written by a newer Coldtusk: use that version")

_ANSWER, _PAIRING, _ACCOUNT, _SERVICE = 1, 2, 3, 4
_KEY_BYTES = 32
_ADDRESS_BYTES = 20
_RESERVED_ANSWER = {9: "the text that was shown"}


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """An answered request: *payload* as it came, the results, and all else that the response is made of.

    *since* is the sequence after which the response's entry hashes begin. *utc* is the time that the operator
    confirmed, where the request needed one.
    """

    host: bytes
    payload: bytes
    results: tuple[Result, ...]
    software: bytes
    since: int
    utc: int | None = None


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


class Change(Enum):
    """What happened to an account at a service."""

    ENROLLED = "enrolled"
    CHANGED = "changed"
    """Its table of methods or actions."""
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """An account at a payment service that was enrolled, changed or removed. *digest* is of its settings."""

    change: Change
    system: str
    account: bytes
    label: str
    digest: bytes


Content = AnswerEntry | PairingEntry | AccountEntry | ServiceEntry


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
            return _encoded_answer(entry)
        case PairingEntry():
            return {1: VERSION, 2: _PAIRING, 3: entry.host, 4: entry.label}
        case AccountEntry():
            return {1: VERSION, 2: _ACCOUNT, 3: {1: entry.network, 2: entry.address, 3: entry.label}}
        case ServiceEntry():
            names: dict[int, Encodable] = {1: entry.system, 2: entry.account, 3: entry.label}
            return {1: VERSION, 2: _SERVICE, 3: names, 4: entry.change.value, 5: entry.digest}


def _encoded_answer(entry: AnswerEntry) -> dict[int, Encodable]:
    encoded: dict[int, Encodable] = {
        1: VERSION,
        2: _ANSWER,
        3: entry.host,
        4: entry.payload,
        5: [response.encode_result(result) for result in entry.results],
        6: entry.software,
        7: True,
        8: entry.since,
    }
    if entry.utc is not None:
        encoded[10] = entry.utc
    return encoded


def _parse_answer(reader: MapReader) -> AnswerEntry:
    host = reader.octets(3, "host", _KEY_BYTES)
    payload = reader.value(4, "payload")
    if type(payload) is not bytes:
        raise BadInput(UNKNOWN_ENTRY, "the payload is not bytes", where=reader.path("payload"))
    results = response.parse_results(reader.array(5, "results", limits.ITEMS, 1), "entry.results")
    software = reader.octets(6, "software", HASH_BYTES)
    reader.flag(7, "self_check")
    utc = reader.uint(10, "utc") if reader.has(10) else None
    entry = AnswerEntry(host, payload, results, software, reader.uint(8, "since"), utc)
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


def _parse_service(reader: MapReader) -> ServiceEntry:
    inner = reader.inner(3, "account")
    account = inner.value(2, "account")
    if type(account) is not bytes or not 1 <= len(account) <= limits.ACCOUNT_BYTES:
        raise BadInput(
            UNKNOWN_ENTRY, f"the account is not 1 to {limits.ACCOUNT_BYTES} bytes", where=inner.path("account")
        )
    entry = ServiceEntry(
        change=Change(reader.choice(4, "change", [change.value for change in Change])),
        system=inner.text(1, "system", limits.LABEL_BYTES),
        account=account,
        label=inner.text(3, "label", limits.LABEL_BYTES),
        digest=reader.octets(5, "digest", HASH_BYTES),
    )
    inner.done()
    reader.done()
    return entry


_READERS: dict[int, Callable[[MapReader], Content]] = {
    _ANSWER: _parse_answer,
    _PAIRING: _parse_pairing,
    _ACCOUNT: _parse_account,
    _SERVICE: _parse_service,
}
