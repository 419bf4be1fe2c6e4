"""From what an operator gives to the content of a call, and that on a screen."""

import re
from collections.abc import Iterable
from typing import Final

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.request import Item
from coldtusk_shared.screen import Line
from coldtusk_shared.services.coinrpc import content as contents
from coldtusk_shared.services.coinrpc import describe, methods
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from coldtusk_shared.services.coinrpc.safe_json import Params
from coldtusk_shared.text import quoted

AHEAD = Code("coinrpc.send-ahead", "write seconds, minutes or an hour, such as 90s, 10m or 1h: 60 minutes at most")
PARAM = Code("coinrpc.param", "write --param NAME=VALUE")

_AHEAD: Final = re.compile(r"([1-9][0-9]{0,3})([smh])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}


def ahead(text: str, where: str = "--in") -> int:
    """Seconds from now to the send time, as a person writes them: ``90s``, ``10m``, ``1h``.

    :raises BadInput: ``coinrpc.send-ahead``.
    """
    match = _AHEAD.fullmatch(text)
    seconds = int(match[1]) * _SECONDS[match[2]] if match else 0
    if not 1 <= seconds <= limits.SEND_AHEAD_SECONDS:
        raise BadInput(AHEAD, f"{quoted(text)} is no such time", where=where)
    return seconds


def params(given: Iterable[str], where: str = "--param") -> Params:
    """Parameters as a person gives them, ``name=value`` each, in their order.

    :raises BadInput: ``coinrpc.param``.
    """
    pairs = [text.partition("=") for text in given]
    for name, sign, _ in pairs:
        if not sign:
            raise BadInput(PARAM, f"there is no = in {quoted(name)}", where=where)
    return tuple((name, value) for name, _, value in pairs)


def content(account: bytes, method: str, given: Params, send_at: int, window: int) -> CoinRpcContent:
    """The call *method* of *account*, sent from *send_at* on (Unix seconds) for *window* seconds.

    :raises BadInput: what :func:`content.check` raises, as the device would.
    """
    made = CoinRpcContent(account, method, given, send_at, window)
    contents.check(made)
    return made


def lines(item: Item) -> list[Line]:
    """Every parameter that reaches the service. Which methods are enrolled is known to the device alone."""
    made = content_of(item)
    return describe.describe(made, {}, methods.BUILT_IN.get(made.method))


def content_of(item: Item) -> CoinRpcContent:
    """The item's content, which its kind says is CoinRPC's."""
    if not isinstance(item.content, CoinRpcContent):
        raise RuntimeError(f"{item.content.kind} is not CoinRPC's")
    return item.content
