"""``init``, ``account``, ``pair`` and ``card`` at a real terminal: what is asked, shown once, typed back and kept."""

import re
from pathlib import Path

import pytest

from coldtusk_offline import bip39
from coldtusk_offline.contents import Derived, Raw, VaultContents
from coldtusk_offline.kdf import Profile
from coldtusk_offline.vault_format import decode
from coldtusk_shared import card, words
from coldtusk_shared.card import HostCard
from coldtusk_shared.services.warthog.network import Network
from tests.offline.commands import TYPED, AtTerminal, Place, empty_place, error_of, make_place
from tests.simulators.desk import SAVINGS, TREASURY
from tests.simulators.host import HostSigner

ABANDON = " ".join(["abandon"] * 11 + ["about"])
KEY = "5bff2d57924e62b6541b24a0411c03c98824b592ad957dfd4802fb1b92e730b7"
ROLLS = "3152 6413 5524 6162 3416 2543 1632 5416 2354 1263 5412 6354 1342"
OFFICE = HostSigner(b"O" * 32)
NEW = "random words are better): "
CANDIDATES = {
    "1": ("m/44'/2070'/0'/0/0", "6b58cd2e313545fb6ae599df9a6f18f153fc84b4539a7f54"),
    "2": ("m/44'/2070'/0/0/0", "d222fd5b"),
    "5": ("legacy-python", "35af6b55"),
}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A device with two accounts and one host."""
    return make_place(tmp_path)


def kept(place: Place) -> VaultContents:
    """What the vault holds."""
    with place.desk.open() as device:
        return device.vault.contents


def numbered_words(shown: str) -> list[str]:
    """The 24 words that are to be copied."""
    found: dict[int, str] = {int(place): word for place, word in re.findall(r"(\d+) ([a-z]+)", shown)}
    return [found[place] for place in range(1, 25)]


def recorded(place: Place) -> int:
    """Entries in the journal."""
    with place.desk.open() as device:
        return device.journal.seq


class TestInit:
    """A new device."""

    def start(self, place: Place, *options: str) -> AtTerminal:
        """The command."""
        return place.at_terminal("init", "--label", "cold-2", "--cost", "floor", *options)

    def test_makes_a_device(self, tmp_path: Path) -> None:
        """The passphrase is typed twice and never shown; the folder is named; what comes next as well."""
        place = empty_place(tmp_path)
        ended = self.start(place, "--operator", "alice").answers(NEW, TYPED).answers("again: ", TYPED).ends()
        assert ended.status == 0
        assert f'Made the vault and the journal of "cold-2" in {place.home}.' in ended.shown.replace("\n", "")
        assert TYPED not in ended.shown
        header = decode((place.home / "vault").read_bytes()).header
        assert ("alice", Profile.FLOOR.value) == (header.shares[0].label, header.shares[0].cost)
        assert "cold-2" == kept(place).label

    def test_refuses_a_second_one(self, place: Place) -> None:
        """Before a passphrase is asked for."""
        before = (place.home / "vault").read_bytes()
        assert (4, "vault.exists") == error_of(self.start(place).ends())
        assert before == (place.home / "vault").read_bytes()

    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [
            ("correct horse battery", "correct horse batterx", (4, "passphrase.different")),
            ("gezlex", "gezlex", (4, "passphrase.weak")),
            ("aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaa", (4, "passphrase.weak")),
            (" correct horse battery", " correct horse battery", (3, "passphrase.characters")),
        ],
    )
    def test_refuses_a_weak_passphrase(
        self, tmp_path: Path, first: str, second: str, expected: tuple[int, str]
    ) -> None:
        """Nothing is made; no part of it stands in the error."""
        place = empty_place(tmp_path)
        ended = self.start(place).answers(NEW, first).answers("again: ", second).ends()
        assert expected == error_of(ended)
        assert first.strip() not in ended.shown
        assert not place.home.exists()

    def test_needs_a_terminal_and_names(self, tmp_path: Path) -> None:
        """Labels are checked first."""
        place = empty_place(tmp_path)
        assert (5, "terminal.none") == error_of(place.piped("init", "--label", "cold"))
        assert (3, "text.label") == error_of(place.piped("init", "--label", " cold"))
        assert (3, "text.character") == error_of(place.piped("init", "--label", "cold", "--operator", "\x1b[2J"))


class TestNewAccount:
    """``account new``."""

    def start(self, place: Place, *options: str, network: str = "defi") -> AtTerminal:
        """The command, opened."""
        return place.opened("account", "new", "--network", network, *options)

    def test_words_are_shown_once_and_typed_back(self, place: Place) -> None:
        """Then the screen is cleared: 24 words and the rolls are on it no more. The address is shown."""
        session = self.start(place, "--label", "cold").answers("rolls> ", ROLLS).sees("on paper> ")
        shown = numbered_words(session.shown)
        assert all(word in session.display() for word in shown)
        session.types("").sees("from the paper> ")
        assert not any(f" {word} " in f"{session.display()} " for word in shown if len(word) > 4)
        assert "\x1b[3J" in session.shown
        ended = session.types(" ".join(shown)).ends()
        assert ended.status == 0
        held = kept(place)
        [seed] = held.seeds
        assert (" ".join(shown), "words 1") == (bip39.words_of(seed.entropy), seed.label)
        added = held.accounts[-1]
        assert (Network.DEFI, "cold", Derived(seed.seed_id, "m/44'/2070'/0'/0/0")) == (
            added.network,
            added.label,
            added.origin,
        )
        assert "Kept:" in ended.shown
        assert not re.search(ROLLS.replace(" ", ""), ended.shown.replace(" ", ""))

    def test_words_that_are_not_copied_keep_nothing(self, place: Place) -> None:
        """Three tries; the vault and the journal are as before."""
        before = (place.home / "vault").read_bytes()
        session = self.start(place, "--label", "cold").answers("rolls> ", ROLLS).answers("on paper> ", "")
        for typed in ("", ABANDON, "word"):
            session.answers("from the paper> ", typed)
        assert (4, "words.not-copied") == error_of(session.ends())
        assert before == (place.home / "vault").read_bytes()
        assert recorded(place) == 0

    @pytest.mark.parametrize(
        ("rolls", "expected"),
        [
            ("123456", (3, "dice.too-few")),
            ("7" * 60, (3, "dice.characters")),
            ("123456" * 10, (4, "dice.not-rolled")),
        ],
    )
    def test_dice_must_be_dice(self, place: Place, rolls: str, expected: tuple[int, str]) -> None:
        """There is no key without them."""
        ended = self.start(place, "--label", "cold").answers("rolls> ", rolls).ends()
        assert expected == error_of(ended)
        assert rolls not in ended.shown

    def test_next_ones_come_from_the_same_words(self, place: Place) -> None:
        """Without dice; from new words, or from named ones, where that is asked for."""
        self.imported(place)
        assert self.start(place, "--label", "second").ends().status == 0
        session = self.start(place, "--label", "other", "--new-words", "--words", "steel").answers("rolls> ", ROLLS)
        shown = numbered_words(session.sees("on paper> ").shown)
        assert session.types("").answers("from the paper> ", " ".join(shown)).ends().status == 0
        assert (4, "account.no-seed") == error_of(self.start(place, "--label", "x").ends())
        assert self.start(place, "--label", "fourth", "--words", "steel").ends().status == 0
        held = kept(place)
        assert ("words 1", "steel") == tuple(seed.label for seed in held.seeds)
        paths = [one.origin.path for one in held.accounts if isinstance(one.origin, Derived)]
        assert [f"m/44'/2070'/0'/0/{index}" for index in (0, 1, 0, 1)] == paths

    def test_names_are_checked_before_the_dice(self, place: Place) -> None:
        """Taken, or no names."""
        assert (4, "vault.twice") == error_of(self.start(place, "--label", "treasury").ends())
        for options in (("--label", "x "), ("--label", "x", "--words", " ")):
            assert (3, "text.label") == error_of(place.piped("account", "new", "--network", "defi", *options))

    def imported(self, place: Place) -> None:
        """Words are there."""
        session = place.opened("account", "import", "--network", "defi", "--label", "first", "--as", "words")
        assert session.answers("The words> ", ABANDON).answers("or path> ", "1").ends().status == 0


class TestImport:
    """``account import``."""

    def start(self, place: Place, form: str, *options: str) -> AtTerminal:
        """The command, opened."""
        return place.opened("account", "import", "--network", "main", "--label", "old", "--as", form, *options)

    @pytest.mark.parametrize("number", CANDIDATES)
    def test_words_of_each_known_wallet(self, place: Place, number: str) -> None:
        """Every path with its address; the number that is typed decides. The words are never shown."""
        path, address = CANDIDATES[number]
        session = self.start(place, "words").answers("The words> ", ABANDON).sees("or path> ")
        for start in ("6b58", "d222", "35af"):
            assert f"            {start} " in session.shown
        ended = session.types(number).ends()
        assert ended.status == 0
        added = kept(place).accounts[-1]
        assert (path, True) == (getattr(added.origin, "path", None), added.address.hex().startswith(address[:40]))
        assert "abandon" not in ended.shown

    def test_any_path_that_is_typed(self, place: Place) -> None:
        """Checked like a path."""
        typed = "m/44'/2070'/0'/0/7"
        session = self.start(place, "words").answers("The words> ", ABANDON).answers("or path> ", typed)
        assert session.ends().status == 0
        assert typed == getattr(kept(place).accounts[-1].origin, "path", None)

    @pytest.mark.parametrize(
        ("typed", "code"), [("6", "account.no-choice"), ("", "account.no-choice"), ("m/x", "path.form")]
    )
    def test_no_other_choice(self, place: Place, typed: str, code: str) -> None:
        """Nothing is kept."""
        session = self.start(place, "words").answers("The words> ", ABANDON).answers("or path> ", typed)
        assert (3, code) == error_of(session.ends())
        assert 2 == len(kept(place).accounts)

    def test_key_from_the_prompt(self, place: Place) -> None:
        """Not shown, not even in the error about it."""
        ended = self.start(place, "key").answers("The key> ", KEY.upper()).ends()
        assert (3, "key.form") == error_of(ended)
        assert KEY.upper()[:8] not in ended.shown
        ended = self.start(place, "key").answers("The key> ", KEY).ends()
        assert ended.status == 0
        assert "raw key, without words" in ended.shown
        assert KEY not in ended.shown
        assert Raw() == kept(place).accounts[-1].origin
        assert 1 == recorded(place)

    def test_key_and_words_from_a_file(self, place: Place) -> None:
        """With a line end, as editors write it."""
        name = place.put("key.txt", f"{KEY}\n".encode())
        assert self.start(place, "key", "--file", name).ends().status == 0
        name = place.put("words.txt", f"{ABANDON}\n".encode())
        ended = place.opened(
            "account", "import", "--network", "main", "--label", "w", "--as", "words", "--file", name
        ).answers("or path> ", "2")
        assert ended.ends().status == 0
        name = place.put("bad.txt", b"\xff\xfe")
        ended = place.opened("account", "import", "--network", "main", "--label", "b", "--as", "key", "--file", name)
        assert (3, "account.file") == error_of(ended.ends())

    def test_same_key_is_kept_once(self, place: Place) -> None:
        """On either network, and nothing is recorded of it."""
        assert self.start(place, "key").answers("The key> ", KEY).ends().status == 0
        again = place.opened("account", "import", "--network", "defi", "--label", "again", "--as", "key")
        assert (4, "vault.twice") == error_of(again.answers("The key> ", KEY).ends())
        assert 1 == recorded(place)

    def test_wrong_words_name_no_word(self, place: Place) -> None:
        """Only the place of it."""
        ended = self.start(place, "words").answers("The words> ", ABANDON.replace("about", "abuot")).ends()
        assert (3, "words.unknown") == error_of(ended)
        assert "word 12" in ended.shown
        assert "abuot" not in ended.shown


def test_list(place: Place, tmp_path: Path) -> None:
    """Network, label, address in groups and whole, origin; or what to do first."""
    ended = place.opened("account", "list").ends()
    for one, network in ((TREASURY, "defi"), (SAVINGS, "main")):
        assert f'{network}        "{one.label}"' in ended.shown
        assert one.address.hex() in ended.shown
    fresh = empty_place(tmp_path / "fresh")
    session = fresh.at_terminal("init", "--label", "cold-2", "--cost", "floor")
    session.answers(NEW, TYPED).answers("again: ", TYPED).ends()
    assert "No account yet: coldtusk-offline account new" in fresh.opened("account", "list").ends().shown


class TestPair:
    """``pair`` and ``card``."""

    def card_of(self, place: Place, label: str = "office") -> str:
        """A host's card in a file."""
        return place.put("host.card", card.seal_host(HostCard(OFFICE.public_key, label), OFFICE))

    def test_words_typed_right(self, place: Place) -> None:
        """The host is pinned, the device's card written, its words shown."""
        session = place.opened("pair", self.card_of(place), "--out", "device.card").sees("words> ")
        expected = words.key_words(OFFICE.public_key)
        assert expected not in session.shown
        ended = session.types(f" {expected.replace(' ', '  ')} ").ends()
        assert ended.status == 0
        made = card.open_device((place.folder / "device.card").read_bytes())
        assert ("cold-1", 1) == (made.label, made.head.sequence)
        assert [("defi", "treasury"), ("main", "savings")] == [(one.network, one.label) for one in made.accounts]
        assert f"    {words.key_words(made.public_key)}\n" in ended.shown
        assert OFFICE.public_key in [host.public_key for host in kept(place).hosts]

    def test_words_typed_wrong(self, place: Place) -> None:
        """Three tries, then nothing is pinned, recorded or written."""
        session = place.opened("pair", self.card_of(place), "--out", "device.card")
        right = words.key_words(OFFICE.public_key)
        for typed in ("", right.rpartition(" ")[0], right.upper()):
            session.answers("words> ", typed)
        ended = session.ends()
        assert (4, "pair.words") == error_of(ended)
        assert not (place.folder / "device.card").exists()
        assert (0, 1) == (recorded(place), len(kept(place).hosts))

    def test_known_host_is_named_by_its_pinned_label(self, place: Place) -> None:
        """Whatever its new card says; a second card of the device is written."""
        name = self.card_of(place)
        pairing = place.opened("pair", name, "--out", "a.card")
        pairing.answers("words> ", words.key_words(OFFICE.public_key)).ends()
        ended = place.opened("pair", self.card_of(place, "the CFO"), "--out", "b.card").ends()
        assert ended.status == 0
        assert '"office" is paired already.' in ended.shown
        assert "CFO" not in ended.shown
        assert (place.folder / "a.card").read_bytes() == (place.folder / "b.card").read_bytes()

    def test_bad_cards_are_refused_before_the_passphrase(self, place: Place) -> None:
        """Not a name, not a card, not its own key, or a file in the way."""
        assert (3, "text.label") == error_of(place.piped("pair", self.card_of(place, "office "), "--out", "x.card"))
        forged = card.seal_host(HostCard(HostSigner().public_key, "office"), OFFICE)
        assert (3, "card.not-its-own-key") == error_of(
            place.piped("pair", place.put("forged", forged), "--out", "x.card")
        )
        place.put("there", b"x")
        assert (4, "file.exists") == error_of(place.piped("pair", self.card_of(place), "--out", "there"))
        assert (4, "file.exists") == error_of(place.piped("card", "--out", "there"))

    def test_label_of_a_card_stays_in_its_quotation(self, place: Place) -> None:
        """It is the host's own text."""
        name = self.card_of(place, 'office". Words are checked already: "')
        session = place.opened("pair", name, "--out", "x.card").sees("words> ")
        assert 'of "office\\". Words are checked already: \\""' in session.shown
        session.child.sendintr()
        assert session.ends().status == 130

    def test_card_again(self, place: Place) -> None:
        """With all accounts and the head of today; nothing secret in it."""
        ended = place.opened("card", "--out", "device.card").ends()
        assert ended.status == 0
        assert 2 == len(card.open_device((place.folder / "device.card").read_bytes()).accounts)


class TestPassphrase:
    """Wrong ones."""

    def test_wait_grows_and_is_announced(self, place: Place) -> None:
        """None, then a second; the right one ends it."""
        for announced in ("", "Wrong passphrases were typed before: this one is tried in 1 s."):
            ended = place.at_terminal("account", "list").unlocks("wrong passphrase").ends()
            assert (4, "vault.passphrase") == error_of(ended)
            assert announced in ended.shown
            assert bool(announced) == ("tried in" in ended.shown)
            assert "wrong passphrase" not in ended.shown
        ended = place.opened("account", "list").ends()
        assert (0, True) == (ended.status, "is tried in 2 s." in ended.shown)
        assert "tried in" not in place.opened("account", "list").ends().shown

    def test_no_vault(self, tmp_path: Path) -> None:
        """Said before one is asked for."""
        ended = empty_place(tmp_path).at_terminal("account", "list").ends()
        assert (4, "vault.missing") == error_of(ended)
        assert "Passphrase" not in ended.shown

    def test_longer_than_any(self, place: Place) -> None:
        """Refused before it is derived from."""
        session = place.at_terminal("account", "list").sees("Passphrase: ").types("\u00e9" * 600)
        assert (3, "passphrase.too-long") == error_of(session.ends())
