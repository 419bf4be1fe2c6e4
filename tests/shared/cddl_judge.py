"""The judge of the wire format: `cddl-verifier` over ``messages.cddl``, and what the code says beside it.

It shares nothing with Coldtusk.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from cddl_verifier import Validator

import coldtusk_shared
from coldtusk_offline import entries
from coldtusk_shared import card, envelope, request, response
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput
from tests.shared.samples import DEVICE, HOST

CDDL = Path(coldtusk_shared.__file__).with_name("messages.cddl")
_VALIDATOR = Validator(CDDL)
logging.getLogger("cddl_verifier").setLevel(logging.CRITICAL)  # it writes an essay on each refusal
RULES = {
    MessageType.REQUEST: "request",
    MessageType.RESPONSE: "response",
    MessageType.HOST_CARD: "host-card",
    MessageType.DEVICE_CARD: "device-card",
    None: "journal-entry",
}
"""The rule of each message type; entries have no envelope."""


def _host_card(payload: bytes) -> object:
    return card.open_host(envelope.seal(MessageType.HOST_CARD, payload, HOST))


def _device_card(payload: bytes) -> object:
    return card.open_device(envelope.seal(MessageType.DEVICE_CARD, payload, DEVICE))


_PARSERS: dict[str, Callable[[bytes], object]] = {
    "request": request.parse,
    "response": response.parse,
    "host-card": _host_card,
    "device-card": _device_card,
    "journal-entry": entries.parse,
}


def fits(data: bytes, rule: str) -> bool:
    """Whether *data* is deterministic CBOR of *rule*."""
    return bool(_VALIDATOR.validate(data, rule, require_deterministic=True).valid)


def refusal(payload: bytes, rule: str) -> str:
    """The code that refuses *payload*, or ""."""
    try:
        _PARSERS[rule](payload)
    except BadInput as error:
        return error.code.name
    return ""
