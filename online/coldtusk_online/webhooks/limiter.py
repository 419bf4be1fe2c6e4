"""How much one peer, and all together, may ask: a token bucket each, kept as one number.

The number is the time at which the bucket is full again (the generic cell rate algorithm): a request moves it on by
one interval, and is refused when that would lead further ahead than a whole bucket. Integers of nanoseconds only.
"""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from coldtusk_shared import limits

_SECOND: Final = 1_000_000_000
_IPV6_SITE_BITS: Final = 64
"""One subscriber has at least so large a network: its addresses are one peer."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many *each_second* in the long run, and *burst* at once."""

    each_second: int
    burst: int


PEER_RATE: Final = Rate(50, 200)
"""Far above what a service sends to one merchant, and all that it sends when it catches up."""
WHOLE_RATE: Final = Rate(500, 1000)


class Limiter:
    """Refuses what comes too fast. *clock* gives nanoseconds and never goes back."""

    __slots__ = ("_clock", "_peer", "_peers", "_whole", "_whole_full_at")

    def __init__(self, clock: Callable[[], int], peer: Rate = PEER_RATE, whole: Rate = WHOLE_RATE) -> None:
        self._clock = clock
        self._peer = peer
        self._whole = whole
        self._peers: OrderedDict[str, int] = OrderedDict()
        self._whole_full_at = 0

    def wait_of(self, host: str) -> int:
        """0 if the request of *host* may go on; else the whole seconds after which another may come.

        A peer that is refused takes nothing from the others.
        """
        now, key = self._clock(), _peer_of(host)
        peer_full_at = _taken(self._peers.get(key, 0), now, self._peer)
        if (wait := _wait(peer_full_at, now, self._peer)) > 0:
            return wait
        whole_full_at = _taken(self._whole_full_at, now, self._whole)
        if (wait := _wait(whole_full_at, now, self._whole)) > 0:
            return wait
        self._whole_full_at = whole_full_at
        self._remember(key, peer_full_at)
        return 0

    def _remember(self, key: str, full_at: int) -> None:
        self._peers[key] = full_at
        self._peers.move_to_end(key)
        if len(self._peers) > limits.WEBHOOK_PEERS:
            self._peers.popitem(last=False)


def _taken(full_at: int, now: int, rate: Rate) -> int:
    return max(full_at, now) + _SECOND // rate.each_second


def _wait(full_at: int, now: int, rate: Rate) -> int:
    ahead = full_at - now - rate.burst * (_SECOND // rate.each_second)
    return -(-ahead // _SECOND) if ahead > 0 else 0


def _peer_of(host: str) -> str:
    """The network that a limit is for; what is no address (a proxy may say anything) is one peer."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return host
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.IPv6Network((int(address), _IPV6_SITE_BITS), strict=False))
