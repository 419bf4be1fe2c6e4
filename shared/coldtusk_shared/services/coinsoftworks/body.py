"""The exact body of a call: compact JSON of texts in printable ASCII, the same bytes for the same arguments."""

import json
from collections.abc import Iterable

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Code

SIZE = Code(
    "coinsoftworks.body-size", "shorten the texts: a body has at most 12 KiB, and characters past ASCII take six"
)


def of_action(parameters: Iterable[tuple[str, str]], where: str = "parameters") -> bytes:
    """One object with *parameters* in their order; all but ASCII escaped.

    :raises BadInput: ``coinsoftworks.body-size``.
    """
    made = json.dumps(dict(parameters), ensure_ascii=True, separators=(",", ":")).encode("ascii")
    if len(made) > limits.SERVICE_BODY_BYTES:
        raise BadInput(SIZE, f"the body would have {len(made)} bytes", where=where)
    return made
