"""The seven field tables, read by the serialiser, the JSON writer and the review.

So what is signed, sent and shown advances together, field by field.

Sources: facts/warthog "Signing" and "JSON", and the service document. Fields stand in the order of the
preimage; wire keys in ``messages.cddl`` count from 6 in the same order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from operator import attrgetter
from typing import Any

from coldtusk_shared import limits
from coldtusk_shared.cbor import Encodable
from coldtusk_shared.errors import BadInput
from coldtusk_shared.mapreader import MapReader
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.price import LimitPrice

FIRST_KEY = 6
NAME_BYTES = 5
_HASH_BYTES = 32
_ADDRESS_BYTES = 20
_LIMIT_BYTES = 3


@dataclass(frozen=True, slots=True)
class Form:
    """How one sort of value is read from the wire, put on it, packed for signing and written as JSON."""

    read: Callable[[MapReader, int, str], Any]
    wire: Callable[[Any], Encodable]
    pack: Callable[[Any], bytes]
    json: Callable[[Any], int | str | bool]


def _same(value: Any) -> Any:
    return value


def _read_limit(reader: MapReader, key: int, name: str) -> LimitPrice:
    try:
        return LimitPrice.from_bytes(reader.octets(key, name, _LIMIT_BYTES))
    except BadInput as error:
        raise error if error.where else error.at(reader.path(name)) from None


def _integer(size: int) -> Form:
    return Form(MapReader.uint, _same, lambda value: int.to_bytes(value, size), _same)


U64 = _integer(8)
U32 = _integer(4)
U8 = _integer(1)
FLAG = Form(MapReader.flag, _same, lambda value: b"\1" if value else b"\0", _same)
HASH = Form(lambda reader, key, name: reader.octets(key, name, _HASH_BYTES), _same, _same, bytes.hex)
ADDRESS = Form(
    lambda reader, key, name: Address(reader.octets(key, name, _ADDRESS_BYTES)),
    lambda value: value.raw,
    lambda value: value.raw,
    lambda value: value.text,
)
LIMIT = Form(
    _read_limit,
    LimitPrice.to_bytes,
    LimitPrice.to_bytes,
    lambda value: value.to_bytes().hex(),
)
NAME = Form(
    lambda reader, key, name: reader.text(key, name, NAME_BYTES),
    _same,
    lambda value: value.encode("ascii").ljust(NAME_BYTES, b"\0"),
    _same,
)


class Unit(Enum):
    """In what a field's value is shown to a person."""

    ADDRESS = auto()
    WART = auto()
    ASSET = auto()
    """Units of the transaction's asset, or of its liquidity shares if the transaction says so."""
    SHARES = auto()
    SPENT = auto()
    """WART if buying, units of the asset if selling."""
    ASSET_HASH = auto()
    LIQUIDITY = auto()
    SIDE = auto()
    PRICE = auto()
    HEIGHT = auto()
    NONCE = auto()
    SUPPLY = auto()
    DECIMALS = auto()
    NAME = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its attribute, its form, its JSON keys, its range, and how it is shown."""

    attribute: str
    form: Form
    json: tuple[str, ...]
    label: str
    unit: Unit
    least: int = 0
    most: int = limits.U64


@dataclass(frozen=True)
class Layout:
    """One transaction type: its name in the document, its body, its title on the screen, its fields."""

    name: str
    body: type[tx.Body]
    title: str
    fields: tuple[Field, ...]
    size: int
    """Bytes of the preimage."""

    @cached_property
    def kind(self) -> str:
        """The kind of an item of this type."""
        return f"warthog/{self.name}"

    @cached_property
    def values(self) -> Callable[[tx.Body], tuple[Any, ...]]:
        """From a body to its values in the order of the table."""
        return attrgetter(*(field.attribute for field in self.fields))


_ASSET = Field("asset_hash", HASH, ("assetHash",), "Asset", Unit.ASSET_HASH)
_TO = Field("to_addr", ADDRESS, ("toAddr",), "To", Unit.ADDRESS)
_SUPPLY = limits.WART_SUPPLY_E8
_UNITS = limits.ASSET_SUPPLY_U64

LAYOUTS = (
    Layout(
        "wartTransfer",
        tx.WartTransfer,
        "Send WART",
        (_TO, Field("wart_e8", U64, ("wartE8",), "Amount", Unit.WART, 1, _SUPPLY)),
        79,
    ),
    Layout(
        "tokenTransfer",
        tx.TokenTransfer,
        "Send an asset or its liquidity shares",
        (
            _ASSET,
            Field("is_liquidity", FLAG, ("isLiquidity",), "Token", Unit.LIQUIDITY),
            _TO,
            Field("amount_u64", U64, ("amountU64",), "Amount", Unit.ASSET, 1, _UNITS),
        ),
        112,
    ),
    Layout(
        "limitSwap",
        tx.LimitSwap,
        "Place a limit order",
        (
            _ASSET,
            Field("is_buy", FLAG, ("isBuy",), "Side", Unit.SIDE),
            Field("amount_u64", U64, ("amountU64",), "Spend", Unit.SPENT, 1, _UNITS),
            Field("limit", LIMIT, ("limit",), "Limit", Unit.PRICE),
        ),
        95,
    ),
    Layout(
        "liquidityDeposit",
        tx.LiquidityDeposit,
        "Deposit into the asset's pool",
        (
            _ASSET,
            Field("amount_u64", U64, ("amountU64",), "Deposit", Unit.ASSET, 0, _UNITS),
            Field("wart_e8", U64, ("wartE8",), "and WART", Unit.WART, 0, _SUPPLY),
        ),
        99,
    ),
    Layout(
        "liquidityWithdrawal",
        tx.LiquidityWithdrawal,
        "Withdraw from the asset's pool",
        (_ASSET, Field("amount_e8", U64, ("amountE8",), "Redeem", Unit.SHARES, 1, _UNITS)),
        91,
    ),
    Layout(
        "cancelation",
        tx.Cancelation,
        "Cancel a pending transaction or an open order",
        (
            Field("cancel_height", U32, ("cancelHeight",), "Cancel pin", Unit.HEIGHT, 0, limits.U32),
            Field("cancel_nonce_id", U32, ("cancelNonceId",), "and nonce", Unit.NONCE, 0, limits.U32),
        ),
        59,
    ),
    Layout(
        "assetCreation",
        tx.AssetCreation,
        "Create an asset",
        (
            Field("supply_u64", U64, ("supplyU64",), "Supply", Unit.SUPPLY, 1, _UNITS),
            # The document says precision, the node reads decimals and ignores what it does not know.
            Field("decimals", U8, ("decimals", "precision"), "Decimals", Unit.DECIMALS, 0, limits.ASSET_DECIMALS),
            Field("name", NAME, ("name",), "Name", Unit.NAME),
        ),
        65,
    ),
)

BY_KIND = {layout.kind: layout for layout in LAYOUTS}
BY_BODY: dict[type[tx.Body], Layout] = {layout.body: layout for layout in LAYOUTS}
