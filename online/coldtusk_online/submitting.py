"""Submitting what a device gave for calls of payment services: in order, one at a time, each reply waited for.

A second submission goes on where the first ended. What was sent in doubt goes again only where its system's gate says
that this is safe; else the service's history or the operator settles it (:mod:`coldtusk_online.one_call`).
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from coldtusk_online.host import Host
from coldtusk_online.ledger import requests, service_accounts
from coldtusk_online.ledger.calls import Call
from coldtusk_online.ledger.requests import Stored
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.ledger.states import SENDABLE, State
from coldtusk_online.one_call import Run
from coldtusk_online.opening import Opener
from coldtusk_online.reply_keys import ReplyKeys
from coldtusk_online.sending import Way
from coldtusk_shared.errors import Code, ColdtuskError, OutcomeUnknown, Refused

NO_ACCOUNT = Code("call.no-account", "`coldtusk-online account import CARD` brings the accounts of a paired device")

_OPEN = frozenset({State.DRAFT, State.ISSUED, State.ANSWERED})


@dataclass(frozen=True, slots=True)
class Means:
    """What submitting needs beside the ledger: one-time keys, a way out, a lock so that one process sends at a time."""

    keys: ReplyKeys
    way: Callable[[ServiceAccount], Way]
    alone: Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Sent:
    """The request as it stands after the calls, and the worst that happened; None if the service took everything."""

    stored: Stored
    failed: ColdtuskError | None


def submit_calls(host: Host, stored: Stored, means: Means) -> Sent:
    """Send what of *stored* is answered, in the order of its items; a second call goes on where the first ended.

    :raises Refused: ``call.no-account``, ``settings.no-service-url``; nothing was sent then.
    """
    failures: list[ColdtuskError] = []
    if any(call.state in SENDABLE for call in stored.calls):
        failures = _send_all(host, stored, means)
    drop_key(host, means.keys, stored)
    current = _read(host, stored)
    unknown = [error for error in failures if isinstance(error, OutcomeUnknown)]
    return Sent(current, next(iter(unknown or failures), None))


def drop_key(host: Host, keys: ReplyKeys, stored: Stored) -> None:
    """Remove the one-time key of *stored* as soon as nothing of it is to be sent for the first time any more."""
    if not any(call.state in _OPEN for call in _read(host, stored).calls):
        keys.drop(stored.id)


def _send_all(host: Host, stored: Stored, means: Means) -> list[ColdtuskError]:
    first = stored.calls[0]
    with host.ledger.reading() as db:
        account = service_accounts.of_item(db, first.system, first.account)
    if account is None:
        raise Refused(NO_ACCOUNT, f"no paired device holds this account of {first.system}", where=stored.id.hex())
    way = means.way(account)
    way.settings.endpoint(account)  # before anything is said to be on its way
    run = Run(host, way, means.alone, Opener(stored, means.keys))
    failures: list[ColdtuskError] = []
    for place, (item, call) in enumerate(zip(run.opener.asked.items, stored.calls, strict=True)):
        done = run.one(item, call)
        if done.error is not None:
            failures.append(done.error)
        if done.stop:
            _tell_rest(way, stored.calls[place + 1 :])
            break
    return failures


def _tell_rest(way: Way, rest: tuple[Call, ...]) -> None:
    waiting = sum(call.state in SENDABLE for call in rest)
    if waiting:
        way.tell(f"{waiting} more of this request not sent: first this one is to be settled")


def _read(host: Host, stored: Stored) -> Stored:
    with host.ledger.reading() as db:
        return requests.get(db, stored.id)
