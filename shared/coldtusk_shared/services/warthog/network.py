"""The two networks. The network is explicit everywhere and never guessed (facts: Networks and dialects)."""

from enum import Enum


class Network(Enum):
    """A Warthog network; it decides the JSON dialect, the error numbers and which types exist."""

    MAIN = "main"
    """v0.8: transfers of WART only."""
    DEFI = "defi"
    """v0.10: all seven transaction types."""


NAMES = tuple(network.value for network in Network)
