"""What the driver of calls and the systems' ``submit`` leaves say to each other: whether a call goes, and what came.

A leaf has ``gate``, which looks and touches nothing, and ``send``, which sends once. The driver
(:mod:`coldtusk_online.submitting`) holds the ledger: before ``send`` the call stands as unknown, durably.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from coldtusk_online.http import HttpClient
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.ledger.states import State
from coldtusk_online.settings import Settings
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.request import Item, PaymentId


class Step(Enum):
    """What a gate says of a call."""

    GO = "go"
    """It is sent now."""
    WAIT = "wait"
    """It is held until a time, then the gate is asked again."""
    DEAD = "dead"
    """It was never sent and never will be: its time is over, or it was burned."""
    HELD = "held"
    """It is not sent: another call comes first, or it may have happened and is never sent again."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate's word. *until* (Unix seconds) belongs to WAIT; *why* says what to do first (HELD), or why it is DEAD."""

    step: Step
    until: int = 0
    why: ColdtuskError | None = None


GO = Gate(Step.GO)


def wait(until: int) -> Gate:
    """Hold it until *until*, in Unix seconds."""
    return Gate(Step.WAIT, until)


def dead(why: ColdtuskError) -> Gate:
    """It can never be sent any more."""
    return Gate(Step.DEAD, why=why)


def held(why: ColdtuskError) -> Gate:
    """It is not sent now; *why* says what comes first."""
    return Gate(Step.HELD, why=why)


@dataclass(frozen=True, slots=True)
class Ready:
    """A call that could be sent. *output* is the device's, decrypted if it was released; no repr shows it.

    *call* is as it stood before this attempt: ``UNKNOWN`` says that it was sent in doubt before. A released one of that
    state comes with an empty *output*, and is never sent again. *past* are all calls of its account as the gate saw
    them, for a reply that resolves some of them; *doubt* is when one of those that are unknown was last sent, in
    Unix seconds, or 0.
    """

    call: Call
    item: Item
    output: bytes = field(repr=False)
    past: tuple[Call, ...] = field(default=(), repr=False)
    doubt: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """How an account's calls leave. *tell* says a line to the operator; *memory* lives as long as the process.

    What *memory* holds may be a secret (a bearer): it is never written anywhere, and no repr shows it.
    """

    http: HttpClient
    settings: Settings
    account: ServiceAccount
    clock: Callable[[], int]
    sleep: Callable[[float], None]
    tell: Callable[[str], None]
    memory: dict[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Settled:
    """Another call of the account that a reply resolves: a history shows it, or shows that it never arrived."""

    payment_id: PaymentId
    state: State
    note: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the service answered: the call is CONFIRMED or REJECTED. *reply* is kept: no secret may be in it.

    *error* is what the operator is told in one line, beside the state.
    """

    state: State
    note: str
    reference: str = ""
    reply: bytes = field(default=b"", repr=False)
    error: ColdtuskError | None = None
    settles: tuple[Settled, ...] = ()
