"""The golden screens of ``tests/golden/offline``, as sentences.

``python tests/offline/review_screens.py`` writes the files anew; no test does. Read the difference line by line before
you commit it: it is what an operator will see.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

if __package__ in {None, ""}:  # started as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from coldtusk_offline.device import Device
from coldtusk_shared.services.warthog import asset, rules
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.amount import AssetUnits, WartE8
from coldtusk_shared.services.warthog.evidence import Evidence
from coldtusk_shared.services.warthog.fee import FeeE8
from coldtusk_shared.services.warthog.preimage import preimage
from tests.offline.payments import NAMES, give, item, saving, sealed, transfer
from tests.shared.samples import CHAIN_LENGTH, CREATION, EVIDENCE, PIN_HEIGHT, TOK, transaction
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import PAYEE, Desk, make_desk

FOLDER = Path(__file__).parents[1] / "golden" / "offline"
HOSTILE = (
    'Refund" -- checked and approved by the CFO. '.ljust(41)
    + "! WARNING   none".ljust(68)
    + "To          3629 95a6 e692 2a04 e0b8 32a8 0bc5 6c33 709a 42d2 d0bc f0f7 "
    + 'own account "treasury" \\'
)
"""A purpose that tries to end its quotation and to look like rows of the device."""

Scene = Callable[[Desk, Device], str]


def screen(device: Device, message: bytes) -> str:
    """All that is shown until the operator has signed."""
    return give(device, message)[1]


def of_type(name: str) -> Scene:
    """One payment of each type, with its evidence."""
    return lambda desk, device: screen(device, sealed(desk, item(desk, name)))


def with_fee(fee_e8: int) -> Scene:
    """A transfer of 1.5 WART with another fee."""
    return lambda desk, device: screen(device, sealed(desk, transfer(desk, fee_e8=FeeE8(fee_e8))))


def main_network(desk: Desk, device: Device) -> str:
    """The other network, no evidence, no purpose."""
    return screen(device, sealed(desk, saving(desk), purpose=""))


def hostile_purpose(desk: Desk, device: Device) -> str:
    """Host text that looks like the device's own."""
    return screen(device, sealed(desk, item(desk, "wartTransfer"), purpose=HOSTILE))


def burn(desk: Desk, device: Device) -> str:
    """The all-zero address."""
    gone = desk.host.transaction(tx.WartTransfer(Address(bytes(20)), WartE8(150_000_000)))
    return screen(device, sealed(desk, desk.host.item(desk.treasury, gone)))


def burn_shares(desk: Desk, device: Device) -> str:
    """Liquidity shares to the all-zero address."""
    gone = desk.host.transaction(tx.TokenTransfer(TOK.hash, True, Address(bytes(20)), AssetUnits(5)))
    return screen(device, sealed(desk, desk.host.item(desk.treasury, gone)))


def expires_soon(desk: Desk, device: Device) -> str:
    """539 blocks are left."""
    length = rules.last_block(PIN_HEIGHT) - 539
    return screen(device, sealed(desk, transfer(desk, evidence=Evidence(chain_length=length))))


def pin_far_above(desk: Desk, device: Device) -> str:
    """Two weeks and a pin above what was signed before."""
    give(device, sealed(desk, transfer(desk, 150_000_001)))
    return screen(device, sealed(desk, transfer(desk, pin_height=PIN_HEIGHT + 60_512)))


def pin_below(desk: Desk, device: Device) -> str:
    """So far below what was signed before that it may have expired."""
    give(device, sealed(desk, transfer(desk, 150_000_001)))
    return screen(device, sealed(desk, transfer(desk, pin_height=PIN_HEIGHT - 8192)))


def second_time(desk: Desk, device: Device) -> str:
    """The same payee and amount under another payment id."""
    give(device, sealed(desk, transfer(desk)))
    return screen(device, sealed(desk, transfer(desk, nonce_id=8)))


def asset_named_wart(desk: Desk, device: Device) -> str:
    """Anyone can mint a "Wart"."""
    proof = preimage(transaction(replace(CREATION, name="Wart"), nonce_id=7))
    facts = asset.parse_preimage(proof)
    sent = desk.host.transaction(tx.TokenTransfer(facts.hash, False, PAYEE, AssetUnits(125_000)))
    evidence = Evidence(preimage=proof, asset=facts, chain_length=CHAIN_LENGTH)
    return screen(device, sealed(desk, desk.host.item(desk.treasury, sent, evidence)))


def unproved(name: str) -> Scene:
    """Without the preimage: units, and a price that nobody can check."""
    without = replace(EVIDENCE[name], preimage=None, asset=None)
    return lambda desk, device: screen(device, sealed(desk, item(desk, name, without)))


def batch(desk: Desk, device: Device) -> str:
    """Each type in one request, with the totals."""
    items = (item(desk, name, nonce_id=number) for number, name in enumerate(NAMES))
    return screen(device, sealed(desk, *items, purpose="Pay run of 5 M\u00e4rz, \u7d66\u4e0e \u2116 3"))


def batch_with_warnings(desk: Desk, device: Device) -> str:
    """More warnings than are repeated, a payment twice."""
    payments = [transfer(desk, 1_000_000 * (place % 9 + 1), nonce_id=place) for place in range(10)]
    return screen(device, sealed(desk, *payments, item(desk, "liquidityDeposit", Evidence(), nonce_id=99)))


def refused(desk: Desk, device: Device) -> str:
    """An operator who hesitates, refuses, and says why."""
    message = sealed(desk, transfer(desk))
    return give(device, message, "y", "refuse", "\x1b[A", "wrong payee")[1]


SCENES: dict[str, Scene] = {
    **{name: of_type(name) for name in NAMES},
    "main-network": main_network,
    "hostile-purpose": hostile_purpose,
    "fee-percent": with_fee(2_000_896),
    "fee-times-minimum": with_fee(100_073_472),
    "fee-below-minimum": with_fee(999_936),
    "burn": burn,
    "burn-shares": burn_shares,
    "expires-soon": expires_soon,
    "pin-far-above": pin_far_above,
    "pin-below": pin_below,
    "second-time": second_time,
    "asset-named-wart": asset_named_wart,
    "asset-unproved": unproved("tokenTransfer"),
    "price-unproved": unproved("limitSwap-sell"),
    "batch": batch,
    "batch-with-warnings": batch_with_warnings,
    "refused": refused,
}


def play(scene: Scene) -> str:
    """What *scene* shows, on a new device with a new host."""
    desk = make_desk(Path("/x"), CrashFs())
    with desk.open() as device:
        return f"{scene(desk, device)}\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, scene in SCENES.items():
        (FOLDER / f"{name}.txt").write_text(play(scene), encoding="utf-8")
        print(name)
