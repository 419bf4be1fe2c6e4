"""What a device released is believed only if it is the body of the very parameters that were asked.

A device that is another than it should be could put other parameters beside the key: the body is built again here,
with the key that is found in it, and must be the same. No error shows any of it.
"""

from dataclasses import dataclass, field

from coldtusk_online import json_strict
from coldtusk_online.json_reader import JsonReader
from coldtusk_online.services.coinspark.build import content_of
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.request import Item
from coldtusk_shared.services.coinspark import output as outputs
from coldtusk_shared.services.coinspark.body import body

DIFFERS = Code(
    "coinspark.output.differs",
    "do not use it: check the device, its self-check and its journal, then have the request answered again",
)


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent, and the key in it; no repr shows either."""

    body: bytes = field(repr=False)
    key: str = field(repr=False)


def check(item: Item, output: bytes, where: str) -> None:
    """Refuse a decrypted *output* unless its body is that of *item*.

    :raises BadInput: ``coinspark.output.differs``.
    """
    call_of(item, output, where)


def number(_item: Item, _output: bytes) -> None:
    """The service counts nothing."""
    return


def call_of(item: Item, output: bytes, where: str = "output") -> Call:
    """The body in a decrypted *output*, if it is that of *item*.

    :raises BadInput: ``coinspark.output.differs``.
    """
    found = _read(output, where)
    if found is None or body(item.payment_id, found.key, content_of(item).given) != found.body:
        raise BadInput(DIFFERS, "the device released another call than was asked", where=where)
    return found


def _read(output: bytes, where: str) -> Call | None:
    """The call in *output*; None in place of any error that could quote it."""
    try:
        sent = outputs.parse(output, where)
        asked = json_strict.decode(sent, limits.SERVICE_BODY_BYTES)
        key = JsonReader(asked).member("params", "key").text(limits.SERVICE_SECRET_BYTES[1])
    except BadInput:
        return None
    return Call(sent, key)
