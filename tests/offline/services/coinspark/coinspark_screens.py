"""The golden screens of ``tests/golden/coinspark``: what an operator sees of an asset's creation.

``python tests/offline/services/coinspark/coinspark_screens.py`` writes the files anew; no test does. Read the
difference line by line before you commit it: it is what an operator will see.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

if __package__ in {None, ""}:  # started as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from coldtusk_offline.device import Device
from coldtusk_shared import limits
from tests.offline.services.coinspark.coinspark_desk import asked, creation, give, spark_desk
from tests.shared.services.coinspark.asset_samples import BITCOIN, OPTIONAL, bitcoin_address
from tests.shared.services.coinspark.test_coinspark_address import little, written
from tests.simulators.desk import Desk

FOLDER = Path(__file__).parents[3] / "golden" / "coinspark"
TESTNET = written(bitcoin_address(0x6F, bytes(range(20))), [1], [])
REFERENCED = written(BITCOIN, [3], little(2**52 - 1))
HOSTILE = 'Vouchers" -- approved. '.ljust(67) + "! WARNING   none".ljust(67) + "Cost        0 BTC \\"
FUTURE = 1_900_000_000

Scene = Callable[[Desk, Device], str]


def of(**changes: Any) -> Scene:
    """One creation with *changes*."""
    return lambda desk, device: _screen(desk, device, creation(desk, **changes))


def second_time(desk: Desk, device: Device) -> str:
    """The same asset under another payment id."""
    _screen(desk, device, creation(desk))
    return _screen(desk, device, creation(desk, display_multiple="0.010"))


def same_page(desk: Desk, device: Device) -> str:
    """Another asset that would be on the page of the first."""
    _screen(desk, device, creation(desk))
    return _screen(desk, device, creation(desk, name="Another voucher"))


def batch(desk: Desk, device: Device) -> str:
    """Two assets in one request."""
    other = creation(desk, asset_url="https://example.com/b/", raw_quantity=12_345, send_btc="0.0005")
    return _screen(desk, device, creation(desk), other)


def refused(desk: Desk, device: Device) -> str:
    """An operator who says no."""
    return give(device, desk.host.seal(asked(desk, creation(desk))), "refuse", "not yet")[1]


def _screen(desk: Desk, device: Device, *items: Any) -> str:
    return give(device, desk.host.seal(asked(desk, *items)))[1]


_WIDE = "\N{CJK UNIFIED IDEOGRAPH-7D66}" * (limits.COINSPARK_TEXT_BYTES // 3)
_TEXTS = (
    "issuer",
    "issuer_address",
    "name",
    "name_short",
    "value_per_unit",
    "governing_law",
    "residents",
    "prohibited",
)

SCENES: dict[str, Scene] = {
    "required": of(),
    "everything": of(**{**OPTIONAL, "expiry_timestamp": FUTURE}),
    "secure-addresses": of(asset_url="https://example.com/coinspark/a/", contract_url="https://example.com/a.pdf"),
    "testnet": of(testnet=True, send_to_address=TESTNET),
    "payment-reference": of(send_to_address=REFERENCED),
    "rounded-up": of(raw_quantity=12_345, charge_flat_raw_qty=101),
    "rounded-down": of(raw_quantity=12_345, charge_flat_raw_qty=4_999, rounding="-1"),
    "rounded-near": of(raw_quantity=10_051, rounding="0"),
    "charge-eats-all": of(raw_quantity=8, charge_flat_raw_qty=8),
    "dear": of(send_btc="0.1", fee_btc="0.1"),
    "cheap": of(send_btc="0.00001", fee_btc="0.00001"),
    "shortest-hash": of(asset_url="https://a-very-long-domain-name.io/ab/", charge_basis_points=250),
    "hostile-text": of(name=HOSTILE, description=HOSTILE, issuer_address=f"London\n{HOSTILE}"),
    "longest": of(
        **{
            **OPTIONAL,
            **dict.fromkeys(_TEXTS, _WIDE),
            "description": "\N{EURO SIGN} " * 127 + "\N{EURO SIGN}",
            "issuer_address": "\n".join("\N{EURO SIGN}" * limits.COINSPARK_LINES),
            "contract_url": f"https://example.com/{'a' * 236}",
            "contract_template": f"https://example.com/{'b' * 236}",
            "raw_quantity": 10**14,
            "display_multiple": "99999999.999999",
            "expiry_timestamp": limits.COINSPARK_EXPIRY,
            "charge_flat_raw_qty": 5000,
            "charge_basis_points": 250,
        }
    ),
    "second-time": second_time,
    "same-page": same_page,
    "batch": batch,
    "refused": refused,
}


def play(scene: Scene) -> str:
    """What *scene* shows, on a new device with a new host."""
    desk = spark_desk()
    with desk.open() as device:
        return f"{scene(desk, device)}\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, scene in SCENES.items():
        (FOLDER / f"{name}.txt").write_text(play(scene), encoding="utf-8")
        print(name)
