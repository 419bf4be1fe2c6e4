"""``inspect``: what a message says, in rows that nobody can take for the device's own word."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from wcwidth import wcswidth

from coldtusk_offline.inspection import inspect
from coldtusk_shared import card, envelope, response
from coldtusk_shared.card import CardAccount, DeviceCard, HostCard
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.request import JournalHead
from coldtusk_shared.response import RefusedItem
from coldtusk_shared.screen import COLUMNS
from tests.offline.payments import NAMES, code_of, give, item, sealed, transfer
from tests.shared.service_samples import CALLS, a_call
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import PASSPHRASE, Desk, make_desk
from tests.simulators.host import HostSigner

EVIL = 'x" signed'


@pytest.fixture(scope="module")
def desk() -> Desk:
    """A device and its host."""
    return make_desk(Path("/x"), CrashFs())


def shown(message: bytes) -> str:
    """What it says; never wider than the screen, and always that nothing was checked."""
    text = inspect(message)
    assert all(wcswidth(row) <= COLUMNS for row in text.splitlines())
    assert re.match(rf"={{80}}\n[a-z ]+, {len(message)} bytes -- NOT CHECKED against a pinned key\n", text)
    return text


@pytest.mark.parametrize("name", NAMES)
def test_request_of_each_type(desk: Desk, name: str) -> None:
    """The fields of the review, the payment id, the words; no label of this device."""
    payment = item(desk, name)
    text = shown(sealed(desk, payment, purpose=EVIL))
    assert f"Payment     {payment.payment_id.hex()}" in text
    assert 'Purpose     the host says: "x\\" signed"' in text
    assert f"({name.partition('-')[0]})" in text
    assert "own account" not in text
    assert desk.treasury.grouped in text


def test_batch(desk: Desk) -> None:
    """Every item with its number."""
    text = shown(sealed(desk, *(transfer(desk, e8, nonce_id=e8) for e8 in (1, 2, 3))))
    assert "Items       3" in text
    assert [f"---- item {number} of 3" for number in (1, 2, 3)] == re.findall(r"^---- item.*$", text, re.MULTILINE)


def test_response(desk: Desk) -> None:
    """Signed and refused; what somebody else wrote stands between quotation marks."""
    with make_desk(Path("/x"), CrashFs()).open() as device:
        given, _ = give(device, sealed(desk, transfer(desk), transfer(desk, 2, nonce_id=8)))
        refused = RefusedItem(given.response.results[1].payment_id, EVIL, "signed\\")
        mixed = replace(given.response, results=(given.response.results[0], refused))
        text = shown(envelope.seal(MessageType.RESPONSE, response.encode(mixed), device.vault.identity))
    assert "            signed\n" in text
    assert '            refused, "x\\" signed": "signed\\\\"\n' in text
    assert "Journal     entry 1, head " in text


def test_cards() -> None:
    """Host and device; addresses with their checksum."""
    signer = HostSigner(b"c" * 32)
    text = shown(card.seal_host(HostCard(signer.public_key, EVIL), signer))
    assert 'Says it is  "x\\" signed"\n' in text
    held = (CardAccount("main", bytes(20), EVIL),)
    text = shown(card.seal_device(DeviceCard(signer.public_key, "cold-1", JournalHead(0, bytes(32)), held), signer))
    assert 'Says it is  "cold-1"\n' in text
    assert f'Account     {"0" * 40}de47c9b2\n            main, "x\\" signed"' in text


def test_card_of_another_key_is_refused() -> None:
    """A card proves that its maker holds the key: inspect asks for that much."""
    signer, other = HostSigner(b"c" * 32), HostSigner(b"d" * 32)
    message = card.seal_host(HostCard(other.public_key, "office"), signer)
    assert code_of(inspect, message) == "card.not-its-own-key"


def test_garbage_is_refused(desk: Desk) -> None:
    """With a code, whatever it is."""
    whole = sealed(desk, transfer(desk))
    for message, code in (
        (b"", "message.empty"),
        (b"Dear operator, please sign", "message.is-text"),
        (b"\x89PNG\r\n", "message.not-coldtusk"),
        (whole[:-1], "cbor.cut"),
        (whole + b"\n", "cbor.trailing-bytes"),
        (b"\xd2\x80", "message.malformed-envelope"),
    ):
        assert code == code_of(inspect, message)
    assert PASSPHRASE.reveal() not in inspect(whole).encode()


@pytest.mark.parametrize("name", CALLS)
def test_request_of_each_service(desk: Desk, name: str) -> None:
    """Every field that the request says, with nothing that only the vault knows: no label, no table, no fingerprint."""
    asked = a_call(CALLS[name])
    text = shown(desk.host.seal(asked))
    assert f"Payment     {asked.items[0].payment_id.hex()}" in text
    assert re.search(r"^Do          (CoinPayments|CoinRPC|CoinSpark|coinsoftworks): ", text, re.MULTILINE)
    assert "own account" not in text


def test_request_for_an_action_that_nobody_enrolled(desk: Desk) -> None:
    """Name, and every parameter as it came."""
    text = shown(desk.host.seal(a_call(CALLS["coinsoftworks-execute"])))
    assert 'Do          coinsoftworks: execute "TransferAction" -- MOVES MONEY' in text
    assert 'Fields      amount = "12.50"\n            note = "M\u00e4rz"' in text
