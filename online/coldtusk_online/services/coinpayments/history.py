"""The service's list of withdrawals, and which of its entries a withdrawal of ours can be.

Only what the facts page names is relied on: an entry has an id, and money is text. All else may be missing, and then
an entry that could be ours is not taken for one that is not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from coldtusk_online.json_strict import Json
from coldtusk_online.services.coinpayments import replies
from coldtusk_online.services.coinpayments.build import is_like_own_note, payment_of
from coldtusk_online.services.coinpayments.replies import UNREADABLE
from coldtusk_online.services.coinpayments.wanted import Wanted
from coldtusk_shared import forms, limits
from coldtusk_shared.errors import BadInput, OutcomeUnknown

DEFAULT_LIMIT = 25
"""Entries of a page where no limit was asked for (the service's document)."""

_AMOUNT = forms.amount(zero=True)
_AMOUNTS = ("amountf", "amount")
"""The first that is a text: numbers are the smallest units of who knows how many decimals."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One withdrawal as the service lists it. None stands for what it does not say in a way that we know."""

    id: str
    currency: str | None
    amount: Fraction | None
    address: str | None
    note: str | None
    created: int | None
    status: str


class Look(Enum):
    """Whether an entry is a withdrawal of ours."""

    IS = "is"
    """By the payment's own note."""
    ALIKE = "alike"
    """In all that is known; it is ours if nothing else is alike."""
    MAY_BE = "may be"
    IS_NOT = "is not"


def read(result: Json) -> list[Entry]:
    """The entries of a history.

    :raises OutcomeUnknown: ``coinpayments.reply``.
    """
    if not isinstance(result, list) or len(result) > limits.JSON_ITEMS:
        raise OutcomeUnknown(UNREADABLE, "the history is not a list")
    return [entry(one) for one in result]


def entry(value: Json, id_: str = "") -> Entry:
    """One entry; *id_* is its id where the reply does not repeat it.

    :raises OutcomeUnknown: ``coinpayments.reply``.
    """
    if not isinstance(value, dict):
        raise OutcomeUnknown(UNREADABLE, "an entry of the history is not an object")
    found = replies.reference(value) or id_
    if not found:
        raise OutcomeUnknown(UNREADABLE, "an entry of the history has no id")
    created = value.get("time_created")
    return Entry(
        id=found,
        currency=_text(value, "coin"),
        amount=next((amount for name in _AMOUNTS if (amount := _amount(value.get(name))) is not None), None),
        address=_text(value, "send_address"),
        note=_text(value, "note"),
        created=created if isinstance(created, int) and not isinstance(created, bool) else None,
        status=_text(value, "status_text") or "",
    )


def look(entry: Entry, wanted: Wanted, floor: int | None) -> Look:
    """Whether *entry* is *wanted*: by the payment's own note; else by note, currency, address, amount and time.

    *floor* is when a call before it was made, by the service's clock; without it nothing is alike: what is older than
    the call could be.
    """
    if wanted.own_note and entry.note == wanted.note:
        return Look.IS
    if _is_another(entry, wanted) or (floor is not None and entry.created is not None and entry.created < floor):
        return Look.IS_NOT
    told = None not in (entry.amount, entry.created, floor) and wanted.address
    same = (entry.currency, entry.amount, entry.address) == (wanted.currency, wanted.amount, wanted.address)
    same_note = entry.note is None or entry.note == wanted.note
    return Look.ALIKE if told and same and same_note else Look.MAY_BE


def _is_another(entry: Entry, wanted: Wanted) -> bool:
    if entry.note and _is_of_another(entry.note, wanted):
        return True
    return _differ(entry.currency, wanted.currency) or _differ(entry.address, wanted.address)


def _is_of_another(note: str, wanted: Wanted) -> bool:
    """A note of ours that the service cut or changed proves nothing."""
    named = payment_of(note)
    if named:
        return note != wanted.note and named != wanted.call.id.hex()
    return wanted.own_note and not is_like_own_note(note)


def _differ(told: str | None, wanted: str) -> bool:
    """Whether both are known and surely two: services change letters, and add or cut a prefix, a network, a tag."""
    one, other = (told or "").lower(), wanted.lower()
    return one not in other and other not in one


def floor_of(entries: Sequence[Entry], known: Mapping[str, int], nonce: int) -> int | None:
    """When the latest known call below *nonce* was made, by the service's clock; None if the page shows none."""
    times = [one.created for one in entries if one.created is not None and known.get(one.id, nonce) < nonce]
    return max(times, default=None)


def is_whole(entries: Sequence[Entry], asked: Mapping[str, str]) -> bool:
    """Whether *entries* are all that the account ever had: a page from the start that is not full.

    A service that leaves the limit aside gives its own: as many entries are a full page, too.
    """
    if asked.get("start", "0") != "0" or "newer" in asked:
        return False
    return len(entries) < min(int(asked.get("limit", DEFAULT_LIMIT)), DEFAULT_LIMIT)


def reaches(entries: Sequence[Entry], asked: Mapping[str, str], known: Mapping[str, int], nonce: int) -> bool:
    """Whether the page goes back beyond *nonce*: newest first, with a call of ours of a lower nonce in it."""
    if asked.get("start", "0") != "0" or "newer" in asked:
        return False
    times = [one.created for one in entries if one.created is not None]
    ordered = len(times) == len(entries) and times == sorted(times, reverse=True)
    return ordered and any(known.get(one.id, nonce) < nonce for one in entries)


def _amount(value: Json) -> Fraction | None:
    try:
        return Fraction(str(_AMOUNT.read(value, ""))) if isinstance(value, str) else None
    except BadInput:
        return None


def _text(value: Mapping[str, Json], name: str) -> str | None:
    found = value.get(name)
    return found if isinstance(found, str) else None
