"""Taking a response: matched, then its signatures, refusals and journal heads stored in one transaction."""

from collections.abc import Iterable

from coldtusk_online import match
from coldtusk_online.host import Host
from coldtusk_online.ledger import devices, requests
from coldtusk_online.ledger.payments import Payment, Step
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.states import State
from coldtusk_online.match import Asked, Matched
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.response import RefusedItem, Result, Signed
from coldtusk_shared.text import quoted

UNKNOWN_REQUEST = Code("response.unknown-request", "take it to the host that made the request")
NOT_PENDING = Code("response.not-pending", "`coldtusk-online request show ID` says what became of the request")
ANSWERED = Code("response.already-answered", "another answer is stored: find out which device gave two, and why")


def take(host: Host, message: bytes) -> Stored:
    """Store the answer in *message*; the same one again changes nothing. The request as it stands then.

    :raises Refused: ``response.unknown-request``, ``response.not-pending``, ``response.already-answered``, and
        what :func:`match.match` raises.
    """
    with host.ledger.writing() as db:
        answer = match.open_response(message, devices.pinned(db))
        stored = requests.find(db, answer.response.request_id)
        if stored is None or stored.sealed is None:
            raise Refused(UNKNOWN_REQUEST, "no request of this host has this id", where="response.request_id")
        if stored.response == message:
            return stored
        _check_pending(stored)
        base = stored.parsed().host_head
        known = devices.heads(db, stored.device, base.sequence if base else 0)
        matched = match.match(answer, Asked(stored.payload, stored.device, known))
        devices.add_heads(db, stored.device, matched.heads)
        requests.answer(db, stored.id, message, list(_steps(stored.payments, matched)), host.clock())
    host.checkpoint("answered")
    with host.ledger.reading() as db:
        return requests.get(db, stored.id)


def _check_pending(stored: Stored) -> None:
    if stored.response is not None:
        raise Refused(ANSWERED, "the request was answered with other bytes", where="response")
    if not any(payment.state is State.ISSUED for payment in stored.payments):
        raise Refused(NOT_PENDING, f"the request is {stored.state.value}", where="response.request_id")


def _steps(payments: Iterable[Payment], matched: Matched) -> Iterable[Step]:
    for payment, result in zip(payments, matched.results, strict=True):
        if payment.state is State.ISSUED:
            yield _step(payment, result)


def _step(payment: Payment, result: Result) -> Step:
    match result:
        case Signed(output=output):
            return Step(payment.id, State.ANSWERED, signature=output)
        case RefusedItem(code=code, reason=reason):
            return Step(payment.id, State.REFUSED, f"the device refused [{code}]: {quoted(reason)}")
