"""One folder a system, with the same leaf names as in the shared half: build, signature, submit, follow.

The module of a system is loaded when a payment or a call of it is met.
"""

import importlib
from collections.abc import Sequence
from typing import Any, Protocol, cast

from coldtusk_online.ledger.calls import Call
from coldtusk_online.sending import Gate, Heard, Ready, Way
from coldtusk_shared.request import Item
from coldtusk_shared.screen import Line
from coldtusk_shared.services import names


class SignatureRule(Protocol):
    """What a system's ``signature`` module offers."""

    def check(self, item: Item, output: bytes, where: str) -> None:
        """Refuse *output* unless it is what the system takes for *item*."""

    def number(self, item: Item, output: bytes) -> int | None:
        """What the device counted *output* with; None where the system does not count."""


class Screen(Protocol):
    """What a payment service's ``build`` module offers for screens."""

    def lines(self, item: Item) -> list[Line]:
        """The same lines as on the device: what the call does, its risk, every field that reaches the service."""


class Sender(Protocol):
    """What a payment service's ``submit`` module offers."""

    def gate(self, ready: Ready, past: Sequence[Call], now: int) -> Gate:
        """Whether *ready* is sent at *now*; *past* are all calls of its account. It touches nothing."""

    def send(self, ready: Ready, way: Way) -> Heard:
        """Send it once.

        :raises Outside: if surely nothing happened. :raises OutcomeUnknown: if it may have.
        """


def check_output(item: Item, output: bytes, where: str) -> None:
    """Refuse a device's *output* that does not fit *item*, by the rule of its system."""
    cast("SignatureRule", _leaf(item, "signature")).check(item, output, where)


def number(item: Item, output: bytes) -> int | None:
    """What the device counted *output* with, which :func:`check_output` has passed."""
    return cast("SignatureRule", _leaf(item, "signature")).number(item, output)


def lines(item: Item) -> list[Line]:
    """*item* of a payment service on a screen."""
    return cast("Screen", _leaf(item, "build")).lines(item)


def sender(item: Item) -> Sender:
    """What sends *item* of a payment service."""
    return cast("Sender", _leaf(item, "submit"))


def _leaf(item: Item, name: str) -> Any:
    system = item.content.kind.partition("/")[0]
    if system not in names():
        raise RuntimeError(f"{system} is no system of this version")
    return importlib.import_module(f"{__name__}.{system}.{name}")
