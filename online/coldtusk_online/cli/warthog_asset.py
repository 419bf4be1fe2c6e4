"""``warthog asset|price``: what an asset is, proved where its hash is given, and limit prices by its decimals."""

import click

from coldtusk_online.cli import options
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.output import Json, Shown, table
from coldtusk_online.services.warthog import bodies, heads
from coldtusk_online.services.warthog.node import Node
from coldtusk_shared import limits
from coldtusk_shared.errors import Refused
from coldtusk_shared.services.warthog.amount import format_units
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.price import LimitPrice, bounds, parse_price_text
from coldtusk_shared.text import quoted

_NAME_LENGTH = 5


@options.command("asset", help="The asset with this hash, proved; or all assets whose name begins with NAME, unproved.")
@click.argument("asset", metavar="HASH|NAME")
def asset(desk: Desk, asset: str) -> Shown:
    """Names are not unique and prove nothing: the hash does."""
    nodes = desk.nodes(Network.DEFI)
    if not nodes:
        raise Refused(heads.NO_NODE, "no node of defi is known")
    return _named(nodes, asset) if len(asset) <= _NAME_LENGTH else _proved(nodes, asset)


@options.command("price", help="The limits next to PRICE (WART for one whole unit of the asset), below and above.")
@click.argument("price")
@click.option("--asset", help="The hash of the asset, whose proved decimals count.")
@click.option("--decimals", type=click.IntRange(0, limits.ASSET_DECIMALS), help="The decimals, without asking a node.")
def price(desk: Desk, price: str, asset: str | None, decimals: int | None) -> Shown:
    """A buyer's limit is rounded down, a seller's up: never a worse price than asked."""
    if (asset is None) == (decimals is None):
        raise click.UsageError("give either --asset or --decimals")
    places = decimals
    if asset is not None:
        places = bodies.proved_asset(desk.nodes(Network.DEFI), asset).facts.decimals
    if places is None:
        raise RuntimeError("one of the two is given")
    below, above = bounds(parse_price_text(price, "PRICE"), places)
    rows = [("", "WART for one", "limit bytes"), _limit("to buy", below, places), _limit("to sell", above, places)]
    data: dict[str, Json] = {"decimals": places, "buy": _data(below, places), "sell": _data(above, places)}
    return Shown(data, table(rows))


def _proved(nodes: list[Node], text: str) -> Shown:
    proved = bodies.proved_asset(nodes, text)
    facts = proved.facts
    infos = [node.asset(facts.hash) for node in nodes]
    owners = sorted({info.owner_account_id for info in infos if info is not None})
    supply = format_units(facts.supply, facts.decimals)
    text = table(
        [
            ("Hash", facts.hash.hex()),
            ("Name", f"{facts.name}, proved; anyone can use the name"),
            ("Decimals", f"{facts.decimals}, proved"),
            ("Supply", f"{supply}, proved"),
            ("Owner", f"account {', '.join(map(str, owners)) or 'unknown'}, the nodes say"),
            ("Proof", proved.preimage.hex()),
        ]
    )
    owner: list[Json] = list(owners)
    data: dict[str, Json] = {
        "hash": facts.hash.hex(),
        "name": facts.name,
        "decimals": facts.decimals,
        "supply": supply,
        "owner_account_ids": owner,
        "preimage": proved.preimage.hex(),
    }
    return Shown(data, text)


def _named(nodes: list[Node], prefix: str) -> Shown:
    found = {info.hash: info for node in nodes for info in node.assets_named(prefix)}
    rows = [("name", "decimals", "hash")]
    rows += [(quoted(info.name), str(info.decimals), info.hash.hex()) for info in found.values()]
    assets: list[Json] = [
        {"name": info.name, "decimals": info.decimals, "hash": info.hash.hex()} for info in found.values()
    ]
    note = "The nodes say so; `coldtusk-online warthog asset HASH` proves it."
    return Shown({"assets": assets}, f"{table(rows)}\n{note}" if found else f"No asset's name begins with {prefix}.")


def _limit(side: str, limit: LimitPrice, decimals: int) -> tuple[str, str, str]:
    return side, limit.display(decimals), limit.to_bytes().hex()


def _data(limit: LimitPrice, decimals: int) -> dict[str, Json]:
    return {"price": limit.exact_text(decimals), "limit": limit.to_bytes().hex()}
