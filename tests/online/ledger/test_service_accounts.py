"""Accounts at payment services, as a device's card brings them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coldtusk_online.ledger import devices, service_accounts, store
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.ledger.store import Ledger
from coldtusk_shared import card
from coldtusk_shared.card import CardService
from coldtusk_shared.envelope import KeyId
from coldtusk_shared.errors import ColdtuskError
from tests.simulators.device import Device

_TRADING = CardService("coinpayments", b"public-key-1", "trading")
_PAYROLL = CardService("coinpayments", b"public-key-2", "payroll")
_ASSETS = CardService("coinspark", bytes(16), "assets")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger."""
    made = store.create(store.default_url(tmp_path / "ledger.sqlite"))
    yield made
    made.close()


def _pin(ledger: Ledger, label: str = "cold-1") -> KeyId:
    with ledger.writing() as db:
        return devices.pin(db, card.open_device(Device(label).card()), 1)


def _take(ledger: Ledger, kid: KeyId, *entries: CardService) -> list[ServiceAccount]:
    with ledger.writing() as db:
        return service_accounts.take_over(db, entries, kid)


def test_a_card_brings_accounts(ledger: Ledger) -> None:
    """By system and label; the same card again changes nothing."""
    kid = _pin(ledger)
    taken = _take(ledger, kid, _TRADING, _ASSETS)
    assert taken == _take(ledger, kid, _TRADING, _ASSETS)
    with ledger.reading() as db:
        assert taken == service_accounts.all_of(db)
        assert taken[:1] == service_accounts.all_of(db, "coinpayments")
        assert taken[1] == service_accounts.of_item(db, "coinspark", bytes(16))
        assert service_accounts.of_item(db, "coinrpc", bytes(16)) is None


def test_a_known_account_keeps_its_label(ledger: Ledger) -> None:
    """And belongs to the device that shows it last."""
    _take(ledger, _pin(ledger), _TRADING)
    other = _pin(ledger, "cold-2")
    renamed = CardService("coinpayments", b"public-key-1", "another name")
    assert [ServiceAccount("coinpayments", b"public-key-1", "trading", other)] == _take(ledger, other, renamed)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (CardService("coinpayments", b"public-key-3", "trading"), "account.label-taken"),
        (CardService("paypal", b"x", "x"), "account.system"),
        (CardService("coinrpc", b"x", " x"), "text.label"),
    ],
)
def test_what_a_card_may_not_bring(ledger: Ledger, entry: CardService, code: str) -> None:
    """A label that is taken, a service that this version does not know, a name that is none: nothing is stored."""
    kid = _pin(ledger)
    _take(ledger, kid, _TRADING)
    with pytest.raises(ColdtuskError) as caught:
        _take(ledger, kid, _PAYROLL, entry)
    assert code == caught.value.code.name
    with ledger.reading() as db:
        assert 1 == len(service_accounts.all_of(db))


def test_finding_one(ledger: Ledger) -> None:
    """By its label; without one, the only one there is: never a guess."""
    _take(ledger, _pin(ledger), _TRADING, _PAYROLL, _ASSETS)
    with ledger.reading() as db:
        assert b"public-key-2" == service_accounts.find(db, "coinpayments", "payroll").account
        assert bytes(16) == service_accounts.find(db, "coinspark", None).account
        for system, label, code in (
            ("coinpayments", None, "account.not-one"),
            ("coinpayments", "assets", "account.not-found"),
            ("coinrpc", None, "account.not-found"),
        ):
            with pytest.raises(ColdtuskError) as caught:
                service_accounts.find(db, system, label)
            assert code == caught.value.code.name


def test_another_name(ledger: Ledger) -> None:
    """Unless another account of the service has it."""
    trading, _ = _take(ledger, _pin(ledger), _TRADING, _PAYROLL)
    with ledger.writing() as db:
        service_accounts.rename(db, trading, "assets")
        with pytest.raises(ColdtuskError) as caught:
            service_accounts.rename(db, trading, "payroll")
        assert "account.label-taken" == caught.value.code.name
        assert ["assets", "payroll"] == [one.label for one in service_accounts.all_of(db)]


def test_how_an_account_is_shown() -> None:
    """A public key is text; an id of ours is hex."""
    assert "public-key-1" == service_accounts.shown(b"public-key-1")
    for account in (bytes(16), b"\xff", b"with blank", b"\x1b[2J"):
        assert account.hex() == service_accounts.shown(account)
