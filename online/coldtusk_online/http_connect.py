"""The way to a server within a deadline: its addresses, and the first one that takes a connection.

Nothing here opens a socket by itself: who asks the name service and who makes a socket are parameters.
"""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Protocol, TypeVar

from coldtusk_online.base_url import BaseUrl
from coldtusk_online.wire import Deadline

Addresses = list[tuple[int, Any]]
"""Address families and what ``connect`` takes."""
Resolver = Callable[[str, int], Addresses]


class Connecting(Protocol):
    """What is needed of a socket that is not connected yet."""

    def settimeout(self, value: float, /) -> None:
        """Bound the next call."""

    def connect(self, address: Any, /) -> None:
        """Connect it."""

    def close(self) -> None:
        """Give it up."""


_S = TypeVar("_S", bound=Connecting)


def addresses_of(base: BaseUrl, resolve: Resolver, deadline: Deadline) -> Addresses:
    """Where *base* is. A name is looked up in a thread of its own, since the system's name service cannot be stopped.

    :raises TimeoutError: when the deadline is over.
    :raises OSError: as *resolve* says.
    """
    if base.is_address:
        return resolve(base.host, base.port)
    answers: SimpleQueue[Addresses | OSError] = SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(resolve(base.host, base.port))
        except OSError as error:
            answers.put(error)

    Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def first_connected(addresses: Addresses, make: Callable[[int], _S], deadline: Deadline) -> _S:
    """A socket of *make*, connected to the first of *addresses* that takes it; each gets its share of the time left.

    :raises OSError: why the last one did not.
    """
    failure: OSError = ConnectionError("the host has no address")
    for tried, (family, address) in enumerate(addresses):
        connection = make(family)
        try:
            connection.settimeout(deadline.left() / (len(addresses) - tried))
            connection.connect(address)
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure
