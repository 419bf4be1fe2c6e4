"""One rejecting message a rule: refused with its code, at its place, by the stage that must catch it."""

import json
import traceback
from typing import Any

import pytest

from coldtusk_shared import card, cbor, envelope, mapreader, request, response, services
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.services.warthog import content, evidence, rules
from tests.shared import rejected_messages
from tests.shared.samples import DEVICE, HOST

_VECTORS: list[dict[str, Any]] = json.loads(rejected_messages.FILE.read_text(encoding="utf-8"))["vectors"]


def _take(message: bytes, expected: MessageType) -> object:
    """All steps from bytes to a parsed message, as each half takes them."""
    match expected:
        case MessageType.REQUEST:
            return request.parse(envelope.open_sealed(message, expected, HOST.pinned).payload)
        case MessageType.RESPONSE:
            return response.parse(envelope.open_sealed(message, expected, DEVICE.pinned).payload)
        case MessageType.HOST_CARD:
            return card.open_host(message)
        case MessageType.DEVICE_CARD:
            return card.open_device(message)


def _stage(error: BadInput) -> str:
    """The step that raised *error*, by the functions that it passed through."""
    passed = {
        (frame.f_globals["__name__"].rpartition(".")[2], frame.f_code.co_name)
        for frame, _ in traceback.walk_tb(error.__traceback__)
    }
    if ("envelope", "read") in passed:
        return "read"
    if passed & {("envelope", "open_sealed"), ("envelope", "require_type"), ("envelope", "verify")}:
        return "open"
    if error.code in (card.NOT_OWN_KEY, card.WEAK_KEY):
        return "open"
    if ("rules", "check") in passed:
        return "rules"
    return "evidence" if ("evidence", "parse") in passed else "parse"


@pytest.mark.parametrize("vector", _VECTORS, ids=[vector["name"] for vector in _VECTORS])
def test_each_rule_refuses_its_message(vector: dict[str, Any]) -> None:
    """The code, the place and the stage are those of the vector."""
    with pytest.raises(BadInput) as refusal:
        _take(bytes.fromhex(vector["message"]), MessageType[vector["expected"]])
    error = refusal.value
    assert (vector["code"], vector["where"]) == (error.code.name, error.where)
    assert vector["stage"] == _stage(error)
    assert error.line().isascii() and error.line().isprintable()


def test_the_file_is_what_the_sentences_make() -> None:
    """The bytes are the same on every machine."""
    assert rejected_messages.text() == rejected_messages.FILE.read_text(encoding="utf-8")


def test_names_are_unique() -> None:
    """A failing vector is found by its name."""
    names = [vector["name"] for vector in _VECTORS]
    assert sorted(set(names)) == sorted(names)


def test_every_code_of_the_messages_has_a_vector() -> None:
    """Each code of the modules that read messages; the size cap has its tests in test_cbor and test_message_limits."""
    modules = (envelope, mapreader, request, response, card, services, content, rules, evidence)
    codes = {value.name for module in modules for value in vars(module).values() if isinstance(value, Code)}
    assert set() == codes - {vector["code"] for vector in _VECTORS}
    assert cbor.TOO_LARGE.name not in codes
