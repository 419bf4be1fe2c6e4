"""``init``, ``node``, ``pair``, ``account``: a desk is set up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_online import settings
from coldtusk_online.rehearsal.faults import FaultKind
from coldtusk_shared import card
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.words import key_words
from tests.simulators.device import Device, address_of
from tests.simulators.online_house import PAYEE, START_HEIGHT, House, house, run


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """A house that is not paired yet."""
    with house(tmp_path, paired=False) as made:
        yield made


def _card(home: House, device: Device | None = None) -> str:
    path = home.folder / "cold.card"
    path.unlink(missing_ok=True)
    path.write_bytes((device or home.device).card())
    return str(path)


def _words(home: House) -> str:
    return key_words(home.device.signer.public_key)


def test_init_makes_everything_private(home: House) -> None:
    """Folders 0700, files 0600, settings that load."""
    modes = {path.name: path.stat().st_mode & 0o777 for path in home.folder.rglob("*")}
    assert {"config": 0o700, "data": 0o700} == {name: modes[name] for name in ("config", "data")}
    assert {0o600} == {modes[name] for name in ("settings.toml", "identity.key", "ledger.sqlite")}
    assert "desk" == settings.load(home.folder / "config" / "settings.toml").label


def test_init_twice(home: House) -> None:
    """What is set up is left alone."""
    before = (home.folder / "data" / "identity.key").read_bytes()
    assert (4, "setup.exists") == ((ran := home.json("init", "--label", "other")).status, ran.code)
    assert before == (home.folder / "data" / "identity.key").read_bytes()


def test_an_interrupted_init_is_completed(home: House) -> None:
    """The identity that was made stays the host's identity."""
    before = (home.folder / "data" / "identity.key").read_bytes()
    (home.folder / "config" / "settings.toml").unlink()
    (home.folder / "data" / "ledger.sqlite").write_bytes(b"")
    ran = home.json("init", "--label", "desk")
    assert (0, before) == (ran.status, (home.folder / "data" / "identity.key").read_bytes())
    assert 0 == home.run("request", "list").status


def test_init_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Environment variables name the places; another ledger is set by its URL."""
    monkeypatch.setenv("COLDTUSK_ONLINE_CONFIG", str(tmp_path / "c" / "s.toml"))
    monkeypatch.setenv("COLDTUSK_ONLINE_DATA", str(tmp_path / "d"))
    assert 0 == run("init", "--label", "desk", "--ledger", f"sqlite:///{tmp_path}/there.sqlite").status
    assert (tmp_path / "there.sqlite").is_file()
    assert not (tmp_path / "d" / "ledger.sqlite").exists()
    assert 0 == run("account", "list").status


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("--label", ""), "text.label"), (("--label", "x", "--ledger", "mysql://x"), "ledger.url")],
)
def test_what_init_refuses(tmp_path: Path, arguments: tuple[str, ...], code: str) -> None:
    """Nothing is set up then."""
    places = ("--config", str(tmp_path / "c" / "s.toml"), "--data", str(tmp_path / "d"))
    assert code == run("init", *arguments, *places, "--json").code
    assert not (tmp_path / "c" / "s.toml").exists()


def test_nothing_before_init(tmp_path: Path) -> None:
    """Every command says what is missing."""
    places = ("--config", str(tmp_path / "s.toml"), "--data", str(tmp_path / "d"))
    for command in (("node", "list"), ("request", "list"), ("pair",), ("follow",), ("account", "list")):
        assert "setup.missing" == run(*command, *places, "--json").code


def test_nodes_are_listed_and_checked(home: House) -> None:
    """What the settings name, what it is, where it stands."""
    url = home.servers[0].url
    assert [{"network": "defi", "url": url}] == home.json("node", "list").json["nodes"]
    checked = home.json("node", "check").json["nodes"][0]
    assert (True, "v0.10.13", START_HEIGHT) == (checked["ok"], checked["version"], checked["height"])
    assert START_HEIGHT == home.json("node", "check", url, "--network", "defi").json["nodes"][0]["height"]


def test_a_node_of_the_other_network(home: House) -> None:
    """It is asked before it is added; unless the operator says that it is not to be."""
    url = home.servers[0].url
    assert (5, "node.dialect") == ((ran := home.json("node", "add", url, "--network", "main")).status, ran.code)
    assert 0 == home.run("node", "add", url, "--network", "main", "--unchecked").status
    failed = home.json("node", "check")
    assert (5, "node.dialect") == (failed.status, failed.code)
    assert [False, True] == [one["ok"] for one in failed.json["nodes"]]
    assert "FAILED" in home.run("node", "check").out
    assert 0 == home.run("node", "remove", url, "--network", "main").status
    assert 0 == home.run("node", "check").status


def test_nodes_that_are_no_nodes(home: House) -> None:
    """A URL that is none, one that is known, one that is not, one that does not answer."""
    url = home.servers[0].url
    codes = [
        home.json("node", "add", "ftp://x", "--network", "defi").code,
        home.json("node", "add", url, "--network", "defi").code,
        home.json("node", "remove", "http://other", "--network", "defi").code,
        home.json("node", "add", "http://127.0.0.1:9", "--network", "defi").code,
    ]
    assert ["url.form", "node.known", "node.unknown", "http.connect"] == codes


def test_a_plain_node_is_said_so(home: House) -> None:
    """In words and for programs."""
    url = home.servers[0].url
    home.run("node", "remove", url, "--network", "defi")
    assert "plain http" in home.run("node", "add", url, "--network", "defi").out
    home.run("node", "remove", url, "--network", "defi")
    assert home.json("node", "add", url, "--network", "defi").json["plain"] is True


def test_the_hosts_card(home: House) -> None:
    """It carries the host's key, and its words are shown; an existing file is left alone."""
    out = home.folder / "host.card"
    ran = home.json("pair", "--out", str(out))
    opened = card.open_host(out.read_bytes())
    assert ("desk", key_words(opened.public_key)) == (opened.label, ran.json["words"])
    assert "file.exists" == home.json("pair", "--out", str(out)).code


def test_a_device_is_pinned_by_its_words(home: House) -> None:
    """They are typed from the device's screen, in any case and spacing; its accounts come along."""
    ran = home.run("pair", _card(home), text=f"  {_words(home).upper()} \n")
    assert 0 == ran.status
    assert "Type the six words" in ran.err
    assert _words(home) not in ran.err
    listed = home.json("account", "list").json["accounts"]
    expected = [("savings", "main", "cold-1"), ("treasury", "defi", "cold-1")]
    assert expected == [(one["label"], one["network"], one["device"]) for one in listed]


def test_other_words(home: House) -> None:
    """Nothing is pinned."""
    ran = home.json("pair", _card(home), "--words", "abandon abandon abandon abandon abandon about")
    assert (4, "pair.words-differ") == (ran.status, ran.code)
    assert [] == home.json("account", "list").json["accounts"]
    assert "pair.words-differ" in home.run("pair", _card(home), text="\n\nno\n").err


def test_words_as_an_option(home: House) -> None:
    """For a program that has asked already."""
    ran = home.json("pair", _card(home), "--words", _words(home))
    assert (0, "cold-1") == (ran.status, ran.json["device"])


def test_no_words_no_pairing(home: House) -> None:
    """Who ends the input interrupts."""
    assert 130 == home.run("pair", _card(home), text="").status


def test_a_rolled_back_device(home: House) -> None:
    """A card whose journal is behind what it showed is refused."""
    home.device.work(b"one", b"two")
    home.run("pair", _card(home), "--words", _words(home))
    ran = home.json("pair", _card(home, Device()), "--words", _words(home))
    assert (4, "device.journal-fork") == (ran.status, ran.code)


def test_a_newer_card(home: House) -> None:
    """Of a paired device it needs no words; of another it needs pairing."""
    assert "account.device-not-paired" == home.json("account", "import", _card(home)).code
    home.run("pair", _card(home), "--words", _words(home))
    home.device.accounts += (("petty cash", Network.DEFI),)
    home.device.work(b"a new account")
    listed = home.json("account", "import", _card(home)).json["accounts"]
    assert "petty cash" in [one["label"] for one in listed]


def test_accounts_by_hand(home: House) -> None:
    """Added, renamed, removed; each refusal with its code."""
    add = ("account", "add", PAYEE.text, "--network", "defi", "--label")
    assert 0 == home.run(*add, "landlord").status
    assert "account.known" == home.json(*add, "other").code
    assert (
        "account.label-taken"
        == home.json("account", "add", address_of("x").text, "--network", "defi", "--label", "landlord").code
    )
    assert 0 == home.run("account", "rename", "landlord", "rent").status
    assert "account.not-found" == home.json("account", "rename", "landlord", "x").code
    assert "watch-only" in home.run("account", "list").out
    assert [] == home.json("account", "remove", PAYEE.text).json["accounts"]


def test_addresses_that_are_none(home: House) -> None:
    """A checksum, forty digits, upper case."""
    for text, code in (
        (PAYEE.text[:-1] + ("0" if PAYEE.text[-1] != "0" else "1"), "warthog.address.checksum"),
        (PAYEE.text[:40], "warthog.address.no-checksum"),
        (PAYEE.text.upper(), "warthog.address.upper-case"),
    ):
        assert code == home.json("account", "add", text, "--network", "defi", "--label", "x").code


def test_a_node_that_fails_the_check_is_named(home: House) -> None:
    """With its error; the others are still asked."""
    home.servers[0].faults.arm(FaultKind.HTML)
    ran = home.json("node", "check")
    assert (5, home.servers[0].url) == (ran.status, ran.json["nodes"][0]["url"])
