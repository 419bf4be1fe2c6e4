"""A device with a CoinSpark account, and a host that asks it to create assets."""

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from coldtusk_offline import home as homes
from coldtusk_offline.answer import Answer, answer
from coldtusk_offline.device import Device
from coldtusk_offline.entries import Change
from coldtusk_offline.secret import Secret
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.utc import Watch
from coldtusk_shared import cbor
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.request import Item, PaymentId, Request, RequestId
from tests.shared.services.coinspark.asset_samples import ACCOUNT, KEY, asset
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import Desk, make_desk
from tests.simulators.operator import ScriptedOperator

CREATED = 1_795_174_494
NOW = 1_795_174_500
"""2026-11-20 11:35 UTC."""
TYPED = "2026-11-20 11:35"
UNTIL = NOW + 86_400
REPLY_KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
HELD = ServiceAccount("coinspark", ACCOUNT, "vouchers", (Secret(KEY.encode()),), cbor.encode({}))


def spark_desk(medium: CrashFs | None = None) -> Desk:
    """A new device in a simulated medium, with the account and one pinned host."""
    desk = make_desk(Path("/x"), medium or CrashFs())
    with desk.open() as device:
        homes.keep_service(device, HELD, Change.ENROLLED)
    return desk


def creation(desk: Desk, account: bytes = ACCOUNT, **changes: Any) -> Item:
    """An item with a new payment id; *changes* are parameters."""
    desk.host.made += 1
    return Item(PaymentId(desk.host.made.to_bytes(16)), account, asset(**changes))


def asked(desk: Desk, *items: Item, **changes: Any) -> Request:
    """A request of *items* with a new id and a one-time key."""
    desk.host.made += 1
    given: dict[str, Any] = {
        "id": RequestId(desk.host.made.to_bytes(16)),
        "created": CREATED,
        "not_after": NotAfter(Deadline.UTC, UNTIL),
        "purpose": "Vouchers for 2027",
        "origin": "ops-laptop",
        "items": items,
        "host_head": None,
        "reply_key": REPLY_KEY.public_key().public_bytes_raw(),
    }
    return Request(**{**given, **changes})


def give(device: Device, message: bytes, *typed: str | None, now: int = NOW) -> tuple[Answer, str]:
    """The answer of an operator who types the time and then *typed*, and all that was shown."""
    operator = ScriptedOperator([TYPED, *(typed or (None,))])
    watch = Watch(unix=lambda: float(now), monotonic=lambda: 0.0)
    return answer(message, device, operator, watch=watch), operator.screen
