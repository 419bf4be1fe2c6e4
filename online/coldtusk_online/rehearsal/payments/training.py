"""``coldtusk-online rehearse-services``: serve the stand-ins until interrupted, with files to enrol from.

A folder is made for them, and only a folder that this command made is used again. Each secret is a file of its own
without a line end, as ``secret enrol --file`` and ``webhooks secret add --file`` want it; the tables are for
``secret enrol --table``.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event
from typing import Final

from coldtusk_online.rehearsal.payments.authority import CA_FILE
from coldtusk_online.rehearsal.payments.credentials import REHEARSAL
from coldtusk_online.rehearsal.payments.serving import RunningPayments, serve_payments
from coldtusk_online.rehearsal.payments.tables import COINRPC_METHODS, COINSOFTWORKS_ACTIONS
from coldtusk_shared import files, limits
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.file_errors import place

NOT_OURS = Code("rehearsal.folder", "name a new folder, or one that rehearse-services made and nobody changed")

_MARK: Final = "rehearsal-of-the-payment-services"
FILES: Final[Mapping[str, str]] = {
    _MARK: "made by coldtusk-online rehearse-services: nothing here is worth anything\n",
    "coinpayments-public-key": REHEARSAL.coinpayments_public,
    "coinpayments-private-key": REHEARSAL.coinpayments_private,
    "coinpayments-read-only-public-key": REHEARSAL.coinpayments_read_public,
    "coinpayments-read-only-private-key": REHEARSAL.coinpayments_read_private,
    "coinpayments-merchant": REHEARSAL.coinpayments_merchant,
    "coinpayments-ipn-secret": REHEARSAL.coinpayments_ipn,
    "coinrpc-api-key": REHEARSAL.coinrpc_key,
    "coinrpc-api-secret": REHEARSAL.coinrpc_signing,
    "coinrpc-webhook-secret": REHEARSAL.coinrpc_webhook,
    "coinspark-api-key": REHEARSAL.coinspark_key,
    "coinsoftworks-simple-access-token": REHEARSAL.coinsoftworks_access,
    "coinsoftworks-account-key": REHEARSAL.coinsoftworks_account,
    "coinrpc-methods.toml": COINRPC_METHODS,
    "coinsoftworks-actions.toml": COINSOFTWORKS_ACTIONS,
}
"""What stands in the folder, beside the authority's certificate."""


def prepare(folder: Path) -> None:
    """Make *folder* and its files; one that is there already is left as it is.

    Raises :class:`Refused`, ``rehearsal.folder``, when *folder* holds anything else, and what the file rules raise.
    """
    files.private_folder(folder)
    found = {path.name for path in folder.iterdir()}
    if found and (_MARK not in found or found - {*FILES, CA_FILE}):
        raise Refused(NOT_OURS, "this folder holds other things", where=place(folder))
    for name, text in FILES.items():
        if name not in found:
            files.write_new(folder / name, text.encode())
        elif files.read_input(folder / name, limits.SETTINGS_BYTES) != text.encode():
            raise Refused(NOT_OURS, "this file is not of the rehearsal", where=place(folder / name))


def run(folder: Path, port: int, announce: Callable[[str], None], *, until: Event | None = None) -> None:
    """Serve on *port* (0: any) until KeyboardInterrupt or until *until* is set.

    *announce* gets lines for people, the first of them ``listening on URL``.
    """
    folder = folder.absolute()
    prepare(folder)
    with serve_payments(folder, port=port) as services:
        for line in told(services, folder):
            announce(line)
        try:
            (until or Event()).wait()
        except KeyboardInterrupt:
            return


def told(services: RunningPayments, folder: Path) -> tuple[str, ...]:
    """The lines for people: where the services are, what to paste, what to enrol."""
    return (
        f"listening on {services.url}",
        "stand-ins of the payment services: nothing here is real money",
        f"their authority, new at every start: {services.ca_file}",
        f"keys, secrets and tables to enrol, one a file: {folder}",
        "the lines of settings.toml (ca_file above the first table):",
        "",
        *settings_lines(services),
    )


def settings_lines(services: RunningPayments) -> tuple[str, ...]:
    """What to paste into settings.toml."""
    urls = {
        "coinpayments": services.coinpayments_url,
        "coinrpc": services.coinrpc_url,
        "coinspark": services.coinspark_url,
        "coinsoftworks": services.coinsoftworks_url,
    }
    tables = (line for name, url in urls.items() for line in ("", f"[services.{name}]", f'url = "{url}"'))
    return (f"ca_file = {_quoted(str(services.ca_file))}", *tables)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
