"""What a device released is believed only if it is the call that was asked: method, fields, and no secret too many.

The path and an action's table are the device's own: they are taken as enrolled there. No error shows anything of it.
"""

from coldtusk_online import json_strict
from coldtusk_online.services.coinsoftworks.build import content_of
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.request import Item
from coldtusk_shared.services.coinsoftworks import body, output
from coldtusk_shared.services.coinsoftworks.commands import AUTHENTICATE, EXECUTE
from coldtusk_shared.services.coinsoftworks.content import CoinsoftworksContent
from coldtusk_shared.services.coinsoftworks.output import Call

DIFFERS = Code(
    "coinsoftworks.output.differs",
    "do not use it: check the device, its self-check and its journal, then have the request made again",
)

_POST, _GET = output.METHODS


def check(item: Item, output: bytes, where: str) -> None:
    """Refuse a decrypted *output* unless it is the call of *item*.

    :raises BadInput: ``coinsoftworks.output.differs``.
    """
    call_of(item, output, where)


def number(_item: Item, _output: bytes) -> None:
    """The service counts nothing."""
    return


def call_of(item: Item, released: bytes, where: str = "output") -> Call:
    """The call in a decrypted output, if it is that of *item*.

    :raises BadInput: ``coinsoftworks.output.differs``.
    """
    call = _read(released, where)
    if call is None or not _fits(content_of(item), call):
        raise BadInput(DIFFERS, "the device released another call than was asked", where=where)
    return call


def _read(released: bytes, where: str) -> Call | None:
    """None in place of any error that could quote it."""
    try:
        return output.parse(released, where)
    except BadInput:
        return None


def _fits(content: CoinsoftworksContent, call: Call) -> bool:
    if bool(call.token) is not (content.command is AUTHENTICATE):
        return False
    if content.command is EXECUTE:
        return _fits_action(content, call)
    return call.poll is None and not call.body and (content.command is AUTHENTICATE or call.method == _GET)


def _fits_action(content: CoinsoftworksContent, call: Call) -> bool:
    """The body is made again of the item's own fields; only their order is the device's."""
    if call.method == _GET:
        return not call.body and not content.parameters
    given = dict(content.parameters)
    try:
        sent = json_strict.decode(call.body, limits.SERVICE_BODY_BYTES)
    except BadInput:
        return False
    if not isinstance(sent, dict) or sent.keys() != given.keys():
        return False
    return body.of_action([(name, given[name]) for name in sent]) == call.body
