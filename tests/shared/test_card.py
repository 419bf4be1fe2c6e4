"""Cards: they prove that their maker holds the key, or are refused."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import card
from coldtusk_shared.card import CardAccount, DeviceCard, HostCard
from coldtusk_shared.errors import BadInput
from coldtusk_shared.request import JournalHead
from coldtusk_shared.services.warthog import network
from tests.shared.samples import DEVICE, HOST, STRANGER

_IDENTITY = "01" + "00" * 31
_SMALL_ORDER = [
    _IDENTITY,
    "00" * 32,
    "ec" + "ff" * 30 + "7f",
    "00" * 31 + "80",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "01" + "00" * 30 + "80",
    "ec" + "ff" * 31,
    "ed" + "ff" * 30 + "7f",
    "ee" + "ff" * 30 + "7f",
    "ed" + "ff" * 31,
    "ee" + "ff" * 31,
]
"""Each encoding of a point of small order, those that are not canonical too."""

_labels = st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=64)
_accounts = st.builds(CardAccount, st.sampled_from(network.NAMES), st.binary(min_size=20, max_size=20), _labels)
_heads = st.builds(JournalHead, st.integers(0, 2**64 - 1), st.binary(min_size=32, max_size=32))


class _Forger:
    """Signs without a secret: R is a point of small order and s is zero."""

    def __init__(self, public_key: bytes) -> None:
        self.public_key = public_key

    def sign(self, data: bytes) -> bytes:
        """A signature that *public_key* takes, if one of this form exists."""
        for point in map(bytes.fromhex, _SMALL_ORDER):
            try:
                Ed25519PublicKey.from_public_bytes(self.public_key).verify(point + bytes(32), data)
            except InvalidSignature:
                continue
            return point + bytes(32)
        return bytes(64)


@given(_labels, _heads, st.lists(_accounts, max_size=4))
def test_sealing_and_opening(label: str, head: JournalHead, accounts: list[CardAccount]) -> None:
    """What was sealed comes back."""
    host = HostCard(HOST.public_key, label)
    device = DeviceCard(DEVICE.public_key, label, head, tuple(accounts))
    assert host == card.open_host(card.seal_host(host, HOST))
    assert device == card.open_device(card.seal_device(device, DEVICE))


def test_a_card_for_another_key() -> None:
    """Nobody makes a card for a key that he does not hold."""
    with pytest.raises(BadInput) as refusal:
        card.open_host(card.seal_host(HostCard(HOST.public_key, "treasury-1"), STRANGER))
    assert "card.not-its-own-key" == refusal.value.code.name


@pytest.mark.parametrize("key", _SMALL_ORDER)
def test_a_key_that_nobody_holds(key: str) -> None:
    """Anybody can sign for a key of small order: it is refused before its signature is looked at."""
    forger = _Forger(bytes.fromhex(key))
    with pytest.raises(BadInput) as refusal:
        card.open_host(card.seal_host(HostCard(forger.public_key, "treasury-1"), forger))
    assert "card.weak-key" == refusal.value.code.name


def test_the_library_takes_such_a_signature() -> None:
    """Why the rule is needed: under this key one signature fits every message."""
    forger = _Forger(bytes.fromhex(_IDENTITY))
    assert forger.sign(b"one") == forger.sign(b"another") != bytes(64)
