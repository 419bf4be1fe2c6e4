"""Watch-only accounts: labels of addresses, each of one network, and the device that signs for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from coldtusk_online.ledger.tables import ACCOUNTS
from coldtusk_shared.card import CardAccount
from coldtusk_shared.envelope import KeyId
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.text import check_label, quoted

UNKNOWN = Code("account.not-found", "`coldtusk-online account list` shows all; a device's card brings its accounts")
AMBIGUOUS = Code("account.ambiguous", "this address is known on both networks: give the label")
LABEL_TAKEN = Code("account.label-taken", "choose another label, or rename the account that has it")
KNOWN = Code("account.known", "`coldtusk-online account list` shows it; `account rename` gives it another label")
NETWORK = Code("account.network", "update this Coldtusk: the card names a network that it does not know")

_NETWORKS = {network.value: network for network in Network}


@dataclass(frozen=True, slots=True)
class Account:
    """An address of one network under a label. *device* signs for it; None for a mere payee."""

    label: str
    network: Network
    address: Address
    device: KeyId | None


def all_of(db: Connection) -> list[Account]:
    """All accounts, by label."""
    return [_account(row) for row in db.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.label))]


def names(accounts: Iterable[Account], network: Network) -> dict[bytes, str]:
    """The labels of *network* by address, for a screen."""
    return {account.address.raw: account.label for account in accounts if account.network is network}


def find(db: Connection, text: str, where: str = "") -> Account:
    """The account that *text* names by its label or its address.

    :raises BadInput: ``account.not-found``, ``account.ambiguous``.
    """
    found = [account for account in all_of(db) if text in (account.label, account.address.text)]
    if not found:
        raise BadInput(UNKNOWN, f"no account {quoted(text)}", where=where)
    if len(found) > 1:
        raise BadInput(AMBIGUOUS, f"{quoted(text)} is known {len(found)} times", where=where)
    return found[0]


def add(db: Connection, account: Account) -> None:
    """Add *account*.

    :raises Refused: ``account.known``, ``account.label-taken``.
    """
    check_label(account.label, "label")
    for known in all_of(db):
        if (known.network, known.address) == (account.network, account.address):
            raise Refused(KNOWN, f"it is known as {quoted(known.label)}", where="address")
        if known.label == account.label:
            raise Refused(LABEL_TAKEN, f"{quoted(account.label)} is another account", where="label")
    db.execute(insert(ACCOUNTS).values(_row(account)))


def rename(db: Connection, account: Account, label: str) -> None:
    """Give *account* another *label*.

    :raises Refused: ``account.label-taken``.
    """
    check_label(label, "label")
    if any(known.label == label for known in all_of(db)):
        raise Refused(LABEL_TAKEN, f"{quoted(label)} is taken", where="label")
    db.execute(update(ACCOUNTS).where(ACCOUNTS.c.label == account.label).values(label=label))


def remove(db: Connection, account: Account) -> None:
    """Forget *account*; its requests stay."""
    db.execute(delete(ACCOUNTS).where(ACCOUNTS.c.label == account.label))


def take_over(db: Connection, entries: Iterable[CardAccount], device: KeyId) -> list[Account]:
    """Take the accounts of a device's card: new ones are added, known ones belong to *device* from now on.

    Labels that were given here stay. :raises Refused: ``account.label-taken``.
    """
    known = {(one.network, one.address): one for one in all_of(db)}
    taken: list[Account] = []
    for place, entry in enumerate(entries):
        account = _of_card(entry, device, f"card.accounts[{place}]")
        old = known.get((account.network, account.address))
        if old is None:
            add(db, account)
        else:
            account = Account(old.label, old.network, old.address, device)
            db.execute(update(ACCOUNTS).where(ACCOUNTS.c.label == old.label).values(device=device))
        taken.append(account)
    return taken


def _of_card(entry: CardAccount, device: KeyId, where: str) -> Account:
    network = _NETWORKS.get(entry.network)
    if network is None:
        raise BadInput(NETWORK, f"{quoted(entry.network)} is no network", where=where)
    return Account(entry.label, network, Address(entry.address), device)


def _row(account: Account) -> dict[str, object]:
    return {
        "label": account.label,
        "network": account.network.value,
        "address": account.address.raw,
        "device": account.device,
    }


def _account(row: Row[*tuple[Any, ...]]) -> Account:
    label, network, address, device = row
    return Account(label, _NETWORKS[network], Address(address), None if device is None else KeyId(device))
