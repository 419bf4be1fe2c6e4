"""Words, paths and keys: against the official vectors, the wallets' own addresses, and refusals."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from coldtusk_offline import bip39, derivation, keys, legacy_wallet
from coldtusk_offline.contents import Derived, Raw, SeedId
from coldtusk_offline.derivation import HARDENED, DerivationPath
from coldtusk_offline.keys import PrivateKey
from coldtusk_offline.secret import Secret
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, ColdtuskError
from coldtusk_shared.services.warthog.network import Network

VECTORS = Path(__file__).parents[1] / "vectors"
OFFICIAL = json.loads((VECTORS / "bip32" / "official.json").read_text())["vectors"]
HD = json.loads((VECTORS / "warthog" / "hd.json").read_text())
RAW_KEYS = json.loads((VECTORS / "warthog" / "keys.json").read_text())["vectors"]
ABANDON = " ".join(["abandon"] * 11 + ["about"])
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def _base58check(text: str) -> bytes:
    number = 0
    for character in text:
        number = number * 58 + _BASE58.index(character)
    data = number.to_bytes(82)
    assert hashlib.sha256(hashlib.sha256(data[:-4]).digest()).digest()[:4] == data[-4:]
    return data[:-4]


def _seed(words: str) -> Secret:
    return bip39.seed_of(bip39.entropy_of(words))


def _code(act: Any, *arguments: object) -> str:
    with pytest.raises(ColdtuskError) as caught:
        act(*arguments)
    return caught.value.code.name


class TestDerivation:
    """BIP32."""

    @pytest.mark.parametrize("vector", OFFICIAL)
    def test_agrees_with_the_official_vectors(self, vector: dict[str, Any]) -> None:
        """Each chain's private key is the last 32 bytes of its extended key; vector 3 keeps leading zeros."""
        seed = Secret(bytes.fromhex(vector["seed"]))
        found = {path: derivation.derive(seed, DerivationPath.parse(path)).reveal() for path in vector["chains"]}
        assert {path: _base58check(text)[-32:] for path, text in vector["chains"].items()} == found

    @pytest.mark.parametrize("vector", HD["vectors"])
    def test_agrees_with_the_wallets(self, vector: dict[str, str]) -> None:
        """Words and path to private key, public key and address."""
        key = keys.key_at(_seed(vector["mnemonic"]), vector["path"])
        expected = (vector["priv"], vector["pub"], vector["address"])
        assert expected == (key.secret.reveal().hex(), key.public_key.hex(), key.address.text)

    @pytest.mark.parametrize("vector", HD["run_in_typescript"])
    def test_agrees_with_the_typescript_library(self, vector: dict[str, Any]) -> None:
        """Recorded by running it."""
        assert keys.key_at(_seed(ABANDON), vector["path"]).address.text == vector["address"]

    @given(st.lists(st.integers(0, 2 * HARDENED - 1), min_size=1, max_size=limits.PATH_STEPS))
    def test_a_path_has_one_text(self, steps: list[int]) -> None:
        """Text and steps give each other."""
        path = DerivationPath(tuple(steps))
        assert DerivationPath.parse(path.text) == path

    @pytest.mark.parametrize(
        "text",
        [
            *("", "m", "m/", "44'/0", "M/0", "m/0/", "m//0", "m/00", "m/-1", "m/+1", "m/0h", "m/0H", "m/ 0", "m/0''"),
            *("m/2147483648", "m/4294967296", "m/0x1", "m/\u0661", "m/0\n", "m/1e3"),
        ],
    )
    def test_refuses_every_other_text_of_a_path(self, text: str) -> None:
        """Canonical forms only, ASCII digits below 2^31."""
        assert _code(DerivationPath.parse, text) == "path.form"

    def test_caps_the_steps(self) -> None:
        """Ten are taken, eleven are not, and a million are not even split."""
        assert len(DerivationPath.parse("m" + "/0" * 10).steps) == limits.PATH_STEPS
        assert _code(DerivationPath.parse, "m" + "/0" * 11) == "path.too-deep"
        assert _code(DerivationPath.parse, "m" + "/0" * 1_000_000) == "path.too-deep"

    def test_says_when_an_index_has_no_key(self) -> None:
        """BIP32 leaves out 2^-127 of all numbers: not below the order, or a sum of zero."""
        order = legacy_wallet.ORDER.to_bytes(32)
        one = derivation._key((1).to_bytes(32))
        assert _code(derivation._key, order) == "path.no-key"
        assert _code(derivation._sum, one, (legacy_wallet.ORDER - 1).to_bytes(32)) == "path.no-key"


class TestWords:
    """BIP39."""

    @pytest.mark.parametrize("size", [16, 20, 24, 28, 32])
    def test_words_and_entropy_give_each_other(self, size: int) -> None:
        """For every size, and blanks do not matter."""
        entropy = Secret(bytes(range(size)))
        assert bip39.entropy_of("  " + bip39.words_of(entropy).replace(" ", "\n ")) == entropy

    def test_seed_is_the_standard_one(self) -> None:
        """The seed of the library, and by PBKDF2 of the standard library."""
        expected = hashlib.pbkdf2_hmac("sha512", ABANDON.encode(), b"mnemonic", 2048)
        assert _seed(ABANDON).reveal() == expected == Mnemonic.to_seed(ABANDON)

    @pytest.mark.parametrize(
        ("words", "code", "where"),
        [
            ("", "words.count", ""),
            ("abandon " * 13, "words.count", ""),
            ("abandon " * 11 + "abouts", "words.unknown", "word 12"),
            ("Abandon " + "abandon " * 10 + "about", "words.unknown", "word 1"),
            ("abandon " * 12, "words.checksum", ""),
        ],
    )
    def test_refuses_wrong_words_without_quoting_them(self, words: str, code: str, where: str) -> None:
        """Number, list and checksum; the message names the place only."""
        with pytest.raises(BadInput) as caught:
            bip39.entropy_of(words)
        assert (caught.value.code.name, caught.value.where) == (code, where)
        assert "aband" not in caught.value.line()
        assert caught.value.__cause__ is None

    def test_entropy_of_another_size_is_our_mistake(self) -> None:
        """Nobody outside can cause it."""
        with pytest.raises(RuntimeError):
            bip39.words_of(Secret(b"short"))


class TestKeys:
    """Keys of accounts."""

    @pytest.mark.parametrize("vector", [vector for vector in RAW_KEYS if "rejected" in vector])
    def test_refuses_what_the_node_refuses(self, vector: dict[str, str]) -> None:
        """Zero, the order and above."""
        assert _code(PrivateKey.parse, vector["priv"]) in ("key.form", "key.range")

    @pytest.mark.parametrize("vector", [vector for vector in RAW_KEYS if "rejected" not in vector])
    def test_raw_keys_have_the_nodes_addresses(self, vector: dict[str, str]) -> None:
        """From the reference node's own code."""
        key = PrivateKey.parse(vector["priv"] + "\n")
        assert (key.public_key.hex(), key.address.text) == (vector["pub"], vector["address"])

    @pytest.mark.parametrize(
        "text", ["", "0" * 63, "0" * 65, "A" * 64, "0x" + "1" * 62, "g" * 64, "1 " * 32, "\u0661" * 64]
    )
    def test_refuses_what_is_no_raw_key(self, text: str) -> None:
        """64 lower-case hex digits and nothing else."""
        assert _code(PrivateKey.parse, text) == "key.form"

    @pytest.mark.parametrize("number", [0, legacy_wallet.ORDER, legacy_wallet.ORDER + 1, 2**256 - 1])
    def test_refuses_numbers_out_of_range(self, number: int) -> None:
        """1 to n-1; the error keeps nothing of the number."""
        with pytest.raises(BadInput) as caught:
            PrivateKey.parse(f"{number:064x}")
        assert caught.value.code.name == "key.range"
        assert caught.value.__cause__ is None

    def test_shows_every_candidate_of_the_same_words(self) -> None:
        """Five schemes, five addresses; the old Python wallet's starts as the facts say."""
        found = {candidate.path: candidate.key.address.text for candidate in keys.candidates(_seed(ABANDON))}
        expected = {
            "m/44'/2070'/0'/0/0": "6b58cd2e",
            "m/44'/2070'/0/0/0": "d222fd5b",
            "m/44/2070/0/0/0": "b2029711",
            "m/44'/2070'/0'/0'/0'": found["m/44'/2070'/0'/0'/0'"][:8],
            "legacy-python": "35af6b55",
        }
        assert {path: address[:8] for path, address in found.items()} == expected
        assert len(set(found.values())) == 5

    def test_candidates_at_another_index(self) -> None:
        """Every BIP32 scheme has it; the old Python wallet has one key only."""
        found = {candidate.path: candidate.key.address.text for candidate in keys.candidates(_seed(ABANDON), 1)}
        assert list(found) == ["m/44'/2070'/0'/0/1", "m/44'/2070'/0/0/1", "m/44/2070/0/0/1", "m/44'/2070'/0'/0'/1'"]
        assert found["m/44'/2070'/0'/0/1"] == "f48747bda7308cab62ebeb77eab4b14c9352b5df8031a6df"

    def test_makes_an_account(self) -> None:
        """Bound to its network, with its origin; the key shows in no repr."""
        key = PrivateKey.parse(RAW_KEYS[4]["priv"])
        account = keys.account_of(key, Network.MAIN, "treasury", Raw())
        assert (account.network, account.address, account.label) == (Network.MAIN, key.address.raw, "treasury")
        assert RAW_KEYS[4]["priv"] not in repr(account) + repr(key) + repr(key.secret)
        derived = keys.account_of(key, Network.DEFI, "t", Derived(SeedId(bytes(16)), "m/0"))
        assert derived.origin == Derived(SeedId(bytes(16)), "m/0")
