"""How far the service's clock is from ours, by the Date header of a reply.

The header counts whole seconds and the reply takes its time, so what is known is a range. It is a hint for people:
nothing is sent earlier or later for it, since whoever makes the header could move a payment with it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from coldtusk_online import http_dates
from coldtusk_online.base_url import BaseUrl
from coldtusk_online.http import HttpClient
from coldtusk_online.http_reply import Reply
from coldtusk_shared.errors import Code, Outside

NO_DATE = Code("coinrpc.clock.no-date", "the service does not tell its time: compare this machine's clock elsewhere")

_ANY_STATUS = range(200, 600)
_NOTABLE = 2
"""Seconds from which on an offset is worth a word."""


@dataclass(frozen=True, slots=True)
class Offset:
    """The service's clock minus ours lies from *least* to *most* seconds."""

    least: int
    most: int

    @property
    def words(self) -> str:
        """The range as people read it."""
        return f"the service's clock minus this machine's is from {self.least:+d} to {self.most:+d} s"

    @property
    def notable(self) -> bool:
        """Whether the clocks surely differ by more than a moment."""
        return self.least >= _NOTABLE or self.most <= -_NOTABLE


def of_reply(reply: Reply, before: int, after: int) -> Offset | None:
    """The offset by *reply*, asked for at *before* and there at *after* (whole Unix seconds); None without a date.

    Both clocks show a second from its beginning to its end: each side of the range is one second wider for it.
    """
    date = http_dates.date_of(reply)
    return None if date is None else Offset(date - after - 1, date - before + 1)


def ask(http: HttpClient, base: BaseUrl, path: str, clock: Callable[[], int]) -> Offset:
    """Ask the service for nothing but its Date: a GET without key and signature, whatever it answers.

    :raises Outside: ``coinrpc.clock.no-date``, and what :meth:`HttpClient.call` raises.
    """
    before = clock()
    reply = http.call(base, path, method="GET", statuses=_ANY_STATUS, failure=Outside)
    found = of_reply(reply, before, clock())
    if found is None:
        raise Outside(NO_DATE, "the reply has no Date", where=base.text + path)
    return found


def advice(offset: Offset, window: int) -> str:
    """What *offset* means for calls that may be sent for *window* seconds."""
    if not offset.notable:
        return "The clocks agree."
    if offset.least >= window or offset.most <= -window:
        return f"Correct this machine's clock: no call would arrive inside its window of {window} s."
    return f"Correct this machine's clock: calls arrive inside their window of {window} s by luck."
