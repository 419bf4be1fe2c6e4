"""When a request is dead: a block height where the system has a pin window, else UTC."""

from dataclasses import dataclass
from enum import Enum


class Deadline(Enum):
    """What a request's not-after counts in."""

    HEIGHT = 1
    """The last block that can include every payment of it."""
    UTC = 2
    """Unix seconds."""


@dataclass(frozen=True, slots=True)
class NotAfter:
    """The moment itself."""

    unit: Deadline
    value: int
