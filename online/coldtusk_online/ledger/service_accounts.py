"""Accounts at payment services: which device holds whose secret. A device's card brings them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from coldtusk_online.ledger.accounts import LABEL_TAKEN, UNKNOWN
from coldtusk_online.ledger.call_tables import SERVICE_ACCOUNTS
from coldtusk_shared.card import CardService
from coldtusk_shared.envelope import KeyId
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.text import check_label, quoted

SYSTEM = Code("account.system", "update this Coldtusk: the card names a payment service that it does not know")
NOT_ONE = Code("account.not-one", "say which with --from LABEL; `coldtusk-online account list` shows all")

SYSTEMS = ("coinpayments", "coinrpc", "coinspark", "coinsoftworks")
"""The payment services that a ledger can hold accounts of."""


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """An account at a payment service. *account* is what an item names; *device* holds its secret."""

    system: str
    account: bytes
    label: str
    device: KeyId


def shown(account: bytes) -> str:
    """*account* as people read it: a public key is text, an id of ours is hex."""
    text = account.decode("ascii", "replace")
    return text if text.isascii() and text.isprintable() and " " not in text else account.hex()


def all_of(db: Connection, system: str | None = None) -> list[ServiceAccount]:
    """All accounts, of one *system* if it is given, by system and label."""
    query = select(SERVICE_ACCOUNTS).order_by(SERVICE_ACCOUNTS.c.system, SERVICE_ACCOUNTS.c.label)
    if system is not None:
        query = query.where(SERVICE_ACCOUNTS.c.system == system)
    return [ServiceAccount(name, key, label, KeyId(kid)) for name, key, label, kid in db.execute(query)]


def find(db: Connection, system: str, label: str | None, where: str = "--from") -> ServiceAccount:
    """The account of *system* with this *label*; without one the only account that there is.

    :raises BadInput: ``account.not-found``, ``account.not-one``.
    """
    known = all_of(db, system)
    found = known if label is None else [one for one in known if one.label == label]
    if not found:
        what = f"no account of {system}" + ("" if label is None else f" is called {quoted(label)}")
        raise BadInput(UNKNOWN, what, where=where)
    if len(found) > 1:
        raise BadInput(NOT_ONE, f"{len(found)} accounts of {system} are known", where=where)
    return found[0]


def of_item(db: Connection, system: str, account: bytes) -> ServiceAccount | None:
    """The account that an item names."""
    return next((one for one in all_of(db, system) if one.account == account), None)


def take_over(db: Connection, entries: Iterable[CardService], device: KeyId) -> list[ServiceAccount]:
    """Take the service accounts of a device's card: new ones are added, known ones belong to *device* from now on.

    Labels that were given here stay.

    :raises BadInput: ``account.system``. :raises Refused: ``account.label-taken``.
    """
    return [_take(db, entry, device, f"card.services[{place}]") for place, entry in enumerate(entries)]


def rename(db: Connection, account: ServiceAccount, label: str) -> None:
    """Give *account* another *label*.

    :raises Refused: ``account.label-taken``.
    """
    check_label(label, "label")
    _check_free(db, account.system, label, "label")
    db.execute(update(SERVICE_ACCOUNTS).where(_is(account.system, account.account)).values(label=label))


def _take(db: Connection, entry: CardService, device: KeyId, where: str) -> ServiceAccount:
    if entry.system not in SYSTEMS:
        raise BadInput(SYSTEM, f"{quoted(entry.system)} is no payment service", where=where)
    old = of_item(db, entry.system, entry.account)
    if old is not None:
        db.execute(update(SERVICE_ACCOUNTS).where(_is(entry.system, entry.account)).values(device=device))
        return ServiceAccount(old.system, old.account, old.label, device)
    check_label(entry.label, f"{where}.label")
    _check_free(db, entry.system, entry.label, f"{where}.label")
    account = ServiceAccount(entry.system, entry.account, entry.label, device)
    row = {"system": account.system, "account": account.account, "label": account.label, "device": device}
    db.execute(insert(SERVICE_ACCOUNTS).values(row))
    return account


def _check_free(db: Connection, system: str, label: str, where: str) -> None:
    if any(known.label == label for known in all_of(db, system)):
        raise Refused(LABEL_TAKEN, f"{quoted(label)} is another account of {system}", where=where)


def _is(system: str, account: bytes) -> ColumnElement[bool]:
    return and_(SERVICE_ACCOUNTS.c.system == system, SERVICE_ACCOUNTS.c.account == account)
