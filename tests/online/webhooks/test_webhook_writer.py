"""The writer: groups, caps, failures, and peers that have gone."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest

from coldtusk_online.ledger.notices import Kept, NoticeId
from coldtusk_online.webhooks.notice import Notice, Service, State
from coldtusk_online.webhooks.writer import Writer
from coldtusk_shared import limits
from coldtusk_shared.errors import Outside

T = TypeVar("T")


def _notice(number: int) -> Notice:
    key = number.to_bytes(32, "big")
    return Notice(Service.COINPAYMENTS, "m1", f"{number}", 100, State.VERIFIED, key, bytes(64), b"body")


class _Store:
    """Keeps groups in memory; waits while *gate* is shut, fails where *broken* says so."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.started = threading.Event()
        self.groups: list[list[int]] = []
        self.broken: set[int] = set()

    def __call__(self, group: Sequence[Notice]) -> Sequence[Kept]:
        self.started.set()
        assert self.gate.wait(10)
        numbers = [int(one.subject) for one in group]
        self.groups.append(numbers)
        if self.broken.intersection(numbers):
            raise OSError("the medium failed")
        return [Kept(NoticeId(one.dedupe[-16:]), one.state, new=True) for one in group]


@contextmanager
def _writer() -> Iterator[tuple[Writer, _Store]]:
    store = _Store()
    writer = Writer(store)
    try:
        yield writer, store
    finally:
        store.gate.set()
        writer.stop()


def _run(body: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(body, 20))


async def _behind_a_shut_gate(writer: Writer, store: _Store, count: int) -> "list[asyncio.Task[Kept]]":
    """One notice under way, and *count* that wait behind it."""
    store.gate.clear()
    tasks = [asyncio.create_task(writer.store(_notice(0)))]
    await asyncio.to_thread(store.started.wait, 10)
    tasks += [asyncio.create_task(writer.store(_notice(number))) for number in range(1, count + 1)]
    await asyncio.sleep(0)
    return tasks


def test_groups() -> None:
    """What comes while one commit is under way goes into the next, WEBHOOK_GROUP at most, in order."""

    async def body(writer: Writer, store: _Store) -> None:
        tasks = await _behind_a_shut_gate(writer, store, limits.WEBHOOK_GROUP + 2)
        store.gate.set()
        kept = await asyncio.gather(*tasks)
        assert [number.to_bytes(16, "big") for number in range(limits.WEBHOOK_GROUP + 3)] == [one.id for one in kept]

    with _writer() as (writer, store):
        _run(body(writer, store))
        assert [1, limits.WEBHOOK_GROUP, 2] == [len(group) for group in store.groups]


def test_cap_on_what_waits() -> None:
    """WEBHOOK_WAITING notices wait; a further one is told at once: webhooks.overloaded."""

    async def body(writer: Writer, store: _Store) -> None:
        tasks = await _behind_a_shut_gate(writer, store, limits.WEBHOOK_WAITING)
        with pytest.raises(Outside) as caught:
            await writer.store(_notice(9999))
        assert "webhooks.overloaded" == caught.value.code.name
        store.gate.set()
        assert limits.WEBHOOK_WAITING + 1 == len(await asyncio.gather(*tasks))

    with _writer() as (writer, store):
        _run(body(writer, store))


def test_failure() -> None:
    """All of a group that failed hear it; the next group is tried."""

    async def body(writer: Writer, store: _Store) -> None:
        tasks = await _behind_a_shut_gate(writer, store, 2)
        store.broken = {1}
        store.gate.set()
        first, *failed = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(first, Kept)
        assert [OSError] * 2 == [type(one) for one in failed]
        assert isinstance(await writer.store(_notice(3)), Kept)

    with _writer() as (writer, store):
        _run(body(writer, store))


def test_a_peer_that_has_gone() -> None:
    """Its notice is stored all the same, and the others are answered."""

    async def body(writer: Writer, store: _Store) -> None:
        tasks = await _behind_a_shut_gate(writer, store, 2)
        tasks[1].cancel()
        await asyncio.sleep(0)
        store.gate.set()
        gone, kept = (await asyncio.gather(*tasks, return_exceptions=True))[1:]
        assert isinstance(gone, asyncio.CancelledError)
        assert isinstance(kept, Kept)

    with _writer() as (writer, store):
        _run(body(writer, store))
        assert [[0], [1, 2]] == store.groups


def test_a_stop_waits() -> None:
    """The commit under way is finished, even if nobody waits any more."""
    store = _Store()
    writer = Writer(store)

    async def body() -> None:
        tasks = await _behind_a_shut_gate(writer, store, 0)
        tasks[0].cancel()

    asyncio.run(body())
    stopping = threading.Thread(target=writer.stop)
    stopping.start()
    assert [] == store.groups
    store.gate.set()
    stopping.join(10)
    assert [[0]] == store.groups
