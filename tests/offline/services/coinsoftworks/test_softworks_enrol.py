"""Enrolling coinsoftworks: secrets that are the right ones, paths, and a table that cannot say nonsense."""

from typing import Any

import pytest

from coldtusk_offline.services.coinsoftworks import actions, enrol, enrolled
from coldtusk_shared import cbor, limits
from coldtusk_shared.services.coinsoftworks.commands import DEFAULT_PATHS
from tests.offline.payments import code_of
from tests.offline.services.coinsoftworks.softworks_desk import HELD, TABLE, Enrolling, held
from tests.shared.services.coinsoftworks.softworks_samples import ACCOUNT, KEY, TOKEN

_ROW = b'[[action]]\nname = "send"\n'
_POLLED = b'poll_path = "/a/{id}"\npoll_status = "status"\npoll_id = "id"\ndone = "ok"\nfailed = "no"\n'
_MOVES = _ROW + b'risk = "moves money"\nmethod = "POST"\npath = "/a"\n'
_FIELD = b'[[action.field]]\nname = "to"\nform = "address"\n'


def refusal(**changes: Any) -> str:
    """The code that an enrolment is refused with."""
    return code_of(enrol.enrol, "mining", Enrolling(**changes))


def test_an_account() -> None:
    """A random name, the token first, the API key second, and the rest as the document has it by default."""
    assert ("coinsoftworks", ACCOUNT, "mining") == (HELD.system, HELD.account, HELD.label)
    assert [TOKEN.encode(), KEY.encode()] == [secret.reveal() for secret in HELD.secrets]
    known = enrolled.of(HELD)
    assert (DEFAULT_PATHS, "POST") == (known.paths, known.method)
    assert ["send", "rename", "balance"] == [action.row.name for action in known.actions]
    assert HELD.settings == enrolled.encode(known)
    assert b"CANARY" not in HELD.settings


def test_without_a_key() -> None:
    """The document's paths lose the place for it; no action is there until a table is."""
    account = held(key=None, toml=None)
    known = enrolled.of(account)
    assert ["/authentication", "/settings", "/actions", "/user"] == list(known.paths.values())
    assert (1, ()) == (len(account.secrets), known.actions)


def test_the_operators_paths() -> None:
    """The document contradicts itself: each can be another, and authenticate can be a GET."""
    lines = {"path of actions": "/settings/{key}", "path of user": "/v2/user", "method": "get"}
    known = enrolled.of(held(lines=lines))
    assert ("/settings/{key}", "/v2/user", "GET") == (known.paths["actions"], known.paths["user"], known.method)


def test_what_is_shown_holds_no_secret() -> None:
    """What the gap gives; then paths and table, for a look before it is kept."""
    ask = Enrolling()
    enrol.enrol("mining", ask)
    assert "approval, not secrecy" in " ".join(ask.shown[0].split())
    assert "/actions/{key}/33" in "".join(ask.shown)
    assert "CANARY" not in "".join(ask.shown)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"token": "2_another-token"}, "coinsoftworks.token-form"),
        ({"token": KEY}, "coinsoftworks.token-form"),
        ({"token": "1_t\u00f6ken-token"}, "coinsoftworks.token-form"),
        ({"key": TOKEN}, "coinsoftworks.key-form"),
        ({"key": "k\u00e9y-of-account"}, "coinsoftworks.key-form"),
        ({"key": None}, "coinsoftworks.path-key"),
        ({"key": None, "toml": None, "lines": {"path of user": "/user/{key}"}}, "coinsoftworks.path-key"),
        ({"lines": {"path of user": "//evil.example/user"}}, "coinsoftworks.path"),
        ({"lines": {"path of user": "/user?key={key}"}}, "coinsoftworks.path"),
        ({"lines": {"path of user": "/user/../admin"}}, "coinsoftworks.path"),
        ({"lines": {"path of user": "/user/{id}"}}, "coinsoftworks.path"),
        ({"lines": {"method": "PUT"}}, "field.out-of-range"),
        ({"toml": b"\xff"}, "table.toml"),
        ({"toml": b"[[method]]"}, "table.key"),
        ({"toml": _ROW}, "table.key"),
        ({"toml": _ROW + b'risk = "releases a secret"\nmethod = "POST"\npath = "/a"\n'}, "table.value"),
        ({"toml": _ROW + b'risk = "reads"\nmethod = "POST"\n'}, "table.required"),
        ({"toml": _ROW + b'risk = "reads"\nmethod = "DELETE"\npath = "/a"\n'}, "field.out-of-range"),
        ({"toml": _MOVES.replace(b'"/a"', b'"//a"') + _POLLED}, "coinsoftworks.path"),
        ({"toml": _MOVES + _POLLED.replace(b"/a/{id}", b"/a/{id}?x")}, "coinsoftworks.path"),
        ({"toml": _MOVES}, "coinsoftworks.action-row"),
        ({"toml": _MOVES.replace(b"POST", b"GET") + _POLLED}, "coinsoftworks.action-row"),
        ({"toml": _MOVES.replace(b"moves money", b"changes")}, "coinsoftworks.action-row"),
        ({"toml": _ROW + b'risk = "reads"\nmethod = "GET"\npath = "/a"\n' + _FIELD}, "coinsoftworks.action-row"),
        ({"toml": _MOVES + _POLLED.replace(b'failed = "no"\n', b"")}, "coinsoftworks.poll"),
        ({"toml": _MOVES + _POLLED.replace(b'poll_id = "id"\n', b"")}, "coinsoftworks.poll"),
        ({"toml": _MOVES + _POLLED.replace(b"/{id}", b"")}, "coinsoftworks.poll"),
        ({"toml": _MOVES + _POLLED.replace(b'"no"', b'"ok"')}, "coinsoftworks.poll"),
        ({"toml": _MOVES + _POLLED.replace(b'"no"', b'"|"')}, "coinsoftworks.words"),
        ({"toml": _MOVES + _POLLED + _MOVES + _POLLED}, "table.twice"),
    ],
)
def test_bad_enrolments(changes: dict[str, Any], code: str) -> None:
    """Nothing of it is kept."""
    assert code == refusal(**changes)


def test_a_good_row() -> None:
    """The rows above are refused for what they say, not for what they share."""
    (action,) = actions.of_toml(_MOVES + _POLLED + _FIELD, "table")
    assert ("send", "POST", "/a") == (action.row.name, action.method, action.path)


def test_another_table() -> None:
    """It replaces the old one; the secrets and paths stay."""
    changed = enrol.change(HELD, Enrolling(toml=_MOVES + _POLLED))
    assert ["send"] == [action.row.name for action in enrolled.of(changed).actions]
    assert (HELD.secrets, enrolled.of(HELD).paths) == (changed.secrets, enrolled.of(changed).paths)
    assert "secret.no-table" == code_of(enrol.change, HELD, Enrolling(toml=None))


def test_a_table_that_needs_a_key() -> None:
    """An account without one cannot get it later by a table."""
    assert "coinsoftworks.path-key" == code_of(enrol.change, held(key=None, toml=None), Enrolling(toml=TABLE))


def test_the_largest_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the vault keeps of an account has a cap: a table at its own cap with long paths would pass it."""
    long = {f"path of {name}": f"/{'a' * (limits.SERVICE_URL_BYTES - 1)}" for name in DEFAULT_PATHS}
    whole = len(held(lines=long, toml=_MOVES + _POLLED).settings)
    monkeypatch.setattr(limits, "SERVICE_SETTINGS_BYTES", whole)
    held(lines=long, toml=_MOVES + _POLLED)
    monkeypatch.setattr(limits, "SERVICE_SETTINGS_BYTES", whole - 1)
    assert "coinsoftworks.table-size" == refusal(lines=long, toml=_MOVES + _POLLED)


def test_settings_are_read_strictly() -> None:
    """What a faulty version left in a vault is not guessed at."""
    wire: Any = cbor.decode(HELD.settings)
    wire[2] = "PUT"
    broken = type(HELD)(HELD.system, HELD.account, HELD.label, HELD.secrets, cbor.encode(wire))
    assert "field.out-of-range" == code_of(enrolled.of, broken)


def test_an_operator_who_gives_no_token() -> None:
    """The prompt must not let that happen."""

    class Nothing(Enrolling):
        def secret(self, name: str, *, optional: bool = False) -> None:
            return None

    with pytest.raises(RuntimeError):
        enrol.enrol("mining", Nothing())
