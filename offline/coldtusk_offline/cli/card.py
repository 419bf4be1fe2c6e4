"""``card``: this device's identity, accounts and journal head, for an online half."""

from pathlib import Path

import click

from coldtusk_offline.cli import opening
from coldtusk_offline.device import Device
from coldtusk_offline.ui.terminal import Terminal
from coldtusk_shared import card, files, words
from coldtusk_shared.card import CardAccount, DeviceCard


@click.command("card")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the card goes; a new file.")
@click.pass_context
def command(ctx: click.Context, out: Path) -> None:
    """Write this device's card again, with all its accounts. It holds nothing secret."""
    opening.require_free(out)
    terminal = Terminal()
    with opening.device(ctx, terminal) as device:
        write_card(terminal, device, out)


def write_card(terminal: Terminal, device: Device, out: Path) -> None:
    """Write the card to the new file *out*, and show the words that the online half asks for."""
    identity, contents = device.vault.identity, device.vault.contents
    accounts = tuple(CardAccount(one.network.value, one.address, one.label) for one in contents.accounts)
    made = DeviceCard(identity.public_key, contents.label, device.head, accounts)
    files.write_new(out, card.seal_device(made, identity))
    terminal.show(f"This device's card is {out}. Its words, to be typed on the online half:")
    terminal.show(f"    {words.key_words(identity.public_key)}")
