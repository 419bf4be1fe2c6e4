"""Options that commands share. Every command takes --json, --config and --data."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from coldtusk_online.cli.desk import Desk, open_desk
from coldtusk_online.cli.output import Shown, emit
from coldtusk_shared.services.warthog.network import Network

PATH = click.Path(path_type=Path)
NETWORK = click.Choice([network.value for network in Network])

Body = Callable[..., Shown]


def command(name: str, *, help: str) -> Callable[[Body], click.Command]:  # noqa: A002 - as click calls it
    """Make a command of a function that takes a :class:`Desk` and its own options and gives a :class:`Shown`."""

    def decorate(body: Body) -> click.Command:
        def run(as_json: bool, config: Path | None, data: Path | None, **options: Any) -> int:
            outer_config, outer_data = click.get_current_context().find_root().obj
            desk = open_desk(config or outer_config, data or outer_data)
            return emit(body(desk, **options), as_json=as_json)

        own: list[click.Parameter] = getattr(body, "__click_params__", [])
        return click.Command(name, callback=run, params=[*reversed(own), *_common()], help=help)

    return decorate


def _common() -> list[click.Parameter]:
    return [
        click.Option(["--json", "as_json"], is_flag=True, help="Print one JSON object, errors too."),
        click.Option(["--config"], type=PATH, help="The settings file (or $COLDTUSK_ONLINE_CONFIG)."),
        click.Option(["--data"], type=PATH, help="The folder of the data (or $COLDTUSK_ONLINE_DATA)."),
    ]


def network_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--network``, needed where the settings name nodes of both networks."""
    return click.option("--network", type=NETWORK, help="main or defi; needed if both have nodes.")(function)


def network_of(desk: Desk, name: str | None) -> Network:
    """The network *name*, or the only one that has nodes. Never a guess between two."""
    if name is not None:
        return Network(name)
    known = [network for network in Network if desk.settings().network(network).nodes]
    if len(known) != 1:
        raise click.UsageError("give --network main or --network defi")
    return known[0]
