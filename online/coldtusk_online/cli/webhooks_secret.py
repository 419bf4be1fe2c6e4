"""``webhooks secret``: enrol, list and remove what notifications are verified with."""

from collections.abc import Callable
from pathlib import Path

import click

from coldtusk_online.cli import options
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.options import PATH
from coldtusk_online.cli.output import Json, Shown, table
from coldtusk_online.webhooks import secrets
from coldtusk_online.webhooks.notice import Service
from coldtusk_online.webhooks.secrets import BAD_SECRET, Secret
from coldtusk_shared import files, limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.file_errors import place

_PAGES = {Service.COINPAYMENTS: "IPN secret", Service.COINRPC: "webhook secret of the wallet"}


@click.group("secret", help="Add, list and remove the secrets that notifications are verified with.")
def group() -> None:
    """They move no money: those that do stay on the device."""


def _account(function: Callable[..., Shown]) -> Callable[..., Shown]:
    merchant = click.option("--merchant", metavar="ID", help="The merchant id (CoinPayments).")
    wallet = click.option("--wallet", metavar="NAME", help="The wallet's name (CoinRPC).")
    service = click.argument("service", type=click.Choice([service.value for service in Service]))
    return service(merchant(wallet(function)))


@options.command("add", help="Enrol the secret of SERVICE. It is asked for, or read from a file; never an argument.")
@_account
@click.option("--file", type=PATH, help="A file that holds the secret and nothing else, no line break either.")
def add(desk: Desk, service: str, merchant: str | None, wallet: str | None, file: Path | None) -> Shown:
    """Shown is its fingerprint."""
    of, account = _named(service, merchant, wallet)
    desk.settings()
    secret = _asked(of) if file is None else _read(file)
    secrets.add(desk.places.webhook_secrets, of, account, secret)
    data: dict[str, Json] = {"service": service, "account": account, "fingerprint": secret.fingerprint}
    return Shown(data, f"Enrolled for {service} {account}: fingerprint {secret.fingerprint}. Start `serve` again.")


@options.command("list", help="List what is enrolled, by fingerprint.")
def list_(desk: Desk) -> Shown:
    """No secret is shown."""
    desk.settings()
    enrolled = secrets.load(desk.places.webhook_secrets)
    rows = [
        (service.value, account, secret.fingerprint)
        for service in Service
        for account, secret in sorted(enrolled.of(service).items())
    ]
    listed: list[Json] = [dict(zip(("service", "account", "fingerprint"), row, strict=True)) for row in rows]
    return Shown({"secrets": listed}, table(rows) if rows else "No secret yet: `coldtusk-online webhooks secret add`.")


@options.command("remove", help="Forget the secret of SERVICE.")
@_account
def remove(desk: Desk, service: str, merchant: str | None, wallet: str | None) -> Shown:
    """A server that runs keeps it until it is started again."""
    of, account = _named(service, merchant, wallet)
    desk.settings()
    secrets.remove(desk.places.webhook_secrets, of, account)
    return Shown({"service": service, "account": account}, f"Forgotten for {service} {account}. Start `serve` again.")


def _named(service: str, merchant: str | None, wallet: str | None) -> tuple[Service, str]:
    of = Service(service)
    given, other, option = (
        (merchant, wallet, "--merchant") if of is Service.COINPAYMENTS else (wallet, merchant, "--wallet")
    )
    if given is None or other is not None:
        raise click.UsageError(f"give {option} with {service}, and nothing else")
    return of, given


def _asked(of: Service) -> Secret:
    return Secret(str(click.prompt(f"The {_PAGES[of]} (not shown)", hide_input=True, err=True)), "secret")


def _read(file: Path) -> Secret:
    data = files.read_input(file, limits.WEBHOOK_SECRET_BYTES + 1)
    try:
        return Secret(data.decode(), place(file))
    except UnicodeDecodeError:
        raise BadInput(BAD_SECRET, "not UTF-8", where=place(file)) from None  # the cause holds the bytes


for _command in (add, list_, remove):
    group.add_command(_command)
