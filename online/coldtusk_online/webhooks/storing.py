"""One durable transaction for a group of notices: the rows, and what they tell the calls that they speak of."""

from collections.abc import Sequence
from dataclasses import replace

from coldtusk_online.host import Host
from coldtusk_online.ledger import notice_calls, notices
from coldtusk_online.ledger.notices import Kept, NoticeId
from coldtusk_online.webhooks.notice import Notice
from coldtusk_online.webhooks.writer import Store

STORED = "notices-stored"
"""The checkpoint behind the commit, before anybody is answered."""


def store_in(host: Host) -> Store:
    """What a :class:`Writer` stores groups with, in the ledger of *host*."""

    def store(group: Sequence[Notice]) -> list[Kept]:
        at = host.clock()
        with host.ledger.writing() as db:
            kept = notices.store(db, group, at, host.random)
            notice_calls.tell(db, _news(group, kept), at)
        host.checkpoint(STORED)
        return kept

    return store


def _news(group: Sequence[Notice], kept: Sequence[Kept]) -> dict[NoticeId, Notice]:
    """What is new of *group*, with the state that it was stored with."""
    pairs = zip(group, kept, strict=True)
    return {one.id: replace(notice, state=one.state) for notice, one in pairs if one.new}
