"""The JSON of POST /transaction/add, in each network's dialect (facts: Networks and dialects).

Integers are JSON integers: the node takes floats and wraps them, so none is ever written.
"""

import json

from coldtusk_shared.services.warthog.layout import BY_BODY
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.transaction import Transaction

_MAIN_KEYS = {"wartE8": "amountE8"}


def node_json(transaction: Transaction, signature: bytes) -> bytes:
    """The body that submits *transaction* with its 65-byte *signature*: always the same bytes."""
    layout = BY_BODY[type(transaction.body)]
    main = transaction.network is Network.MAIN
    members: dict[str, int | str | bool] = {} if main else {"type": layout.name}
    for field, value in zip(layout.fields, layout.values(transaction.body), strict=True):
        for key in field.json:
            members[_MAIN_KEYS.get(key, key) if main else key] = field.form.json(value)
    members["feeE8"] = transaction.fee_e8
    members["nonceId"] = transaction.nonce_id
    members["pinHeight"] = transaction.pin_height
    members["signature65"] = signature.hex()
    return json.dumps(members, separators=(",", ":")).encode("ascii")
