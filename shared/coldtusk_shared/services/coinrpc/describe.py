"""The lines of the review: the method, every parameter, and when it is sent."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from coldtusk_shared import command_screen
from coldtusk_shared.command import Command
from coldtusk_shared.screen import Line, line, quotation
from coldtusk_shared.services.coinrpc import methods
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from coldtusk_shared.table_screen import risk_words

NOT_ENROLLED: Final = "NOT ENROLLED: COUNTS AS MOVING MONEY"


def describe(content: CoinRpcContent, names: Mapping[bytes, str], known: Command | None) -> list[Line]:
    """All lines of one item. *names* are labels that this half trusts, by account.

    *known* is the method where this half knows it; the parameters fit it (:func:`methods.typed`).
    """
    name = names.get(content.account)
    risk = NOT_ENROLLED if known is None else risk_words(known.risk)
    return [
        line("Do", f"CoinRPC: {content.method} -- {risk}"),
        line("Account", *(() if name is None else (quotation(name),)), f"API key {content.key}"),
        *_params(content, known),
        line("Send at", f"{moment(content.send_at)}, timestamp {content.send_at}"),
        line("Window", f"{content.window} s: never sent from {moment(content.not_after.value)} on"),
    ]


def moment(seconds: int) -> str:
    """*seconds* since 1970 with their seconds: here each of them counts."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _params(content: CoinRpcContent, known: Command | None) -> list[Line]:
    if not content.params:
        return [line("Params", "none")]
    if known is None:
        return [line("Params", *(f"{name} = {quotation(text)}" for name, text in content.params))]
    return command_screen.lines(known, methods.typed(known, content.params, "params"))
