"""``warthog head|balance|fee``: what the nodes say, and what we make of it."""

import click

from coldtusk_online.cli import options
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.options import network_of, network_option
from coldtusk_online.cli.output import Json, Shown, table
from coldtusk_online.ledger import accounts
from coldtusk_online.ledger.accounts import UNKNOWN
from coldtusk_online.services.warthog import bodies, heads
from coldtusk_online.services.warthog.answers import Balance
from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.warthog import fee as fees
from coldtusk_shared.services.warthog import rules
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import (
    LIQUIDITY_DECIMALS,
    WART_DECIMALS,
    format_units,
    format_wart,
    parse_wart,
)
from coldtusk_shared.services.warthog.network import Network


@options.command("head", help="The chain's head that all nodes agree on.")
@network_option
def head(desk: Desk, network: str | None) -> Shown:
    """The pin that a request would get now."""
    of = network_of(desk, network)
    nodes = desk.nodes(of)
    found = heads.agreed_head(nodes)
    text = table(
        [
            ("Network", of.value),
            ("Length", str(found.length)),
            ("Pin", f"block {found.pin_height}, can be mined up to block {rules.last_block(found.pin_height)}"),
            ("Pin hash", found.pin_hash.hex()),
            ("Agreed by", f"{len(nodes)} node{'s' if len(nodes) > 1 else ''}"),
        ]
    )
    data: dict[str, Json] = {
        "network": of.value,
        "length": found.length,
        "pin_height": found.pin_height,
        "pin_hash": found.pin_hash.hex(),
        "nodes": [node.url for node in nodes],
    }
    return Shown(data, text)


@options.command("balance", help="What ACCOUNT (a label or an address) has, by the node that leaves the least free.")
@click.argument("account")
@click.option("--asset", help="The hash of an asset: it and its liquidity shares are shown too.")
@network_option
def balance(desk: Desk, account: str, asset: str | None, network: str | None) -> Shown:
    """Amounts of an asset are shown with its proved decimals."""
    of, address = _account(desk, account, network)
    nodes = desk.nodes(of)
    rows = [("", "total", "locked", "pending", "free")]
    wart = heads.wart_balance(nodes, address)
    rows.append(_row("WART", wart, WART_DECIMALS))
    data: dict[str, Json] = {"network": of.value, "address": address.text, "wart": _data(wart, WART_DECIMALS)}
    if asset is not None:
        facts = bodies.proved_asset(nodes, asset).facts
        units = heads.token_balance(nodes, address, facts.hash, False)
        shares = heads.token_balance(nodes, address, facts.hash, True)
        rows += [_row(facts.name, units, facts.decimals), _row(f"{facts.name} shares", shares, LIQUIDITY_DECIMALS)]
        data |= {"asset": _data(units, facts.decimals), "liquidity": _data(shares, LIQUIDITY_DECIMALS)}
    return Shown(data, f"{address.grouped}  {of.value}\n{table(rows)}")


@options.command("fee", help="The minimum fee, rounded up as it would be paid; with AMOUNT how that is rounded.")
@click.argument("amount", required=False)
@network_option
def fee(desk: Desk, amount: str | None, network: str | None) -> Shown:
    """A fee has 16 bits on the chain; ours is always rounded up."""
    of = network_of(desk, network)
    minimum = heads.minimum_fee(desk.nodes(of))
    cap = desk.settings().network(of).max_fee
    rows = [
        ("Minimum", f"{format_wart(fees.ceil(minimum))} WART"),
        ("Cap", f"{format_wart(cap)} WART, from the settings"),
    ]
    data: dict[str, Json] = {"network": of.value, "minimum_e8": fees.ceil(minimum), "max_fee_e8": cap}
    if amount is not None:
        asked = parse_wart(amount, "AMOUNT")
        below, above = fees.floor(asked), fees.ceil(asked)
        rows += [("Asked", f"{format_wart(asked)} WART"), ("Paid", f"{format_wart(above)} WART, rounded up")]
        rows += [("Next below", f"{format_wart(below)} WART, what a node would make of it")]
        data |= {"asked_e8": asked, "floor_e8": below, "ceil_e8": above}
    return Shown(data, table(rows))


def _account(desk: Desk, text: str, network: str | None) -> tuple[Network, Address]:
    with desk.host() as host, host.ledger.reading() as db:
        try:
            known = accounts.find(db, text, "ACCOUNT")
        except BadInput as error:
            if error.code is not UNKNOWN and network is None:
                raise
            return network_of(desk, network), Address.parse(text, "ACCOUNT")
    return known.network if network is None else Network(network), known.address


def _row(name: str, found: Balance, decimals: int) -> tuple[str, str, str, str, str]:
    total, locked, pending, free = _texts(found, decimals)
    return name, total, locked, pending, free


def _data(found: Balance, decimals: int) -> dict[str, Json]:
    names = ("total", "locked", "pending", "free")
    return {"decimals": decimals, **dict(zip(names, _texts(found, decimals), strict=True))}


def _texts(found: Balance, decimals: int) -> list[str]:
    return [format_units(value, decimals) for value in (found.total, found.locked, found.mempool, found.free)]
