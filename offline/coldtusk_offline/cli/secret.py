"""``secret enrol|list|table|remove``: accounts at payment services. Secrets come from prompts or files alone."""

import os
from pathlib import Path

import click

from coldtusk_offline import enrolment, utc
from coldtusk_offline.cli import opening
from coldtusk_offline.device import Device
from coldtusk_offline.entries import Change
from coldtusk_offline.secret import Secret
from coldtusk_offline.service_accounts import ServiceAccount, check_secret, fingerprint, labelled
from coldtusk_offline.ui.terminal import Terminal
from coldtusk_offline.utc import Watch
from coldtusk_shared import files, limits
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.file_errors import place
from coldtusk_shared.screen import line, quotation, render
from coldtusk_shared.text import check_label

NOT_TEXT = Code("secret.file", "give a text file with the secret alone, without a line end")
NOT_KEPT = Code("secret.not-kept", "nothing was kept: start again")

TRIES = 3
_SYSTEMS = ("coinpayments", "coinrpc", "coinspark", "coinsoftworks")
_TABLE = click.option(
    "--table",
    "table_path",
    type=click.Path(path_type=Path),
    help="A TOML file with the methods (coinrpc) or actions (coinsoftworks) that are allowed.",
)


@click.group("secret")
def command() -> None:
    """Accounts at payment services: enrol, list, change and remove them. Their secrets rest in the vault."""


@command.command("enrol")
@click.argument("system", type=click.Choice(_SYSTEMS))
@click.option("--label", required=True, help="The account's name on the review screen.")
@click.option(
    "--file", "path", type=click.Path(path_type=Path), help="A file with the secret; otherwise it is asked for."
)
@_TABLE
@click.pass_context
def enrol(ctx: click.Context, system: str, label: str, path: Path | None, table_path: Path | None) -> None:
    """Enrol an account at SYSTEM: what it asks for, its secret, a look at all of it, and only then it is kept."""
    check_label(label, "--label")
    terminal = Terminal()
    with opening.device(ctx, terminal) as device:
        ask = _Asked(terminal, device, path, table_path)
        account = enrolment.asked(device, system, label, ask)
        ask.done()
        _keep(terminal, device, account, Change.ENROLLED)
        terminal.show("Next, for the online half: coldtusk-offline card --out FILE.")


@command.command("list")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """List the accounts at payment services, with the fingerprints of their secrets."""
    terminal = Terminal()
    with opening.device(ctx, terminal) as device:
        for account in device.vault.contents.services:
            terminal.show(_describe(account))
        if not device.vault.contents.services:
            terminal.show("No account at a service yet: coldtusk-offline secret enrol SYSTEM --label NAME")


@command.command("table")
@click.argument("label")
@_TABLE
@click.pass_context
def table(ctx: click.Context, label: str, table_path: Path | None) -> None:
    """Give the account LABEL the table of methods or actions in --table, in place of its old one."""
    if table_path is None:
        raise click.UsageError("give --table FILE")
    terminal = Terminal()
    with opening.device(ctx, terminal) as device:
        account = labelled(device.vault.contents.services, label)
        _keep(
            terminal,
            device,
            enrolment.changed(account, _Asked(terminal, device, None, table_path)),
            Change.CHANGED,
        )


@command.command("remove")
@click.argument("label")
@click.pass_context
def remove(ctx: click.Context, label: str) -> None:
    """Forget the account LABEL and its secrets. Revoke the key at the service, too."""
    terminal = Terminal()
    with opening.device(ctx, terminal) as device:
        account = labelled(device.vault.contents.services, label)
        _keep(terminal, device, account, Change.REMOVED)


class _Asked:
    """The operator at *terminal*, and the files that were named: see :class:`coldtusk_offline.enrolment.Ask`."""

    def __init__(self, terminal: Terminal, device: Device, path: Path | None, table_path: Path | None) -> None:
        self._terminal, self._device = terminal, device
        self._path, self._table_path = path, table_path

    def secret(self, name: str, *, optional: bool = False) -> Secret | None:
        """The first one comes from the file that was named, if one was."""
        where, text = name, ""
        if self._path is not None:
            where, text = place(self._path), _text(self._path)
            self._path = None
        else:
            text = self._terminal.ask_secret(f"{name[0].upper()}{name[1:]}{' (or nothing)' if optional else ''}> ")
        return None if optional and not text else check_secret(text, where)

    def line(self, prompt: str, default: str = "") -> str:
        """Without blanks around it."""
        shown = f"{prompt} [{default}]> " if default else f"{prompt}> "
        return self._terminal.ask(shown).strip() or default

    def show(self, text: str) -> None:
        """On the terminal."""
        self._terminal.show(text)

    def utc(self) -> int:
        """Asked for each time."""
        return utc.confirm(self._terminal, Watch(), self._device.history.last_utc).now()

    def random(self, size: int) -> bytes:
        """Of the operating system."""
        return os.urandom(size)

    def table(self) -> bytes | None:
        """Read once."""
        if self._table_path is None:
            return None
        data, self._table_path = files.read_input(self._table_path, limits.SERVICE_SETTINGS_BYTES), None
        return data

    def done(self) -> None:
        """Refuse a table that nobody asked for."""
        if self._table_path is not None:
            raise BadInput(enrolment.NO_TABLE, "this system has no table", where=place(self._table_path))


def _text(path: Path) -> str:
    try:
        return files.read_input(path, limits.SERVICE_SECRET_BYTES[1] + 2).decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput(NOT_TEXT, "this is not plain text", where=place(path)) from None


def _keep(terminal: Terminal, device: Device, account: ServiceAccount, change: Change) -> None:
    """Show *account* and have its label typed."""
    terminal.show(_describe(account))
    what = {Change.ENROLLED: "keep", Change.CHANGED: "change", Change.REMOVED: "remove"}[change]
    for _ in range(TRIES):
        if terminal.ask(f"To {what} it, type its label> ").strip() == account.label:
            enrolment.keep(device, account, change)
            terminal.show(f"Done: {quotation(account.label)} is {change.value}.")
            return
        terminal.show("That is not its label.")
    raise Refused(NOT_KEPT, f"the label was not typed in {TRIES} tries")


def _describe(account: ServiceAccount) -> str:
    named = account.account.decode("ascii", "replace")
    name = named if named.isascii() and named.isprintable() else account.account.hex(" ", 2)
    prints = [f"secret {fingerprint(account.system, secret)}" for secret in account.secrets]
    return render([line("Account", f"{quotation(account.label)} at {account.system}", name, *prints)])
