"""The seven transaction types as typed values (facts: Signing).

Field names are the document's, in snake case, and stand in the order in which they reach the preimage.
"""

from dataclasses import dataclass

from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import AssetUnits, WartE8
from coldtusk_shared.services.warthog.asset import AssetHash
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.price import LimitPrice


@dataclass(frozen=True, slots=True)
class WartTransfer:
    """Transfer WART to another address."""

    to_addr: Address
    wart_e8: WartE8


@dataclass(frozen=True, slots=True)
class TokenTransfer:
    """Transfer an asset, or its pool's liquidity shares (8 decimals, whatever the asset's)."""

    asset_hash: AssetHash
    is_liquidity: bool
    to_addr: Address
    amount_u64: AssetUnits


@dataclass(frozen=True, slots=True)
class LimitSwap:
    """A buy or sell order. *amount_u64* is what is spent: WART-E8 if buying, asset units if selling."""

    asset_hash: AssetHash
    is_buy: bool
    amount_u64: int
    limit: LimitPrice


@dataclass(frozen=True, slots=True)
class LiquidityDeposit:
    """Deposit an asset and WART into the asset's pool. One of the two may be zero."""

    asset_hash: AssetHash
    amount_u64: AssetUnits
    wart_e8: WartE8


@dataclass(frozen=True, slots=True)
class LiquidityWithdrawal:
    """Redeem *amount_e8* liquidity shares (8 decimals)."""

    asset_hash: AssetHash
    amount_e8: AssetUnits


@dataclass(frozen=True, slots=True)
class Cancelation:
    """Cancel the pending transaction or open order of this account with this pin height and nonce."""

    cancel_height: int
    cancel_nonce_id: int


@dataclass(frozen=True, slots=True)
class AssetCreation:
    """Create an asset of *supply_u64* smallest units; one whole unit has 10 ** decimals of them."""

    supply_u64: AssetUnits
    decimals: int
    name: str


Body = WartTransfer | TokenTransfer | LimitSwap | LiquidityDeposit | LiquidityWithdrawal | Cancelation | AssetCreation


@dataclass(frozen=True, slots=True)
class Transaction:
    """What every type has, and the body of one type. *pin_hash* is 32 bytes."""

    network: Network
    pin_hash: bytes
    pin_height: int
    nonce_id: int
    fee_e8: FeeE8
    body: Body
