"""One folder a system, with the same leaf names: describe, sign, selfcheck.

The system of a kind was already found in :mod:`coldtusk_shared.services`, so a name from outside never
chooses an import.
"""

import importlib
from collections.abc import Hashable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Protocol, cast

from coldtusk_offline.contents import Account, VaultContents
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_shared import services as shared_services
from coldtusk_shared.request import Item
from coldtusk_shared.screen import Line

if TYPE_CHECKING:
    from coldtusk_offline.enrolment import Ask
    from coldtusk_offline.history import History
    from coldtusk_offline.selfcheck import Outcome
    from coldtusk_offline.session import Session


Held = Account | ServiceAccount
"""What this vault holds of the account that an item names."""


class Describer(Protocol):
    """The leaf ``describe``: what a person sees of one item."""

    def lines(self, item: Item, contents: VaultContents) -> list[Line]:
        """Every field that reaches the signed bytes."""

    def warnings(self, item: Item, history: "History", contents: VaultContents) -> list[str]:
        """What a person should look at first, given what was signed before and what this vault holds."""

    def totals(self, items: Sequence[Item]) -> list[Line]:
        """What all *items* of one request come to."""

    def phrase(self, item: Item) -> str:
        """What a person types to sign this item alone: it depends on the content."""


class Signer(Protocol):
    """The leaf ``sign``: whose key, and the output."""

    def identity(self, item: Item) -> bytes:
        """Exactly what is signed, and for which account: equal for a retry, else different."""

    def intent(self, item: Item) -> Hashable:
        """What is wanted, without what changes at a retry: equal for what would pay twice."""

    def parts(self, item: Item) -> Sequence[Hashable]:
        """Where *item* holds several payments, each as :meth:`intent` would be of it alone; else nothing."""

    def account(self, item: Item, contents: VaultContents) -> Held:
        """The account of this vault that *item* names, of its network; BadInput if there is none."""

    def check(self, item: Item, account: Held, now: int | None) -> None:
        """Refuse what this account may not be asked; *now* is the confirmed UTC, where the request needs it."""

    def sign(self, item: Item, account: Held, session: "Session") -> bytes:
        """The item's output; encrypted to the request's one-time key where the content releases a secret."""

    def mark(self, item: Item, output: bytes) -> int | None:
        """The number in *output* that is given once only; None where the system has none."""


class Enroller(Protocol):
    """The leaf ``enrol`` of a payment service: what is asked to enrol an account of it."""

    def enrol(self, label: str, ask: "Ask") -> ServiceAccount:
        """A new account under *label*."""

    def change(self, account: ServiceAccount, ask: "Ask") -> ServiceAccount:
        """*account* with the table that is named now; Refused where the system has none."""


class SelfCheck(Protocol):
    """The leaf ``selfcheck``: known answers."""

    def run(self) -> "list[Outcome]":
        """Every check of the system."""


@cache
def describer(kind: str) -> Describer:
    """The describe leaf of *kind*'s system."""
    return cast("Describer", _leaf(kind.partition("/")[0], "describe"))


@cache
def signer(kind: str) -> Signer:
    """The sign leaf of *kind*'s system."""
    return cast("Signer", _leaf(kind.partition("/")[0], "sign"))


def enroller(system: str) -> Enroller:
    """The enrol leaf of *system*, which the caller has from a table of names."""
    return cast("Enroller", _leaf(system, "enrol"))


def self_checks() -> "list[SelfCheck]":
    """The selfcheck leaf of every system."""
    return [cast("SelfCheck", _leaf(system, "selfcheck")) for system in sorted(shared_services.names())]


@cache
def _leaf(system: str, leaf: str) -> object:
    return importlib.import_module(f"{__name__}.{system}.{leaf}")
