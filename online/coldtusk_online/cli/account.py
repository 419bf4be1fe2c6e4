"""``account``: watch-only accounts, and those at payment services. A device's card brings them; payees go by hand."""

from pathlib import Path

import click

from coldtusk_online.cli import light, options
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.options import NETWORK, PATH
from coldtusk_online.cli.output import Json, Shown, table
from coldtusk_online.host import Host
from coldtusk_online.ledger import accounts, devices, service_accounts
from coldtusk_online.ledger.accounts import Account
from coldtusk_online.ledger.service_accounts import SYSTEMS, shown
from coldtusk_shared import card
from coldtusk_shared.envelope import MessageType, key_id
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.network import Network

NOT_PAIRED = Code("account.device-not-paired", "run `coldtusk-online pair DEVICE_CARD` first: it compares words")


@click.group("account", help="Watch-only accounts: list, add, rename, remove, import.")
def group() -> None:
    """Labels of addresses, and which device signs for them."""


@options.command("list", help="List all accounts.")
def list_(desk: Desk) -> Shown:
    """By label."""
    with desk.host() as host:
        return _listed(host)


@options.command("add", help="Give ADDRESS a label here. It can be looked at and paid to, not paid from.")
@click.argument("address")
@click.option("--label", required=True, help="Its name here.")
@click.option("--network", type=NETWORK, required=True, help="The network that it is of.")
def add(desk: Desk, address: str, label: str, network: str) -> Shown:
    """A payee, or an account whose device is paired later."""
    account = Account(label, Network(network), Address.parse(address, "ADDRESS"), None)
    with desk.host() as host:
        with host.ledger.writing() as db:
            accounts.add(db, account)
        return _listed(host)


@options.command("rename", help="Give the account OLD the label NEW.")
@click.argument("old")
@click.argument("new")
@click.option("--service", type=click.Choice(SYSTEMS), help="It is an account at this payment service.")
def rename(desk: Desk, old: str, new: str, service: str | None) -> Shown:
    """The device keeps its own label for it."""
    with desk.host() as host:
        with host.ledger.writing() as db:
            if service is None:
                accounts.rename(db, accounts.find(db, old, "OLD"), new)
            else:
                service_accounts.rename(db, service_accounts.find(db, service, old, "OLD"), new)
        return _listed(host)


@options.command("remove", help="Forget ACCOUNT. Its requests stay in the ledger.")
@click.argument("account")
def remove(desk: Desk, account: str) -> Shown:
    """Nothing on the device changes."""
    with desk.host() as host:
        with host.ledger.writing() as db:
            accounts.remove(db, accounts.find(db, account, "ACCOUNT"))
        return _listed(host)


@options.command("import", help="Take the accounts of a paired device's newer CARD, from its file or by --scan.")
@click.argument("device_card", metavar="[CARD]", type=PATH, required=False)
@light.SCAN
def import_(desk: Desk, device_card: Path | None, source: str | None) -> Shown:
    """The card's key is pinned already, so no words are compared."""
    if (device_card is None) is (source is None):
        raise click.UsageError("give either CARD or --scan SOURCE")
    opened = card.open_device(light.message(device_card, source, MessageType.DEVICE_CARD))
    with desk.host() as host:
        with host.ledger.writing() as db:
            if key_id(opened.public_key) not in devices.pinned(db):
                raise Refused(NOT_PAIRED, f"{opened.label} is not a paired device", where="CARD")
            kid = devices.pin(db, opened, host.clock())
            accounts.take_over(db, opened.accounts, kid)
            service_accounts.take_over(db, opened.services, kid)
        return _listed(host)


def _listed(host: Host) -> Shown:
    with host.ledger.reading() as db:
        all_ = accounts.all_of(db)
        services = service_accounts.all_of(db)
        labels = {device.kid: device.label for device in devices.all_of(db)}
    rows = [
        (one.label, one.network.value, one.address.text, labels[one.device] if one.device else "watch-only")
        for one in all_
    ]
    rows += [(one.label, one.system, shown(one.account), labels[one.device]) for one in services]
    found: list[Json] = [
        {
            "label": one.label,
            "network": one.network.value,
            "address": one.address.text,
            "device": labels[one.device] if one.device else None,
        }
        for one in all_
    ]
    called: list[Json] = [
        {"label": one.label, "system": one.system, "account": shown(one.account), "device": labels[one.device]}
        for one in services
    ]
    text = table(rows) if rows else "No account yet: `coldtusk-online pair DEVICE_CARD`."
    return Shown({"accounts": found, "services": called}, text)


for _command in (list_, add, rename, remove, import_):
    group.add_command(_command)
