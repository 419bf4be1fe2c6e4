"""Per item of a 1,000-item request: from request bytes to response bytes, against bare libsecp256k1."""

import hashlib
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from coincurve import PrivateKey, PublicKey

from coldtusk_offline.answer import answer
from coldtusk_offline.keyring import Keyring
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.amount import WartE8
from coldtusk_shared.services.warthog.evidence import Evidence
from tests.bench.figures import Figure
from tests.simulators.desk import PAYEE, TREASURY, Desk, make_desk
from tests.simulators.operator import ScriptedOperator

ITEMS = 1000
ROUNDS = 5


def measure() -> list[Figure]:
    """With the second implementation left out, and with it. The minimum of the rounds, each beside its reference."""
    bare = lambda: Keyring(second=None)  # noqa: E731 - the only place without the second implementation
    return [
        _figure("sign, per item of 1000, without the second implementation", bare),
        _figure("sign, per item of 1000, with the second implementation", Keyring),
    ]


def _figure(name: str, keyring: Callable[[], Keyring]) -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        desk = make_desk(Path(folder))
        rounds = [(_answer(desk, keyring), _reference()) for _ in range(ROUNDS)]
    value, reference = min(one for one, _ in rounds), min(one for _, one in rounds)
    return Figure(name, value, "us", "libsecp256k1 sign + recover", reference)


def _request(desk: Desk) -> bytes:
    host = desk.host
    items = (
        host.item(
            desk.treasury,
            host.transaction(tx.WartTransfer(PAYEE, WartE8(100_000_000 + number)), nonce_id=number),
            Evidence(fee_asked="0.01", chain_length=1_198_931),
        )
        for number in range(ITEMS)
    )
    return host.seal(host.request(*items))


def _answer(desk: Desk, keyring: Callable[[], Keyring]) -> float:
    """Microseconds an item: strict decode, checks, review text, signing, verification, journal, response."""
    message, operator = _request(desk), ScriptedOperator()
    with desk.open() as device:
        start = time.perf_counter()
        answer(message, device, operator, keyring)
        return (time.perf_counter() - start) / ITEMS * 1e6


def _reference() -> float:
    """Microseconds of one bare signature and its recovery."""
    key = PrivateKey(TREASURY.private_key.reveal())
    digests = [hashlib.sha256(number.to_bytes(4)).digest() for number in range(ITEMS)]
    start = time.perf_counter()
    for digest in digests:
        PublicKey.from_signature_and_message(key.sign_recoverable(digest, hasher=None), digest, hasher=None)
    return (time.perf_counter() - start) / ITEMS * 1e6
