"""The end of calls that no reply brought: the operator's word on what is unknown, and time for what was never sent."""

from collections.abc import Sequence

from coldtusk_online.host import Host
from coldtusk_online.ledger import calls, requests
from coldtusk_online.ledger.calls import Call, Move, Step
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.states import State
from coldtusk_online.opening import deadline_of, unsent
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.request import PaymentId, RequestId
from coldtusk_shared.text import check_text

NOT_UNKNOWN = Code("call.not-unknown", "only a call whose outcome is unknown is settled: `request show ID` says more")
NO_REASON = Code("call.no-reason", "say with --why how you know: the auditor reads it")

_UNSENT = frozenset({State.DRAFT, State.ISSUED, State.ANSWERED})


def settle(host: Host, payment_id: PaymentId, *, happened: bool, why: str) -> Call:
    """Record the operator's word that an unknown call *happened* or did not, and *why* that is known.

    :raises Refused: ``call.not-unknown``, ``call.no-reason``. :raises BadInput: what :func:`check_text` raises.
    """
    check_text(why, "--why")
    if not why.strip(" "):
        raise Refused(NO_REASON, "no reason is given", where="--why")
    word = "it happened" if happened else "it did not happen"
    step = Step(payment_id, State.CONFIRMED if happened else State.EXPIRED, f"the operator says {word}: {why}")
    with host.ledger.writing() as db:
        if not calls.move(db, [Move(State.UNKNOWN, step)], host.clock()):
            raise Refused(NOT_UNKNOWN, "its outcome is not unknown", where=payment_id.hex())
    host.checkpoint("settled")
    with host.ledger.reading() as db:
        return calls.get(db, payment_id)


def expire(host: Host, chosen: Sequence[RequestId] = ()) -> list[Stored]:
    """End what was not sent in time, of *chosen* requests or of all; the requests of which something ended."""
    now = host.clock()
    ended: list[Stored] = []
    with host.ledger.writing() as db:
        waiting = {call.request for call in calls.unsettled(db) if call.state in _UNSENT}
        for id_ in sorted(waiting if not chosen else waiting.intersection(chosen)):
            late = _late(requests.get(db, id_), now)
            calls.step(db, [Step(call.id, State.EXPIRED, unsent(call)) for call in late], now)
            if late:
                ended.append(requests.get(db, id_))
    return ended


def _late(stored: Stored, now: int) -> list[Call]:
    asked = stored.parsed()
    pairs = zip(asked.items, stored.calls, strict=True)
    return [call for item, call in pairs if call.state in _UNSENT and deadline_of(asked, item) < now]
