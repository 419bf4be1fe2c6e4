"""What the CDDL reserves for later versions fits it already and is refused by the code, by name, until then."""

from typing import Any

import pytest

from coldtusk_shared import cbor, envelope
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput
from tests.shared.cddl_judge import RULES, fits, refusal
from tests.shared.rejecting import GOLDEN, payload_with
from tests.shared.samples import HOST

_PAYMENT = b"\x51" * 16
_APPROVAL = {1: bytes(32), 2: bytes(64)}
_RESERVED: dict[str, tuple[str, Any]] = {
    "a bump": ("request-wartTransfer", {7: {0: {6: {1: 1, 2: [bytes(32)]}}}}),
    "a replacement": ("request-wartTransfer", {7: {0: {6: {1: 2, 2: [bytes(32), b"\1" * 32]}}}}),
    "a void promised": ("response-signed", {4: [{1: _PAYMENT, 2: 4}]}),
    "a void refused": ("response-signed", {4: [{1: _PAYMENT, 2: 5, 7: b"the response"}]}),
    "a policy digest": ("response-signed", {5: {7: bytes(32)}}),
    "a policy rule": ("response-signed", {5: {8: "payroll; 500 of 1000 WART a window"}}),
    "approvals": ("response-signed", {5: {9: [_APPROVAL, _APPROVAL]}}),
    "an air-gap result": ("response-signed", {5: {10: {1: True}}}),
    "the text that was shown": ("entry-answer", {9: "Do  Send WART"}),
}


@pytest.mark.parametrize(("base", "change"), _RESERVED.values(), ids=_RESERVED)
def test_reserved_features(base: str, change: Any) -> None:
    """What a later version fills fits the CDDL already, and is refused by name until then."""
    rule = RULES[GOLDEN[base].type]
    payload = payload_with(base, change)
    assert fits(payload, rule)
    assert "field.not-supported" == refusal(payload, rule)


_VOID = {1: 1, 2: _PAYMENT, 3: 1_800_000_000, 5: "typed twice", 6: "treasury-1", 7: [_PAYMENT], 8: {1: 3, 2: bytes(32)}}
_RESERVED_MESSAGES: dict[str, tuple[str, Any]] = {
    "void-request": ("coldtusk/v1/void/host-to-device", _VOID),
    "policy": ("coldtusk/v1/policy/host-to-device", {1: 1, 2: "whatever a policy will be"}),
}


@pytest.mark.parametrize("name", _RESERVED_MESSAGES)
def test_reserved_messages(name: str) -> None:
    """A void request and a policy fit the CDDL already, and no command takes them."""
    aad, value = _RESERVED_MESSAGES[name]
    protected = cbor.encode({1: -8, 3: f"application/vnd.coldtusk.{name}+cbor", 4: envelope.key_id(HOST.public_key)})
    payload = cbor.encode(value)
    signature = HOST.sign(cbor.encode(["Signature1", protected, aad.encode(), payload]))
    message = b"\xd2" + cbor.encode([protected, {}, payload, signature])
    assert fits(message, "message") and fits(message, f"{name}-message")
    for type_ in MessageType:
        with pytest.raises(BadInput) as refused:
            envelope.open_sealed(message, type_, HOST.pinned)
        assert "message.wrong-type" == refused.value.code.name
