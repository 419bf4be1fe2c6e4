"""``init``: a new device."""

import click

from coldtusk_offline import home as homes
from coldtusk_offline.cli.opening import home_of, require_lock
from coldtusk_offline.kdf import Profile
from coldtusk_offline.ui.terminal import Terminal
from coldtusk_shared.errors import Refused
from coldtusk_shared.text import check_label


@click.command("init")
@click.option("--label", required=True, help="The device's name, shown on the online half.")
@click.option("--operator", default="operator", show_default=True, help="Whose passphrase opens the vault.")
@click.option(
    "--cost",
    type=click.Choice([profile.name.lower() for profile in Profile]),
    default=Profile.STANDARD.name.lower(),
    show_default=True,
    help="What one try of a passphrase costs: floor 64 MiB, standard 256 MiB, strong 1 GiB of memory.",
)
@click.pass_context
def command(ctx: click.Context, label: str, operator: str, cost: str) -> None:
    """Make this machine's vault and journal.

    The passphrase is all that protects an imaged card: six random words are a good one.
    """
    require_lock(ctx)
    home = home_of(ctx)
    check_label(label, "--label")
    check_label(operator, "--operator")
    if homes.has_vault(home):
        raise Refused(homes.VAULT_EXISTS, "a vault stands there already", where=str(home.vault))
    terminal = Terminal()
    homes.create(home, terminal.new_passphrase(), label, operator, Profile[cost.upper()])
    terminal.show(f'Made the vault and the journal of "{label}" in {home.path}.')
    terminal.show("Next: coldtusk-offline account new, then coldtusk-offline pair HOST_CARD --out DEVICE_CARD")
