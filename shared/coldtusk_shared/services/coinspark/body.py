"""The exact body of the call: JSON-RPC with the API key among the parameters (the service's document, its example).

The members are those of the document's example, in its order: ``id``, ``method``, ``params``. The id is the payment
id in hex, so that a reply can belong to one call only. Numbers are the very decimals that were approved.
"""

from coldtusk_shared import limits
from coldtusk_shared.command import Fields
from coldtusk_shared.forms import FieldValue
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services.coinspark.commands import CREATE_ASSET, METHOD
from coldtusk_shared.services.coinspark.json_text import Json, Number, encode

_NUMBERS = frozenset({"display_multiple", "rounding", "send_btc", "fee_btc"})
"""Texts of ours that the service takes as numbers."""


def body(payment_id: PaymentId, key: str, given: Fields) -> bytes:
    """What is sent, in printable ASCII: the same bytes for the same arguments."""
    params: dict[str, Json] = {"key": key}
    params |= {field.name: _json(field.name, given[field.name]) for field in CREATE_ASSET.fields if field.name in given}
    made = encode({"id": payment_id.hex(), "method": METHOD, "params": params}).encode("ascii")
    if len(made) > limits.SERVICE_BODY_BYTES:
        raise RuntimeError("the bounds of the parameters do not keep the body below its cap")
    return made


def _json(name: str, value: FieldValue) -> Json:
    return Number(str(value)) if name in _NUMBERS else value
