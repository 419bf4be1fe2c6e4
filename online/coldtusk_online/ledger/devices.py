"""Pinned devices and the points of their journals that this host was shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from coldtusk_online.ledger.tables import DEVICES, HEADS
from coldtusk_shared import limits
from coldtusk_shared.card import DeviceCard
from coldtusk_shared.envelope import KeyId, key_id
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.mapreader import OUT_OF_RANGE
from coldtusk_shared.request import JournalHead
from coldtusk_shared.text import check_label

LABEL_TAKEN = Code("device.label-taken", "give the device another name on its own side, or pair the one that has it")
FORKED = Code("device.journal-fork", "stop: its journal was cut or rolled back; compare its paper log first")


@dataclass(frozen=True, slots=True)
class Device:
    """A device that people compared words for; *head* is the last point of its journal that we know."""

    kid: KeyId
    public_key: bytes
    label: str
    paired_at: int
    head: JournalHead


def all_of(db: Connection) -> list[Device]:
    """All pinned devices, by label."""
    return [_device(db, row) for row in db.execute(select(DEVICES).order_by(DEVICES.c.label))]


def get(db: Connection, kid: KeyId) -> Device:
    """The pinned device *kid*, which the caller has from the ledger."""
    return _device(db, db.execute(select(DEVICES).where(DEVICES.c.kid == kid)).one())


def pinned(db: Connection) -> dict[KeyId, bytes]:
    """The public keys of all pinned devices, for opening envelopes."""
    rows = db.execute(select(DEVICES.c.kid, DEVICES.c.public_key))
    return {KeyId(kid): key for kid, key in rows}


def pin(db: Connection, card: DeviceCard, at: int) -> KeyId:
    """Pin the device of *card*, or take its new name and head if it is pinned already.

    :raises Refused: ``device.label-taken``, ``device.journal-fork``.
    :raises BadInput: ``field.out-of-range``, and what :func:`check_label` raises.
    """
    check_label(card.label, "card.label")
    if card.head.sequence > limits.LEDGER_INTEGER:
        raise BadInput(OUT_OF_RANGE, "no journal has so many entries", where="card.head.sequence")
    kid = key_id(card.public_key)
    other = db.execute(select(DEVICES.c.kid).where(DEVICES.c.label == card.label)).scalar_one_or_none()
    if other not in (None, kid):
        raise Refused(LABEL_TAKEN, "another paired device has this name", where="card.label")
    if db.execute(select(DEVICES.c.kid).where(DEVICES.c.kid == kid)).scalar_one_or_none() is None:
        row = {"kid": kid, "public_key": card.public_key, "label": card.label, "paired_at": at}
        db.execute(insert(DEVICES).values(row))
    else:
        _check_not_behind(db, kid, card.head)
        db.execute(update(DEVICES).where(DEVICES.c.kid == kid).values(label=card.label))
    add_heads(db, kid, {card.head.sequence: card.head.hash})
    return kid


def heads(db: Connection, kid: KeyId, since: int) -> dict[int, bytes]:
    """The known heads of the device *kid* from sequence *since* on."""
    query = select(HEADS.c.sequence, HEADS.c.hash).where(HEADS.c.device == kid, HEADS.c.sequence >= since)
    return {row.sequence: row.hash for row in db.execute(query)}


def add_heads(db: Connection, kid: KeyId, shown: Mapping[int, bytes]) -> None:
    """Keep what a device *shown* of its journal, by sequence.

    :raises Refused: ``device.journal-fork`` where it differs from what is known.
    """
    known = heads(db, kid, min(shown))
    for sequence, head in shown.items():
        if known.get(sequence, head) != head:
            raise Refused(FORKED, f"another head at journal entry {sequence} than it showed before", where="journal")
    new = [{"device": kid, "sequence": at, "hash": head} for at, head in shown.items() if at not in known]
    if new:
        db.execute(insert(HEADS), new)


def _check_not_behind(db: Connection, kid: KeyId, head: JournalHead) -> None:
    last = _last_head(db, kid)
    if head.sequence < last.sequence:
        what = f"its journal has {head.sequence} entries, it showed {last.sequence} before"
        raise Refused(FORKED, what, where="card.head")


def _last_head(db: Connection, kid: KeyId) -> JournalHead:
    query = select(HEADS.c.sequence, HEADS.c.hash).where(HEADS.c.device == kid).order_by(HEADS.c.sequence.desc())
    sequence, head = db.execute(query.limit(1)).one()
    return JournalHead(sequence, head)


def _device(db: Connection, row: Row[*tuple[Any, ...]]) -> Device:
    kid, public_key, label, paired_at = row
    return Device(KeyId(kid), public_key, label, paired_at, _last_head(db, KeyId(kid)))
