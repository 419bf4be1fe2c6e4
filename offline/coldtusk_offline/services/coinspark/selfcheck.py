"""Known answers of the public CoinSpark libraries and of the service's document."""

import json
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from coldtusk_offline.selfcheck import Outcome, outcome
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services.coinspark import content, quantity
from coldtusk_shared.services.coinspark.address import CoinSparkAddress
from coldtusk_shared.services.coinspark.asset_hash import Hashed, asset_hash
from coldtusk_shared.services.coinspark.body import body
from coldtusk_shared.services.coinspark.commands import CREATE_ASSET
from coldtusk_shared.services.coinspark.metadata import Genesis
from coldtusk_shared.services.coinspark.quantity import Rounding
from coldtusk_shared.services.coinspark.web_address import AssetUrl

_ANSWERS = Path(__file__).with_name("selfcheck.json")


def run() -> list[Outcome]:
    """Rounding, metadata, asset hash, address and body."""
    checks = json.loads(_ANSWERS.read_text(encoding="utf-8"))["checks"]
    return [outcome(check["name"], partial(_CHECKS[check["check"]], check)) for check in checks]


def _rounding(check: dict[str, Any]) -> bool:
    found = [quantity.quantity(asked, Rounding(mode)).actual for asked, mode, _ in check["quantities"]]
    found += [quantity.flat_charge(asked, Rounding(mode)).actual for asked, mode, _ in check["charges"]]
    return found == [actual for *_, actual in (*check["quantities"], *check["charges"])]


def _metadata(check: dict[str, Any]) -> bool:
    rounding = Rounding(check["rounding"])
    amount = quantity.quantity(check["quantity"], rounding)
    flat = quantity.flat_charge(check["charge"], rounding)
    genesis = Genesis(amount, flat, check["basis_points"], AssetUrl.parse(check["url"]))
    expect: str = check["expect"]
    return genesis.metadata(bytes.fromhex(check["hash"])).hex() == expect


def _hash(check: dict[str, Any]) -> bool:
    expect: str = check["expect"]
    rates: dict[str, Any] = {name: Fraction(check[name]) for name in ("interest_rate", "multiple")}
    hashed = Hashed(**check["texts"], **rates)
    return asset_hash(hashed, check["contract"].encode()).hex() == expect


def _address(check: dict[str, Any]) -> bool:
    address = CoinSparkAddress.parse(check["address"])
    return (address.bitcoin, address.flags, address.text) == (check["bitcoin"], check["flags"], check["address"])


def _body(check: dict[str, Any]) -> bool:
    wire = {CREATE_ASSET.field(name).key: value for name, value in check["params"].items()}
    given = content.parse("coinspark/create_asset", bytes(content.ACCOUNT_BYTES), wire, {}, "check").given
    made = body(PaymentId(bytes.fromhex(check["id"])), check["key"], given)
    expect: str = check["expect"]
    return made.decode("ascii") == expect


_CHECKS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "rounding": _rounding,
    "metadata": _metadata,
    "hash": _hash,
    "address": _address,
    "body": _body,
}
