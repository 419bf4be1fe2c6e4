"""The code against ``messages.cddl``: what the code takes, the CDDL takes; where the code is stricter stands here.

The judge is `cddl-verifier`, which shares nothing with Coldtusk.
"""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cddl_verifier import Validator, schema_diagnostics

import coldtusk_shared
from coldtusk_offline import entries
from coldtusk_shared import card, cbor, envelope, limits, request, response
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput
from tests.shared import message_vectors
from tests.shared.message_vectors import Golden
from tests.shared.rejected_messages import GONE, changed, payload_with, rejected
from tests.shared.samples import DEVICE, HOST

_CDDL = Path(coldtusk_shared.__file__).with_name("messages.cddl")
_VALIDATOR = Validator(_CDDL)
logging.getLogger("cddl_verifier").setLevel(logging.CRITICAL)  # it writes an essay on each refusal
_GOLDEN = message_vectors.golden()
_all = pytest.mark.parametrize("golden", _GOLDEN.values(), ids=_GOLDEN)
_RULES = {
    MessageType.REQUEST: "request",
    MessageType.RESPONSE: "response",
    MessageType.HOST_CARD: "host-card",
    MessageType.DEVICE_CARD: "device-card",
    None: "journal-entry",
}


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

_STRICTER = {
    "card.not-its-own-key": "a key must be that of the envelope",
    "request.not-after": "the deadline follows from the payments",
    "request.payment-twice": "CDDL cannot compare two items",
    "response.self-check": "a failed self-check is well formed",
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
    "decimal.digits": "CDDL counts characters",
    "decimal.form": "CDDL does not know what a decimal is",
}
"""Codes that refuse what the CDDL takes, each with its reason. No other code may."""


_ALIKE = (
    "request-tokenTransfer-liquidity",
    "request-limitSwap-sell",
    "request-batch",
    "response-batch",
    "response-behind",
)
"""Vectors of the same form as another one."""


def _fits(data: bytes, rule: str) -> bool:
    return bool(_VALIDATOR.validate(data, rule, require_deterministic=True).valid)


def _refusal(payload: bytes, rule: str) -> str:
    """The code that refuses *payload*, or ""."""
    try:
        _PARSERS[rule](payload)
    except BadInput as error:
        return error.code.name
    return ""


def test_the_schema_is_sound() -> None:
    """Every name is defined, every control applies, nothing is defined twice."""
    assert () == schema_diagnostics(_CDDL)


@_all
def test_golden_messages_fit(golden: Golden) -> None:
    """Each vector fits its rule, sealed and open; a message fits no other kind of message."""
    assert _fits(golden.payload, _RULES[golden.type])
    if golden.type is not None:
        rule = _RULES[golden.type]
        assert _fits(golden.message, "message") and _fits(golden.message, f"{rule}-message")
        assert [f"{rule}-message"] == [
            f"{other}-message"
            for other in (*_RULES.values(), "policy", "void-request")
            if other != "journal-entry" and _fits(golden.message, f"{other}-message")
        ]


def _places(value: Any, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Every value inside *value*, with the keys and places that lead to it; of the items and results the first two."""
    inner = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*path, key), one
        yield from _places(one, (*path, key))


def _others(value: Any) -> Iterator[Any]:
    """What may stand wrongly in the place of *value*: other types, and its own type just beside it."""
    yield from (None, True, 0, 1, -1, b"", bytes(32), "", "0.01", "\x1b", [], [0], {}, {0: 0})
    if isinstance(value, bool):
        yield not value
    if isinstance(value, int):
        yield from (value + 1, limits.U32, limits.U32 + 1, limits.U64)
    if isinstance(value, bytes):
        yield from (value + b"\0", value[:-1], bytes(len(value)))
    if isinstance(value, str):
        yield from (value + "x", value.upper(), "x" * limits.LABEL_BYTES, "x" * (limits.LABEL_BYTES + 1))
        yield from ("x" * limits.TEXT_BYTES, "0" * 41, "0" * 42)
    if isinstance(value, list):
        yield from ([*value, 0], value[:-1], [*value, *value])


def _nested(path: tuple[int, ...], change: Any) -> Any:
    for key in reversed(path):
        change = {key: change}
    return change


def _alterations(golden: Golden) -> Iterator[tuple[str, bytes]]:
    """The payload with each key removed, each value replaced, and an unknown key in each map.

    What all requests share is altered in one of them only.
    """
    whole: Any = cbor.decode(golden.payload)
    yield "an unknown key", cbor.encode({**whole, 99: 0})
    own = (7,) if golden.type is MessageType.REQUEST and golden.name != "request-wartTransfer" else ()
    for path, value in _places(whole):
        if path[: len(own)] != own:
            continue
        if isinstance(value, dict):
            yield f"{path} with an unknown key", cbor.encode(changed(whole, _nested((*path, 99), 0)))
        yield (
            f"{path} removed",
            cbor.encode(changed(whole, _nested(path, GONE))) if _in_map(whole, path) else golden.payload,
        )
        for other in _others(value):
            altered = cbor.encode(_replaced(whole, path, other))
            yield f"{path} = {other!r:.40}", altered


def _in_map(whole: Any, path: tuple[int, ...]) -> bool:
    for key in path[:-1]:
        whole = whole[key]
    return isinstance(whole, dict)


def _replaced(value: Any, path: tuple[int, ...], new: Any) -> Any:
    """*value* with *new* itself at *path*; :func:`changed` would merge maps."""
    if not path:
        return new
    key, rest = path[0], path[1:]
    if isinstance(value, list):
        return [_replaced(one, rest, new) if place == key else one for place, one in enumerate(value)]
    return {**value, key: _replaced(value[key], rest, new)}


@pytest.mark.parametrize("name", [name for name in _GOLDEN if name not in _ALIKE])
def test_code_and_cddl_agree(name: str) -> None:
    """Each key removed, each type changed, each bound passed: the code takes nothing that the CDDL refuses.

    What the CDDL takes and the code refuses, it refuses by a code that has its reason above.
    """
    golden = _GOLDEN[name]
    rule = _RULES[golden.type]
    wrong = []
    for what, payload in _alterations(golden):
        fits, refusal = _fits(payload, rule), _refusal(payload, rule)
        if not fits and not refusal:
            wrong.append(f"the code takes {what}")
        if fits and refusal and refusal not in _STRICTER:
            wrong.append(f"the CDDL takes {what}, the code says {refusal}")
    assert [] == wrong


_PAYMENT = b"\x51" * 16
_ENCRYPTED = {1: bytes(32), 2: b"sealed"}
_APPROVAL = {1: bytes(32), 2: bytes(64)}
_LATER = "field.not-supported"
_RESERVED: dict[str, tuple[str, Any, str]] = {
    "a reply key": ("request-wartTransfer", {10: bytes(32)}, _LATER),
    "a bump": ("request-wartTransfer", {7: {0: {6: {1: 1, 2: [bytes(32)]}}}}, _LATER),
    "a replacement": ("request-wartTransfer", {7: {0: {6: {1: 2, 2: [bytes(32), b"\1" * 32]}}}}, _LATER),
    "coinpayments": (
        "request-wartTransfer",
        {4: [2, 1_800_000_000], 7: [{1: "coinpayments/create_withdrawal", 2: _PAYMENT, 3: b"merchant", 4: {1: "1.5"}}]},
        "kind.not-supported",
    ),
    "coinrpc": (
        "request-wartTransfer",
        {7: [{1: "coinrpc/sendtoaddress", 2: _PAYMENT, 3: b"node", 4: {}, 5: {}}]},
        "kind.not-supported",
    ),
    "coinspark": ("request-wartTransfer", {7: {0: {1: "coinspark/issue"}}}, "kind.not-supported"),
    "coinsoftworks": ("request-wartTransfer", {7: {0: {1: "coinsoftworks/token"}}}, "kind.not-supported"),
    "an encrypted output": ("response-signed", {4: [{1: _PAYMENT, 2: 3, 6: _ENCRYPTED}]}, _LATER),
    "a void promised": ("response-signed", {4: [{1: _PAYMENT, 2: 4}]}, _LATER),
    "a void refused": ("response-signed", {4: [{1: _PAYMENT, 2: 5, 7: b"the response"}]}, _LATER),
    "a policy digest": ("response-signed", {5: {7: bytes(32)}}, _LATER),
    "a policy rule": ("response-signed", {5: {8: "payroll; 500 of 1000 WART a window"}}, _LATER),
    "approvals": ("response-signed", {5: {9: [_APPROVAL, _APPROVAL]}}, _LATER),
    "an air-gap result": ("response-signed", {5: {10: {1: True}}}, _LATER),
    "the operators' time": ("response-signed", {5: {11: 1_800_000_000}}, _LATER),
    "the text that was shown": ("entry-answer", {9: "Do  Send WART"}, _LATER),
}


@pytest.mark.parametrize(("base", "change", "code"), _RESERVED.values(), ids=_RESERVED)
def test_reserved_features(base: str, change: Any, code: str) -> None:
    """What a later version fills fits the CDDL already, and is refused by name until then."""
    rule = _RULES[_GOLDEN[base].type]
    payload = payload_with(base, change)
    assert _fits(payload, rule)
    assert code == _refusal(payload, rule)


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
    assert _fits(message, "message") and _fits(message, f"{name}-message")
    for type_ in MessageType:
        with pytest.raises(BadInput) as refusal:
            envelope.open_sealed(message, type_, HOST.pinned)
        assert "message.wrong-type" == refusal.value.code.name


_ONLY_CODE = {
    *_STRICTER,
    "field.not-supported",
    "kind.not-supported",
    "text.marks",
    "text.not-nfc",
    "request.mixed-scopes",
}
"""Codes of the rejecting vectors whose form the CDDL takes: the above, reserved features, and how texts look."""


def test_rejected_messages_do_not_fit() -> None:
    """The vectors that are refused for their form, before anything is compared or computed, are refused by the CDDL."""
    unlike = {
        vector.name: vector.code
        for vector in rejected()
        if vector.stage in ("read", "parse") and _fits(vector.message, f"{_RULES[vector.expected]}-message")
    }
    assert {} == {name: code for name, code in unlike.items() if code not in _ONLY_CODE}


def test_the_aads_stand_in_the_cddl() -> None:
    """The comment of the CDDL names the external_aad and the content type of each message type."""
    text = _CDDL.read_text(encoding="utf-8")
    for type_ in MessageType:
        assert f'"{type_.external_aad.decode()}"' in text and f'"{type_.content_type}"' in text


def test_envelopes_fit_or_are_refused_by_both() -> None:
    """What the reader of envelopes takes fits the CDDL: no part is freer in the code."""
    message = _GOLDEN["request-wartTransfer"].message
    parts: Any = cbor.decode(message[1:])
    header: Any = cbor.decode(parts[0])
    headers = [
        {**header, key: value} for key in (1, 2, 3, 4, 5) for value in (-8, -7, 0, "", b"", bytes(16), bytes(15), None)
    ]
    altered = [cbor.encode([cbor.encode(one), *parts[1:]]) for one in headers]
    for place in range(4):
        altered += [cbor.encode([*parts[:place], other, *parts[place + 1 :]]) for other in _others(parts[place])]
    altered += [cbor.encode(parts[:3]), cbor.encode([*parts, b""]), cbor.encode(parts)]
    taken = 0
    for body in altered:
        try:
            envelope.read(b"\xd2" + body)
        except BadInput:
            continue
        taken += 1
        # A payload of other bytes is for the parsers: here only the envelope is judged.
        assert _fits(b"\xd2" + cbor.encode(_replaced(cbor.decode(body), (2,), parts[2])), "message")
    assert taken
