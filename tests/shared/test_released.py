"""Released results: HPKE against the RFC's vectors through a second implementation, and what must not open."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import released
from coldtusk_shared.errors import BadInput
from coldtusk_shared.request import PaymentId
from tests.shared import hpke_reference

_FOLDER = Path(__file__).parents[1] / "vectors" / "hpke"
RFC: dict[str, Any] = json.loads((_FOLDER / "rfc9180_a2.json").read_text())
GOLDEN: dict[str, Any] = json.loads((_FOLDER / "released.json").read_text())

PRIVATE = bytes.fromhex(GOLDEN["reply_private_key"])
PUBLIC = bytes.fromhex(GOLDEN["reply_key"])
DIGEST = bytes.fromhex(GOLDEN["request_digest"])
PAYMENT = PaymentId(bytes.fromhex(GOLDEN["payment_id"]))
PLAIN = bytes.fromhex(GOLDEN["plaintext"])
ENC, CIPHERTEXT = bytes.fromhex(GOLDEN["enc"]), bytes.fromhex(GOLDEN["ciphertext"])

_P = 2**255 - 19
SMALL_ORDER = (
    0,
    1,
    _P - 1,
    _P,
    _P + 1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
)
"""u-coordinates that agree on the all-zero secret with every key (RFC 7748 6.1; the list of libsodium)."""


def rfc(name: str) -> bytes:
    """A value of the RFC's vector."""
    return bytes.fromhex(RFC[name])


def code_of(private: bytes, enc: bytes, ciphertext: bytes, digest: bytes, payment: PaymentId) -> str:
    """The code with which opening fails; its error has neither cause nor context."""
    with pytest.raises(BadInput) as caught:
        released.open_(private, enc, ciphertext, digest, payment)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    return caught.value.code.name


def flipped(data: bytes, bit: int) -> bytes:
    """*data* with one other bit."""
    return (int.from_bytes(data) ^ 1 << bit).to_bytes(len(data))


@pytest.mark.parametrize("side", ["sender", "recipient"])
def test_the_reference_makes_the_rfcs_key_schedule(side: str) -> None:
    """Every value that the RFC names on the way, from either side."""
    if side == "sender":
        context = hpke_reference.sender(rfc("skEm"), rfc("pkRm"), rfc("info"))
    else:
        context = hpke_reference.recipient(rfc("skRm"), rfc("enc"), rfc("info"))
    for name in ("enc", "shared_secret", "key_schedule_context", "secret", "key", "base_nonce"):
        assert RFC[name] == getattr(context, name).hex(), name


@pytest.mark.parametrize("vector", RFC["encryptions"], ids=lambda vector: str(vector["sequence"]))
def test_the_reference_makes_the_rfcs_ciphertexts(vector: dict[str, Any]) -> None:
    """Nonce, ciphertext and plaintext, with the RFC's associated data."""
    context = hpke_reference.recipient(rfc("skRm"), rfc("enc"), rfc("info"))
    plaintext, aad = bytes.fromhex(vector["pt"]), bytes.fromhex(vector["aad"])
    assert vector["nonce"] == context.nonce(vector["sequence"]).hex()
    assert vector["ct"] == context.seal(vector["sequence"], plaintext, aad).hex()
    assert plaintext == context.open(vector["sequence"], bytes.fromhex(vector["ct"]), aad)


@given(st.binary(max_size=300), st.binary(min_size=32, max_size=32), st.binary(min_size=16, max_size=16))
def test_the_reference_opens_what_we_seal(plaintext: bytes, digest: bytes, payment: bytes) -> None:
    """Ours sealed, the reference opens: the same suite, the info of the ADR, no associated data, sequence 0."""
    enc, ciphertext = released.seal(PUBLIC, plaintext, digest, PaymentId(payment))
    info = b"coldtusk/v1/released-result\x00" + digest + payment
    assert released.ENC_BYTES == len(enc)
    assert plaintext == hpke_reference.recipient(PRIVATE, enc, info).open(0, ciphertext)


@given(st.binary(max_size=300), st.binary(min_size=32, max_size=32))
def test_we_open_what_the_reference_seals(plaintext: bytes, ephemeral: bytes) -> None:
    """The other way round, with any ephemeral key."""
    context = hpke_reference.sender(ephemeral, PUBLIC, released.info(DIGEST, PAYMENT))
    assert plaintext == released.open_(PRIVATE, context.enc, context.seal(0, plaintext), DIGEST, PAYMENT)


def test_the_golden_result_still_opens() -> None:
    """What an earlier version sealed opens for ever; the reference makes its very bytes from the ephemeral key."""
    assert PLAIN == released.open_(PRIVATE, ENC, CIPHERTEXT, DIGEST, PAYMENT)
    assert GOLDEN["info"] == released.info(DIGEST, PAYMENT).hex()
    context = hpke_reference.sender(bytes.fromhex(GOLDEN["ephemeral_key"]), PUBLIC, bytes.fromhex(GOLDEN["info"]))
    assert (ENC, CIPHERTEXT) == (context.enc, context.seal(0, PLAIN))
    assert X25519PrivateKey.from_private_bytes(PRIVATE).public_key().public_bytes_raw() == PUBLIC


def test_two_seals_are_never_alike() -> None:
    """Each has an ephemeral key of its own."""
    first = released.seal(PUBLIC, PLAIN, DIGEST, PAYMENT)
    second = released.seal(PUBLIC, PLAIN, DIGEST, PAYMENT)
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_nothing_of_the_secret_shows() -> None:
    """A canary is in the plaintext and in no part of what leaves the device."""
    canary = b"1_CANARY-simple-access-token"
    enc, ciphertext = released.seal(PUBLIC, canary, DIGEST, PAYMENT)
    assert canary == released.open_(PRIVATE, enc, ciphertext, DIGEST, PAYMENT)
    assert canary not in enc + ciphertext


def test_only_for_its_key_request_and_payment() -> None:
    """Another private key, another request, another payment of the same request: ``released.not-opened``."""
    other = PaymentId(flipped(PAYMENT, 0))
    assert "released.not-opened" == code_of(bytes(31) + b"\x40", ENC, CIPHERTEXT, DIGEST, PAYMENT)
    assert "released.not-opened" == code_of(PRIVATE, ENC, CIPHERTEXT, flipped(DIGEST, 0), PAYMENT)
    assert "released.not-opened" == code_of(PRIVATE, ENC, CIPHERTEXT, DIGEST, other)


@pytest.mark.parametrize("bit", range(0, 8 * len(CIPHERTEXT), 7))
def test_a_bit_of_the_ciphertext(bit: int) -> None:
    """Tampering anywhere in it: ``released.not-opened``."""
    assert "released.not-opened" == code_of(PRIVATE, ENC, flipped(CIPHERTEXT, bit), DIGEST, PAYMENT)


@pytest.mark.parametrize("bit", range(0, 255, 11))
def test_a_bit_of_the_encapsulated_key(bit: int) -> None:
    """Tampering with it: ``released.not-opened``."""
    assert "released.not-opened" == code_of(PRIVATE, flipped(ENC, bit), CIPHERTEXT, DIGEST, PAYMENT)


@pytest.mark.parametrize("length", [0, 1, 15, 16, len(CIPHERTEXT) - 1])
def test_a_cut_ciphertext(length: int) -> None:
    """Shorter than it was, or than a tag: ``released.not-opened``."""
    assert "released.not-opened" == code_of(PRIVATE, ENC, CIPHERTEXT[:length], DIGEST, PAYMENT)


@pytest.mark.parametrize("point", SMALL_ORDER, ids=hex)
def test_weak_reply_keys(point: int) -> None:
    """To a point of small order nothing is sealed, since anybody could open it: ``released.weak-key``."""
    with pytest.raises(BadInput) as caught:
        released.seal(point.to_bytes(32, "little"), PLAIN, DIGEST, PAYMENT)
    assert "released.weak-key" == caught.value.code.name
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("point", SMALL_ORDER, ids=hex)
def test_weak_encapsulated_keys(point: int) -> None:
    """Nor is anything opened that such a point is said to hold."""
    assert "released.not-opened" == code_of(PRIVATE, point.to_bytes(32, "little"), CIPHERTEXT, DIGEST, PAYMENT)


def test_the_golden_bytes_of_the_adr() -> None:
    """What docs/adr/0013 prints is what still opens."""
    page = (Path(__file__).parents[2] / "docs" / "adr" / "0013-released-secrets.md").read_text(encoding="utf-8")
    printed = dict(re.findall(r"^([a-z ]+) =\s+([0-9a-f]+)$", page, re.MULTILINE))
    assert {name.replace("_", " "): GOLDEN[name] for name in GOLDEN if name not in {"about", "info"}} == printed
