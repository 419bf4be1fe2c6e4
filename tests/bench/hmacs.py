"""Per call of a request with 500 CoinPayments withdrawals: request bytes to response bytes, against the bare HMACs.

The reference is what no signer can do without: one strict decode of the request, and the HMAC-SHA512 of each body.
"""

import hashlib
import hmac
import tempfile
import time
from pathlib import Path

from coldtusk_offline import home as homes
from coldtusk_offline.answer import answer
from coldtusk_offline.entries import Change
from coldtusk_offline.secret import Secret
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services.coinpayments import settings
from coldtusk_offline.utc import Watch, shown
from coldtusk_shared import cbor, command, envelope, request
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.envelope import MessageType
from coldtusk_shared.request import Item, PaymentId, Request, RequestId
from coldtusk_shared.response import Signed
from coldtusk_shared.services.coinpayments import content, output
from coldtusk_shared.services.coinpayments.commands import COMMANDS
from tests.bench.figures import Figure
from tests.simulators.desk import Desk, make_desk
from tests.simulators.host import HostSigner
from tests.simulators.operator import ScriptedOperator

ITEMS = 500
ROUNDS = 5
NOW = 1_800_000_000
KEY = Secret(b"bench-private-key")
ACCOUNT = ServiceAccount("coinpayments", b"bench_public_key", "shop", (KEY,), settings.encode(1_800_000_000_000))


def measure() -> list[Figure]:
    """The minimum of the rounds, each beside its reference."""
    with tempfile.TemporaryDirectory() as folder:
        desk = make_desk(Path(folder))
        with desk.open() as device:
            homes.keep_service(device, ACCOUNT, Change.ENROLLED)
        rounds = [_round(desk, number) for number in range(ROUNDS)]
    value, reference = min(one for one, _ in rounds), min(one for _, one in rounds)
    return [Figure(f"HMAC, per call of {ITEMS}", value, "us", "strict decode + bare HMAC-SHA512", reference)]


def _round(desk: Desk, number: int) -> tuple[float, float]:
    asked = _request(number)
    message = envelope.seal(MessageType.REQUEST, request.encode(asked), HostSigner())
    said = shown(NOW).removesuffix(" UTC")
    operator, watch = ScriptedOperator([said, None]), Watch(lambda: NOW, time.monotonic)
    with desk.open() as device:
        start = time.perf_counter()
        given = answer(message, device, operator, watch=watch)
        took = time.perf_counter() - start
    bodies = [output.parse(one.output).body for one in given.response.results if isinstance(one, Signed)]
    return took / ITEMS * 1e6, _reference(request.encode(asked), bodies)


def _request(number: int) -> Request:
    rows = [(f"0.{place + 1:08d}", f"1Boat{number}x{place:05d}LRHtKNngkdXEeobR76b53") for place in range(ITEMS)]
    withdraw = COMMANDS["create_withdrawal"]
    contents = [
        content.make(
            ACCOUNT.account,
            withdraw,
            command.typed(
                withdraw, [("amount", amount), ("currency", "BTC"), ("address", address), ("auto_confirm", "no")]
            ),
        )
        for amount, address in rows
    ]
    return Request(
        id=RequestId((number + 1).to_bytes(request.ID_BYTES)),
        created=NOW,
        not_after=NotAfter(Deadline.UTC, NOW + 3600),
        purpose="Payroll",
        origin="bench",
        items=tuple(
            Item(PaymentId((number * ITEMS + place).to_bytes(request.ID_BYTES)), ACCOUNT.account, one)
            for place, one in enumerate(contents)
        ),
        host_head=None,
    )


def _reference(payload: bytes, bodies: list[bytes]) -> float:
    """Microseconds a call."""
    start = time.perf_counter()
    cbor.decode(payload)
    for body in bodies:
        hmac.new(KEY.reveal(), body, hashlib.sha512).hexdigest()
    return (time.perf_counter() - start) / len(bodies) * 1e6
