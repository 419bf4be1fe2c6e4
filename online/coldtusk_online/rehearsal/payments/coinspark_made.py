"""CoinSpark: one asset that was made, with its contract, its page and its metadata."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Final

from coldtusk_online.rehearsal.payments import json_text
from coldtusk_online.rehearsal.payments.coinspark_asset import AssetText, asset_hash, metadata, place_bytes, rounded
from coldtusk_online.rehearsal.payments.coinspark_params import Value
from coldtusk_online.rehearsal.payments.json_text import Json

_CONTRACT: Final = """CONTRACT of a rehearsal. It binds nobody.
Issuer: {issuer}, {issuer_address}
Asset: {name}
Description: {description}
Units: {actual} of {display_multiple} each, worth {value_per_unit}
Charges: {flat} units and {charge_basis_points} basis points
Governing law: {governing_law}. Residents: {residents}. Prohibited: {prohibited}. Confirmations: {confirmations}.
"""
_ESCAPED: Final = {ord(mark): f"\\u{ord(mark):04x}" for mark in "()<>"}


@dataclass(frozen=True, slots=True)
class Made:
    """An asset. *identity* names its files, *txid* its genesis transaction."""

    identity: str
    txid: str
    contract: bytes
    page: bytes
    fields: dict[str, Json]
    asset_hash: bytes
    metadata: bytes
    transaction: bytes


def make(params: dict[str, Value], number: int, now: float) -> Made:
    """The asset of checked *params*, the service's *number*-th; :class:`NoAsset` if its metadata has no room."""
    quantity = rounded(_whole(params, "raw_quantity"), _whole(params, "rounding"), 1000)
    flat = rounded(_whole(params, "charge_flat_raw_qty"), _whole(params, "rounding"), 100)
    contract = _CONTRACT.format(**params, actual=quantity.actual, flat=flat.actual).encode()
    text = _asset_text(params, contract, now)
    hashed = asset_hash(text)
    place = place_bytes(str(params["asset_url"]))
    packed = metadata(quantity, flat, _whole(params, "charge_basis_points"), place, hashed)
    transaction = _transaction(packed, number)
    txid = sha256(sha256(transaction).digest()).digest()[::-1].hex()
    fields = _fields(params, text, txid)
    return Made(str(int(txid[:16], 16)), txid, contract, _page(fields), fields, hashed, packed, transaction)


def _transaction(packed: bytes, number: int) -> bytes:
    """A transaction as nodes write it, with one made-up input and the metadata in an OP_RETURN output."""
    spent = sha256(b"spent %d" % number).digest() + bytes(4)
    script = b"\x6a" + bytes([len(packed)]) + packed
    output = bytes(8) + bytes([len(script)]) + script
    return (1).to_bytes(4, "little") + b"\x01" + spent + b"\x00" + b"\xff" * 4 + b"\x01" + output + bytes(4)


def _asset_text(params: dict[str, Value], contract: bytes, now: float) -> AssetText:
    expiry = params["expiry_timestamp"]
    return AssetText(
        name=str(params["name"]),
        issuer=str(params["issuer"]),
        description=str(params["description"]),
        units=str(params["value_per_unit"]),
        issue_date=_moment(now),
        expiry_date="" if expiry is None else _moment(int(str(expiry))),
        rate=Decimal(0),
        multiple=Decimal(str(params["display_multiple"])),
        contract=contract,
    )


def _fields(params: dict[str, Value], text: AssetText, txid: str) -> dict[str, Json]:
    return {
        "name": text.name,
        "issuer": text.issuer,
        "description": text.description,
        "units": text.units,
        "multiple": text.multiple,
        "issue_date": text.issue_date,
        "expiry_date": text.expiry_date,
        "interest_rate": 0,
        "genesis_txid": txid,
        "name_short": params["name_short"],
        "contract_url": params["contract_url"],
    }


def _page(fields: dict[str, Json]) -> bytes:
    data = json_text.text(fields).translate(_ESCAPED)
    return f'<!doctype html><script id="coinspark" type="application/json">{data}</script>'.encode("ascii")


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()


def _whole(params: dict[str, Value], name: str) -> int:
    value = params[name]
    if type(value) is not int:
        raise RuntimeError(f"{name} was checked to be a whole number")
    return value
