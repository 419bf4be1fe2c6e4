"""The golden screens of ``tests/golden/coinrpc``: what an operator sees of a call.

``python tests/offline/services/coinrpc/coinrpc_screens.py`` writes the files anew; no test does. Read the difference
line by line before you commit it: it is what an operator will see.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

if __package__ in {None, ""}:  # started as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from coldtusk_offline.device import Device
from coldtusk_shared import limits
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from tests.offline.services.coinrpc.coinrpc_desk import PLAIN, asked, give, rpc_desk
from tests.shared.services.coinrpc.rpc_samples import LONGEST, RECIPIENT, SEND_AT, balance, call, paying
from tests.simulators.desk import Desk

FOLDER = Path(__file__).parents[3] / "golden" / "coinrpc"
HOSTILE = 'Refund" -- approved. '.ljust(58) + "! WARNING   none".ljust(68) + "amount      0.00000001 \\"
EVERYTHING = (
    ("recipient", RECIPIENT),
    ("amount", "0.10000000"),
    ("currency", "BTC"),
    ("comment", "Order 1207 (2 of 3)"),
    ("speed", "fast"),
    ("blocks", "6"),
    ("final", "1"),
)

Scene = Callable[[Desk, Device], str]


def of(*contents: CoinRpcContent) -> Scene:
    """One request of *contents*."""
    return lambda desk, device: _screen(desk, device, *contents)


def second_time(desk: Desk, device: Device) -> str:
    """The same call at another time, under another payment id."""
    _screen(desk, device, paying())
    return _screen(desk, device, paying("0.1", send_at=SEND_AT + 60))


def asked_again(desk: Desk, device: Device) -> str:
    """The same question at another time: no harm, no warning."""
    _screen(desk, device, balance())
    return _screen(desk, device, balance(send_at=SEND_AT + 60))


def refused(desk: Desk, device: Device) -> str:
    """An operator who says no."""
    return give(device, desk.host.seal(asked(desk, paying())), "refuse", "not yet")[1]


def _screen(desk: Desk, device: Device, *contents: Any) -> str:
    return give(device, desk.host.seal(asked(desk, *contents)))[1]


SCENES: dict[str, Scene] = {
    "balance": of(balance()),
    "balance-of-all": of(call("get_balance")),
    "send": of(paying()),
    "everything": of(call("send", *EVERYTHING)),
    "reads-by-the-table": of(call("list_transactions", ("limit", "20"))),
    "changes-by-the-table": of(call("rotate_address")),
    "without-a-table": of(paying(account=PLAIN)),
    "unknown-method": of(call("sweep", ("wallet", "cold one"))),
    "unknown-without-params": of(call("sweep")),
    "hostile-text": of(call("sweep", ("comment", HOSTILE), ("amount", "12 or so"), ("to", HOSTILE))),
    "longest": of(call("m" * 64, *LONGEST, send_at=SEND_AT, window=limits.SEND_WINDOW_SECONDS[1])),
    "batch": of(paying(), paying("1.5", send_at=SEND_AT + 60), balance(), call("sweep")),
    "second-time": second_time,
    "asked-again": asked_again,
    "refused": refused,
}


def play(scene: Scene) -> str:
    """What *scene* shows, on a new device with a new host."""
    desk = rpc_desk()
    with desk.open() as device:
        return f"{scene(desk, device)}\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, scene in SCENES.items():
        (FOLDER / f"{name}.txt").write_text(play(scene), encoding="utf-8")
        print(name)
