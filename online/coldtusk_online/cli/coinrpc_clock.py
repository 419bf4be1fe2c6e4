"""``coinrpc clock``: how far the service's clock is from ours. A hint for people: nothing is sent by it."""

import click

from coldtusk_online.cli import options
from coldtusk_online.cli.desk import Desk, http_client, now
from coldtusk_online.cli.output import Shown
from coldtusk_online.ledger import service_accounts
from coldtusk_online.services.coinrpc import clock as clocks
from coldtusk_shared.services.coinrpc.values import SYSTEM


@options.command("clock", help="Compare this machine's clock with the service's, by the Date of a reply.")
@click.option("--from", "label", metavar="LABEL", help="The account, if the service has several here.")
def clock(desk: Desk, label: str | None) -> Shown:
    """Nothing is signed or sent but a plain GET."""
    loaded = desk.settings()
    with desk.host() as host, host.ledger.reading() as db:
        account = service_accounts.find(db, SYSTEM, label)
    base, path = loaded.endpoint(account)
    offset = clocks.ask(http_client(loaded), base, path, now)
    window = loaded.service(SYSTEM).window
    words = f"{offset.words[0].upper()}{offset.words[1:]}."
    return Shown(
        {"least": offset.least, "most": offset.most, "window": window}, f"{words}\n{clocks.advice(offset, window)}"
    )
