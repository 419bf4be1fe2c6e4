"""A device with a CoinPayments key, and a host that asks it for calls."""

from pathlib import Path
from typing import Any

from coldtusk_offline import home as homes
from coldtusk_offline.answer import Answer, answer
from coldtusk_offline.device import Device
from coldtusk_offline.entries import Change
from coldtusk_offline.secret import Secret
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services.coinpayments import settings
from coldtusk_offline.utc import Watch
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.request import Item, PaymentId, Request, RequestId
from coldtusk_shared.response import Signed
from coldtusk_shared.services.coinpayments import output
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent
from coldtusk_shared.services.coinpayments.output import Output
from tests.shared.services.coinpayments.call_samples import KEY
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import Desk, make_desk
from tests.simulators.operator import ScriptedOperator

PRIVATE = "s\u00e9cret/+=1"
"""Of the public clients' vectors."""
FIRST = 1_795_174_500_000
NOW = 1_795_174_500
"""2026-11-20 11:35 UTC."""
TYPED = "2026-11-20 11:35"
HELD = ServiceAccount("coinpayments", KEY.encode(), "shop", (Secret(PRIVATE.encode()),), settings.encode(FIRST))


def payments_desk(medium: CrashFs | None = None) -> Desk:
    """A new device in a simulated medium, with the account and one pinned host."""
    desk = make_desk(Path("/x"), medium or CrashFs())
    with desk.open() as device:
        homes.keep_service(device, HELD, Change.ENROLLED)
    return desk


def item(desk: Desk, content: CoinPaymentsContent, payment_id: PaymentId | None = None) -> Item:
    """An item of *content*, with a new payment id unless one is given."""
    desk.host.made += 1
    return Item(payment_id or PaymentId(desk.host.made.to_bytes(16)), content.account, content)


def asked(desk: Desk, *items: Item, **changes: Any) -> Request:
    """A request of *items* with a new id."""
    desk.host.made += 1
    given: dict[str, Any] = {
        "id": RequestId(desk.host.made.to_bytes(16)),
        "created": NOW - 6,
        "not_after": NotAfter(Deadline.UTC, NOW + 86_400),
        "purpose": "Supplier invoices",
        "origin": "ops-laptop",
        "items": items,
        "host_head": None,
    }
    return Request(**{**given, **changes})


def give(device: Device, message: bytes, *typed: str | None, now: int = NOW) -> tuple[Answer, str]:
    """The answer of an operator who types the time and then *typed*, and all that was shown."""
    operator = ScriptedOperator([TYPED, *(typed or (None,))])
    watch = Watch(unix=lambda: float(now), monotonic=lambda: 0.0)
    return answer(message, device, operator, watch=watch), operator.screen


def ask(desk: Desk, device: Device, *items: Item) -> list[Output]:
    """What *device* gives for a new request of *items*."""
    given, _ = give(device, desk.host.seal(asked(desk, *items)))
    results = given.response.results
    return [output.parse(result.output) for result in results if isinstance(result, Signed)]
