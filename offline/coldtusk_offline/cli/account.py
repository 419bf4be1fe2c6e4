"""``account new|import|list``. Keys come from prompts or files, never from arguments."""

import os
from pathlib import Path

import click

from coldtusk_offline import accounts, bip39, keys
from coldtusk_offline import home as homes
from coldtusk_offline.cli import opening
from coldtusk_offline.contents import Account, Derived, Seed, VaultContents
from coldtusk_offline.device import Device
from coldtusk_offline.ui.terminal import Terminal
from coldtusk_shared import files, limits
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.file_errors import place
from coldtusk_shared.screen import line, render
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.text import check_label

NOT_COPIED = Code("words.not-copied", "nothing was kept: start again, and copy the words to paper before going on")
NO_CHOICE = Code("account.no-choice", "type one of the numbers, or a whole path such as m/44'/2070'/0'/0/0")
NOT_TEXT = Code("account.file", "give a text file with the words or the key alone")

TRIES = 3
_NETWORK = click.Choice([network.value for network in Network])


@click.group("account")
def command() -> None:
    """Make, import and list accounts. An account belongs to one network for life."""


@command.command("new")
@click.option("--network", type=_NETWORK, required=True, help="The network that the account is of, for life.")
@click.option("--label", required=True, help="The account's name on the review screen.")
@click.option("--new-words", is_flag=True, help="Make new words even if this vault holds some.")
@click.option("--words", "seed_label", help="Which words, if this vault holds several.")
@click.pass_context
def new(ctx: click.Context, network: str, label: str, new_words: bool, seed_label: str | None) -> None:
    """Make an account: the first one with new words, the next ones from the same words."""
    check_label(label, "--label")
    if seed_label is not None:
        check_label(seed_label, "--words")
    terminal = Terminal()
    with opening.device(ctx, terminal) as device:
        held = device.vault.contents
        accounts.check_free(held, label)
        if new_words or not held.seeds:
            seed = _make_seed(terminal, accounts.new_seed_label(held, seed_label))
        else:
            seed = accounts.find_seed(held, seed_label)
        path = accounts.next_path(held, seed)
        _keep(terminal, device, accounts.derived(seed, path, Network(network), label), seed)


@command.command("import")
@click.option("--network", type=_NETWORK, required=True, help="The network that the account is of, for life.")
@click.option("--label", required=True, help="The account's name on the review screen.")
@click.option("--as", "form", type=click.Choice(["words", "key"]), required=True, help="What is imported.")
@click.option("--file", "path", type=click.Path(path_type=Path), help="A file with it; otherwise it is asked for.")
@click.pass_context
def import_(ctx: click.Context, network: str, label: str, form: str, path: Path | None) -> None:
    """Import an account: words of any known wallet, or a raw key of 64 hex digits."""
    check_label(label, "--label")
    terminal = Terminal()
    with opening.device(ctx, terminal) as device:
        held = device.vault.contents
        accounts.check_free(held, label)
        text = _secret_text(terminal, form, path)
        if form == "key":
            _keep(terminal, device, accounts.raw(text, Network(network), label), None)
            return
        seed = _known_or_new(held, accounts.seed_of_words(text, accounts.new_seed_label(held, None), os.urandom))
        derivation = _choose_path(terminal, seed)
        _keep(terminal, device, accounts.derived(seed, derivation, Network(network), label), seed)


@command.command("list")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """List the accounts of this device."""
    terminal = Terminal()
    with opening.device(ctx, terminal) as device:
        for account in device.vault.contents.accounts:
            terminal.show(_describe(account))
        if not device.vault.contents.accounts:
            terminal.show("No account yet: coldtusk-offline account new")


def _make_seed(terminal: Terminal, label: str) -> Seed:
    terminal.show("New words need two sources: this machine's, and your dice.")
    terminal.show("Roll a die at least 50 times (99 for full strength) and type each roll, 1 to 6.")
    seed = accounts.gather_seed(label, os.urandom, lambda: terminal.ask_secret("rolls> "))
    words = bip39.words_of(seed.entropy)
    numbered = [f"{place:>2} {word}" for place, word in enumerate(words.split(), 1)]
    terminal.show("Copy these words to paper, in this order. They are shown this once.")
    for start in range(0, len(numbered), 4):
        terminal.show("    " + "".join(f"{one:<16}" for one in numbered[start : start + 4]).rstrip())
    terminal.ask("Enter when they are on paper> ")
    terminal.clear()
    _check_copied(terminal, words)
    return seed


def _check_copied(terminal: Terminal, words: str) -> None:
    for _ in range(TRIES):
        if " ".join(terminal.ask_secret("Type all the words from the paper> ").split()) == words:
            return
        terminal.show("These are not the words: compare each with the paper.")
    raise Refused(NOT_COPIED, "the words were not typed back")


def _secret_text(terminal: Terminal, form: str, path: Path | None) -> str:
    if path is None:
        return terminal.ask_secret(f"The {form}> ")
    try:
        return files.read_input(path, limits.TEXT_BYTES).decode("ascii").strip()
    except UnicodeDecodeError:
        raise BadInput(NOT_TEXT, "this is not plain text", where=place(path)) from None


def _known_or_new(held: VaultContents, seed: Seed) -> Seed:
    """The same words are kept once."""
    return next((one for one in held.seeds if one.entropy == seed.entropy), seed)


def _choose_path(terminal: Terminal, seed: Seed) -> str:
    """Show what every known wallet makes of the words; take a number or any path that is typed."""
    found = keys.candidates(bip39.seed_of(seed.entropy))
    terminal.show("The same words give other addresses in other wallets. Which one is yours?")
    for number, one in enumerate(found, 1):
        terminal.show(render([line(str(number), f"{one.path}  ({one.label})", one.key.address.grouped)]))
    typed = terminal.ask("number or path> ").strip()
    if typed in {str(number) for number in range(1, len(found) + 1)}:
        return found[int(typed) - 1].path
    if not typed.startswith("m/"):
        raise BadInput(NO_CHOICE, "neither a number of the list nor a path")
    return typed


def _keep(terminal: Terminal, device: Device, account: Account, seed: Seed | None) -> None:
    homes.add_account(device, account, accounts.holding(device.vault.contents, account, seed))
    terminal.show("Kept:")
    terminal.show(_describe(account))
    terminal.show("Next, for the online half: coldtusk-offline pair HOST_CARD --out FILE,")
    terminal.show("or coldtusk-offline card --out FILE if it is paired already.")


def _describe(account: Account) -> str:
    origin = account.origin.path if isinstance(account.origin, Derived) else "raw key, without words"
    address = Address(account.address)
    return render([line(account.network.value, f'"{account.label}"', address.grouped, address.text, origin)])
