"""What a service notified us of, once its proof was checked; and how a newer status is told from an older one."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final, TypeAlias

Headers: TypeAlias = Sequence[tuple[bytes, bytes]]
"""Of a request, as ASGI has them: names in small letters, twice if they were sent twice."""

_DEDUPE_DOMAIN: Final = b"coldtusk/v1/notice\x00"


class Service(Enum):
    """Who notifies us."""

    COINPAYMENTS = "coinpayments"
    COINRPC = "coinrpc"


class State(Enum):
    """What a stored notice is worth."""

    VERIFIED = "verified"
    """Its MAC is right (CoinPayments)."""
    UNCONFIRMED = "unconfirmed"
    """Its hash is right, which says little (CoinRPC): a signed query over the gap must agree."""
    CONFIRMED = "confirmed"
    """It did."""
    SUPERSEDED = "superseded"
    """An older status that came late: what was known before holds."""
    DISPUTED = "disputed"
    """It contradicts an end that was told before: ask the service, over the gap."""


class End(Enum):
    """How a status leaves what it speaks of."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Standing:
    """A status in its order: of two, the one of higher *rank* is the newer, whichever came first."""

    rank: int
    end: End
    words: str


STANDINGS: Final = MappingProxyType(
    {
        Service.COINPAYMENTS: {
            0: Standing(0, End.OPEN, "waiting"),
            1: Standing(1, End.OPEN, "coins confirmed"),
            3: Standing(2, End.OPEN, "held by the payment provider"),
            2: Standing(3, End.DONE, "complete, or queued for payout"),
            100: Standing(4, End.DONE, "complete"),
            -1: Standing(4, End.FAILED, "cancelled or timed out"),
            -2: Standing(5, End.REVERSED, "refunded or reversed"),
        },
        Service.COINRPC: {
            0: Standing(0, End.OPEN, "PENDING"),
            1: Standing(1, End.DONE, "SUCCESS"),
            -1: Standing(1, End.FAILED, "FAILED"),
        },
    }
)
"""The statuses that each service is known to send (facts: CoinPayments, IPN; CoinRPC, Webhook). Others are refused."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One verified notification.

    *account* is the merchant or the wallet, *subject* what it speaks of there, *dedupe* the same 32 bytes whenever it
    is repeated, *proof* the service's MAC or hash, *body* what was proved. *reference* is the service's own id of what
    a call of ours may have made: a withdrawal, a payment that was sent.
    """

    service: Service
    account: str
    subject: str
    status: int
    state: State
    dedupe: bytes
    proof: bytes
    body: bytes
    reference: str | None = None

    @property
    def standing(self) -> Standing:
        """Its status in its order."""
        return STANDINGS[self.service][self.status]


def dedupe(service: Service, *parts: str) -> bytes:
    """32 bytes that are the same for the same *parts*, none of which holds a NUL."""
    if any("\0" in part for part in parts):
        raise RuntimeError("a part of a key holds a NUL")
    return hashlib.sha256(_DEDUPE_DOMAIN + "\0".join((service.value, *parts)).encode()).digest()


def judge(notice: Notice, known: Iterable[Standing]) -> State:
    """The state to store *notice* with, given the standings *known* of the same subject.

    An end is final: only a reversal follows what was done, and nothing follows a failure.
    """
    new = notice.standing
    earlier = list(known)
    if any(_contradicts(new, old) for old in earlier):
        return State.DISPUTED
    if any(old.rank > new.rank for old in earlier):
        return State.SUPERSEDED
    return notice.state


def _contradicts(new: Standing, old: Standing) -> bool:
    return {new.end, old.end} == {End.DONE, End.FAILED}
