"""Stores notices in groups: whatever comes in while one commit is synced goes into the next.

One thread writes, and one task feeds it. A notice's future is done when the commit that holds it is on disk, or has
failed: so the answer never runs ahead of the ledger, and many answers share one sync.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeAlias

from coldtusk_online.ledger.notices import Kept
from coldtusk_online.webhooks.notice import Notice
from coldtusk_shared import limits
from coldtusk_shared.errors import Code, Outside

OVERLOADED = Code("webhooks.overloaded", "the ledger's medium is slower than what comes in; the service repeats it")

Store: TypeAlias = Callable[[Sequence[Notice]], Sequence[Kept]]
"""Stores a group in one durable transaction and says what became of each."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    notice: Notice
    done: "asyncio.Future[Kept]"


class Writer:
    """A thread around *store*, for one event loop. :meth:`stop` it after that has ended."""

    __slots__ = ("_feeding", "_store", "_thread", "_waiting")

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Waiting] = []
        self._feeding: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="notices")

    def stop(self) -> None:
        """Wait for the commit that is under way, and end the thread."""
        self._thread.shutdown()

    async def store(self, notice: Notice) -> Kept:
        """What became of *notice*, once it is durable.

        :raises Outside: ``webhooks.overloaded``, and what the ledger raises: nothing was stored then.
        """
        if len(self._waiting) >= limits.WEBHOOK_WAITING:
            raise Outside(OVERLOADED, f"{limits.WEBHOOK_WAITING} notices wait for the ledger")
        loop = asyncio.get_running_loop()
        waiting = _Waiting(notice, loop.create_future())
        self._waiting.append(waiting)
        if self._feeding is None:
            self._feeding = loop.create_task(self._feed())
        return await waiting.done

    async def _feed(self) -> None:
        """Write groups until nobody waits."""
        while self._waiting:
            await asyncio.sleep(0)  # whoever came in the same turn of the loop goes into the same commit
            group = self._waiting[: limits.WEBHOOK_GROUP]
            del self._waiting[: limits.WEBHOOK_GROUP]
            await self._write(group)
        self._feeding = None

    async def _write(self, group: Sequence[_Waiting]) -> None:
        loop = asyncio.get_running_loop()
        try:
            kept = await loop.run_in_executor(self._thread, self._store, [one.notice for one in group])
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait must hear it
            for one in group:
                if not one.done.done():  # its peer may have gone
                    one.done.set_exception(error)
            return
        for one, result in zip(group, kept, strict=True):
            if not one.done.done():
                one.done.set_result(result)
