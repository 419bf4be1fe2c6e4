"""The code against ``messages.cddl``: what the code takes, the CDDL takes; where the code is stricter stands here."""

from collections.abc import Iterator
from typing import Any

import pytest
from cddl_verifier import schema_diagnostics

from coldtusk_shared import cbor, envelope, limits
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput
from tests.shared.cddl_judge import CDDL, RULES, fits, refusal
from tests.shared.message_vectors import Golden
from tests.shared.rejected_messages import rejected
from tests.shared.rejecting import GOLDEN, GONE, changed

_all = pytest.mark.parametrize("golden", GOLDEN.values(), ids=GOLDEN)
_STRICTER = {
    "card.not-its-own-key": "a key must be that of the envelope",
    "card.weak-key": "CDDL does not know points",
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


def test_the_schema_is_sound() -> None:
    """Every name is defined, every control applies, nothing is defined twice."""
    assert () == schema_diagnostics(CDDL)


@_all
def test_golden_messages_fit(golden: Golden) -> None:
    """Each vector fits its rule, sealed and open; a message fits no other kind of message."""
    assert fits(golden.payload, RULES[golden.type])
    if golden.type is not None:
        rule = RULES[golden.type]
        assert fits(golden.message, "message") and fits(golden.message, f"{rule}-message")
        assert [f"{rule}-message"] == [
            f"{other}-message"
            for other in (*RULES.values(), "policy", "void-request")
            if other != "journal-entry" and fits(golden.message, f"{other}-message")
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


@pytest.mark.parametrize("name", [name for name in GOLDEN if name not in _ALIKE])
def test_code_and_cddl_agree(name: str) -> None:
    """Each key removed, each type changed, each bound passed: the code takes nothing that the CDDL refuses.

    What the CDDL takes and the code refuses, it refuses by a code that has its reason above.
    """
    golden = GOLDEN[name]
    rule = RULES[golden.type]
    wrong = []
    for what, payload in _alterations(golden):
        taken, code = fits(payload, rule), refusal(payload, rule)
        if not taken and not code:
            wrong.append(f"the code takes {what}")
        if taken and code and code not in _STRICTER:
            wrong.append(f"the CDDL takes {what}, the code says {code}")
    assert [] == wrong


_ONLY_CODE = {
    *_STRICTER,
    "field.not-supported",
    "kind.not-supported",
    "text.marks",
    "text.not-nfc",
    "request.mixed-scopes",
    "request.slot-twice",
}
"""Codes of the rejecting vectors whose form the CDDL takes: the above, reserved features, and how texts look."""


def test_rejected_messages_do_not_fit() -> None:
    """The vectors that are refused for their form, before anything is compared or computed, are refused by the CDDL."""
    unlike = {
        vector.name: vector.code
        for vector in rejected()
        if vector.stage in ("read", "parse") and fits(vector.message, f"{RULES[vector.expected]}-message")
    }
    assert {} == {name: code for name, code in unlike.items() if code not in _ONLY_CODE}


def test_the_aads_stand_in_the_cddl() -> None:
    """The comment of the CDDL names the external_aad and the content type of each message type."""
    text = CDDL.read_text(encoding="utf-8")
    for type_ in MessageType:
        assert f'"{type_.external_aad.decode()}"' in text and f'"{type_.content_type}"' in text


def test_envelopes_fit_or_are_refused_by_both() -> None:
    """What the reader of envelopes takes fits the CDDL: no part is freer in the code."""
    message = GOLDEN["request-wartTransfer"].message
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
        assert fits(b"\xd2" + cbor.encode(_replaced(cbor.decode(body), (2,), parts[2])), "message")
    assert taken
