"""Whether a call goes: strictly by nonce, one at a time, and what is in doubt before its successors.

Facts (Failure rules): the identical bytes may be sent again while no higher nonce of the key was used. A call of a
higher nonce burns what did not arrive, and then nothing below it is sent again. So only a call that settles or burns
may pass one in doubt. Calls that only read are in nobody's way once their answer was lost.
"""

from collections.abc import Iterable, Sequence

from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.states import SENDABLE, State
from coldtusk_online.sending import GO, Gate, Ready, dead, held
from coldtusk_shared.errors import Code, OutcomeUnknown, Refused
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.coinpayments.commands import BURN, COMMANDS, HISTORY

BURNED = Code("coinpayments.burned", "nothing happened: have it made and signed again, if it is still wanted")
FIRST = Code("coinpayments.not-first", "submit the response of the earlier call first; `coinpayments burn` gives it up")
IN_DOUBT = Code(
    "coinpayments.in-doubt",
    "submit its response again; if the service refuses its nonce, `coinpayments get-withdrawal-history` tells",
)
NEVER_AGAIN = Code(
    "coinpayments.never-again",
    "`coinpayments get-withdrawal-history` tells what became of it; what it cannot show, `request settle` says",
)

SETTLING = frozenset(
    {
        BURN.name,
        HISTORY.name,
        "get_withdrawal_info",
        "get_conversion_info",
        "get_tx_ids",
        "get_tx_info",
        "get_tx_info_multi",
    }
)
"""Calls that tell what became of one in doubt, and so may pass it."""
_USED = frozenset({State.UNKNOWN, State.CONFIRMED, State.REJECTED})
"""States of calls whose nonce the service may have seen."""


def gate(ready: Ready, past: Sequence[Call]) -> Gate:
    """Whether *ready* goes, *past* being all calls of its key."""
    own = number_of(ready.call)
    higher = next((one for one in past if is_above(one, own) and one.state in _USED), None)
    if higher is not None:
        return _passed(ready.call, number_of(higher))
    before = [one for one in below(past, own) if one.state in SENDABLE and not is_lost_read(one)]
    if not before or ready.call.command == BURN.name:
        return GO
    doubtful = next((one for one in before if one.state is State.UNKNOWN), None)
    if doubtful is None:
        return held(Refused(FIRST, _which(before[0], "was not sent yet"), where=ready.call.id.hex()))
    if ready.call.command == HISTORY.name or (ready.call.command in SETTLING and _all_doubtful(before)):
        return GO
    return held(OutcomeUnknown(IN_DOUBT, _which(doubtful, "has no known outcome"), where=ready.call.id.hex()))


def below(past: Iterable[Call], own: int) -> list[Call]:
    """Those of *past* with a nonce below *own*."""
    return [one for one in past if one.number is not None and one.number < own]


def is_above(call: Call, own: int) -> bool:
    """Whether *call* has a nonce above *own*."""
    return call.number is not None and call.number > own


def is_lost_read(call: Call) -> bool:
    """Whether only an answer was lost: nothing can have happened."""
    return call.state is State.UNKNOWN and COMMANDS[call.command].risk is Risk.READS


def is_in_doubt(call: Call) -> bool:
    """Whether something may have happened that nobody knows of."""
    return call.state is State.UNKNOWN and not is_lost_read(call)


def number_of(call: Call) -> int:
    """The nonce of a call that a device answered."""
    if call.number is None:
        raise RuntimeError("the device has not counted this call")
    return call.number


def _all_doubtful(calls: Iterable[Call]) -> bool:
    """Whether none of *calls* would be given up: only the history may do that, since it settles."""
    return all(one.state is State.UNKNOWN for one in calls)


def _passed(call: Call, higher: int) -> Gate:
    where = call.id.hex()
    if call.state is State.UNKNOWN:
        what = f"nonce {higher} was used after its {call.number}: the same bytes are never sent again"
        return held(OutcomeUnknown(NEVER_AGAIN, what, where=where))
    return dead(Refused(BURNED, f"nonce {higher} was used, and its own is {call.number}", where=where))


def _which(call: Call, what: str) -> str:
    return f"{call.command} with nonce {call.number}, request {call.request.hex()[:12]}, {what}"
