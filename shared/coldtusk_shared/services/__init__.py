"""One module or folder a system. What is in this folder is what this version knows.

A kind names its system before the slash (``warthog/wartTransfer``). The module of a system is loaded
when a kind of it is met, and only if it stands here: a name from outside never chooses an import.
"""

import importlib
from collections.abc import Hashable
from functools import cache
from pathlib import Path
from typing import Protocol, cast

from coldtusk_shared import cbor
from coldtusk_shared.cbor import Encodable
from coldtusk_shared.deadline import NotAfter
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.risk import Risk
from coldtusk_shared.text import quoted
from coldtusk_shared.value import Value

UNKNOWN_KIND = Code(
    "kind.not-supported", "this version does not know the system or the command: update, or make another"
)


class Content(Protocol):
    """The typed content of one item: fields that reach the signed bytes, and evidence."""

    @property
    def kind(self) -> str:
        """``system/command``."""

    @property
    def scope(self) -> str:
        """What a request may not mix: the system, and its network if it has several."""

    @property
    def not_after(self) -> NotAfter | None:
        """The item's own deadline; None where the host chooses the request's."""

    @property
    def slot(self) -> Hashable:
        """What only one item can have: of two with one slot the system carries out one at most."""

    @property
    def risk(self) -> Risk:
        """What the item can do at worst."""

    @property
    def releases(self) -> bool:
        """Whether the result holds a secret, and so is encrypted to the request's one-time key."""

    def values(self) -> tuple[Value, ...]:
        """What the item moves, as far as it says."""

    def intent(self) -> Encodable:
        """What is wanted, without what changes at a retry and with equal values written alike."""

    def fields(self) -> Encodable:
        """The typed fields as the CDDL has them."""

    def evidence(self) -> Encodable:
        """The evidence as the CDDL has it; an empty map is left out of the item."""


class Service(Protocol):
    """What a system's module in this folder offers."""

    def parse(self, kind: str, account: bytes, fields: cbor.Value, evidence: cbor.Value, where: str) -> Content:
        """Typed fields and evidence of one item, each checked; :class:`BadInput` otherwise."""


@cache
def names() -> frozenset[str]:
    """The systems that this version knows."""
    entries = Path(__file__).parent.iterdir()
    return frozenset(entry.name for entry in entries if (entry / "content.py").is_file())


def load(kind: str, where: str = "kind") -> Service:
    """The module of *kind*'s system."""
    system = kind.partition("/")[0]
    if system not in names():
        raise BadInput(UNKNOWN_KIND, f"{quoted(kind)} belongs to no system that this version knows", where=where)
    return _module(system)


@cache
def _module(system: str) -> Service:
    return cast("Service", importlib.import_module(f"{__name__}.{system}.content"))
