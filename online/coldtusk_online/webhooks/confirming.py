"""Confirming a notice of CoinRPC by a call that a device signed: its hash alone proves too little."""

from sqlalchemy import Connection

from coldtusk_online.ledger import calls, notices
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.notices import Stored
from coldtusk_online.ledger.states import State
from coldtusk_online.services.coinrpc import agreement
from coldtusk_online.webhooks import form
from coldtusk_online.webhooks.notice import Service
from coldtusk_shared.errors import BadInput, Code, Refused

NO_CALL = Code("webhooks.call", "give the id of one call to CoinRPC that was answered; `request show` has them")
NOT_NEEDED = Code("webhooks.not-coinrpc", "only notices of CoinRPC are confirmed so")

_SHORTEST = 6


def confirm(db: Connection, notice_text: str, call_text: str) -> Stored:
    """Confirm the notice whose id begins with *notice_text*, by the reply to the call whose id begins with *call_text*.

    :raises BadInput: ``webhooks.call``, and what :func:`notices.by_text` raises.
    :raises Refused: ``webhooks.not-coinrpc``, ``webhooks.not-open``, ``webhooks.not-told``, ``webhooks.disagrees``.
    """
    stored = notices.by_text(db, notice_text)
    if stored.notice.service is not Service.COINRPC:
        raise Refused(NOT_NEEDED, "this notice is of another service", where=stored.id.hex())
    agreement.check(form.parse(stored.notice.body), _reply(db, call_text))
    notices.confirm(db, stored.id)
    return stored


def _reply(db: Connection, text: str) -> bytes:
    found = [call for call in calls.all_of(db) if call.id.hex().startswith(text) and _is_answered(call)]
    if len(text) < _SHORTEST or len(found) != 1 or found[0].reply is None:
        raise BadInput(NO_CALL, "not the id of one call to CoinRPC that was answered", where="--call")
    return found[0].reply


def _is_answered(call: Call) -> bool:
    return call.system == Service.COINRPC.value and call.state is State.CONFIRMED
