"""``coinpayments ask`` and ``coinpayments read-key``: a key that only reads, if the operator wants one on this half."""

from pathlib import Path

import click

from coldtusk_online.cli import coinpayments_fields, options, replies
from coldtusk_online.cli.desk import Desk, http_client
from coldtusk_online.cli.options import PATH
from coldtusk_online.cli.output import Json, Shown, table
from coldtusk_online.ledger import service_accounts
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.services.coinpayments import asking, build
from coldtusk_online.services.coinpayments.asking import Question
from coldtusk_online.services.coinpayments.read_key import ReadKey, ReadKeys
from coldtusk_online.webhooks.secrets import BAD_SECRET, Secret
from coldtusk_shared import files, limits
from coldtusk_shared.command import Command
from coldtusk_shared.errors import BadInput
from coldtusk_shared.file_errors import place
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.coinpayments.commands import COMMANDS
from coldtusk_shared.services.coinpayments.content import check_key
from coldtusk_shared.services.coinpayments.values import SYSTEM

_FILE = "coinpayments-read-keys.json"
_FROM = click.option("--from", "label", metavar="LABEL", help="The account, if several are known here.")


@click.group("ask", help="Ask the service by a key that only reads. It burns nothing.")
def ask() -> None:
    """A command for each that reads."""


@click.group("read-key", help="Add, show and remove the keys that only read.")
def read_key() -> None:
    """They rest on this half: give them no other permission at the service."""


@options.command("add", help="Enrol a key that only reads. The private half is asked for, or read from a file.")
@_FROM
@click.option("--public", required=True, metavar="KEY", help="The public key.")
@click.option("--file", type=PATH, help="A file that holds the private key and nothing else, no line break either.")
def add(desk: Desk, label: str | None, public: str, file: Path | None) -> Shown:
    """Its permission is the service's to check."""
    account = _account(desk, label)
    check_key(public, "--public")
    secret = _asked() if file is None else _read(file)
    _keys(desk).add(account.label, ReadKey(public, secret), account.account)
    said = f"Enrolled to read for {account.label}: fingerprint {secret.fingerprint}."
    return Shown({"account": account.label, "public": public, "fingerprint": secret.fingerprint}, said)


@options.command("show", help="List the keys that only read, by fingerprint.")
def show(desk: Desk) -> Shown:
    """No private key is shown."""
    desk.settings()
    rows = [(label, key.public, key.private.fingerprint) for label, key in sorted(_keys(desk).load().items())]
    listed: list[Json] = [dict(zip(("account", "public", "fingerprint"), row, strict=True)) for row in rows]
    return Shown({"keys": listed}, table(rows) if rows else "No key that reads is enrolled.")


@options.command("remove", help="Forget the key that only reads.")
@_FROM
def remove(desk: Desk, label: str | None) -> Shown:
    """Revoke it at the service, too."""
    account = _account(desk, label)
    _keys(desk).remove(account.label)
    return Shown({"account": account.label}, f"Forgotten for {account.label}. Revoke the key at the service, too.")


def _question(command: Command) -> click.Command:
    def body(desk: Desk, label: str | None, **given: str | None) -> Shown:
        question = Question(command, build.asked(command, coinpayments_fields.typed(command, given)))
        account, told = _account(desk, label), list[str]()
        with desk.host() as host:
            key = _keys(desk).take(account.label, 1000 * host.clock())
            asked = asking.ask(http_client(desk.settings()), desk.settings(), account, key, question)
            settled = asking.settle(host, account, question, asked.result, told.append)
        told += [f"call {one.payment_id.hex()[:12]}: {one.state.value}, {one.note}" for one in settled]
        ids: list[Json] = [one.payment_id.hex() for one in settled]
        text = "\n".join([*replies.lines(asked.reply), *told])
        return Shown({"reply": replies.data(asked.reply), "settled": ids, "notes": list(told)}, text)

    name = command.name.replace("_", "-")
    body.__click_params__ = [*coinpayments_fields.parameters(command), *_params()]  # type: ignore[attr-defined] # click's
    return options.command(name, help=f"Ask {command.name}.")(body)


def _params() -> list[click.Parameter]:
    return [click.Option(["--from", "label"], metavar="LABEL", help="The account, if several are known here.")]


def _account(desk: Desk, label: str | None) -> ServiceAccount:
    with desk.host() as host, host.ledger.reading() as db:
        return service_accounts.find(db, SYSTEM, label)


def _keys(desk: Desk) -> ReadKeys:
    return ReadKeys(desk.places.data / _FILE)


def _asked() -> Secret:
    return Secret(str(click.prompt("The private key (not shown)", hide_input=True, err=True)), "private key")


def _read(file: Path) -> Secret:
    data = files.read_input(file, limits.WEBHOOK_SECRET_BYTES + 1)
    try:
        return Secret(data.decode(), place(file))
    except UnicodeDecodeError:
        raise BadInput(BAD_SECRET, "not UTF-8", where=place(file)) from None  # the cause holds the bytes


for _command in (add, show, remove):
    read_key.add_command(_command)
for _known in COMMANDS.values():
    if _known.risk is Risk.READS:
        ask.add_command(_question(_known))
