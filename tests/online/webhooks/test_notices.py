"""Notices in the ledger: once each, in whatever order they come, with a state that an older one cannot undo."""

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from coldtusk_online.ledger import notices, store
from coldtusk_online.ledger.notices import Kept, NoticeId
from coldtusk_online.ledger.store import Ledger
from coldtusk_online.webhooks.notice import STANDINGS, End, Notice, Service, State, dedupe, judge
from coldtusk_shared.errors import BadInput, Refused

_AT = 1_795_000_000


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A new ledger."""
    made = store.create(store.default_url(tmp_path / "ledger.sqlite"))
    yield made
    made.close()


def _notice(status: int, subject: str = "T", service: Service = Service.COINPAYMENTS, id_: str = "") -> Notice:
    state = State.VERIFIED if service is Service.COINPAYMENTS else State.UNCONFIRMED
    key = dedupe(service, "m1", id_ or f"{status}", subject, str(status))
    return Notice(service, "m1", subject, status, state, key, b"\1" * 64, b"body")


def _keep(ledger: Ledger, *group: Notice, at: int = _AT) -> list[Kept]:
    with ledger.writing() as db:
        return notices.store(db, group, at, os.urandom)


def _states(ledger: Ledger, *statuses: int) -> list[State]:
    """One commit each, a second apart."""
    return [_keep(ledger, _notice(status), at=_AT + n)[0].state for n, status in enumerate(statuses)]


def test_stored_once(ledger: Ledger) -> None:
    """A repeated notice is answered with what is there, in another commit and in the same one."""
    first, again = _keep(ledger, _notice(1), _notice(1))
    assert (True, False, first.id) == (first.new, again.new, again.id)
    assert (again,) == tuple(_keep(ledger, _notice(1), at=_AT + 1))
    with ledger.reading() as db:
        assert [_notice(1)] == [one.notice for one in notices.latest(db)]


def test_in_order(ledger: Ledger) -> None:
    """Each newer status stands."""
    assert [State.VERIFIED] * 5 == _states(ledger, 0, 1, 3, 2, 100)


def test_late(ledger: Ledger) -> None:
    """What comes late is kept, as superseded."""
    assert [State.VERIFIED, State.SUPERSEDED, State.SUPERSEDED] == _states(ledger, 100, 0, 1)


@pytest.mark.parametrize("order", list(permutations((0, 1, 100))))
def test_any_order(ledger: Ledger, order: tuple[int, ...]) -> None:
    """The newest status stands in the end, in one group or in several."""
    grouped = [one.state for one in _keep(ledger, *(_notice(status, "grouped") for status in order))]
    assert grouped == _states(ledger, *order)
    standing = [status for status, state in zip(order, grouped, strict=True) if state is State.VERIFIED]
    assert 100 == standing[-1]


def test_an_end_is_final(ledger: Ledger) -> None:
    """A failure after an end that was told, or the other way, is disputed; a reversal is not."""
    assert [State.VERIFIED, State.DISPUTED] == _states(ledger, 100, -1)
    assert [State.VERIFIED, State.DISPUTED] == [
        _keep(ledger, _notice(status, "other"))[0].state for status in (-1, 100)
    ]
    assert [State.VERIFIED, State.VERIFIED, State.SUPERSEDED] == [
        _keep(ledger, _notice(status, "third"))[0].state for status in (2, -2, 100)
    ]


@pytest.mark.parametrize("service", Service)
def test_every_pair(service: Service) -> None:
    """Whatever two statuses meet: an open one never stands over an end, and done never stands beside failed."""
    table = STANDINGS[service]
    for old in table.values():
        for status, new in table.items():
            state = judge(_notice(status, service=service), [old])
            if new.end is End.OPEN and old.end is not End.OPEN:
                assert State.SUPERSEDED is state
            if {new.end, old.end} == {End.DONE, End.FAILED}:
                assert State.DISPUTED is state


def test_coinrpc(ledger: Ledger) -> None:
    """Unconfirmed until a signed query agrees; then it is not confirmed twice: webhooks.not-open."""
    pending, success, failed = (
        _keep(ledger, _notice(status, service=Service.COINRPC), at=_AT + n)[0] for n, status in enumerate((0, 1, -1))
    )
    assert [State.UNCONFIRMED, State.UNCONFIRMED, State.DISPUTED] == [pending.state, success.state, failed.state]
    with ledger.writing() as db:
        notices.confirm(db, success.id)
    with ledger.reading() as db:
        assert State.CONFIRMED is notices.by_text(db, success.id.hex()).notice.state
    for again in (success.id, failed.id, NoticeId(bytes(16))):
        with ledger.writing() as db, pytest.raises(Refused) as caught:
            notices.confirm(db, again)
        assert "webhooks.not-open" == caught.value.code.name


def test_accounts_are_apart(ledger: Ledger) -> None:
    """The same subject of another account is another thing, even in one group."""
    other = replace(_notice(0), account="m2", dedupe=b"\7" * 32)
    assert [State.VERIFIED] * 2 == [one.state for one in _keep(ledger, _notice(100), other)]


def test_found(ledger: Ledger) -> None:
    """By the first digits of its id; webhooks.bad-id, webhooks.unknown, webhooks.ambiguous."""
    ids = iter([b"\xaa" * 16, b"\xaa" * 8 + bytes(8), b"\xbb" * 16])
    with ledger.writing() as db:
        notices.store(db, [_notice(0), _notice(1), _notice(100)], _AT, lambda _: next(ids))
    with ledger.reading() as db:
        assert 100 == notices.by_text(db, "bbbbbb").notice.status
        assert 1 == notices.by_text(db, "aa" * 8 + "0").notice.status
        for text, code in (
            ("bbbbb", "webhooks.bad-id"),
            ("BBBBBB", "webhooks.bad-id"),
            ("b" * 33, "webhooks.bad-id"),
            ("cccccc", "webhooks.unknown"),
            ("aaaaaa", "webhooks.ambiguous"),
        ):
            with pytest.raises(BadInput) as caught:
                notices.by_text(db, text)
            assert code == caught.value.code.name


def test_lists(ledger: Ledger) -> None:
    """The newest, oldest first; by service; and all about one subject."""
    for number, status in enumerate((0, 1, 100)):
        _keep(ledger, _notice(status), at=_AT + number)
    _keep(ledger, _notice(0, "U", Service.COINRPC), at=_AT + 9)
    with ledger.reading() as db:
        assert [1, 100, 0] == [one.notice.status for one in notices.latest(db, most=3)]
        assert ["U"] == [one.notice.subject for one in notices.latest(db, Service.COINRPC)]
        assert [0, 1, 100] == [one.notice.status for one in notices.about(db, Service.COINPAYMENTS, "m1", "T")]


def test_misuse() -> None:
    """A part of a key with a NUL could be two parts."""
    with pytest.raises(RuntimeError):
        dedupe(Service.COINRPC, "a\0b")
