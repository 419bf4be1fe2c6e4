"""Envelopes against an independent COSE library, `cwt`, in both directions.

It needs an older cbor2 than Coldtusk, so it runs in an environment of its own, which ``make test`` makes.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from coldtusk_shared import envelope
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput
from tests.shared import message_vectors
from tests.shared.samples import DEVICE, HOST, STRANGER

_HERE = Path(__file__).parent
_PYTHON = _HERE.parents[1] / ".venv-cose" / "bin" / "python"
_SEALED = {name: one for name, one in message_vectors.golden().items() if one.type and one.signer}


def _run(script: str, lines: list[dict[str, str]]) -> list[dict[str, Any]]:
    """What *script* answers to *lines*."""
    if not _PYTHON.exists():
        pytest.fail("the independent COSE library is not installed: run `make .venv-cose/.ready`")
    asked = "".join(json.dumps(line) + "\n" for line in lines)
    command = [str(_PYTHON), "-I", str(_HERE / script)]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    answers: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(answers)
    return answers


def _question(
    name: str, message: bytes | None = None, aad: bytes | None = None, key: bytes | None = None
) -> dict[str, str]:
    one = _SEALED[name]
    assert one.type is not None and one.signer is not None
    return {
        "message": (one.message if message is None else message).hex(),
        "public_key": (one.signer.public_key if key is None else key).hex(),
        "external_aad": (one.type.external_aad if aad is None else aad).hex(),
    }


def test_it_verifies_every_golden_message() -> None:
    """The payload that it gives is the payload of the vector."""
    answers = _run("cose_oracle.py", [_question(name) for name in _SEALED])
    assert [one.payload.hex() for one in _SEALED.values()] == [answer.get("payload") for answer in answers]


def test_it_refuses_what_we_refuse() -> None:
    """A byte changed in any part, another direction, another version, no external data, another key."""
    name = "request-wartTransfer"
    message = _SEALED[name].message
    flipped = [message[:at] + bytes([message[at] ^ 1]) + message[at + 1 :] for at in range(3, len(message), 17)]
    aads = [type_.external_aad for type_ in MessageType if type_ is not MessageType.REQUEST]
    questions = [_question(name, message=one) for one in flipped]
    questions += [_question(name, aad=aad) for aad in (*aads, b"", b"coldtusk/v2/request/host-to-device")]
    questions.append(_question(name, key=STRANGER.public_key))
    answers = _run("cose_oracle.py", questions)
    assert [] == [question for question, answer in zip(questions, answers, strict=True) if "error" not in answer]


def _asked(type_: MessageType, payload: bytes, seed_byte: int, kid: bytes, aad: bytes | None = None) -> dict[str, str]:
    return {
        "seed": (bytes([seed_byte]) * 32).hex(),
        "kid": kid.hex(),
        "content_type": type_.content_type,
        "payload": payload.hex(),
        "external_aad": (type_.external_aad if aad is None else aad).hex(),
    }


def test_we_open_what_it_makes() -> None:
    """With our headers it makes our bytes, to the last of them, and they open."""
    kid = envelope.key_id(HOST.public_key)
    lines = [_asked(type_, b"\xa1\1\1", HOST.seed_byte, kid) for type_ in MessageType]
    for type_, answer in zip(MessageType, _run("cose_maker.py", lines), strict=True):
        message = bytes.fromhex(answer["message"])
        assert envelope.seal(type_, b"\xa1\1\1", HOST) == message
        assert b"\xa1\1\1" == envelope.open_sealed(message, type_, HOST.pinned).payload


def test_we_refuse_what_it_makes_otherwise() -> None:
    """Another external_aad, another kid, another key under a pinned kid."""
    host, device = envelope.key_id(HOST.public_key), envelope.key_id(DEVICE.public_key)
    lines = [
        _asked(MessageType.REQUEST, b"\xa0", HOST.seed_byte, host, MessageType.RESPONSE.external_aad),
        _asked(MessageType.REQUEST, b"\xa0", HOST.seed_byte, device),
        _asked(MessageType.REQUEST, b"\xa0", STRANGER.seed_byte, host),
    ]
    codes = []
    for answer in _run("cose_maker.py", lines):
        with pytest.raises(BadInput) as refusal:
            envelope.open_sealed(bytes.fromhex(answer["message"]), MessageType.REQUEST, HOST.pinned)
        codes.append(refusal.value.code.name)
    assert ["message.bad-signature", "message.unknown-signer", "message.bad-signature"] == codes
