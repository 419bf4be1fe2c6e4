"""New and imported accounts: from the keys' sources to a checked :class:`Account`."""

import itertools
from collections.abc import Callable
from dataclasses import replace

from coldtusk_offline import bip39, entropy, keys
from coldtusk_offline.contents import TWICE, Account, Derived, Raw, Seed, SeedId, VaultContents
from coldtusk_offline.keys import DOCUMENTED, PrivateKey
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.services.warthog.network import Network

NO_SEED = Code("account.no-seed", "make the first account with --new-words, or name a label that `account list` shows")

_ID_BYTES = 16


def gather_seed(label: str, os_random: Callable[[int], bytes], ask_rolls: Callable[[], str]) -> Seed:
    """New words: 256 bits of the operating system and of dice, mixed."""
    gathered = entropy.gather(os_random, ask_rolls)
    return Seed(SeedId(os_random(_ID_BYTES)), label, gathered.entropy)


def seed_of_words(words: str, label: str, os_random: Callable[[int], bytes]) -> Seed:
    """Words that an operator brings."""
    return Seed(SeedId(os_random(_ID_BYTES)), label, bip39.entropy_of(words))


def find_seed(contents: VaultContents, label: str | None) -> Seed:
    """The seed with this label, or the only one."""
    found = [seed for seed in contents.seeds if label in (None, seed.label)]
    if len(found) != 1:
        known = ", ".join(f'"{seed.label}"' for seed in contents.seeds) or "none"
        raise Refused(NO_SEED, f"say which words with --words; in this vault: {known}")
    return found[0]


def check_free(contents: VaultContents, label: str) -> None:
    """Refuse a *label* that an account has: before dice are rolled for a second one, not after."""
    if label in {one.label for one in contents.accounts}:
        raise Refused(TWICE, "an account has this label")


def new_seed_label(contents: VaultContents, wish: str | None) -> str:
    """The name of new words: *wish* if nothing has it, or the first free "words N" where none is wished."""
    used = {seed.label for seed in contents.seeds}
    if wish in used:
        raise Refused(TWICE, "other words have this name")
    return wish or next(name for number in itertools.count(1) if (name := f"words {number}") not in used)


def next_path(contents: VaultContents, seed: Seed) -> str:
    """The first path of the documented scheme that no account of *seed* uses."""
    used = {
        one.origin.path
        for one in contents.accounts
        if isinstance(one.origin, Derived) and one.origin.seed_id == seed.seed_id
    }
    index = 0
    while DOCUMENTED.template.format(index=index) in used:
        index += 1
    return DOCUMENTED.template.format(index=index)


def derived(seed: Seed, path: str, network: Network, label: str) -> Account:
    """The account of *seed* at *path*."""
    key = keys.key_at(bip39.seed_of(seed.entropy), path)
    return keys.account_of(key, network, label, Derived(seed.seed_id, path))


def raw(text: str, network: Network, label: str) -> Account:
    """The account of a raw key in hex."""
    return keys.account_of(PrivateKey.parse(text), network, label, Raw())


def holding(contents: VaultContents, account: Account, seed: Seed | None) -> VaultContents:
    """*contents* with *account*, and with *seed* if it is not there yet."""
    known = {one.seed_id for one in contents.seeds}
    seeds = contents.seeds if seed is None or seed.seed_id in known else (*contents.seeds, seed)
    return replace(contents, seeds=seeds, accounts=(*contents.accounts, account))
