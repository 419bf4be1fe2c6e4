"""The online half at work: who we are, the ledger, and the clock and randomness that tests replace."""

from collections.abc import Callable
from dataclasses import dataclass

from coldtusk_online.ledger.store import Ledger
from coldtusk_shared.envelope import Signer


def no_checkpoint(_name: str) -> None:
    """Nothing: what runs at a named durable step unless a crash test says otherwise."""


@dataclass(frozen=True, slots=True)
class Host:
    """*clock* gives Unix seconds, *random* so many random bytes.

    *checkpoint* is called with a step's name whenever something has just become durable.
    """

    label: str
    identity: Signer
    ledger: Ledger
    clock: Callable[[], int]
    random: Callable[[int], bytes]
    checkpoint: Callable[[str], None] = no_checkpoint
