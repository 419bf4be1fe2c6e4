"""The code against ``messages.cddl``: what the code takes, the CDDL takes; where the code is stricter stands here."""

from typing import Any

import pytest
from cddl_verifier import schema_diagnostics

from coldtusk_shared import cbor, envelope
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput
from tests.shared.alterations import altered, others, replaced
from tests.shared.cddl_judge import CDDL, RULES, STRICTER, disagreement, fits, refusal
from tests.shared.rejected_messages import rejected
from tests.shared.rejecting import GOLDEN
from tests.shared.vector_making import Golden

_all = pytest.mark.parametrize("golden", GOLDEN.values(), ids=GOLDEN)
_ALIKE = (
    "request-tokenTransfer-liquidity",
    "request-limitSwap-sell",
    "request-batch",
    "request-coinpayments-create_mass_withdrawal",
    "request-coinpayments-create_transaction",
    "request-coinpayments-create_withdrawal",
    "request-coinspark-create_asset",
    "request-coinsoftworks-both",
    "response-batch",
    "response-behind",
    "response-released-both",
)
"""Vectors of the same form as another one, or with fields that are altered in ``test_cddl_services.py``."""
_ONE_REQUEST = "request-wartTransfer"
"""What all requests share is altered in this one; of the others, their item."""
_REQUESTS = [one.name for one in GOLDEN.values() if one.type is MessageType.REQUEST and one.name not in _ALIKE]
_OTHERS = [name for name in GOLDEN if name == _ONE_REQUEST or name not in (*_ALIKE, *_REQUESTS)]
_BUILT_IN = {"request-coinrpc-get_balance": ("field.characters", "text.too-long")}
"""The method that is built in takes a currency, where others take any text."""


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


@pytest.mark.parametrize("name", _OTHERS)
def test_code_and_cddl_agree(name: str) -> None:
    """Each key removed, each type changed, each bound passed: the code takes nothing that the CDDL refuses.

    What the CDDL takes and the code refuses, it refuses by a code that has its reason in :data:`STRICTER`.
    """
    golden = GOLDEN[name]
    rule = RULES[golden.type]
    wrong = []
    for what, payload in altered(golden.payload):
        wrong += disagreement(what, fits(payload, rule), refusal(payload, rule))
    assert [] == wrong


@pytest.mark.parametrize("name", _REQUESTS[1:])
def test_code_and_cddl_agree_on_items(name: str) -> None:
    """As above for the item of each kind, which its system's rule judges alone."""
    whole: Any = cbor.decode(GOLDEN[name].payload)
    rule = f"{whole[7][0][1].partition('/')[0]}-item"
    wrong = []
    for what, payload in altered(cbor.encode({5: {}, **whole[7][0]})):
        code = refusal(cbor.encode({**whole, 7: [cbor.decode(payload)]}), "request")
        if code not in _BUILT_IN.get(name, ()):
            wrong += disagreement(what, fits(payload, rule), code)
    assert [] == wrong


_ONLY_CODE = {
    *STRICTER,
    "field.not-supported",
    "kind.not-supported",
}
"""Codes of the rejecting vectors whose form the CDDL takes: these, and reserved features."""


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
    bodies = [cbor.encode([cbor.encode(one), *parts[1:]]) for one in headers]
    for place in range(4):
        bodies += [cbor.encode([*parts[:place], other, *parts[place + 1 :]]) for other in others(parts[place])]
    bodies += [cbor.encode(parts[:3]), cbor.encode([*parts, b""]), cbor.encode(parts)]
    taken = 0
    for body in bodies:
        try:
            envelope.read(b"\xd2" + body)
        except BadInput:
            continue
        taken += 1
        # A payload of other bytes is for the parsers: here only the envelope is judged.
        assert fits(b"\xd2" + cbor.encode(replaced(cbor.decode(body), (2,), parts[2])), "message")
    assert taken
