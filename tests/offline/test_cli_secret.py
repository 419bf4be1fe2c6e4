"""``secret enrol|list|table|remove`` at a real terminal: prompts and files, a look at all of it, the label typed."""

from pathlib import Path

import pytest

from coldtusk_offline import entries
from coldtusk_offline.entries import Change, ServiceEntry
from coldtusk_offline.service_accounts import ServiceAccount, fingerprint
from coldtusk_shared import card, limits
from tests.offline.commands import AtTerminal, Ended, Place, error_of, make_place

KEY = "f8sK30M394dS04LkdpWf-\u00e9"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A device with two accounts and one host."""
    return make_place(tmp_path)


def kept(place: Place) -> tuple[ServiceAccount, ...]:
    """What the vault holds."""
    with place.desk.open() as device:
        return device.vault.contents.services


def recorded(place: Place) -> list[ServiceEntry]:
    """What the journal tells of accounts at services."""
    with place.desk.open() as device:
        found = [entries.parse(entry.body) for entry in device.journal.entries()]
    return [entry for entry in found if isinstance(entry, ServiceEntry)]


def enrol(place: Place, *options: str, label: str = "shop") -> AtTerminal:
    """The command, past the passphrase."""
    return place.at_terminal("secret", "enrol", "coinspark", "--label", label, *options).unlocks()


def enrolled(place: Place, label: str = "shop") -> Ended:
    """An account that was enrolled at the prompts."""
    started = enrol(place, label=label).answers("API key> ", KEY)
    return started.answers("type its label> ", label).ends()


def test_enrolled_at_the_prompts(place: Place) -> None:
    """The secret is never shown, its fingerprint is; the journal has it before the vault; the card names it."""
    ended = enrolled(place)
    (account,) = kept(place)
    assert 0 == ended.status
    assert KEY not in ended.shown and KEY == account.secrets[0].reveal().decode()
    assert fingerprint("coinspark", account.secrets[0]) in ended.shown
    assert [(Change.ENROLLED, "coinspark", account.account, "shop")] == [
        (one.change, one.system, one.account, one.label) for one in recorded(place)
    ]
    place.at_terminal("card", "--out", "new.card").unlocks().ends()
    shown = card.open_device((place.folder / "new.card").read_bytes())
    assert [("coinspark", account.account, "shop")] == [(one.system, one.account, one.label) for one in shown.services]


def test_enrolled_from_a_file(place: Place) -> None:
    """Exactly what is in the file."""
    (place.folder / "key").write_text(KEY, encoding="utf-8")
    enrol(place, "--file", "key").answers("type its label> ", "shop").ends()
    assert KEY == kept(place)[0].secrets[0].reveal().decode()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (f"{KEY}\n".encode(), "secret.stray"),
        (b"", "file.empty"),
        (b"\xff\xfe" * 10, "secret.file"),
        (b"x" * (limits.SERVICE_SECRET_BYTES[1] + 3), "file.too-large"),
    ],
)
def test_file_that_is_no_secret(place: Place, data: bytes, code: str) -> None:
    """A line end that an editor added would make every call fail: it is refused, not stripped."""
    (place.folder / "key").write_bytes(data)
    assert (3, code) == error_of(enrol(place, "--file", "key").ends())
    assert () == kept(place)


@pytest.mark.parametrize("typed", ["", "short", "with a blank"])
def test_typed_secret_that_is_none(place: Place, typed: str) -> None:
    """Nothing is kept."""
    status, code = error_of(enrol(place).answers("API key> ", typed).ends())
    assert 3 == status and code in {"secret.length", "secret.stray"}
    assert () == kept(place)


def test_label_not_typed(place: Place) -> None:
    """Three tries, then nothing is kept."""
    terminal = enrol(place).answers("API key> ", KEY)
    for _ in range(3):
        terminal.answers("type its label> ", "yes")
    assert (4, "secret.not-kept") == error_of(terminal.ends())
    assert ([], ()) == (recorded(place), kept(place))


def test_label_twice(place: Place) -> None:
    """Before anything is asked."""
    enrolled(place)
    assert (4, "secret.known") == error_of(enrol(place).ends())


def test_table_for_a_system_without(place: Place) -> None:
    """Neither at enrolment nor later."""
    (place.folder / "table").write_text("", encoding="utf-8")
    ended = enrol(place, "--table", "table").answers("API key> ", KEY).ends()
    assert (3, "secret.no-table") == error_of(ended)
    enrolled(place)
    ended = place.at_terminal("secret", "table", "shop", "--table", "table").unlocks().ends()
    assert (4, "secret.no-table") == error_of(ended)
    ended = place.at_terminal("secret", "table", "nothing", "--table", "table").unlocks().ends()
    assert (4, "secret.unknown") == error_of(ended)
    assert 2 == place.at_terminal("secret", "table", "shop").ends().status


def test_listed(place: Place) -> None:
    """Labels, systems, fingerprints; before there is one, what to do."""
    listed = place.at_terminal("secret", "list").unlocks().ends().shown
    assert "No account at a service yet: coldtusk-offline secret enrol SYSTEM --label NAME" in listed
    enrolled(place)
    listed = place.at_terminal("secret", "list").unlocks().ends().shown
    assert '"shop" at coinspark' in listed and fingerprint("coinspark", kept(place)[0].secrets[0]) in listed
    assert KEY not in listed


def test_removed(place: Place) -> None:
    """The vault forgets it, the journal does not."""
    enrolled(place)
    enrolled(place, "other")
    ended = place.at_terminal("secret", "remove", "shop").unlocks().answers("type its label> ", "shop").ends()
    assert 0 == ended.status
    assert ["other"] == [one.label for one in kept(place)]
    assert [Change.ENROLLED, Change.ENROLLED, Change.REMOVED] == [one.change for one in recorded(place)]
