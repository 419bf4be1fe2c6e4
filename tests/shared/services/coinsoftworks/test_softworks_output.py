"""What the device releases: paths that cannot wander, poll plans, outputs read strictly and without their secrets."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import cbor, limits
from coldtusk_shared.errors import BadInput, ColdtuskError
from coldtusk_shared.mapreader import MapReader
from coldtusk_shared.services.coinsoftworks import body, output, paths, poll
from coldtusk_shared.services.coinsoftworks.output import Call
from coldtusk_shared.services.coinsoftworks.poll import Poll
from tests.shared.services.coinsoftworks.softworks_samples import KEY, KEY_IN_PATH, TOKEN

PLAN = Poll("/actions/{key}/{id}", "result.status", ("Completed", "Done"), ("Failed",), "action_id")
CALLS = {
    "authenticate": Call("POST", "/authentication/{key}", b"", TOKEN, KEY),
    "authenticate without key": Call("GET", "/authentication", b"", TOKEN),
    "settings": Call("GET", "/settings/{key}", b"", key=KEY),
    "settings without key": Call("GET", "/settings", b""),
    "execute": Call("POST", "/actions/33", b'{"to":"x"}', key=KEY, poll=PLAN),
    "execute without key": Call("POST", "/a", b"{}", poll=Poll("/a/status", "status", ("done",), ("failed",))),
}

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "vectors" / "payments" / "coinsoftworks.json").read_text(encoding="utf-8")
)


def code_of(act: Callable[..., object], *arguments: Any) -> str:
    """The code that *act* is refused with."""
    with pytest.raises(ColdtuskError) as caught:
        act(*arguments)
    assert TOKEN not in caught.value.line()
    assert KEY not in caught.value.line()
    return caught.value.code.name


def test_filled_paths() -> None:
    """Key and id percent-encoded, in one part each."""
    assert f"/actions/{KEY_IN_PATH}" == paths.fill("/actions/{key}", KEY)
    assert f"/actions/{KEY_IN_PATH}/a-b_c.7~" == paths.fill("/actions/{key}/{id}", KEY, "a-b_c.7~")
    assert "/settings" == paths.fill("/settings", KEY)
    assert "/a/%7Bid%7D/33" == paths.fill("/a/{key}/{id}", "{id}", "33")


@pytest.mark.parametrize("vector", VECTORS["paths"], ids=lambda vector: str(vector["key"]))
def test_paths_of_another_language(vector: dict[str, str]) -> None:
    """As Node fills them."""
    assert vector["path"] == paths.fill(vector["template"], vector["key"])


@pytest.mark.parametrize("vector", VECTORS["bodies"], ids=lambda vector: str(vector["body"])[:20])
def test_bodies_of_another_language(vector: dict[str, Any]) -> None:
    """As Node writes them."""
    assert vector["body"] == body.of_action([(name, text) for name, text in vector["parameters"]]).decode("ascii")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_encoding_is_urllibs(text: str) -> None:
    """The standard library's, nothing being safe."""
    assert quote(text, safe="") == paths.encoded(text)


@pytest.mark.parametrize(
    "path", ["/a", "/a/b-c_d.e~f/G9", "/{key}", "/x{key}y", "/a/{key}/b", "/..a/...", "/_functions/x"]
)
def test_good_paths(path: str) -> None:
    """They are taken as they are."""
    assert path == paths.CALL.read(path, "path") == paths.CALL.parse(path, "path")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "a",
        "//host/a",
        "/a//b",
        "/a/",
        "/a/../b",
        "/..",
        "/./a",
        "/a?b=c",
        "/a#b",
        "/a%2e%2e",
        "/a;b",
        "/a b",
        "/a\\b",
        "/a@b",
        "/a:80",
        "/a&b",
        "/a=b",
        "/{key}/{key}",
        "/{id}",
        "/{other}",
        "/{key",
        "/a\u00e4",
        "https://evil.example/a",
        "/" + "a" * limits.SERVICE_URL_BYTES,
    ],
)
def test_bad_paths(path: str) -> None:
    """No host, no query, no way up, no empty part."""
    expected = "text.too-long" if len(path) > limits.SERVICE_URL_BYTES else "coinsoftworks.path"
    assert expected == code_of(paths.CALL.read, path, "path")


def test_paths_that_are_no_text() -> None:
    """Another type, and control characters."""
    assert "field.wrong-type" == code_of(paths.CALL.read, 5, "path")
    assert "text.character" == code_of(paths.CALL.read, "/a\r\nb", "path")


@pytest.mark.parametrize(
    "id_", ["..", ".", "a/b", "a?b", "a b", "a%2F", "\u00e4", "x" * (limits.SERVICE_TOKEN_BYTES + 1)]
)
def test_ids_of_the_service(id_: str) -> None:
    """What it answers cannot change the path: ``coinsoftworks.id``."""
    assert "coinsoftworks.id" == code_of(paths.fill, "/a/{id}", "", id_)


def test_what_is_missing_is_our_mistake() -> None:
    """A place without anything for it."""
    for path in ("/{key}", "/a/{id}"):
        with pytest.raises(RuntimeError):
            paths.fill(path)


@pytest.mark.parametrize("name", CALLS)
def test_round_trip(name: str) -> None:
    """What is written is read again."""
    assert CALLS[name] == output.parse(output.encode(CALLS[name]))


@pytest.mark.parametrize("name", CALLS)
def test_nothing_secret_in_a_representation(name: str) -> None:
    """Nor in that of what holds it."""
    shown = repr([CALLS[name]]) + str(CALLS[name])
    assert "CANARY" not in shown


def test_the_target_has_the_key() -> None:
    """Only that is sent; the path names the place alone."""
    assert f"/settings/{KEY_IN_PATH}" == CALLS["settings"].target
    assert KEY_IN_PATH not in CALLS["settings"].path


def _wire(**changes: Any) -> bytes:
    """An output with other values under its keys; None takes one away."""
    wire: Any = cbor.decode(output.encode(CALLS["authenticate"]))
    wire |= {int(key[1:]): value for key, value in changes.items()}
    return cbor.encode({key: value for key, value in wire.items() if value is not None})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (_wire(k1="PUT"), "field.out-of-range"),
        (_wire(k1=None), "field.missing"),
        (_wire(k2="/a?b"), "coinsoftworks.path"),
        (_wire(k2="/a"), "coinsoftworks.key"),
        (_wire(k5=None), "coinsoftworks.key"),
        (_wire(k3="text"), "field.wrong-type"),
        (_wire(k3=bytes(limits.SERVICE_BODY_BYTES + 1)), "field.wrong-length"),
        (_wire(k4=b"1_bytes-token"), "field.wrong-type"),
        (_wire(k4="1_with blank"), "field.wrong-length"),
        (_wire(k4="1_\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4"), "field.wrong-length"),
        (_wire(k4="1_short"), "field.wrong-length"),
        (_wire(k4="1_" + "a" * limits.SERVICE_SECRET_BYTES[1]), "cbor.text-too-long"),
        (_wire(k5="key\r\nX: y"), "field.wrong-length"),
        (_wire(k6={}), "field.missing"),
        (_wire(k6={1: "/a/{id}", 2: "status", 3: "a", 4: "b"}), "coinsoftworks.poll"),
        (_wire(k6={1: "/a", 2: "status", 3: "a", 4: "b", 5: "id"}), "coinsoftworks.poll"),
        (_wire(k6={1: "/a", 2: "status", 3: "a|b", 4: "b"}), "coinsoftworks.poll"),
        (_wire(k6={1: "/a", 2: "status", 3: "a||b", 4: "c"}), "coinsoftworks.words"),
        (_wire(k6={1: "/a", 2: "status", 3: 5, 4: "c"}), "field.wrong-type"),
        (_wire(k6={1: "/a", 2: "sta tus", 3: "a", 4: "c"}), "field.characters"),
        (_wire(k6={1: "/a", 2: "s", 3: "a", 4: "c", 6: 1}), "field.unknown"),
        (_wire(k7=1), "field.unknown"),
        (b"", "cbor.cut"),
        (cbor.encode(bytes(limits.OUTPUT_BYTES)), "cbor.too-large"),
    ],
)
def test_bad_outputs(data: bytes, code: str) -> None:
    """Each is refused with its code, and no error holds a secret."""
    assert code == code_of(output.parse, data)


@pytest.mark.parametrize("text", ["Done", "Done|Completed", "In order", "33", "true"])
def test_statuses(text: str) -> None:
    """One or several."""
    assert text == poll.STATUSES.read(text, "done")


@pytest.mark.parametrize("text", ["", "|", "a|", "|a", "a|a", " a", "a ", "a| b"])
def test_bad_statuses(text: str) -> None:
    """Empty ones, blanks at the ends, one twice."""
    assert "coinsoftworks.words" == code_of(poll.STATUSES.read, text, "done")


def test_a_plan_without_a_part() -> None:
    """All of it or nothing."""
    texts = {"poll_path": "/a", "poll_status": "status", "done": "a"}
    assert "coinsoftworks.poll" == code_of(poll.make, texts, "row")
    assert Poll("/a", "status", ("a",), ("b",)) == poll.make({**texts, "failed": "b"}, "row")


def test_a_plan_crosses() -> None:
    """With and without an id."""
    for plan in (PLAN, Poll("/a", "status", ("a",), ("b",))):
        wire: Any = cbor.decode(cbor.encode(plan.encode()))
        assert plan == poll.parse(MapReader(wire, "poll"))


def test_an_error_names_its_place() -> None:
    """So that an operator finds it."""
    with pytest.raises(BadInput) as caught:
        output.parse(_wire(k6={1: "/a", 2: "status", 3: "a|b", 4: "b"}))
    assert "output.poll" in caught.value.line()
