"""``rehearse``: a local Warthog node for training and tests. Nothing on it is real money."""

from pathlib import Path

import click

from coldtusk_online.cli import options
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.options import NETWORK, PATH
from coldtusk_online.cli.output import Shown, announce
from coldtusk_online.rehearsal.run import run
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import parse_wart
from coldtusk_shared.services.warthog.network import Network

FUND = Code("rehearse.fund", "write --fund ADDRESS=WART")

_HIGHEST_PORT = 65535


@options.command("rehearse", help="Serve a local Warthog node for training, until interrupted.")
@click.option("--network", type=NETWORK, default=Network.DEFI.value, show_default=True, help="Which network's dialect.")
@click.option("--port", type=click.IntRange(0, _HIGHEST_PORT), default=0, help="The port (default: any free one).")
@click.option("--block-seconds", type=click.FloatRange(0, 3600), default=20, show_default=True, help="0: no blocks.")
@click.option("--fund", multiple=True, metavar="ADDRESS=WART", help="Give an address WART at the start.")
@click.option("--state", type=PATH, help="A file to keep the chain in, and to go on from.")
def command(
    desk: Desk, network: str, port: int, block_seconds: float, fund: tuple[str, ...], state: Path | None
) -> Shown:
    """No settings are needed; the first line printed is the node's address."""
    del desk
    funded = [_funding(text) for text in fund]
    run(Network(network), port, block_seconds, funded, announce, state)
    return Shown({"network": network}, "The rehearsal is over.")


def _funding(text: str) -> tuple[str, int]:
    address, sign, amount = text.partition("=")
    if not sign:
        raise BadInput(FUND, "not ADDRESS=WART", where="--fund")
    return Address.parse(address, "--fund").text, parse_wart(amount, "--fund")
