"""The bearer token of an account: in this process's memory until it expires, and nowhere else.

The service knows no way to narrow a bearer down: whoever has it can do what the account can. So it is in no file, no
ledger, no log and no error, and goes with the process. The system's keyring was looked at and left out: ``keyring`` of
PyPI lets an environment variable choose where secrets go, files in the clear among the places; on Linux it speaks to
a session's D-Bus by a socket of its own; and a host without a desktop has none. So memory alone must do, and it does:
a request brings the ``authenticate`` that it needs along, and its approval releases the token again.
"""

import re
from dataclasses import dataclass, field

from coldtusk_online.sending import Way
from coldtusk_shared.errors import Code, Outside
from coldtusk_shared.request import RequestId
from coldtusk_shared.services.coinsoftworks import paths
from coldtusk_shared.services.coinsoftworks.output import Call

NONE = Code(
    "coinsoftworks.no-bearer",
    "have it asked again together with authenticate, as is the default: a bearer token goes with its process",
)

FORM = re.compile(r"[A-Za-z0-9._~+/-]+=*", re.ASCII)
"""A bearer token (RFC 6750 2.1)."""
MARGIN_SECONDS = 30
"""A call under a token that ends sooner could arrive too late."""
_MEMORY = "coinsoftworks bearer"


@dataclass(frozen=True, slots=True)
class Bearer:
    """A bearer token and its end in Unix seconds; no representation shows the token."""

    token: str = field(repr=False)
    until: int

    def is_good(self, now: int) -> bool:
        """Whether a call may still be sent under it."""
        return now < self.until - MARGIN_SECONDS


@dataclass(frozen=True, slots=True)
class Held:
    """A bearer and the approved call of *request* that bought it.

    *is_second*: it took the place of one that the service did not take any more; there is no third.
    """

    bearer: Bearer
    request: RequestId
    bought_by: Call = field(repr=False)
    is_second: bool = False


def keep(way: Way, held: Held) -> None:
    """Remember *held* as long as this process lives."""
    way.memory[_MEMORY] = held


def drop(way: Way) -> None:
    """Forget the bearer and the token that bought it."""
    way.memory.pop(_MEMORY, None)


def secrets(way: Way, call: Call) -> tuple[str, ...]:
    """What must stand in nothing that is kept or said: the secrets of *call*, and those in memory."""
    found = way.memory.get(_MEMORY)
    known = [call.token, call.key, paths.encoded(call.key)]
    if isinstance(found, Held):
        known += [found.bearer.token, found.bought_by.token, found.bought_by.key]
    return tuple(filter(None, known))


def is_of(way: Way, request: RequestId) -> bool:
    """Whether the bearer in memory was bought by *request*."""
    found = way.memory.get(_MEMORY)
    return isinstance(found, Held) and found.request == request


def held(way: Way) -> Held:
    """What was kept.

    :raises Outside: ``coinsoftworks.no-bearer``.
    """
    found = way.memory.get(_MEMORY)
    if not isinstance(found, Held):
        raise Outside(NONE, "this process has no bearer token for the account; nothing was sent")
    return found
