"""A device with two CoinRPC accounts, one with a table and one without, and a host that asks it for calls."""

from pathlib import Path
from typing import Any

from coldtusk_offline import home as homes
from coldtusk_offline.answer import Answer, answer
from coldtusk_offline.device import Device
from coldtusk_offline.entries import Change
from coldtusk_offline.secret import Secret
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services.coinrpc import settings
from coldtusk_offline.utc import Watch
from coldtusk_shared import typed_table
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.request import Item, PaymentId, Request, RequestId
from coldtusk_shared.services.coinrpc import methods
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from tests.shared.services.coinrpc.rpc_samples import KEY, SEND_AT
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import Desk, make_desk
from tests.simulators.operator import ScriptedOperator

NOW = SEND_AT - 600
"""2026-11-20 11:35 UTC: ten minutes before the calls are sent."""
TYPED = "2026-11-20 11:35"
SECRET = "rpc-canary-secret-0123456789"
TABLE = Path(__file__).parents[3] / "vectors" / "tables" / "methods.toml"
PLAIN = b"no-table-77"

_ROWS = typed_table.parse_toml(TABLE.read_bytes(), "table", methods.SHAPE)
HELD = ServiceAccount("coinrpc", KEY, "shop", (Secret(SECRET.encode()),), settings.encode(_ROWS))
WITHOUT = ServiceAccount("coinrpc", PLAIN, "old shop", (Secret(b"another-secret"),), settings.encode(()))


def rpc_desk(medium: CrashFs | None = None) -> Desk:
    """A new device in a simulated medium, with the accounts and one pinned host."""
    desk = make_desk(Path("/x"), medium or CrashFs())
    with desk.open() as device:
        for account in (HELD, WITHOUT):
            homes.keep_service(device, account, Change.ENROLLED)
    return desk


def new_item(desk: Desk, content: CoinRpcContent) -> Item:
    """An item with a new payment id."""
    desk.host.made += 1
    return Item(PaymentId(desk.host.made.to_bytes(16)), content.account, content)


def asked(desk: Desk, *contents: CoinRpcContent | Item, **changes: Any) -> Request:
    """A request of *contents* with a new id."""
    items = tuple(one if isinstance(one, Item) else new_item(desk, one) for one in contents)
    desk.host.made += 1
    ends = [one.content.not_after.value for one in items if one.content.not_after is not None]
    given: dict[str, Any] = {
        "id": RequestId(desk.host.made.to_bytes(16)),
        "created": NOW - 6,
        "not_after": NotAfter(Deadline.UTC, min(ends)),
        "purpose": "Order 1207",
        "origin": "ops-laptop",
        "items": items,
        "host_head": None,
    }
    return Request(**{**given, **changes})


class TickingWatch:
    """A machine whose clocks go on by *step* seconds whenever they are looked at."""

    def __init__(self, now: int, step: float = 0.0) -> None:
        self._now, self._gone, self._step = float(now), 0.0, step

    def monotonic(self) -> float:
        """Seconds that only go forward."""
        self._gone += self._step
        return self._gone

    @property
    def watch(self) -> Watch:
        """As the device has it."""
        return Watch(unix=lambda: self._now, monotonic=self.monotonic)


def give(
    device: Device, message: bytes, *typed: str | None, now: int = NOW, said: str = TYPED, step: float = 0.0
) -> tuple[Answer, str]:
    """The answer of an operator who types the time and then *typed*, and all that was shown."""
    operator = ScriptedOperator([said, *(typed or (None,))])
    return answer(message, device, operator, watch=TickingWatch(now, step).watch), operator.screen
