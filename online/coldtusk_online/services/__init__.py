"""One folder a system, with the same leaf names as in the shared half: build, signature, submit, follow.

The module of a system is loaded when a payment of it is met.
"""

import importlib
from typing import Protocol, cast

from coldtusk_shared.services import Content, names


class SignatureRule(Protocol):
    """What a system's ``signature`` module offers."""

    def check(self, content: Content, output: bytes, where: str) -> None:
        """Refuse *output* unless it is what the system takes for *content*."""


def check_output(content: Content, output: bytes, where: str) -> None:
    """Refuse a device's *output* that does not fit *content*, by the rule of its system."""
    system = content.kind.partition("/")[0]
    if system not in names():
        raise RuntimeError(f"{system} is no system of this version")
    rule = cast("SignatureRule", importlib.import_module(f"{__name__}.{system}.signature"))
    rule.check(content, output, where)
