"""coinsoftworks answers: the whole call, built here, with the secrets that it needs; it leaves encrypted."""

import hashlib
from collections.abc import Hashable, Sequence

from coldtusk_offline import service_accounts
from coldtusk_offline.contents import VaultContents
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services import Held
from coldtusk_offline.services.coinsoftworks import actions, enrolled
from coldtusk_offline.session import Session
from coldtusk_shared import cbor
from coldtusk_shared.request import Item
from coldtusk_shared.services.coinsoftworks import body, output, paths
from coldtusk_shared.services.coinsoftworks.commands import AUTHENTICATE, EXECUTE
from coldtusk_shared.services.coinsoftworks.content import SYSTEM, CoinsoftworksContent
from coldtusk_shared.services.coinsoftworks.output import Call

_POST, _GET = output.METHODS


def identity(item: Item) -> bytes:
    """SHA-256 of kind, account and fields."""
    content = content_of(item)
    return hashlib.sha256(cbor.encode([content.kind, item.account, content.fields()])).digest()


def intent(item: Item) -> Hashable:
    """The call, whatever the order of its parameters."""
    return (item.content.kind, item.account, cbor.encode(item.content.intent()))


def parts(_item: Item) -> Sequence[Hashable]:
    """One item is one payment."""
    return ()


def account(item: Item, contents: VaultContents) -> ServiceAccount:
    """The account that *item* names; :class:`BadInput` if this vault does not hold it."""
    return service_accounts.find(contents.services, SYSTEM, item.account)


def check(item: Item, account: Held, _now: int | None) -> None:
    """Refuse an action that is not enrolled, and parameters that its table does not take.

    :raises Refused: ``coinsoftworks.action-not-enrolled``.
    :raises BadInput: ``coinsoftworks.body-size``, and what :meth:`actions.Action.values` raises.
    """
    _call(content_of(item), _held(account))


def sign(item: Item, account: Held, _session: Session) -> bytes:
    """The output (:mod:`coldtusk_shared.services.coinsoftworks.output`), still plain."""
    return output.encode(_call(content_of(item), _held(account)))


def mark(_item: Item, _output: bytes) -> int | None:
    """The service has no numbers."""
    return None


def content_of(item: Item) -> CoinsoftworksContent:
    """The item's content, which its kind says is coinsoftworks's."""
    if not isinstance(item.content, CoinsoftworksContent):
        raise RuntimeError(f"{item.content.kind} is not coinsoftworks's")
    return item.content


def _call(content: CoinsoftworksContent, account: ServiceAccount) -> Call:
    known, secrets = enrolled.of(account), [one.reveal().decode("ascii") for one in account.secrets]
    token, key = secrets[0], "".join(secrets[1:])
    if content.command is EXECUTE:
        return _action(content, known, key)
    path = known.paths[content.command.name]
    needed = key if paths.needs_key(path) else ""
    if content.command is AUTHENTICATE:
        return Call(known.method, path, b"", token, needed)
    return Call(_GET, path, b"", key=needed)


def _action(content: CoinsoftworksContent, known: enrolled.Enrolled, key: str) -> Call:
    action = known.action(content.action)
    action.values(content.parameters, "fields.parameters")
    given = actions.ordered(action, content.parameters)
    sent = body.of_action(given, "fields.parameters") if action.method == _POST else b""
    return Call(action.method, action.path, sent, key=key if action.needs_key else "", poll=action.poll)


def _held(account: Held) -> ServiceAccount:
    if not isinstance(account, ServiceAccount):
        raise RuntimeError("a chain's account makes no call of a service")
    return account
