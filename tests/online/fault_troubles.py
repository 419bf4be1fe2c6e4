"""What can go wrong once on the way to a payment service, in the two forms that a client cannot tell apart."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from coldtusk_online.rehearsal.payments import Certificate, FaultKind


class Trouble(Enum):
    """What goes wrong once."""

    NONE = "nothing"
    LATENCY = "a slow reply"
    CHUNKED = "a reply in chunks"
    HANG = "no reply, the connection stays open"
    RESET_BEFORE = "reset before the body was sent"
    RESET_AFTER = "reset after the body was sent"
    LOST = "the connection ends without a reply"
    CUT = "a reply that is cut"
    NO_LENGTH = "a reply that does not say where it ends"
    GARBAGE = "a reply that is no text"
    HTML = "a page with status 200"
    REDIRECT = "a redirect"
    TOO_MANY = "status 429"
    UNAVAILABLE = "status 503"
    GATEWAY = "status 502"
    HUGE = "a reply past every cap"
    TWICE = "JSON that names things twice"
    WRONG_NAME = "a certificate of another host"
    EXPIRED = "an expired certificate"
    STRANGER = "a certificate of an unknown authority"
    NOBODY = "nobody listens"


KINDS: Final = {
    Trouble.LATENCY: FaultKind.LATENCY,
    Trouble.CHUNKED: FaultKind.CHUNKED,
    Trouble.HANG: FaultKind.HANG,
    Trouble.RESET_BEFORE: FaultKind.RESET_BEFORE_BODY,
    Trouble.RESET_AFTER: FaultKind.RESET_AFTER_BODY,
    Trouble.LOST: FaultKind.REPLY_LOST,
    Trouble.CUT: FaultKind.CUT,
    Trouble.NO_LENGTH: FaultKind.NO_LENGTH,
    Trouble.GARBAGE: FaultKind.GARBAGE,
    Trouble.HTML: FaultKind.HTML,
    Trouble.REDIRECT: FaultKind.REDIRECT,
    Trouble.TOO_MANY: FaultKind.TOO_MANY,
    Trouble.UNAVAILABLE: FaultKind.UNAVAILABLE,
    Trouble.GATEWAY: FaultKind.SERVER_ERROR,
    Trouble.HUGE: FaultKind.HUGE,
    Trouble.TWICE: FaultKind.DUPLICATE_KEYS,
}
CERTIFICATES: Final = {
    Trouble.WRONG_NAME: Certificate.WRONG_NAME,
    Trouble.EXPIRED: Certificate.EXPIRED,
    Trouble.STRANGER: Certificate.UNKNOWN_AUTHORITY,
}
WHOLE: Final = frozenset({Trouble.NONE, Trouble.LATENCY, Trouble.CHUNKED})
"""Nothing is wrong with these."""
NEVER_SENT: Final = frozenset({*CERTIFICATES, Trouble.NOBODY})
"""Nothing leaves."""
DONE_ALONE: Final = frozenset({*WHOLE, Trouble.CUT, Trouble.NO_LENGTH, Trouble.TWICE})
"""The service has carried it out, since the reply is its own."""
UNDONE_ALONE: Final = frozenset({Trouble.RESET_BEFORE, *NEVER_SENT})


@dataclass(frozen=True, slots=True)
class Case:
    """A trouble, and whether the service had *done* what was asked: the client cannot tell."""

    trouble: Trouble
    done: bool

    @property
    def name(self) -> str:
        """For the test's id."""
        return f"{self.trouble.name.lower()}-{'done' if self.done else 'undone'}"


CASES: Final = tuple(
    Case(trouble, done)
    for trouble in Trouble
    for done in (True, False)
    if trouble not in (UNDONE_ALONE if done else DONE_ALONE)
)
