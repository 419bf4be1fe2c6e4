"""``coinpayments``: calls for the device to sign, by the table of commands; questions by a key that only reads.

``get_basic_info`` is not built by its name: it is what burns, and ``burn`` says so.
"""

import click

from coldtusk_online.cli import calling, coinpayments_ask, coinpayments_pay, options
from coldtusk_online.cli.calling import Building
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.output import Shown
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.services.coinpayments import build
from coldtusk_shared.command import Command, Fields
from coldtusk_shared.services.coinpayments.commands import BURN, COMMANDS
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent
from coldtusk_shared.services.coinpayments.values import SYSTEM

_BURN = "Burn: give up calls that were signed and not sent"


@click.group("coinpayments", help="Build calls for the device, and ask by a key that only reads.")
def group() -> None:
    """One command for each of the service's."""


@options.command("burn", help="Request a harmless call: once answered, what was signed before and not sent is dead.")
@calling.building_options
def burn(desk: Desk, held: Building) -> Shown:
    """What was sent and not answered is told by the history alone."""
    shown = Building(**{**{name: getattr(held, name) for name in Building.__slots__}, "purpose": held.purpose or _BURN})
    return calling.issue(desk, shown, SYSTEM, lambda _host, account, _ids, _until: [build.call(account, BURN, {})])


def _maker(command: Command) -> click.Command:
    def make(account: ServiceAccount, given: Fields) -> CoinPaymentsContent:
        return build.call(account, command, given)

    return calling.from_table(SYSTEM, command, make)


_OWN = {BURN.name, *coinpayments_pay.COMMANDS}
for _command in COMMANDS.values():
    if _command.name not in _OWN:
        group.add_command(_maker(_command))
for _own in (*coinpayments_pay.COMMANDS.values(), burn, coinpayments_ask.ask, coinpayments_ask.read_key):
    group.add_command(_own)
