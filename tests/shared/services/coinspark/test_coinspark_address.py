"""CoinSpark addresses and the bitcoin addresses inside."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.coinspark import base58check
from coldtusk_shared.services.coinspark.address import CoinSparkAddress
from tests.shared.services.coinspark.asset_samples import ADDRESS, BITCOIN, bitcoin_address

_DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VERSIONS = {0x00: "1", 0x05: "3", 0x6F: "mn", 0xC4: "2"}
hashes = st.binary(min_size=20, max_size=20)
versions = st.sampled_from(sorted(_VERSIONS))
flags = st.integers(0, 0x3FFFFF).map(lambda value: value << 1 | 1)
references = st.one_of(st.just(0), st.integers(0, 2**52 - 1))


def written(bitcoin: str, flag_digits: list[int], reference_digits: list[int]) -> str:
    """A CoinSpark address, digit by digit after the facts; nothing is checked."""
    extra = flag_digits + reference_digits
    values = [0, 10 * len(flag_digits) + len(reference_digits), *extra]
    for place, character in enumerate(bitcoin):
        plus = extra[place % len(extra)] if extra else 0
        values.append((_DIGITS.index(character) + 13 + plus) % 58)
    length = len(values)
    for place in range(1, (length + 1) // 2):
        values[place] = (values[place] + values[length - place]) % 58
    return "s" + "".join(_DIGITS[value] for value in values[1:])


def little(number: int) -> list[int]:
    """Base 58, the least digit first."""
    digits = []
    while number:
        digits.append(number % 58)
        number //= 58
    return digits


def test_the_documents_address() -> None:
    """It holds a bitcoin address whose checksum is right, and the flag for assets alone."""
    address = CoinSparkAddress.parse(ADDRESS)
    assert (BITCOIN, 1, 0, False) == (address.bitcoin, address.flags, address.reference, address.testnet)
    assert ADDRESS == address.text


@given(versions, hashes, flags, references)
def test_read_back(version: int, digest: bytes, some: int, reference: int) -> None:
    """What a writer of the test's own writes is read, and written the same."""
    bitcoin = bitcoin_address(version, digest)
    text = written(bitcoin, little(some), little(reference))
    address = CoinSparkAddress.parse(text)
    assert (bitcoin, some, reference) == (address.bitcoin, address.flags, address.reference)
    assert text == address.text
    assert (version in (0x6F, 0xC4)) is address.testnet


@given(versions, hashes)
def test_bitcoin_addresses(version: int, digest: bytes) -> None:
    """The known first characters, and a checksum by the book."""
    text = bitcoin_address(version, digest)
    payload = bytes((version,)) + digest
    number = 0
    for character in text:
        number = number * 58 + _DIGITS.index(character)
    check = hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    assert payload + check == number.to_bytes(25)
    assert text[0] in _VERSIONS[version]
    assert payload == base58check.decode(text)


@given(st.data(), flags, references)
def test_one_wrong_character(data: st.DataObject, some: int, reference: int) -> None:
    """Any one character that is changed is noticed (a chance of 2**-32 apart)."""
    text = written(bitcoin_address(0, data.draw(hashes)), little(some), little(reference))
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(_DIGITS).filter(lambda character: character != text[place]))
    with pytest.raises(BadInput):
        CoinSparkAddress.parse(text[:place] + other + text[place + 1 :])


@given(st.data())
def test_two_characters_swapped(data: st.DataObject) -> None:
    """So are two neighbours that change places."""
    text = written(bitcoin_address(0, data.draw(hashes)), [1], [])
    place = data.draw(st.integers(1, len(text) - 2))
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if swapped != text:
        with pytest.raises(BadInput):
            CoinSparkAddress.parse(swapped)


@given(st.text(alphabet=_DIGITS, max_size=60))
def test_any_text(rest: str) -> None:
    """No text of base 58 makes anything but a refusal."""
    with pytest.raises(BadInput):
        CoinSparkAddress.parse(f"s{rest}")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "coinspark.address.form"),
        ("s", "coinspark.address.form"),
        ("s1", "coinspark.address.form"),
        (BITCOIN, "coinspark.address.form"),
        (f"S{ADDRESS[1:]}", "coinspark.address.form"),
        (ADDRESS.replace("5", "0"), "coinspark.address.form"),
        (f"{ADDRESS}\n", "coinspark.address.form"),
        (ADDRESS * 2, "coinspark.address.form"),
        (ADDRESS[:-1], "coinspark.address.checksum"),
        (f"{ADDRESS}1", "coinspark.address.checksum"),
        (written("", [1], []), "coinspark.address.checksum"),
        (written(f"1{BITCOIN}", [1], []), "coinspark.address.checksum"),
        (written(BITCOIN[1:], [1], []), "coinspark.address.checksum"),
        (written(bitcoin_address(0x30, bytes(20)), [1], []), "coinspark.address.version"),
        (written(BITCOIN, [1, 0], []), "coinspark.address.not-canonical"),
        (written(BITCOIN, [1], [0]), "coinspark.address.not-canonical"),
        (written(BITCOIN, little(0x800001), []), "coinspark.address.not-canonical"),
        (written(BITCOIN, [1], little(2**52)), "coinspark.address.not-canonical"),
        (written(BITCOIN, [], []), "coinspark.address.no-assets"),
        (written(BITCOIN, [2], []), "coinspark.address.no-assets"),
    ],
)
def test_addresses_refused(text: str, code: str) -> None:
    """Each kind of bad address has its own code, and the place is named."""
    with pytest.raises(BadInput) as caught:
        CoinSparkAddress.parse(text, "fields.send_to_address")
    assert (code, "fields.send_to_address") == (caught.value.code.name, caught.value.where)


@pytest.mark.parametrize("text", ["", "1", "11111", "z" * 60, "2" * 34], ids=len)
def test_no_bitcoin_addresses(text: str) -> None:
    """What is no address is none."""
    found: Any = base58check.decode(text)
    assert found is None
