"""The times in a reply: when the server made it, and how long it wants to be left alone.

One form of a date is read, that of RFC 9110 5.6.7 which servers have had to send since 1999. The two older forms are
taken as no date: who reads this waits by a rule of its own then, and nothing is lost.
"""

import re
from datetime import UTC, datetime, timedelta

from coldtusk_online.http_reply import Reply
from coldtusk_shared import limits

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FIXDATE = re.compile(
    rf"({'|'.join(_DAYS)}), ([0-9]{{2}}) ({'|'.join(_MONTHS)}) ([0-9]{{4}}) ([0-9]{{2}}):([0-9]{{2}}):([0-9]{{2}}) GMT"
)
_SECONDS = re.compile("[0-9]+")
_DIGITS = 10
"""A number of more is past every cap: it is not even converted."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def date_of(reply: Reply) -> int | None:
    """Unix seconds of the Date header; None if there is none, or none that is one."""
    return _unix_seconds(reply.headers.get("date", ""))


def retry_after(reply: Reply, now: int) -> int | None:
    """Seconds to wait from *now*, in Unix seconds, as Retry-After wants it: 0 to ``limits.RETRY_AFTER_SECONDS``.

    More is cut to that cap. None if the header is absent, or says nothing: no number, no date, or a time before *now*.
    """
    value = reply.headers.get("retry-after", "")
    if _SECONDS.fullmatch(value):
        return _capped(int(value)) if len(value) <= _DIGITS else limits.RETRY_AFTER_SECONDS
    moment = _unix_seconds(value)
    return None if moment is None or moment < now else _capped(moment - now)


def _capped(seconds: int) -> int:
    return min(seconds, limits.RETRY_AFTER_SECONDS)


def _unix_seconds(text: str) -> int | None:
    match = _FIXDATE.fullmatch(text)
    if match is None:
        return None
    day, year, hour, minute, second = (int(match[group]) for group in (2, 4, 5, 6, 7))
    try:
        moment = datetime(year, _MONTHS.index(match[3]) + 1, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    if moment < _EPOCH or _DAYS[moment.weekday()] != match[1]:
        return None
    return (moment - _EPOCH) // timedelta(seconds=1)
