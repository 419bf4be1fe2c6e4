"""Requests for the tests of the device: each type by name, its evidence, and what may be changed about it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from coldtusk_offline.answer import Answer, answer
from coldtusk_offline.device import Device
from coldtusk_offline.keyring import Keyring
from coldtusk_shared.errors import ColdtuskError
from coldtusk_shared.request import Item, PaymentId
from coldtusk_shared.services.warthog import transaction as tx
from coldtusk_shared.services.warthog.amount import WartE8
from coldtusk_shared.services.warthog.evidence import Evidence
from coldtusk_shared.services.warthog.network import Network
from tests.shared.samples import BODIES, EVIDENCE
from tests.simulators.desk import PAYEE, Desk
from tests.simulators.operator import ScriptedOperator

NAMES = tuple(BODIES)
"""The seven types, token transfer and limit swap twice."""


def body_of(name: str, /, **changes: Any) -> tx.Body:
    """The fields of the sample *name*, some of them changed."""
    return replace(BODIES[name], **changes)


def item(desk: Desk, name: str, evidence: Evidence | None = None, **changes: object) -> Item:
    """A payment of the treasury; *changes* are fields of the transaction."""
    transaction = desk.host.transaction(BODIES[name], **changes)
    return desk.host.item(desk.treasury, transaction, EVIDENCE[name] if evidence is None else evidence)


def transfer(desk: Desk, e8: int = 150_000_000, evidence: Evidence | None = None, **changes: object) -> Item:
    """A transfer of WART by the treasury, without evidence unless it is given."""
    transaction = desk.host.transaction(tx.WartTransfer(PAYEE, WartE8(e8)), **changes)
    return desk.host.item(desk.treasury, transaction, evidence)


def saving(desk: Desk, e8: int = 150_000_000) -> Item:
    """A transfer on the main network."""
    transaction = desk.host.transaction(tx.WartTransfer(PAYEE, WartE8(e8)), network=Network.MAIN)
    return desk.host.item(desk.savings, transaction)


def under(payment_id: PaymentId, other: Item) -> Item:
    """*other* under another payment id."""
    return Item(payment_id, other.account, other.content)


def sealed(desk: Desk, *items: Item, **changes: Any) -> bytes:
    """A new request of *items* as a message."""
    return desk.host.seal(desk.host.request(*items, **changes))


def give(
    device: Device, message: bytes, *typed: str | None, keyring: Callable[[], Keyring] = Keyring
) -> tuple[Answer, str]:
    """The answer of an operator who types *typed* (None: what the screen asks for), and all that was shown."""
    operator = ScriptedOperator(list(typed or (None,)))
    return answer(message, device, operator, keyring), operator.screen


def code_of(act: Callable[..., object], *arguments: Any, **options: Any) -> str:
    """The code that *act* is refused with."""
    with pytest.raises(ColdtuskError) as caught:
        act(*arguments, **options)
    assert caught.value.line().startswith(f"error [{caught.value.code.name}] ")
    return caught.value.code.name
