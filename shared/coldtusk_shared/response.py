"""Responses: what the offline half answers (``messages.cddl``: response).

A response is a pure function of the journal up to its entry and of the device's identity: the same
request is answered with the same bytes.
"""

from dataclasses import dataclass

from coldtusk_shared import cbor, limits
from coldtusk_shared.cbor import Encodable, Value
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.mapreader import RESERVED, WRONG_LENGTH, WRONG_TYPE, MapReader
from coldtusk_shared.request import HASH_BYTES, ID_BYTES, VERSION, JournalHead, PaymentId, RequestId, check_version

SELF_CHECK = Code("response.self-check", "the device did not pass its self-check: do not use what it signed")

_SIGNED, _REFUSED, _RELEASED = 1, 2, 3
_ENC_BYTES = 32
_RESERVED_RECEIPT = {
    7: "a policy digest",
    8: "a policy rule",
    9: "operators' approvals",
    10: "an air-gap result",
}


@dataclass(frozen=True, slots=True)
class Signed:
    """An item's output: for Warthog the 65 bytes r | s | recid."""

    payment_id: PaymentId
    output: bytes


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """An item that the operator or a rule refused: a stable code and a text."""

    payment_id: PaymentId
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Released:
    """An output that holds a secret, encrypted to the request's one-time key (:mod:`coldtusk_shared.released`)."""

    payment_id: PaymentId
    enc: bytes
    ciphertext: bytes


Result = Signed | RefusedItem | Released


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the device says of itself, and the journal entries since the host's last known head.

    *entries* are entry hashes, the last of them that of this answer's own entry; with the host's head
    they give *head* again (``journal_chain``). *utc* is the time that the operator confirmed, where one was needed.
    """

    device: bytes
    software: bytes
    head: JournalHead
    entries: tuple[bytes, ...]
    utc: int | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """A response as the CDDL has it."""

    request_id: RequestId
    request_digest: bytes
    results: tuple[Result, ...]
    receipt: Receipt


def encode(response: Response) -> bytes:
    """The payload of *response*."""
    return cbor.encode(
        {
            1: VERSION,
            2: response.request_id,
            3: response.request_digest,
            4: [encode_result(result) for result in response.results],
            5: _encode_receipt(response.receipt),
        }
    )


def parse(payload: bytes) -> Response:
    """The response in *payload*; :class:`BadInput` names the field that is not as it must be."""
    reader = MapReader(cbor.decode(payload), "response")
    check_version(reader)
    response = Response(
        request_id=RequestId(reader.octets(2, "request_id", ID_BYTES)),
        request_digest=reader.octets(3, "request_digest", HASH_BYTES),
        results=parse_results(reader.array(4, "results", limits.ITEMS, 1), "response.results"),
        receipt=_parse_receipt(reader.inner(5, "receipt")),
    )
    reader.done()
    return response


def _encode_receipt(receipt: Receipt) -> dict[int, Encodable]:
    encoded: dict[int, Encodable] = {
        1: receipt.device,
        2: receipt.software,
        3: True,
        4: receipt.head.sequence,
        5: receipt.head.hash,
        6: receipt.entries,
    }
    if receipt.utc is not None:
        encoded[11] = receipt.utc
    return encoded


def encode_result(result: Result) -> dict[int, Encodable]:
    """*result* as the CDDL has it, here and in the journal."""
    match result:
        case Signed():
            return {1: result.payment_id, 2: _SIGNED, 3: result.output}
        case RefusedItem():
            return {1: result.payment_id, 2: _REFUSED, 4: result.code, 5: result.reason}
        case Released():
            return {1: result.payment_id, 2: _RELEASED, 6: {1: result.enc, 2: result.ciphertext}}


def parse_results(values: list[Value], where: str) -> tuple[Result, ...]:
    """One result an item."""
    return tuple(_parse_result(MapReader(value, f"{where}[{place}]")) for place, value in enumerate(values))


def _parse_result(reader: MapReader) -> Result:
    payment_id = PaymentId(reader.octets(1, "payment_id", ID_BYTES))
    outcome = reader.uint(2, "outcome")
    result: Result
    if outcome == _SIGNED:
        result = Signed(payment_id, _octets(reader, 3, "output"))
    elif outcome == _REFUSED:
        result = RefusedItem(payment_id, reader.text(4, "code", limits.LABEL_BYTES), reader.text(5, "reason"))
    elif outcome == _RELEASED:
        result = _parse_released(payment_id, reader.inner(6, "encrypted"))
    else:
        raise BadInput(RESERVED, f"outcome {outcome} is not supported in this version", where=reader.path("outcome"))
    reader.done()
    return result


def _parse_released(payment_id: PaymentId, reader: MapReader) -> Released:
    released = Released(payment_id, reader.octets(1, "enc", _ENC_BYTES), _octets(reader, 2, "ciphertext"))
    reader.done()
    return released


def _octets(reader: MapReader, key: int, name: str) -> bytes:
    """An item's output, or what it is encrypted to."""
    output = reader.value(key, name)
    if type(output) is not bytes:
        raise BadInput(WRONG_TYPE, "not a byte string", where=reader.path(name))
    if not 1 <= len(output) <= limits.OUTPUT_BYTES:
        what = f"{len(output)} bytes, not 1 to {limits.OUTPUT_BYTES}"
        raise BadInput(WRONG_LENGTH, what, where=reader.path(name))
    return output


def _parse_receipt(reader: MapReader) -> Receipt:
    device = reader.octets(1, "device", ID_BYTES)
    software = reader.octets(2, "software", HASH_BYTES)
    if not reader.flag(3, "self_check"):
        raise BadInput(SELF_CHECK, "the device says that its self-check failed", where=reader.path("self_check"))
    head = JournalHead(reader.uint(4, "sequence", least=1), reader.octets(5, "head", HASH_BYTES))
    entries = tuple(_parse_hash(value, reader) for value in reader.array(6, "entries", limits.CHAIN_SEGMENT, 1))
    utc = reader.uint(11, "utc") if reader.has(11) else None
    reader.done(_RESERVED_RECEIPT)
    return Receipt(device, software, head, entries, utc)


def _parse_hash(value: Value, reader: MapReader) -> bytes:
    if type(value) is not bytes:
        raise BadInput(WRONG_TYPE, "not a byte string", where=reader.path("entries"))
    if len(value) != HASH_BYTES:
        raise BadInput(WRONG_LENGTH, f"a hash of {len(value)} bytes, not {HASH_BYTES}", where=reader.path("entries"))
    return value
