"""Calls in a ledger, without the requests' machinery around them."""

from sqlalchemy import insert

from coldtusk_online.ledger import calls
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.states import State
from coldtusk_online.ledger.store import Ledger
from coldtusk_online.ledger.tables import DEVICES, REQUESTS
from coldtusk_shared.request import PaymentId, RequestId
from tests.simulators.online_house import NOW

_DEVICE, _REQUEST = b"\x55" * 16, RequestId(b"\x77" * 16)


def call_id(number: int) -> PaymentId:
    """The id of the call *number*."""
    return PaymentId(bytes([number]) * 16)


def a_call(
    number: int, *, system: str, state: State = State.UNKNOWN, reference: str = "", reply: bytes | None = None
) -> Call:
    """One call."""
    return Call(
        id=call_id(number),
        request=_REQUEST,
        place=number,
        state=state,
        system=system,
        command="command",
        account=b"key",
        number=number,
        intent=bytes(32),
        reference=reference,
        reply=reply,
    )


def add_calls(ledger: Ledger, *made: Call) -> None:
    """Insert *made*, with a device and one request that has them all."""
    device = {"kid": _DEVICE, "public_key": b"\x66" * 32, "label": "cold", "paired_at": NOW}
    request = {"id": _REQUEST, "created": NOW, "device": _DEVICE, "payload": b"payload"}
    with ledger.writing() as db:
        db.execute(insert(DEVICES).values(device))
        db.execute(insert(REQUESTS).values(request))
        calls.add(db, made, NOW)
