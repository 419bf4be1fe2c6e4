"""The lines of the review: every parameter that is sent, what it comes to, and the defaults of what is not sent."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from coldtusk_shared import command_screen, plain_decimal
from coldtusk_shared.command import Field
from coldtusk_shared.screen import Line, line, quotation
from coldtusk_shared.services.coinspark.asset import Asset
from coldtusk_shared.services.coinspark.commands import DEFAULTS, lines_of
from coldtusk_shared.services.coinspark.content import CoinSparkContent
from coldtusk_shared.services.coinspark.metadata import HASH_LEAST, METADATA_BYTES
from coldtusk_shared.services.coinspark.quantity import Rounded, Rounding

Rows = tuple[str, ...]

GAP = (
    "LEAVES THE VAULT in this one call, encrypted to the host.",
    "The host must send it, so it sees it: you approve the call, the key",
    "does not stay secret from the host. Keep the prepaid balance small.",
)
"""What the gap gives for a bearer secret: approval, not secrecy (facts: What the gap can and cannot do)."""
_ROUNDINGS = {
    Rounding.DOWN: "-1: down, to what the chain can hold",
    Rounding.NEAREST: "0: near, to what the chain can hold; digit by digit, 5 goes down",
    Rounding.UP: "1: up, to what the chain can hold",
}
_BTC_PLACES = 8
_POINTS_PLACES = 2


def describe(content: CoinSparkContent, names: Mapping[bytes, str]) -> list[Line]:
    """All lines of one item; *names* are labels that this half trusts, by account."""
    asset, name = content.asset, names.get(content.account)
    network = "bitcoin TEST network" if asset.testnet else "bitcoin MAIN network"
    found = [
        line("Do", "CoinSpark: create an asset -- RELEASES THE API KEY, SPENDS BITCOIN"),
        line("Account", *(() if name is None else (quotation(name),)), content.account.hex(" ", 4)),
        line("API key", *GAP),
        line("Network", f"{network} (testnet: {'yes' if asset.testnet else 'no'})"),
    ]
    found += [line(field.label, *_rows(field, content)) for field in content.command.fields if field.name != "testnet"]
    return [*found, line("Cost", *_cost(asset)), line("On chain", *_metadata(content))]


def changed(requested: int, rounded: Rounded) -> bool:
    """Whether rounding makes another quantity of *requested*."""
    return requested != rounded.actual


def _rows(field: Field, content: CoinSparkContent) -> Rows:
    show = _SHOW.get(field.name)
    if field.name not in content.given:
        default = DEFAULTS[field.name]
        shown = quotation(default) if field.form.free else default
        return (f"not sent: the service takes {shown}",)
    return command_screen.rows(field, content.given[field.name]) if show is None else show(content)


def _quantity(content: CoinSparkContent) -> Rows:
    asset, requested = content.asset, int(content.given["raw_quantity"])
    displayed = f"{plain_decimal.exact_text(asset.displayed)} in display units"
    return (*_rounded(requested, asset.genesis.quantity), displayed)


def _flat(content: CoinSparkContent) -> Rows:
    requested = int(content.given["charge_flat_raw_qty"])
    return (*_rounded(requested, content.asset.genesis.flat), "taken from each transfer")


def _rounded(requested: int, rounded: Rounded) -> Rows:
    if changed(requested, rounded):
        return (f"ACTUAL {rounded.actual} raw units", f"requested {requested} raw units")
    return (f"{rounded.actual} raw units, requested and actual",)


def _points(content: CoinSparkContent) -> Rows:
    points = content.asset.genesis.basis_points
    return (f"{plain_decimal.scaled_text(points, _POINTS_PLACES)} % of each transfer ({points} basis points)",)


def _address_lines(content: CoinSparkContent) -> Rows:
    return tuple(quotation(one) for one in lines_of(str(content.given["issuer_address"])))


def _recipient(content: CoinSparkContent) -> Rows:
    address = content.asset.address
    network = "test" if address.testnet else "main"
    rows = (*command_screen.grouped(address.text), f"inside it a bitcoin address of the {network} network:")
    reference = (f"with the payment reference {address.reference}",) if address.reference else ()
    return (*rows, *command_screen.grouped(address.bitcoin), *reference)


def _expiry(content: CoinSparkContent) -> Rows:
    seconds = int(content.given["expiry_timestamp"])
    return (f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC", f"timestamp {seconds}")


def _rounding(content: CoinSparkContent) -> Rows:
    return (_ROUNDINGS[Rounding(content.given["rounding"])],)


def _bitcoin(name: str) -> Callable[[CoinSparkContent], Rows]:
    return lambda content: (f"{content.given[name]} BTC",)


def _cost(asset: Asset) -> Rows:
    total = f"{_btc(asset.send_e8 + asset.fee_e8)} of the prepaid balance:"
    return (total, f"{_btc(asset.send_e8)} to the recipient, {_btc(asset.fee_e8)} as the fee")


def _metadata(content: CoinSparkContent) -> Rows:
    genesis = content.asset.genesis
    return (
        f"{METADATA_BYTES} bytes: {len(genesis.head)} as shown here, {genesis.hash_bytes} of the asset's hash",
        f"({HASH_LEAST} are the least). The service chooses the issue date and",
        "writes the contract: the host checks the hash afterwards.",
    )


def _btc(e8: int) -> str:
    return f"{plain_decimal.scaled_text(e8, _BTC_PLACES)} BTC"


_SHOW: dict[str, Callable[[CoinSparkContent], Rows]] = {
    "raw_quantity": _quantity,
    "charge_flat_raw_qty": _flat,
    "charge_basis_points": _points,
    "issuer_address": _address_lines,
    "send_to_address": _recipient,
    "expiry_timestamp": _expiry,
    "rounding": _rounding,
    "send_btc": _bitcoin("send_btc"),
    "fee_btc": _bitcoin("fee_btc"),
}
