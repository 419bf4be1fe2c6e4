"""``node``: the nodes that are asked, by network, in the settings file."""

from collections.abc import Callable

import click

from coldtusk_online import settings_edit
from coldtusk_online.base_url import BaseUrl
from coldtusk_online.cli import options
from coldtusk_online.cli.desk import Desk, http_client
from coldtusk_online.cli.options import NETWORK
from coldtusk_online.cli.output import Json, Shown, table
from coldtusk_online.services.warthog.node import Node
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.services.warthog.network import Network

_PLAIN = "Note: plain http: whoever is on the way can read and change replies. Prefer https, or ask several nodes."


@click.group("node", help="Add, list, check and remove the nodes that are asked.")
def group() -> None:
    """The nodes of each network."""


def _named(function: Callable[..., Shown]) -> Callable[..., Shown]:
    needed = click.option("--network", type=NETWORK, required=True, help="The network that the node is of.")
    return click.argument("url")(needed(function))


@options.command("add", help="Ask the node at URL from now on. It is asked once, to see that it is of the network.")
@_named
@click.option("--unchecked", is_flag=True, help="Add it without asking it.")
def add(desk: Desk, url: str, network: str, unchecked: bool) -> Shown:
    """Only a node that speaks the network's dialect is added."""
    base, of = BaseUrl.parse(url, "URL"), Network(network)
    said = [] if unchecked else [_checked(desk, base, of)[1]]
    settings_edit.add_node(desk.places.config, of, base.text)
    said += [_PLAIN] if base.is_plain else []
    return Shown(
        {"url": base.text, "network": network, "plain": base.is_plain},
        "\n".join([f"{base.text} is asked for {network} from now on.", *said]),
    )


@options.command("remove", help="Ask the node at URL no more.")
@_named
def remove(desk: Desk, url: str, network: str) -> Shown:
    """The settings lose one line."""
    base = BaseUrl.parse(url, "URL")
    desk.settings()
    settings_edit.remove_node(desk.places.config, Network(network), base.text)
    return Shown({"url": base.text, "network": network}, f"{base.text} is not asked for {network} any more.")


@options.command("list", help="List the nodes of both networks.")
def list_(desk: Desk) -> Shown:
    """No node is asked."""
    loaded = desk.settings()
    nodes = [(network, url) for network in Network for url in loaded.network(network).nodes]
    rows = [(network.value, url) for network, url in nodes]
    text = table(rows) if rows else "No node yet: `coldtusk-online node add URL --network main|defi`."
    return Shown({"nodes": [{"network": network, "url": url} for network, url in rows]}, text)


@options.command("check", help="Ask the node at URL, or all of them, what they are and where they stand.")
@click.argument("url", required=False)
@click.option("--network", type=NETWORK, help="The network to check; with URL it is needed.")
def check(desk: Desk, url: str | None, network: str | None) -> Shown:
    """The first error is the command's; every node is asked."""
    if url is not None and network is None:
        raise click.UsageError("give --network with URL")
    asked = [(of, one) for of in _networks(network) for one in _urls(desk, url, of)]
    results = [_result(desk, BaseUrl.parse(one, "URL"), of) for of, one in asked]
    error = next((failed for _, _, failed in results if failed is not None), None)
    lines = [line for _, line, _ in results] or ["No node to check."]
    return Shown({"nodes": [data for data, _, _ in results]}, "\n".join(lines), error)


def _networks(name: str | None) -> list[Network]:
    return list(Network) if name is None else [Network(name)]


def _urls(desk: Desk, url: str | None, network: Network) -> tuple[str, ...]:
    return desk.settings().network(network).nodes if url is None else (url,)


def _result(desk: Desk, base: BaseUrl, network: Network) -> tuple[dict[str, Json], str, ColdtuskError | None]:
    try:
        data, line = _checked(desk, base, network)
    except ColdtuskError as error:
        failed: dict[str, Json] = {"url": base.text, "network": network.value, "ok": False, "code": error.code.name}
        return failed, f"{base.text}  {network.value}  FAILED: {error}", error
    return data, line, None


def _checked(desk: Desk, base: BaseUrl, network: Network) -> tuple[dict[str, Json], str]:
    spoken = Node(base, network, http_client(desk.settings())).dialect_check()
    version = "no version told" if spoken.version is None else str(spoken.version)
    synced = "synced" if spoken.head.synced else "NOT synced"
    data: dict[str, Json] = {
        "url": base.text,
        "network": network.value,
        "ok": True,
        "version": None if spoken.version is None else str(spoken.version),
        "height": spoken.head.length,
        "synced": spoken.head.synced,
    }
    return data, f"{base.text}  {network.value}  {version}, block {spoken.head.length}, {synced}"


for _command in (add, list_, check, remove):
    group.add_command(_command)
