"""The golden screens of ``tests/golden/coinpayments``: what an operator sees of calls of CoinPayments.

``python tests/offline/services/coinpayments/payments_screens.py`` writes the files anew; no test does. Read the
difference line by line before you commit it: it is what an operator will see.
"""

import sys
from collections.abc import Callable
from pathlib import Path

if __package__ in {None, ""}:  # started as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from coldtusk_offline.device import Device
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent
from tests.offline.services.coinpayments.payments_desk import asked, give, item, payments_desk
from tests.shared.services.coinpayments.call_samples import ADDRESS, FULL, ROWS, WITHDRAWAL, call, mass, withdrawal
from tests.simulators.desk import Desk

FOLDER = Path(__file__).parents[3] / "golden" / "coinpayments"
HOSTILE = '" -- approved. '.ljust(50) + "address     1Good1111111111111111111111111111"
"""A note that tries to end its quotation and to look like a row of the device."""

WITHDRAWN = {name: WITHDRAWAL[name] for name in ("amount", "currency", "address")}

Scene = Callable[[Desk, Device], str]


def of(*contents: CoinPaymentsContent) -> Scene:
    """A request of *contents*."""
    return lambda desk, device: screen(desk, device, *contents)


def screen(desk: Desk, device: Device, *contents: CoinPaymentsContent) -> str:
    """All that is shown until the operator has signed."""
    items = (item(desk, content) for content in contents)
    return give(device, desk.host.seal(asked(desk, *items)))[1]


def second_time(desk: Desk, device: Device) -> str:
    """The same payee and amount under another payment id, with another note."""
    screen(desk, device, withdrawal())
    return screen(desk, device, withdrawal(amount="0.1", note="again"))


def once_more(desk: Desk, device: Device) -> str:
    """The same payment again, in another request: no second payment, so no warning."""
    one = item(desk, withdrawal())
    give(device, desk.host.seal(asked(desk, one)))
    return give(device, desk.host.seal(asked(desk, one)))[1]


def rows_again(desk: Desk, device: Device) -> str:
    """A mass withdrawal with one row more than one that was signed, and a row that was paid alone."""
    screen(desk, device, mass())
    screen(desk, device, withdrawal())
    return screen(desk, device, mass(*ROWS, WITHDRAWN, {**ROWS[0], "amount": "9"}))


SCENES: dict[str, Scene] = {
    **{name: of(call(name)) for name in FULL},
    "withdrawal-plain": of(withdrawal(note="coldtusk 00112233445566778899aabbccddeeff")),
    "withdrawal-tag": of(withdrawal(address=None, pbntag="$supplier")),
    "withdrawal-domain": of(withdrawal(address=None, domain="supplier.crypto")),
    "withdrawal-without-memo": of(withdrawal(currency="XRP")),
    "hostile-note": of(withdrawal(note=HOSTILE)),
    "convert-own": of(call("convert", address=None, dest_tag=None)),
    "mass": of(mass()),
    "mass-many": of(
        mass(
            {**ROWS[0], "address": ADDRESS, "note": "coldtusk 00112233445566778899aabbccddeeff wd1"},
            {**ROWS[1], "add_tx_fee": True},
            {"amount": "100", "currency": "BTC", "currency2": "USD", "domain": "supplier.crypto"},
            {**ROWS[0], "address": ADDRESS, "ipn_url": "https://shop.example.test/ipn"},
        )
    ),
    "mass-of-three": of(mass(*({"amount": "1", "currency": one, "address": ADDRESS} for one in ("BTC", "LTC", "ETH")))),
    "batch": of(withdrawal(), withdrawal(amount="0.100", note="twin"), call("convert"), call("balances")),
    "second-time": second_time,
    "once-more": once_more,
    "rows-again": rows_again,
}


def play(scene: Scene) -> str:
    """What *scene* shows, on a new device with a new host."""
    desk = payments_desk()
    with desk.open() as device:
        return f"{scene(desk, device)}\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, scene in SCENES.items():
        (FOLDER / f"{name}.txt").write_text(play(scene), encoding="utf-8")
        print(name)
