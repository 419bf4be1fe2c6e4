"""coinsoftworks on the wire: calls and actions read strictly, what they want, and the exact body."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import cbor, limits, services
from coldtusk_shared.errors import BadInput, ColdtuskError
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.coinsoftworks import body, commands, content
from tests.shared.services.coinsoftworks.softworks_samples import ACCOUNT, SEND, call, parsed, send

_RISKS = {
    "authenticate": Risk.RELEASES_SECRET,
    "settings": Risk.READS,
    "actions": Risk.READS,
    "user": Risk.READS,
    "execute": Risk.MOVES_MONEY,
}
_TEXTS = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=40).filter(str.strip)
_NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,63}", fullmatch=True)


def code_of(act: Callable[..., object], *arguments: Any, **options: Any) -> str:
    """The code that *act* is refused with."""
    with pytest.raises(ColdtuskError) as caught:
        act(*arguments, **options)
    return caught.value.code.name


@pytest.mark.parametrize("name", ["authenticate", "settings", "actions", "user"])
def test_calls_without_fields(name: str) -> None:
    """The document's four: no fields, no evidence, no deadline, and always released."""
    found = parsed(name, {})
    assert call(name) == found
    assert (f"coinsoftworks/{name}", "coinsoftworks", _RISKS[name]) == (found.kind, found.scope, found.risk)
    assert ({}, {}, ()) == (found.fields(), found.evidence(), found.values())
    assert found.not_after is None
    assert found.releases


def test_an_action() -> None:
    """Its name and its pairs, in the order that the host gave; it counts as moving money."""
    found = parsed("execute", {1: "send", 2: [list(pair) for pair in SEND]})
    assert send() == found
    assert {1: "send", 2: [list(pair) for pair in SEND]} == found.fields()
    assert (Risk.MOVES_MONEY, True) == (found.risk, found.releases)


def test_every_command_has_its_risk() -> None:
    """The table and nothing else."""
    assert _RISKS == {name: command.risk for name, command in commands.COMMANDS.items()}


def test_the_system_is_loaded() -> None:
    """This folder is what a kind of coinsoftworks is read by."""
    assert services.load("coinsoftworks/user") is content


def test_intent_and_slot() -> None:
    """The order of parameters says nothing; another text, action, call or account is another want."""
    other_order = send(*reversed(SEND))
    assert send().intent() == other_order.intent()
    assert send().slot == other_order.slot
    zeros = send(SEND[0], ("amount", "0.1000"), SEND[2])
    assert send().intent() == zeros.intent() and send().slot != zeros.slot
    others = [send(("to", "x")), send(action="swap"), replace(send(), account=bytes(16)), call("user")]
    assert all(one.intent() != send().intent() and one.slot != send().slot for one in others)
    assert call("user").slot != replace(call("user"), account=bytes(16)).slot
    assert cbor.decode(cbor.encode(send().intent())) == send().intent()


@given(st.lists(st.tuples(_NAMES, _TEXTS), max_size=limits.TABLE_FIELDS, unique_by=lambda pair: pair[0]))
def test_round_trip(parameters: list[tuple[str, str]]) -> None:
    """What is written is read again."""
    found = content.execute(ACCOUNT, "send", tuple(parameters))
    assert found == parsed("execute", cbor.decode(cbor.encode(found.fields())))


@pytest.mark.parametrize(
    ("name", "fields", "code"),
    [
        ("transfer", {}, "kind.not-supported"),
        ("Execute", {}, "kind.not-supported"),
        ("settings", {1: "x"}, "field.unknown"),
        ("settings", [], "field.wrong-type"),
        ("execute", {}, "field.missing"),
        ("execute", {1: "send"}, "field.missing"),
        ("execute", {1: 5, 2: []}, "field.wrong-type"),
        ("execute", {1: "", 2: []}, "field.empty"),
        ("execute", {1: "send money", 2: []}, "field.characters"),
        ("execute", {1: "../send", 2: []}, "field.characters"),
        ("execute", {1: "send", 2: {}}, "field.wrong-type"),
        ("execute", {1: "send", 2: [], 3: 1}, "field.unknown"),
        ("execute", {1: "send", 2: ["to"]}, "field.wrong-type"),
        ("execute", {1: "send", 2: [["to"]]}, "coinsoftworks.parameters"),
        ("execute", {1: "send", 2: [["to", "a", "b"]]}, "coinsoftworks.parameters"),
        ("execute", {1: "send", 2: [["to", "a"], ["to", "b"]]}, "coinsoftworks.parameters"),
        ("execute", {1: "send", 2: [["to", 5]]}, "field.wrong-type"),
        ("execute", {1: "send", 2: [["to", True]]}, "field.wrong-type"),
        ("execute", {1: "send", 2: [["to", ""]]}, "field.empty"),
        ("execute", {1: "send", 2: [["to", "a\nb"]]}, "text.character"),
        ("execute", {1: "send", 2: [["to", "a\u202eb"]]}, "text.character"),
        ("execute", {1: "send", 2: [["to", "a\u0000"]]}, "text.character"),
        ("execute", {1: "send", 2: [["__proto__", "a"]]}, "field.characters"),
        ("execute", {1: "send", 2: [["1", "a"]]}, "field.characters"),
        ("execute", {1: "send", 2: [["to", "a" * (limits.TEXT_BYTES + 1)]]}, "text.too-long"),
        ("execute", {1: "send", 2: [[f"n{at}", "a"] for at in range(limits.TABLE_FIELDS + 1)]}, "field.out-of-range"),
    ],
)
def test_bad_input(name: str, fields: Any, code: str) -> None:
    """Each with a stable code."""
    assert code == code_of(parsed, name, fields)


def test_bad_items() -> None:
    """An account of another length, evidence, another system's kind."""
    assert "field.wrong-length" == code_of(parsed, "user", {}, account=bytes(15))
    assert "field.unknown" == code_of(parsed, "user", {}, evidence={1: 1})
    assert "kind.not-supported" == code_of(content.parse, "coinrpc/user", ACCOUNT, {}, {}, "items[0]")


def test_the_body() -> None:
    """Compact, in the given order, ASCII alone: the same bytes each time."""
    made = body.of_action([("to", "a/b"), ("note", "Gr\u00fc\u00dfe \U0001d11e")])
    assert rb'{"to":"a/b","note":"Gr\u00fc\u00dfe \ud834\udd1e"}' == made
    assert b"{}" == body.of_action([])


@given(st.dictionaries(_NAMES, st.text(max_size=60), max_size=8))
def test_any_json_reader_finds_the_parameters(parameters: dict[str, str]) -> None:
    """And their order."""
    assert list(parameters.items()) == list(json.loads(body.of_action(parameters.items())).items())


def test_the_longest_body() -> None:
    """At its cap it is made, above it it is refused with a code."""
    room = limits.SERVICE_BODY_BYTES - len(body.of_action([("a", "")]))
    assert limits.SERVICE_BODY_BYTES == len(body.of_action([("a", "x" * room)]))
    assert "coinsoftworks.body-size" == code_of(body.of_action, [("a", "x" * (room + 1))])


def test_no_error_without_a_hint() -> None:
    """What an operator reads says where."""
    with pytest.raises(BadInput) as caught:
        parsed("execute", {1: "send", 2: [["to", "a"], ["to", "b"]]})
    assert "items[0].fields.parameters" in caught.value.line()
