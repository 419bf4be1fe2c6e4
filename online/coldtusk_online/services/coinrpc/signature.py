"""What a device gave is believed only if it is the very call that was asked, at the very time.

The HMAC cannot be checked here: its secret never leaves the device. The body and the time can, and only what passed is
stored and sent.
"""

from coldtusk_online.services.coinrpc.build import content_of
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.request import Item
from coldtusk_shared.services.coinrpc import output as outputs
from coldtusk_shared.services.coinrpc.body import body
from coldtusk_shared.services.coinrpc.output import Output

DIFFERS = Code(
    "coinrpc.output.differs",
    "do not use it: check the device, its self-check and its journal, then have the request answered again",
)


def check(item: Item, output: bytes, where: str) -> None:
    """Refuse *output* unless its body and its time are those of *item*.

    :raises BadInput: ``coinrpc.output.differs``, and what :func:`output.parse` raises.
    """
    output_of(item, output, where)


def number(_item: Item, _output: bytes) -> int | None:
    """The service counts nothing: two calls may be sent at one time."""
    return None


def output_of(item: Item, output: bytes, where: str = "output") -> Output:
    """What is in *output*, if it is for *item*.

    :raises BadInput: ``coinrpc.output.differs``, and what :func:`output.parse` raises.
    """
    content, found = content_of(item), outputs.parse(output, where)
    if found.timestamp != content.send_at:
        what = f"signed for {found.timestamp}, not for {content.send_at}"
        raise BadInput(DIFFERS, what, where=f"{where}.timestamp")
    if found.body != body(item.payment_id, content.method, content.params):
        raise BadInput(DIFFERS, "the device signed another call than was asked", where=f"{where}.body")
    return found
