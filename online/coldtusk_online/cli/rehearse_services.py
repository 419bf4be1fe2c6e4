"""``rehearse-services``: stand-ins of the payment services for training and tests. Nothing on them is real money."""

from pathlib import Path

import click

from coldtusk_online.cli import options
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.options import PATH
from coldtusk_online.cli.output import Shown, announce
from coldtusk_online.rehearsal.payments.training import run

_HIGHEST_PORT = 65535


@options.command("rehearse-services", help="Serve stand-ins of the payment services for training, until interrupted.")
@click.option("--port", type=click.IntRange(0, _HIGHEST_PORT), default=0, help="The port (default: any free one).")
@click.option(
    "--folder", type=PATH, required=True, help="Where the certificate and the secrets to enrol go: a folder of its own."
)
def command(desk: Desk, port: int, folder: Path) -> Shown:
    """No settings are needed; the first line printed is where the services listen."""
    del desk
    run(folder, port, announce)
    return Shown({"folder": str(folder)}, "The rehearsal is over.")
