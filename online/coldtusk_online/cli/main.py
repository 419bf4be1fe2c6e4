"""``coldtusk-online``: the group, and what an error becomes.

Nothing heavy is imported here: asking for the version costs little more than click (`make bench`).
"""

import importlib
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from coldtusk_online.cli.lazy import Entry, LazyGroup

VERSION = "0.1.0"  # a literal, as in the offline half: asking the metadata would cost more than click
PROGRAM = "coldtusk-online"

_COMMANDS = {
    "init": Entry("init", "command", "Make this host's settings, identity and ledger."),
    "node": Entry("node", "group", "Add, list, check and remove the nodes that are asked."),
    "pair": Entry("pair", "command", "Write this host's card, or pin a device by its card and words."),
    "account": Entry("account", "group", "Watch-only accounts: list, add, rename, remove, import."),
    "warthog": Entry("warthog", "group", "Ask the chain, and build requests for the device."),
    "coinpayments": Entry("coinpayments", "group", "Build CoinPayments calls for the device."),
    "coinrpc": Entry("coinrpc", "group", "Build CoinRPC calls for the device."),
    "coinspark": Entry("coinspark", "group", "Build CoinSpark calls for the device."),
    "coinsoftworks": Entry("coinsoftworks", "group", "Build coinsoftworks calls for the device."),
    "request": Entry("request", "group", "List, show, export and settle requests."),
    "submit": Entry("submit", "command", "Check a device's response and send what it signed."),
    "follow": Entry("follow", "command", "Watch what was sent until it is confirmed."),
    "webhooks": Entry("webhooks", "group", "Receive and list the services' notifications."),
    "frames": Entry("frames", "group", "Messages as pictures of codes, and back."),
    "cameras": Entry("cameras", "command", "List the cameras that --scan can read."),
    "rehearse": Entry("rehearse", "command", "Serve a local Warthog node for training."),
    "rehearse-services": Entry("rehearse_services", "command", "Serve stand-ins of the payment services for training."),
}


@click.group(cls=LazyGroup, entries=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name=PROGRAM)
@click.option("--config", type=click.Path(path_type=Path), help="The settings file (or $COLDTUSK_ONLINE_CONFIG).")
@click.option("--data", type=click.Path(path_type=Path), help="The folder of the data (or $COLDTUSK_ONLINE_DATA).")
@click.pass_context
def cli(ctx: click.Context, config: Path | None, data: Path | None) -> None:
    """The online half of Coldtusk: builds requests, submits what a device signed, follows it to its end.

    Every command takes --json, --config and --data. Exit status: 0 done, 1 a fault of Coldtusk, 2 wrong use,
    3 bad input, 4 refused, 5 the outside world failed, 6 outcome unknown (send nothing new), 130 interrupted.
    """
    ctx.obj = (config, data)


def main() -> None:
    """The entry point."""
    _refuse_core_dump()
    sys.exit(run(sys.argv[1:]))


def _refuse_core_dump() -> None:
    """A crash writes no memory to disk: a secret that a device released may be in it while it is sent.

    The limit is 1 byte. That is too little for a file, and Linux hands nothing to a program that takes core dumps
    either, which it does for 0 (``fs/coredump.c``).
    """
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    least = min(1, hard) if hard != resource.RLIM_INFINITY else 1
    resource.setrlimit(resource.RLIMIT_CORE, (least, least))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; whatever went wrong has been said in one line."""
    try:
        status = cli.main(args=list(arguments), prog_name=PROGRAM, standalone_mode=False)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last resort: one line, never a traceback
        failures = importlib.import_module("coldtusk_online.cli.failures")
        status = failures.report(error, as_json="--json" in arguments)
    return status if isinstance(status, int) else 0
