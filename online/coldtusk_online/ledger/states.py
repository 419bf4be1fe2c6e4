"""The life of a payment, and of a service's call, as tables of transitions; the request's state that follows."""

from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final


class State(Enum):
    """Where a payment stands."""

    DRAFT = "draft"
    """Its nonce is allocated; no sealed request left yet."""
    ISSUED = "issued"
    """The sealed request is stored and may be on its way to the device."""
    ANSWERED = "answered"
    """Its signature is stored; nothing was sent to a node."""
    UNKNOWN = "unknown"
    """It was sent, or was about to be, and no reply is recorded: it may have happened."""
    SUBMITTED = "submitted"
    """A node took it and named our transaction hash."""
    SEEN = "seen"
    """A node shows it, pending or mined, without the confirmations that are asked for."""
    CONFIRMED = "confirmed"
    """Mined, with the confirmations that are asked for. Final."""
    REFUSED = "refused"
    """The device or its operator refused. Final."""
    REJECTED = "rejected"
    """A node refused it. Its bytes stay valid until the pin window closes, so it is watched until then."""
    EXPIRED = "expired"
    """No block can include it any more, and no node has it. Final, unless a node shows it after all."""


_S = State
TRANSITIONS: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        _S.DRAFT: frozenset({_S.ISSUED, _S.EXPIRED}),
        # Seen and confirmed right after issued: another host on the same keys submitted it.
        _S.ISSUED: frozenset({_S.ANSWERED, _S.REFUSED, _S.SEEN, _S.CONFIRMED, _S.EXPIRED}),
        _S.ANSWERED: frozenset({_S.UNKNOWN, _S.SEEN, _S.CONFIRMED, _S.EXPIRED}),
        # Back to answered or rejected when it turned out that nothing was sent.
        _S.UNKNOWN: frozenset({_S.ANSWERED, _S.UNKNOWN, _S.SUBMITTED, _S.SEEN, _S.CONFIRMED, _S.REJECTED, _S.EXPIRED}),
        _S.SUBMITTED: frozenset({_S.UNKNOWN, _S.SEEN, _S.CONFIRMED, _S.EXPIRED}),
        # Back to issued when a node shows no more what we have no signature of: the answer can still be taken.
        _S.SEEN: frozenset({_S.SEEN, _S.ISSUED, _S.UNKNOWN, _S.CONFIRMED, _S.EXPIRED}),
        _S.REJECTED: frozenset({_S.UNKNOWN, _S.SEEN, _S.CONFIRMED, _S.EXPIRED}),
        _S.CONFIRMED: frozenset(),
        _S.REFUSED: frozenset(),
        # The nodes that said so may have lied, or been on another chain.
        _S.EXPIRED: frozenset({_S.SEEN, _S.CONFIRMED}),
    }
)
"""Where each state may go. Unknown leads back from everywhere that the same bytes may be posted again."""

FINAL: Final = frozenset({_S.CONFIRMED, _S.REFUSED, _S.EXPIRED})
"""What is not watched any more, but for what expired when `follow` is asked for it by its id."""
WAITING: Final = frozenset({_S.UNKNOWN, _S.SUBMITTED, _S.SEEN})
"""What `follow` waits for: it was sent."""
POSTABLE: Final = frozenset({_S.ANSWERED, _S.UNKNOWN, _S.REJECTED})
"""What `submit` posts: for the first time, or the same bytes again after a lookup found nothing."""

CALL_TRANSITIONS: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        _S.DRAFT: frozenset({_S.ISSUED, _S.EXPIRED}),
        _S.ISSUED: frozenset({_S.ANSWERED, _S.REFUSED, _S.EXPIRED}),
        _S.ANSWERED: frozenset({_S.UNKNOWN, _S.EXPIRED}),
        # Back to answered when surely nothing was sent; expired when the service's history or the operator says so.
        _S.UNKNOWN: frozenset({_S.ANSWERED, _S.UNKNOWN, _S.CONFIRMED, _S.REJECTED, _S.EXPIRED}),
        _S.CONFIRMED: frozenset(),
        _S.REFUSED: frozenset(),
        _S.REJECTED: frozenset(),
        _S.EXPIRED: frozenset(),
    }
)
"""Where each state of a service's call may go. Confirmed: the service said success. Rejected: it said no; final."""
CALL_FINAL: Final = frozenset({_S.CONFIRMED, _S.REFUSED, _S.REJECTED, _S.EXPIRED})
"""The calls that nothing more can happen to. An unknown one is settled by history or by the operator alone."""
SENDABLE: Final = frozenset({_S.ANSWERED, _S.UNKNOWN})
"""The calls that `submit` looks at; whether one goes is for its system's gate to say."""

_SHOWN_FIRST: Final = (
    _S.UNKNOWN,
    _S.DRAFT,
    _S.ISSUED,
    _S.ANSWERED,
    _S.SUBMITTED,
    _S.SEEN,
    _S.REJECTED,
    _S.EXPIRED,
    _S.REFUSED,
    _S.CONFIRMED,
)


def check_step(old: State, new: State) -> None:
    """Refuse a step that is not in the table: our own mistake."""
    if new not in TRANSITIONS[old]:
        raise RuntimeError(f"a payment never goes from {old.value} to {new.value}")


def check_call_step(old: State, new: State) -> None:
    """Refuse a step of a call that is not in the table: our own mistake."""
    if new not in CALL_TRANSITIONS.get(old, frozenset()):
        raise RuntimeError(f"a call never goes from {old.value} to {new.value}")


def of_request(payments: Iterable[State]) -> State:
    """A request's state: that of the payment that needs most attention. Confirmed only if all are."""
    present = set(payments)
    for state in _SHOWN_FIRST:
        if state in present:
            return state
    raise RuntimeError("a request without payments")
