"""The exact body of a call, and what its HMAC is made over (the service's document, Authentication)."""

from coldtusk_shared.request import PaymentId
from coldtusk_shared.services.coinrpc import safe_json
from coldtusk_shared.services.coinrpc.safe_json import Params


def body(payment_id: PaymentId, method: str, params: Params) -> bytes:
    """What is sent. The call's id is the payment's in hex, so that a reply can belong to one call only."""
    return safe_json.call(payment_id.hex(), method, params)


def message(sent: bytes, timestamp: int) -> bytes:
    """What the HMAC-SHA256 is made over: the body, a colon, Unix seconds in decimal digits."""
    return sent + b":" + str(timestamp).encode("ascii")
