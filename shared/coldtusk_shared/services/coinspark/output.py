"""What the device gives for a call, before it is encrypted: ``{1: body}``, the body with the API key in it."""

from coldtusk_shared import cbor, limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.mapreader import WRONG_LENGTH, WRONG_TYPE, MapReader


def encode(body: bytes) -> bytes:
    """The output with *body*."""
    return cbor.encode({1: body})


def parse(output: bytes, where: str = "output") -> bytes:
    """The body in *output*, of at most ``limits.SERVICE_BODY_BYTES``; no byte of it is in an error."""
    reader = MapReader(cbor.decode(output, limits.OUTPUT_BYTES), where)
    found = reader.value(1, "body")
    reader.done()
    if type(found) is not bytes:
        raise BadInput(WRONG_TYPE, "not a byte string", where=f"{where}.body")
    if not 1 <= len(found) <= limits.SERVICE_BODY_BYTES:
        raise BadInput(WRONG_LENGTH, f"{len(found)} bytes", where=f"{where}.body")
    return found
