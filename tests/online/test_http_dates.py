"""Dates and waiting times of replies, against Python's own writer of dates and against nonsense."""

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_online.http_dates import date_of, retry_after
from coldtusk_online.http_reply import Reply
from coldtusk_shared import limits

EXAMPLE = "Sun, 06 Nov 1994 08:49:37 GMT"
"""RFC 9110 5.6.7."""
EXAMPLE_TIME = 784111777
CAP = limits.RETRY_AFTER_SECONDS

_NO_DATES = [
    "",
    "now",
    EXAMPLE + " ",
    EXAMPLE + f", {EXAMPLE}",
    EXAMPLE.lower(),
    EXAMPLE.replace("GMT", "UTC"),
    EXAMPLE.replace("GMT", "+0000"),
    EXAMPLE.replace("Sun", "Mon"),
    EXAMPLE.replace("06", "6"),
    EXAMPLE.replace("06", "31"),
    EXAMPLE.replace("08:", "24:"),
    EXAMPLE.replace(":37", ":60"),
    EXAMPLE.replace("1994", "0000"),
    EXAMPLE.replace("1994", "\u0661\u0669\u0669\u0664"),
    "Wed, 31 Dec 1969 23:59:59 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
]


def _reply(**headers: str) -> Reply:
    return Reply(503, {name.replace("_", "-"): value for name, value in headers.items()}, b"")


def test_date_of() -> None:
    """The RFC's own example, the first second, and nothing."""
    assert EXAMPLE_TIME == date_of(_reply(date=EXAMPLE))
    assert 0 == date_of(_reply(date="Thu, 01 Jan 1970 00:00:00 GMT"))
    assert date_of(_reply()) is None


@given(st.integers(0, 253402300799))
def test_every_date(moment: int) -> None:
    """What the standard library writes is read, up to the year 9999."""
    assert moment == date_of(_reply(date=formatdate(moment, usegmt=True)))


@pytest.mark.parametrize("text", _NO_DATES)
def test_no_date(text: str) -> None:
    """Anything else is no date: the older forms, impossible days, the wrong day of the week, two dates."""
    assert date_of(_reply(date=text)) is None
    assert retry_after(_reply(retry_after=text), EXAMPLE_TIME) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        ("007", 7),
        (f"{CAP}", CAP),
        (f"{CAP + 1}", CAP),
        ("9999999999", CAP),
        ("9" * 60000, CAP),
    ],
)
def test_retry_after_seconds(value: str, seconds: int) -> None:
    """A number is so many seconds, up to the cap."""
    assert seconds == retry_after(_reply(retry_after=value), EXAMPLE_TIME)


@pytest.mark.parametrize(("before", "seconds"), [(0, 0), (1, 1), (CAP, CAP), (CAP + 1, CAP), (EXAMPLE_TIME, CAP)])
def test_retry_after_date(before: int, seconds: int) -> None:
    """A date is the time until then, up to the cap."""
    assert seconds == retry_after(_reply(retry_after=EXAMPLE), EXAMPLE_TIME - before)


@pytest.mark.parametrize("value", ["-1", "+1", "1.5", "1e3", "0x10", "1, 1", "1 s", "soon", "\u0665", "\u00b2"])
def test_absurd_retry_after(value: str) -> None:
    """What is no number says nothing."""
    assert retry_after(_reply(retry_after=value), EXAMPLE_TIME) is None


def test_no_retry_after() -> None:
    """Neither does a date that is over, nor silence."""
    assert retry_after(_reply(retry_after=EXAMPLE), EXAMPLE_TIME + 1) is None
    assert retry_after(_reply(), EXAMPLE_TIME) is None


@given(st.text(max_size=40), st.integers(0, limits.U32))
def test_any_retry_after(value: str, now: int) -> None:
    """Whatever stands there, it is None or within the cap."""
    assert (retry_after(_reply(retry_after=value), now) or 0) in range(CAP + 1)
