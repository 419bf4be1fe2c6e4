"""New and imported accounts: which words, which path, which name."""

from dataclasses import replace
from random import Random

import pytest

from coldtusk_offline import accounts, bip39
from coldtusk_offline.contents import Derived, Raw, Seed, SeedId, VaultContents
from coldtusk_offline.secret import Secret
from coldtusk_shared.errors import Refused
from coldtusk_shared.services.warthog.network import Network
from tests.offline.payments import code_of

ABANDON = " ".join(["abandon"] * 11 + ["about"])
ROLLS = "".join(Random(7).choices("123456", k=99))
EMPTY = VaultContents(device_seed=Secret(bytes(32)))
PAPER = accounts.seed_of_words(ABANDON, "paper", Random(1).randbytes)
STEEL = accounts.seed_of_words("zoo " * 11 + "wrong", "steel", Random(2).randbytes)


def test_new_words_ask_both_sources() -> None:
    """32 bytes for the mix and 16 for the name of the seed from the machine, the rolls from the person."""
    asked: list[int] = []

    def random(size: int) -> bytes:
        asked.append(size)
        return Random(size).randbytes(size)

    seed = accounts.gather_seed("words 1", random, lambda: ROLLS)
    assert [32, 16] == asked
    assert (24, "words 1") == (len(bip39.words_of(seed.entropy).split()), seed.label)
    other = accounts.gather_seed("words 1", random, lambda: ROLLS[::-1])
    assert seed.entropy != other.entropy


def test_words_give_the_documented_addresses() -> None:
    """The first of the words of all wallets' examples."""
    found = accounts.derived(PAPER, "m/44'/2070'/0'/0/0", Network.DEFI, "treasury")
    assert bytes.fromhex("6b58cd2e313545fb6ae599df9a6f18f153fc84b4") == found.address
    assert Derived(PAPER.seed_id, "m/44'/2070'/0'/0/0") == found.origin


def test_next_path_is_the_first_free_one_of_its_words() -> None:
    """Holes are filled; other words' and raw accounts do not count."""
    held = EMPTY
    for path, seed, label in (
        ("m/44'/2070'/0'/0/0", PAPER, "a"),
        ("m/44'/2070'/0'/0/2", PAPER, "b"),
        ("m/44'/2070'/0'/0/1", STEEL, "c"),
    ):
        held = accounts.holding(held, accounts.derived(seed, path, Network.DEFI, label), seed)
    held = accounts.holding(held, accounts.raw("01" * 32, Network.DEFI, "d"), None)
    assert "m/44'/2070'/0'/0/1" == accounts.next_path(held, PAPER)
    assert "m/44'/2070'/0'/0/0" == accounts.next_path(held, STEEL)
    assert ("paper", "steel") == tuple(seed.label for seed in held.seeds)
    assert Raw() == held.accounts[-1].origin


def test_finds_the_words_that_are_meant() -> None:
    """The only ones need no name; of several, the name; the error lists them."""
    one, two = replace(EMPTY, seeds=(PAPER,)), replace(EMPTY, seeds=(PAPER, STEEL))
    assert PAPER == accounts.find_seed(one, None) == accounts.find_seed(two, "paper")
    assert code_of(accounts.find_seed, EMPTY, None) == "account.no-seed"
    assert code_of(accounts.find_seed, two, "other") == "account.no-seed"
    with pytest.raises(Refused, match='in this vault: "paper", "steel"'):
        accounts.find_seed(two, None)


def test_labels_are_checked_before_the_dice() -> None:
    """Of accounts and of words; words without a wish get the first free number."""
    held = accounts.holding(EMPTY, accounts.raw("01" * 32, Network.DEFI, "treasury"), None)
    accounts.check_free(held, "other")
    assert code_of(accounts.check_free, held, "treasury") == "vault.twice"
    numbered = tuple(Seed(SeedId(bytes([n]) * 16), f"words {n}", Secret(bytes([n]) * 16)) for n in (1, 3))
    held = replace(held, seeds=numbered)
    assert ("words 2", "paper") == (accounts.new_seed_label(held, None), accounts.new_seed_label(held, "paper"))
    assert code_of(accounts.new_seed_label, held, "words 3") == "vault.twice"
