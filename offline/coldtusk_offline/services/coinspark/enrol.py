"""Enrolling a CoinSpark API key: it rests in the vault, and is released inside one approved call at a time."""

from typing import NoReturn

from coldtusk_offline.enrolment import NO_TABLE, Ask
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_shared import cbor
from coldtusk_shared.errors import Refused
from coldtusk_shared.services.coinspark.content import ACCOUNT_BYTES, SYSTEM

_TOLD = """CoinSpark's API key is sent inside every call. The paired host sends the call, so it sees the key
whenever you approve one: this device gives approval, not secrecy. Keep little bitcoin in the account at the service."""


def enrol(label: str, ask: Ask) -> ServiceAccount:
    """An account with an API key; what items name of it is random, since the key itself may not stand in a message."""
    ask.show(_TOLD)
    key = ask.secret("API key")
    if key is None:
        raise RuntimeError("a secret that is not optional was left out")
    return ServiceAccount(SYSTEM, ask.random(ACCOUNT_BYTES), label, (key,), cbor.encode({}))


def change(_account: ServiceAccount, _ask: Ask) -> NoReturn:
    """There is no table of commands to change.

    :raises Refused: ``secret.no-table``.
    """
    raise Refused(NO_TABLE, "CoinSpark has one command only", where="--table")
