"""What the online half sends along so that the offline half can check it, or show it as a claim.

Nothing of it reaches the signed bytes (DESIGN: Evidence). What can be recomputed is recomputed here and
must agree; the rest is the host's word.
"""

from dataclasses import dataclass

from coldtusk_shared import limits
from coldtusk_shared.cbor import Encodable, Value
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.mapreader import MapReader
from coldtusk_shared.services.warthog import asset, fee, rules
from coldtusk_shared.services.warthog.amount import parse_wart
from coldtusk_shared.services.warthog.asset import AssetFacts
from coldtusk_shared.services.warthog.price import limit_for, parse_price_text
from coldtusk_shared.services.warthog.transaction import LimitSwap, Transaction

FEE_DIFFERS = Code("warthog.evidence.fee", "the host says another fee than it put in: have the request made again")
PRICE_DIFFERS = Code(
    "warthog.evidence.price", "the host says another price than it put in: have the request made again"
)
PIN_ABOVE = Code("warthog.evidence.pin-above-chain", "have the request made again from a node that is in step")
EXPIRED = Code("warthog.pin-expired", "no block can include it any more: have the request made again with a fresh pin")
NO_ASSET = Code("warthog.evidence.no-asset", "leave the proof out: this type names no asset")

_PREIMAGE_BYTES = 65
_DECIMAL_TEXT = limits.PRICE_DIGITS + 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """*preimage* proves *asset*; the texts and the chain's length are claims."""

    preimage: bytes | None = None
    fee_asked: str | None = None
    limit_asked: str | None = None
    chain_length: int | None = None
    asset: AssetFacts | None = None

    def wire(self) -> dict[int, Encodable]:
        """As the CDDL has it."""
        parts = ((1, self.preimage), (2, self.fee_asked), (3, self.limit_asked), (4, self.chain_length))
        return {key: value for key, value in parts if value is not None}


def parse(value: Value, transaction: Transaction, where: str) -> Evidence:
    """The evidence in *value*, checked against *transaction*; :class:`BadInput` where it does not agree."""
    if value == {}:
        return Evidence()
    reader = MapReader(value, where)
    preimage = reader.octets(1, "asset_preimage", _PREIMAGE_BYTES) if reader.has(1) else None
    evidence = Evidence(
        preimage=preimage,
        fee_asked=reader.text(2, "fee_asked", _DECIMAL_TEXT) if reader.has(2) else None,
        limit_asked=reader.text(3, "limit_asked", _DECIMAL_TEXT) if reader.has(3) else None,
        chain_length=reader.uint(4, "chain_length", limits.U32) if reader.has(4) else None,
        asset=_prove(preimage, transaction, where),
    )
    reader.done()
    check(evidence, transaction, where)
    return evidence


def check(evidence: Evidence, transaction: Transaction, where: str) -> None:
    """Refuse *evidence* that contradicts *transaction*."""
    if evidence.fee_asked is not None:
        _check_fee(evidence.fee_asked, transaction.fee_e8, f"{where}.fee_asked")
    if evidence.chain_length is not None:
        _check_pin(transaction.pin_height, evidence.chain_length, where)
    if evidence.limit_asked is not None:
        _check_limit(evidence, transaction, where)


def _check_fee(asked: str, fee_e8: int, where: str) -> None:
    asked_e8 = parse_wart(asked, where)
    if not asked_e8 or fee.ceil(asked_e8) != fee_e8:
        raise BadInput(FEE_DIFFERS, "the fee asked does not round up to the fee", where=where)


def _prove(preimage: bytes | None, transaction: Transaction, where: str) -> AssetFacts | None:
    if preimage is None:
        return None
    asset_hash = getattr(transaction.body, "asset_hash", None)
    if asset_hash is None:
        raise BadInput(NO_ASSET, "a proof for a transaction that names no asset", where=f"{where}.asset_preimage")
    try:
        return asset.prove(preimage, asset_hash)
    except BadInput as error:
        raise error.at(f"{where}.asset_preimage") from None


def _check_pin(pin_height: int, chain_length: int, where: str) -> None:
    if pin_height > chain_length:
        raise BadInput(PIN_ABOVE, f"pin {pin_height} in a chain of {chain_length}", where=f"{where}.chain_length")
    if chain_length >= rules.last_block(pin_height):
        last = rules.last_block(pin_height)
        raise BadInput(
            EXPIRED, f"last possible block {last}, the chain has {chain_length}", where=f"{where}.chain_length"
        )


def _check_limit(evidence: Evidence, transaction: Transaction, where: str) -> None:
    place = f"{where}.limit_asked"
    price = parse_price_text(evidence.limit_asked, place)
    body = transaction.body
    if not isinstance(body, LimitSwap):
        raise BadInput(PRICE_DIFFERS, "a limit price for a transaction that has none", where=place)
    if evidence.asset is None:
        return
    try:
        asked = limit_for(body.is_buy, price, evidence.asset.decimals)
    except BadInput as error:
        raise error.at(place) from None
    if asked != body.limit:
        raise BadInput(PRICE_DIFFERS, "the price asked does not give the limit", where=place)
