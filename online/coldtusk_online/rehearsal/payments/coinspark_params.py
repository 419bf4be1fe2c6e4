"""CoinSpark: the parameters of ``coinspark_create_asset`` with their bounds and defaults (the document's table)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, TypeAlias, cast

from coldtusk_online.rehearsal.payments.coinspark_address import NoAddress, read_address
from coldtusk_online.rehearsal.payments.coinspark_asset import NoAsset

Value: TypeAlias = "str | int | bool | Decimal | None"
Check = Callable[[object], bool]
MOST_UNITS: Final = 10**14
_MOST_FLAT: Final = 5000
_MOST_BASIS_POINTS: Final = 250
_LATEST: Final = 253_402_300_799
"""The last second of the year 9999."""


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _flag(value: object) -> bool:
    return type(value) is bool


def _number(value: object) -> bool:
    return type(value) in {int, Decimal} and 0 < Decimal(str(value)) < MOST_UNITS


def _within(least: int, most: int) -> Check:
    return lambda value: type(value) is int and least <= value <= most


def _moment(value: object) -> bool:
    return value is None or _within(0, _LATEST)(value)


def _address(value: object) -> bool:
    try:
        read_address(str(value))
    except NoAddress:
        return False
    return True


REQUIRED: Final[Mapping[str, Check]] = {
    "key": _text,
    "asset_url": _text,
    "contract_url": _text,
    "issuer": _text,
    "issuer_address": _text,
    "name": _text,
    "name_short": _text,
    "description": _text,
    "raw_quantity": _within(1, MOST_UNITS),
    "display_multiple": _number,
    "value_per_unit": _text,
    "send_to_address": _address,
}
OPTIONAL: Final[Mapping[str, tuple[Check, Value]]] = {
    "testnet": (_flag, False),
    "contract_template": (_text, "uk"),
    "governing_law": (_text, "English law"),
    "expiry_timestamp": (_moment, None),
    "charge_basis_points": (_within(0, _MOST_BASIS_POINTS), 0),
    "charge_flat_raw_qty": (_within(0, _MOST_FLAT), 0),
    "rounding": (_within(-1, 1), 1),
    "send_btc": (_number, Decimal("0.0001")),
    "num_outputs": (_within(1, 1000), 1),
    "fee_btc": (_number, Decimal("0.0001")),
    "confirmations": (_within(0, 1000), 6),
    "residents": (_text, "n/a"),
    "prohibited": (_text, "n/a"),
}


def read_params(given: Mapping[str, object]) -> dict[str, Value]:
    """All parameters, the defaults filled in; :class:`NoAsset` names the first that is not right."""
    checks = {**REQUIRED, **{name: check for name, (check, _) in OPTIONAL.items()}}
    for name in REQUIRED:
        if name not in given:
            raise NoAsset(f"{name}: missing")
    for name, value in given.items():
        if name not in checks or not checks[name](value):
            raise NoAsset(f"{name}: not valid")
    return {**{name: default for name, (_, default) in OPTIONAL.items()}, **cast("Mapping[str, Value]", given)}
