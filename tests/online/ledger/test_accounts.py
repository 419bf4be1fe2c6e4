"""Watch-only accounts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_online.ledger import accounts, devices, store
from coldtusk_online.ledger.accounts import Account
from coldtusk_online.ledger.store import Ledger
from coldtusk_shared import card
from coldtusk_shared.card import CardAccount
from coldtusk_shared.envelope import KeyId
from coldtusk_shared.errors import BadInput, Refused
from coldtusk_shared.services.warthog.network import Network
from tests.simulators.device import Device, address_of

_A = Account("alice", Network.MAIN, address_of("a"), None)
_B = Account("bob", Network.DEFI, address_of("b"), None)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with two accounts."""
    made = store.create(store.default_url(tmp_path / "ledger.sqlite"))
    with made.writing() as db:
        accounts.add(db, _B)
        accounts.add(db, _A)
    yield made
    made.close()


def _pinned(ledger: Ledger) -> KeyId:
    with ledger.writing() as db:
        return devices.pin(db, card.open_device(Device().card()), 1)


def test_accounts_are_listed_by_label(ledger: Ledger) -> None:
    """All of them, and their names by address and network."""
    with ledger.reading() as db:
        assert [_A, _B] == accounts.all_of(db)
    assert {_A.address.raw: "alice"} == accounts.names([_A, _B], Network.MAIN)


def test_finding_by_label_and_address(ledger: Ledger) -> None:
    """Both name it; anything else is unknown."""
    with ledger.reading() as db:
        assert _A == accounts.find(db, "alice") == accounts.find(db, _A.address.text)
        with pytest.raises(BadInput) as caught:
            accounts.find(db, "carol", "--from")
    assert ("account.not-found", "--from") == (caught.value.code.name, caught.value.where)


def test_one_address_on_both_networks(ledger: Ledger) -> None:
    """It is two accounts: the address alone names neither."""
    twin = Account("alice on defi", Network.DEFI, _A.address, None)
    with ledger.writing() as db:
        accounts.add(db, twin)
        assert twin == accounts.find(db, "alice on defi")
        with pytest.raises(BadInput) as caught:
            accounts.find(db, _A.address.text)
    assert "account.ambiguous" == caught.value.code.name


def test_what_cannot_be_added(ledger: Ledger) -> None:
    """A known address, a taken label, a label that is none, one that is somebody else's address."""
    codes = []
    for account in (
        Account("other", Network.MAIN, _A.address, None),
        Account("alice", Network.MAIN, address_of("c"), None),
        Account(" x", Network.MAIN, address_of("c"), None),
        Account(address_of("d").text, Network.MAIN, address_of("c"), None),
    ):
        with pytest.raises((Refused, BadInput)) as caught, ledger.writing() as db:
            accounts.add(db, account)
        codes.append(caught.value.code.name)
    assert ["account.known", "account.label-taken", "text.label", "text.label-digits"] == codes


def test_rename_and_remove(ledger: Ledger) -> None:
    """A label that is taken stays where it is."""
    with ledger.writing() as db:
        accounts.rename(db, _A, "anna")
        with pytest.raises(Refused) as caught:
            accounts.rename(db, _B, "anna")
        accounts.remove(db, _B)
        assert ["anna"] == [one.label for one in accounts.all_of(db)]
    assert "account.label-taken" == caught.value.code.name


def test_a_card_brings_its_accounts(ledger: Ledger) -> None:
    """New ones with the device's labels; a known one keeps the label that was given here."""
    kid = _pinned(ledger)
    entries = (CardAccount("main", _A.address.raw, "cold alice"), CardAccount("defi", address_of("c").raw, "carol"))
    with ledger.writing() as db:
        taken = accounts.take_over(db, entries, kid)
        assert taken == [accounts.find(db, "alice"), accounts.find(db, "carol")]
    assert [("alice", kid), ("carol", kid)] == [(one.label, one.device) for one in taken]


def test_a_card_of_another_time(ledger: Ledger) -> None:
    """A network that this version does not know is refused, and nothing of the card is taken."""
    kid = _pinned(ledger)
    entries = (CardAccount("defi", address_of("c").raw, "carol"), CardAccount("next", address_of("d").raw, "dan"))
    with pytest.raises(BadInput) as caught, ledger.writing() as db:
        accounts.take_over(db, entries, kid)
    assert ("account.network", "card.accounts[1]") == (caught.value.code.name, caught.value.where)
    with ledger.reading() as db:
        assert [_A, _B] == accounts.all_of(db)
