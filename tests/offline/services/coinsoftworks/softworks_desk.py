"""A device with a coinsoftworks account and a table of actions, and a host that asks it for calls."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from coldtusk_offline import home as homes
from coldtusk_offline.answer import Answer, answer
from coldtusk_offline.device import Device
from coldtusk_offline.entries import Change
from coldtusk_offline.secret import Secret
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services.coinsoftworks import enrol
from coldtusk_offline.utc import Watch
from coldtusk_shared import released, request
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.request import Item, PaymentId, Request, RequestId
from coldtusk_shared.response import Released
from coldtusk_shared.services.coinsoftworks.content import CoinsoftworksContent
from tests.shared.services.coinsoftworks.softworks_samples import ACCOUNT, KEY, TOKEN
from tests.simulators.crash_fs import CrashFs
from tests.simulators.desk import Desk, make_desk
from tests.simulators.operator import ScriptedOperator

CREATED = 1_795_174_494
NOW = 1_795_174_500
"""2026-11-20 11:35 UTC."""
TYPED = "2026-11-20 11:35"
UNTIL = NOW + 86_400
REPLY_KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
TABLE = b"""
[[action]]
name = "send"
risk = "moves money"
method = "POST"
path = "/actions/{key}/33"
poll_path = "/actions/{key}/33/{id}"
poll_status = "action_status"
poll_id = "action_id"
done = "Completed|Done"
failed = "Failed"

[[action.field]]
name = "currency"
form = "currency"
required = true

[[action.field]]
name = "amount"
form = "amount"
required = true

[[action.field]]
name = "to"
form = "address"
required = true
label = "Recipient"

[[action.field]]
name = "urgent"
form = "flag"

[[action.field]]
name = "note"
form = "text"

[[action.field]]
name = "speed"
form = "choice"
choices = ["slow", "fast"]

[[action.field]]
name = "blocks"
form = "uint"
most = 144

[[action]]
name = "rename"
risk = "changes"
method = "POST"
path = "/rename"
poll_path = "/rename/status"
poll_status = "result.state"
done = "ok"
failed = "error"
one_of = [["name", "alias"]]

[[action.field]]
name = "name"
form = "text"

[[action.field]]
name = "alias"
form = "token"

[[action]]
name = "balance"
risk = "reads"
method = "GET"
path = "/balance/{key}"
"""


@dataclass
class Enrolling:
    """An operator who enrols; *lines* answers prompts by their beginnings."""

    token: str = TOKEN
    key: str | None = KEY
    toml: bytes | None = TABLE
    lines: dict[str, str] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)

    def secret(self, name: str, *, optional: bool = False) -> Secret | None:
        """The token first, then the key."""
        text = self.key if optional else self.token
        assert ("API key" in name) is optional
        return None if text is None else Secret(text.encode())

    def line(self, prompt: str, default: str = "") -> str:
        """What *lines* say, else the default."""
        return next((text for start, text in self.lines.items() if prompt.startswith(start)), default)

    def show(self, text: str) -> None:
        """Keep *text*."""
        self.shown.append(text)

    def utc(self) -> int:
        """Nothing depends on time."""
        raise AssertionError

    def random(self, size: int) -> bytes:
        """The account's name."""
        return ACCOUNT[:size]

    def table(self) -> bytes | None:
        """The table."""
        return self.toml


def held(**changes: Any) -> ServiceAccount:
    """An enrolled account."""
    return enrol.enrol("mining", Enrolling(**changes))


HELD = held()


def works_desk(account: ServiceAccount = HELD, medium: CrashFs | None = None) -> Desk:
    """A new device in a simulated medium, with the account and one pinned host."""
    desk = make_desk(Path("/x"), medium or CrashFs())
    with desk.open() as device:
        homes.keep_service(device, account, Change.ENROLLED)
    return desk


def item(desk: Desk, content: CoinsoftworksContent, account: bytes = ACCOUNT) -> Item:
    """An item with a new payment id."""
    desk.host.made += 1
    return Item(PaymentId(desk.host.made.to_bytes(16)), account, replace(content, account=account))


def asked(desk: Desk, *items: Item, **changes: Any) -> Request:
    """A request of *items* with a new id and a one-time key."""
    desk.host.made += 1
    given: dict[str, Any] = {
        "id": RequestId(desk.host.made.to_bytes(16)),
        "created": CREATED,
        "not_after": NotAfter(Deadline.UTC, UNTIL),
        "purpose": "Pay the miners",
        "origin": "ops-laptop",
        "items": items,
        "host_head": None,
        "reply_key": REPLY_KEY.public_key().public_bytes_raw(),
    }
    return Request(**{**given, **changes})


def give(device: Device, message: bytes, *typed: str | None) -> tuple[Answer, str]:
    """The answer of an operator who types the time and then *typed*, and all that was shown."""
    operator = ScriptedOperator([TYPED, *(typed or (None,))])
    watch = Watch(unix=lambda: float(NOW), monotonic=lambda: 0.0)
    return answer(message, device, operator, watch=watch), operator.screen


def opened(answer: Answer, asked_for: Request, place: int = 0) -> bytes:
    """What the host finds in a released result."""
    result = answer.response.results[place]
    assert isinstance(result, Released)
    digest = request.digest(request.encode(asked_for))
    return released.open_(REPLY_KEY.private_bytes_raw(), result.enc, result.ciphertext, digest, result.payment_id)
