"""The judge of the wire format: `cddl-verifier` over ``messages.cddl``, and what the code says beside it.

It shares nothing with Coldtusk.
"""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from cddl_verifier import Validator

import coldtusk_shared
from coldtusk_offline import entries
from coldtusk_shared import card, envelope, request, response
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput
from coldtusk_shared.response import Result, Signed
from coldtusk_shared.services.coinpayments import output as coinpayments
from coldtusk_shared.services.coinrpc import output as coinrpc
from tests.shared.samples import DEVICE, HOST

CDDL = Path(coldtusk_shared.__file__).with_name("messages.cddl")
_SIGNATURE_BYTES = 65
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
STRICTER = {
    "amount.zero": "CDDL does not know what a decimal is worth",
    "card.not-its-own-key": "a key must be that of the envelope",
    "card.weak-key": "CDDL does not know points",
    "coinpayments.key": "CDDL does not look into bytes",
    "coinpayments.txids": "CDDL cannot count the parts of a text",
    "coinrpc.json.reserved-name": "three names are left out",
    "coinrpc.json.twice": "CDDL cannot compare two names",
    "coinrpc.key": "CDDL does not look into bytes",
    "coinsoftworks.key": "CDDL does not look into the paths",
    "coinsoftworks.parameters": "CDDL cannot compare two names",
    "coinsoftworks.path": "a place stands once, and no part is . or ..",
    "coinsoftworks.poll": "CDDL does not look into the paths",
    "coinsoftworks.words": "blanks, and one status twice",
    "coinspark.address.checksum": "CDDL cannot recompute",
    "coinspark.address.form": "CDDL does not know base 58",
    "coinspark.address.network": "CDDL cannot compare two fields",
    "coinspark.btc": "an amount is 0.1 BTC at most",
    "coinspark.lines": "CDDL cannot count the lines of a text",
    "coinspark.outputs": "CDDL cannot compare two fields",
    "coinspark.text-ends": "CDDL does not look at the ends of a text",
    "coinspark.url.domain": "CDDL counts characters",
    "coinspark.url.path": "two names are left out",
    "decimal.digits": "CDDL counts characters",
    "decimal.form": "CDDL does not know what a decimal is",
    "field.not-of-command": "the method that is built in has fields of its own",
    "field.empty": "a text of blanks says nothing",
    "request.mixed-scopes": "CDDL cannot compare two items",
    "request.not-after": "the deadline follows from the payments",
    "request.payment-twice": "CDDL cannot compare two items",
    "request.reply-key": "CDDL does not know which result holds a secret",
    "request.slot-twice": "CDDL cannot compare two items",
    "response.self-check": "a failed self-check is well formed",
    "text.marks": "CDDL does not know which characters are safe",
    "text.not-nfc": "CDDL does not know normal forms",
    "text.character": "CDDL does not know which characters are safe",
    "warthog.amount-range": "supplies and amounts are below 64 bits",
    "warthog.asset.name": "CDDL does not look into the proof",
    "warthog.asset.supply": "a supply is below 64 bits",
    "warthog.cancel-future": "CDDL cannot compare two fields",
    "warthog.cancel-height": "CDDL has no multiples",
    "warthog.evidence.fee": "CDDL cannot recompute",
    "warthog.evidence.pin-above-chain": "CDDL cannot compare two fields",
    "warthog.evidence.price": "CDDL cannot recompute",
    "warthog.fee.inexact": "CDDL cannot recompute",
    "warthog.fee.range": "a fee is from 1 to the supply",
    "warthog.pin-expired": "CDDL cannot compare two fields",
    "warthog.pin-height": "CDDL has no multiples",
    "warthog.price.form": "CDDL does not look into the three bytes",
    "warthog.zero-asset": "the all-zero hash has the form of one",
}
"""Codes that refuse what the CDDL takes, each with its reason. No other code may."""


def _host_card(payload: bytes) -> object:
    return card.open_host(envelope.seal(MessageType.HOST_CARD, payload, HOST))


def _device_card(payload: bytes) -> object:
    return card.open_device(envelope.seal(MessageType.DEVICE_CARD, payload, DEVICE))


def _response(payload: bytes) -> object:
    value = response.parse(payload)
    _check_outputs(value.results)
    return value


def _entry(payload: bytes) -> object:
    value = entries.parse(payload)
    if isinstance(value, entries.AnswerEntry):
        _check_outputs(value.results)
    return value


def _check_outputs(results: Iterable[Result]) -> None:
    """A reader of responses knows no systems; who asked reads the outputs by what was asked for."""
    for one in results:
        if isinstance(one, Signed) and len(one.output) != _SIGNATURE_BYTES:
            _check_call(one.output)


def _check_call(output: bytes) -> None:
    try:
        coinpayments.parse(output)
    except BadInput:
        coinrpc.parse(output)


_PARSERS: dict[str, Callable[[bytes], object]] = {
    "request": request.parse,
    "response": _response,
    "host-card": _host_card,
    "device-card": _device_card,
    "journal-entry": _entry,
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


def disagreement(what: str, taken: bool, code: str) -> list[str]:
    """What is wrong where the CDDL has *taken* something or not, and the code refuses it by *code* or not."""
    if not taken and not code:
        return [f"the code takes {what}"]
    return [f"the CDDL takes {what}, the code says {code}"] if taken and code and code not in STRICTER else []
