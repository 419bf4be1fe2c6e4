"""``card``: this device's identity, accounts and journal head, for an online half."""

from dataclasses import dataclass
from pathlib import Path

import click

from coldtusk_offline.cli import light, opening
from coldtusk_offline.device import Device
from coldtusk_offline.ui.terminal import Terminal
from coldtusk_shared import card, files, words
from coldtusk_shared.card import CardAccount, CardService, DeviceCard


@dataclass(frozen=True, slots=True)
class SealedCard:
    """A device's card, and the words that the online half asks for."""

    label: str
    message: bytes
    words: str


@click.command("card")
@click.option("--out", type=click.Path(path_type=Path), help="Where the card goes; a new file.")
@light.SHOW
@light.FPS
@click.pass_context
def command(ctx: click.Context, out: Path | None, live: bool, fps: int) -> None:
    """Write or show this device's card again, with all its accounts. It holds nothing secret."""
    light.require_outlet(out, live=live)
    terminal = Terminal()
    with opening.device(ctx, terminal) as device:
        sealed = card_of(device)
    hand_over(terminal, sealed, out, fps if live else None)


def card_of(device: Device) -> SealedCard:
    """The card of *device* as it is now."""
    identity, contents = device.vault.identity, device.vault.contents
    accounts = tuple(CardAccount(one.network.value, one.address, one.label) for one in contents.accounts)
    services = tuple(CardService(one.system, one.account, one.label) for one in contents.services)
    made = DeviceCard(identity.public_key, contents.label, device.head, accounts, services)
    return SealedCard(contents.label, card.seal_device(made, identity), words.key_words(identity.public_key))


def hand_over(terminal: Terminal, sealed: SealedCard, out: Path | None, rate: int | None) -> None:
    """Write the card to the new file *out* and show it, *rate* codes a second, as far as each is asked for."""
    if out is not None:
        files.write_new(out, sealed.message)
    try:
        if rate is not None:
            light.show(sealed.message, f"card of {sealed.label}", rate)
    finally:
        which = "was shown" if out is None else f"is {out}"
        terminal.show(f"This device's card {which}. Its words, to be typed on the online half:")
        terminal.show(f"    {sealed.words}")
