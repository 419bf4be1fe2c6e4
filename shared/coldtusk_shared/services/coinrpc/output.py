"""What the device gives for a call: ``{1: timestamp, 2: body, 3: hmac}``."""

from dataclasses import dataclass

from coldtusk_shared import cbor, limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.mapreader import WRONG_LENGTH, WRONG_TYPE, MapReader

MAC_BYTES = 32


@dataclass(frozen=True, slots=True)
class Output:
    """The time in the signature (Unix seconds), the exact body, and the HMAC-SHA256 over both, 32 bytes."""

    timestamp: int
    body: bytes
    mac: bytes


def encode(output: Output) -> bytes:
    """*output* as the CDDL has it."""
    return cbor.encode({1: output.timestamp, 2: output.body, 3: output.mac})


def parse(data: bytes, where: str = "output") -> Output:
    """The output in *data*; :class:`BadInput` names the part that is not as it must be."""
    reader = MapReader(cbor.decode(data, limits.OUTPUT_BYTES), where)
    timestamp = reader.uint(1, "timestamp", limits.COINRPC_TIME)
    body = reader.value(2, "body")
    if type(body) is not bytes:
        raise BadInput(WRONG_TYPE, "not a byte string", where=f"{where}.body")
    if not 1 <= len(body) <= limits.SERVICE_BODY_BYTES:
        raise BadInput(WRONG_LENGTH, f"{len(body)} bytes", where=f"{where}.body")
    mac = reader.octets(3, "hmac", MAC_BYTES)
    reader.done()
    return Output(timestamp, body, mac)
