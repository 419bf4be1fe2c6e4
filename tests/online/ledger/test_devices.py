"""Pinned devices and their journals' heads."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coldtusk_online.ledger import devices, store
from coldtusk_online.ledger.store import Ledger
from coldtusk_shared import card, limits
from coldtusk_shared.card import DeviceCard
from coldtusk_shared.envelope import key_id
from coldtusk_shared.errors import BadInput, Refused
from coldtusk_shared.request import JournalHead
from tests.simulators.device import Device


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A new ledger."""
    made = store.create(store.default_url(tmp_path / "ledger.sqlite"))
    yield made
    made.close()


def _card(device: Device) -> DeviceCard:
    return card.open_device(device.card())


def test_a_pinned_device_is_found(ledger: Ledger) -> None:
    """Its key, its name, and where its journal stood."""
    device = Device()
    device.work(b"one")
    with ledger.writing() as db:
        kid = devices.pin(db, _card(device), 7)
        found = devices.get(db, kid)
        assert {kid: device.signer.public_key} == devices.pinned(db)
        assert [found] == devices.all_of(db)
    assert ("cold-1", 7, device.head) == (found.label, found.paired_at, found.head)
    assert key_id(device.signer.public_key) == kid


def test_pairing_again_moves_the_head_forward(ledger: Ledger) -> None:
    """A newer card brings a newer name and head; the time of the first pairing stays."""
    device = Device()
    with ledger.writing() as db:
        kid = devices.pin(db, _card(device), 7)
        device.work(b"one", b"two")
        devices.pin(db, replace(_card(device), label="cold-2"), 8)
        found = devices.get(db, kid)
    assert ("cold-2", 7, 2) == (found.label, found.paired_at, found.head.sequence)


@pytest.mark.parametrize(
    ("label", "sequence", "code"),
    [
        ("", 0, "text.label"),
        ("cold-1 ", 0, "text.label"),
        ("cold-1", limits.LEDGER_INTEGER + 1, "field.out-of-range"),
    ],
)
def test_a_card_that_no_device_makes(ledger: Ledger, label: str, sequence: int, code: str) -> None:
    """A name that cannot be seen, a journal longer than any: refused before anything is stored."""
    strange = replace(_card(Device()), label=label, head=JournalHead(sequence, bytes(32)))
    with pytest.raises(BadInput) as caught, ledger.writing() as db:
        devices.pin(db, strange, 1)
    assert code == caught.value.code.name


def test_two_devices_have_two_names(ledger: Ledger) -> None:
    """A name belongs to one of them."""
    with pytest.raises(Refused) as caught, ledger.writing() as db:
        devices.pin(db, _card(Device("cold-1")), 1)
        devices.pin(db, replace(_card(Device("cold-2")), label="cold-1"), 1)
    assert "device.label-taken" == caught.value.code.name


def test_a_journal_that_went_back(ledger: Ledger) -> None:
    """A card with a shorter journal is a rollback, one with another head at a known place a fork."""
    device = Device()
    device.work(b"one", b"two")
    with ledger.writing() as db:
        devices.pin(db, _card(device), 1)
    for head in (JournalHead(1, device.head_at(1)), JournalHead(2, bytes(32))):
        with pytest.raises(Refused) as caught, ledger.writing() as db:
            devices.pin(db, replace(_card(device), head=head), 2)
        assert "device.journal-fork" == caught.value.code.name


def test_heads_are_kept(ledger: Ledger) -> None:
    """Every point that was shown, once."""
    device = Device()
    device.work(b"one", b"two", b"three")
    shown = {sequence: device.head_at(sequence) for sequence in (1, 2, 3)}
    with ledger.writing() as db:
        kid = devices.pin(db, _card(Device()), 1)
        devices.add_heads(db, kid, shown)
        devices.add_heads(db, kid, shown)
        assert {0: device.head_at(0), **shown} == devices.heads(db, kid, 0)
        assert {3: device.head_at(3)} == devices.heads(db, kid, 3)
