"""Enrolling accounts at payment services: the secrets come from prompts or files, never from arguments.

A system's leaf ``enrol`` asks for what it needs through :class:`Ask`; here it is recorded and kept.
"""

from typing import Protocol

from coldtusk_offline import home as homes
from coldtusk_offline import services
from coldtusk_offline.device import Device
from coldtusk_offline.entries import Change
from coldtusk_offline.secret import Secret
from coldtusk_offline.service_accounts import KNOWN, ServiceAccount
from coldtusk_shared.errors import Code, Refused

NO_TABLE = Code("secret.no-table", "only coinrpc and coinsoftworks have a table; give it with --table FILE")


class Ask(Protocol):
    """The operator at the terminal, and the files that were named."""

    def secret(self, name: str, *, optional: bool = False) -> Secret | None:
        """The secret *name*, checked; None only if it is *optional* and nothing was typed."""

    def line(self, prompt: str, default: str = "") -> str:
        """One line; *default* if it is empty."""

    def show(self, text: str) -> None:
        """Show *text*."""

    def utc(self) -> int:
        """Unix seconds, as the operator confirms them."""

    def random(self, size: int) -> bytes:
        """Random bytes."""

    def table(self) -> bytes | None:
        """The table file that was named (TOML); None if none was."""


def asked(device: Device, system: str, label: str, ask: Ask) -> ServiceAccount:
    """Ask for a new account at *system*; nothing is kept yet."""
    held = device.vault.contents.services
    if any(one.label == label for one in held):
        raise Refused(KNOWN, "an account at a service has this label", where="--label")
    account = services.enroller(system).enrol(label, ask)
    known = next((one for one in held if one.key == account.key), None)
    if known is not None:
        raise Refused(KNOWN, f'this account is enrolled as "{known.label}"')
    return account


def changed(account: ServiceAccount, ask: Ask) -> ServiceAccount:
    """*account* with another table of methods or actions; nothing is kept yet."""
    return services.enroller(account.system).change(account, ask)


def keep(device: Device, account: ServiceAccount, change: Change) -> None:
    """Record *change* in the journal, then keep *account*, in place of the one with its key."""
    homes.keep_service(device, account, change)


def remove(device: Device, account: ServiceAccount) -> None:
    """Forget *account* and its secrets. The journal keeps that it was there, and its highest number."""
    homes.keep_service(device, account, Change.REMOVED)
