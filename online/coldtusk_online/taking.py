"""Taking a response: matched, then its outputs, refusals and journal heads stored in one transaction."""

from collections.abc import Iterable

from sqlalchemy import Connection

from coldtusk_online import match
from coldtusk_online.host import Host
from coldtusk_online.ledger import calls, devices, payments, requests
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.payments import Payment
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.states import State
from coldtusk_online.match import Asked, Matched
from coldtusk_shared import cbor
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.response import RefusedItem, Released, Result, Signed
from coldtusk_shared.text import quoted

UNKNOWN_REQUEST = Code("response.unknown-request", "take it to the host that made the request")
NOT_PENDING = Code("response.not-pending", "`coldtusk-online request show ID` says what became of the request")
ANSWERED = Code("response.already-answered", "another answer is stored: find out which device gave two, and why")
NUMBER_TWICE = Code(
    "response.number-twice", "stop: the device counted two calls alike; compare its journal with its paper log"
)


def take(host: Host, message: bytes) -> Stored:
    """Store the answer in *message*; the same one again changes nothing. The request as it stands then.

    :raises Refused: ``response.unknown-request``, ``response.not-pending``, ``response.already-answered``,
        ``response.number-twice``, and what :func:`match.match` raises.
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
        _check_numbers(db, stored.calls, matched)
        steps = list(_call_steps(stored.calls, matched)) if stored.calls else list(_steps(stored.payments, matched))
        requests.answer(db, stored.id, message, steps, host.clock())
    host.checkpoint("answered")
    with host.ledger.reading() as db:
        return requests.get(db, stored.id)


def _check_pending(stored: Stored) -> None:
    if stored.response is not None:
        raise Refused(ANSWERED, "the request was answered with other bytes", where="response")
    if State.ISSUED not in stored.states:
        raise Refused(NOT_PENDING, f"the request is {stored.state.value}", where="response.request_id")


def _check_numbers(db: Connection, own: Iterable[Call], matched: Matched) -> None:
    """A number is used once for ever: the service takes one of two calls that share it."""
    for call in own:
        number = matched.numbers.get(call.id)
        other = None if number is None else calls.with_number(db, call.system, call.account, number)
        if other is not None:
            what = f"{number} is the number of a call of request {other.request.hex()}"
            raise Refused(NUMBER_TWICE, what, where=f"response.results[{call.place}].output")


def _steps(own: Iterable[Payment], matched: Matched) -> Iterable[payments.Step]:
    for payment, result in zip(own, matched.results, strict=True):
        if payment.state is State.ISSUED:
            yield _step(payment, result)


def _step(payment: Payment, result: Result) -> payments.Step:
    match result:
        case Signed(output=output):
            return payments.Step(payment.id, State.ANSWERED, signature=output)
        case RefusedItem():
            return payments.Step(payment.id, State.REFUSED, _refusal(result))
        case Released():
            raise RuntimeError("a payment has no secret in it")


def _call_steps(own: Iterable[Call], matched: Matched) -> Iterable[calls.Step]:
    for call, result in zip(own, matched.results, strict=True):
        if call.state is State.ISSUED:
            yield _call_step(call, result, matched.numbers.get(call.id))


def _call_step(call: Call, result: Result, number: int | None) -> calls.Step:
    match result:
        case Signed(output=output):
            return calls.Step(call.id, State.ANSWERED, output=output, number=number)
        case Released(enc=enc, ciphertext=ciphertext):
            return calls.Step(call.id, State.ANSWERED, output=cbor.encode([enc, ciphertext]))
        case RefusedItem():
            return calls.Step(call.id, State.REFUSED, _refusal(result))


def _refusal(result: RefusedItem) -> str:
    return f"the device refused [{result.code}]: {quoted(result.reason)}"
