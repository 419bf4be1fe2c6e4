"""What the online half adds to 1,000 bare posts: matching, rebuilding, checking signatures, the ledger, the client.

Both sides post the same bodies to a rehearsal node on loopback; the node's own work is in both.
"""

import http.client
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from coldtusk_online import issuing, taking
from coldtusk_online.issuing import Order
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.services.warthog import bodies
from coldtusk_online.services.warthog.build import plan
from coldtusk_online.services.warthog.submit import submit
from coldtusk_shared.services.warthog.amount import WartE8
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.node_json import node_json
from tests.bench.figures import Figure
from tests.simulators.online_house import PAYEE, House, house

PAYMENTS = 1000
ROUNDS = 3
_MAX_FEE = WartE8(10_000_000)


def measure() -> list[Figure]:
    """Microseconds a payment that the online half adds, against a bare post. The minimum of the rounds."""
    rounds = [_round() for _ in range(ROUNDS)]
    added, bare = min(one for one, _ in rounds), min(one for _, one in rounds)
    return [Figure("submit, added to each of 1000 posts", added, "us", "bare http.client post", bare)]


def _round() -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder, house(Path(folder)) as home:
        home.fund("treasury", 1_000_000)
        _, message = _request(home)
        with home.host() as host:
            start = time.perf_counter()
            done = submit(host, home.nodes(), taking.take(host, message))
            whole = (time.perf_counter() - start) / PAYMENTS * 1e6
        if done.failed is not None:
            raise done.failed
        sent = _bodies(done.stored)
    with tempfile.TemporaryDirectory() as folder, house(Path(folder)) as home:
        home.fund("treasury", 1_000_000)
        bare = _post_bare(home, sent)
    return whole - bare, bare


def _request(home: House) -> tuple[Stored, bytes]:
    asks = tuple(bodies.wart_transfer(PAYEE, f"0.{number:08d}") for number in range(1, PAYMENTS + 1))
    with home.host() as host:
        account = home.account()
        order = Order(account, tuple(issuing.new_id(host) for _ in asks), asks, "bench", again=True)
        stored = issuing.issue(host, order, plan(home.nodes(), account.address, asks, None, _MAX_FEE))
    if stored.sealed is None:
        raise RuntimeError("an issued request is sealed")
    return stored, home.device.answer(stored.sealed)


def _bodies(stored: Stored) -> list[bytes]:
    made = []
    for item, payment in zip(stored.parsed().items, stored.payments, strict=True):
        if not isinstance(item.content, WarthogContent) or payment.signature is None:
            raise RuntimeError("every payment was signed")
        made.append(node_json(item.content.transaction, payment.signature))
    return made


def _post_bare(home: House, sent: Sequence[bytes]) -> float:
    """Microseconds of one post by http.client, a connection each, as the node wants it."""
    host, port = home.servers[0].url.removeprefix("http://").split(":")
    start = time.perf_counter()
    for body in sent:
        connection = http.client.HTTPConnection(host, int(port), timeout=5)
        connection.request("POST", "/transaction/add", body)
        if b'"code":0' not in connection.getresponse().read().replace(b" ", b""):
            raise RuntimeError("the node takes the same bytes")
        connection.close()
    return (time.perf_counter() - start) / len(sent) * 1e6
