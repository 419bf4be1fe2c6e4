"""What the parameters of one creation come to: what is created, where it goes, and what it costs.

Everything that the service would refuse, or carry out otherwise than it was meant, is refused here before anybody is
asked (facts: CoinSpark; the service's document).
"""

from dataclasses import dataclass
from fractions import Fraction

from coldtusk_shared import limits
from coldtusk_shared.command import Fields
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.services.coinspark import quantity as amounts
from coldtusk_shared.services.coinspark.address import CoinSparkAddress
from coldtusk_shared.services.coinspark.commands import DEFAULTS
from coldtusk_shared.services.coinspark.metadata import Genesis
from coldtusk_shared.services.coinspark.quantity import Rounding
from coldtusk_shared.services.coinspark.web_address import AssetUrl

NETWORK = Code("coinspark.address.network", "the address is of the other network: ask for one, or change testnet")
BTC = Code("coinspark.btc", "send 0.1 BTC at most, and pay 0.1 BTC at most as a fee")
DUST = Code("coinspark.dust", "send more BTC, or use fewer outputs: nodes pass on none below 0.00000546 BTC")
OUTPUTS = Code("coinspark.outputs", "use fewer outputs: each must get at least one raw unit")

BTC_E8 = 10**8
DUST_E8 = 546
"""The least output of bitcoin that nodes pass on (Bitcoin Core's default for a pay-to-key-hash output)."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One creation. *send_e8* and *fee_e8* are satoshis, the service's own default where nothing was asked."""

    testnet: bool
    address: CoinSparkAddress
    genesis: Genesis
    multiple: Fraction
    outputs: int
    send_e8: int
    fee_e8: int
    expiry: int | None

    @property
    def url(self) -> AssetUrl:
        """The address of the asset's page."""
        return self.genesis.url

    @property
    def displayed(self) -> Fraction:
        """The quantity that is created, in the units that wallets display."""
        return self.genesis.quantity.actual * self.multiple


def asset_of(given: Fields, where: str) -> Asset:
    """What *given* comes to; the forms of its fields have been read.

    :raises BadInput: ``coinspark.address.network``, ``coinspark.btc``, ``coinspark.dust``, ``coinspark.outputs``, and
        what :mod:`.quantity`, :mod:`.web_address`, :mod:`.metadata` and :mod:`.address` raise.
    """
    address = CoinSparkAddress.parse(str(given["send_to_address"]), f"{where}.send_to_address")
    expiry = given.get("expiry_timestamp")
    asset = Asset(
        testnet=given["testnet"] is True,
        address=address,
        genesis=_genesis(given, where),
        multiple=Fraction(str(given["display_multiple"])),
        outputs=int(_value(given, "num_outputs")),
        send_e8=_satoshis(given, "send_btc", where),
        fee_e8=_satoshis(given, "fee_btc", where),
        expiry=None if expiry is None else int(expiry),
    )
    _check(asset, where)
    return asset


def _genesis(given: Fields, where: str) -> Genesis:
    rounding = Rounding(given["rounding"])
    url = AssetUrl.parse(str(given["asset_url"]), f"{where}.asset_url")
    flat = int(_value(given, "charge_flat_raw_qty"))
    points = int(_value(given, "charge_basis_points"))
    quantity = amounts.quantity(given["raw_quantity"], rounding, f"{where}.raw_quantity")
    charge = amounts.flat_charge(flat, rounding, f"{where}.charge_flat_raw_qty")
    amounts.check_basis_points(points, f"{where}.charge_basis_points")
    try:
        return Genesis(quantity, charge, points, url)
    except BadInput as error:
        raise error.at(f"{where}.asset_url") from None


def _check(asset: Asset, where: str) -> None:
    if asset.address.testnet is not asset.testnet:
        network = "test" if asset.address.testnet else "main"
        what = f"the bitcoin address inside is of the {network} network"
        raise BadInput(NETWORK, what, where=f"{where}.send_to_address")
    if asset.send_e8 < DUST_E8 * asset.outputs:
        what = f"{asset.outputs} outputs need at least {DUST_E8 * asset.outputs} satoshis"
        raise BadInput(DUST, what, where=f"{where}.send_btc")
    if asset.genesis.quantity.actual < asset.outputs:
        raise BadInput(OUTPUTS, f"{asset.outputs} outputs for fewer units", where=f"{where}.num_outputs")


def _value(given: Fields, name: str) -> str | int:
    return given.get(name, DEFAULTS[name])


def _satoshis(given: Fields, name: str, where: str) -> int:
    value = Fraction(_value(given, name)) * BTC_E8
    if value > limits.COINSPARK_BTC_E8:
        raise BadInput(BTC, "more than any creation needs", where=f"{where}.{name}")
    return int(value)
