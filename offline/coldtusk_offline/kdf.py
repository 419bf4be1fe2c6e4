"""From a passphrase to a key: Argon2id (RFC 9106) by named profiles, with a floor and a ceiling on its cost."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from coldtusk_offline.secret import Secret
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code, Outside

COST = Code("kdf.cost", "the vault is damaged, or was made to stop this device: use a backup of it")
MEMORY = Code("kdf.memory", "this machine has too little free memory for the vault's profile: close other programs")

SALT_BYTES = 16
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """What one derivation costs: memory in KiB, passes over it, parallel lanes."""

    memory_kib: int
    passes: int
    lanes: int


class Profile(Enum):
    """The costs to choose from (facts: on two cores 0.10 s, 0.42 s and 3.1 s)."""

    FLOOR = Cost(64 * 1024, 3, 4)
    STANDARD = Cost(256 * 1024, 3, 4)
    STRONG = Cost(1024 * 1024, 3, 4)


Kdf: TypeAlias = Callable[[Secret, bytes, Cost], Secret]
"""Passphrase, 16-byte salt and a checked cost give a key of 32 bytes."""


def check_cost(cost: Cost) -> None:
    """Refuse a cost outside ``limits.ARGON2_*``: to be called before anything is derived."""
    ranges = {
        "memory_kib": (cost.memory_kib, limits.ARGON2_MEMORY_KIB),
        "passes": (cost.passes, limits.ARGON2_PASSES),
        "lanes": (cost.lanes, limits.ARGON2_LANES),
    }
    for name, (value, (least, most)) in ranges.items():
        if not least <= value <= most:
            raise BadInput(COST, f"{value} is not from {least} to {most}", where=name)


def argon2id(passphrase: Secret, salt: bytes, cost: Cost) -> Secret:
    """The :data:`Kdf` of every real vault. Raises :class:`Outside` when there is too little memory."""
    check_cost(cost)
    kdf = Argon2id(salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib)
    try:
        return Secret(kdf.derive(passphrase.reveal()))
    except MemoryError:
        raise Outside(MEMORY, f"{cost.memory_kib // 1024} MiB could not be had") from None
