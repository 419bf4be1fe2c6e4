"""Warthog signatures: the bytes are rebuilt from the typed fields, hashed once, and signed."""

from collections.abc import Hashable, Sequence

from coldtusk_offline.contents import Account, VaultContents
from coldtusk_offline.services import Held
from coldtusk_offline.session import Session
from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.request import Item
from coldtusk_shared.services.warthog.content import WarthogContent

UNKNOWN_ACCOUNT = Code("account.unknown", "use the device that holds this account, or import the account here")
WRONG_NETWORK = Code(
    "account.wrong-network", "an account signs for one network only: use an account of the other network"
)


def identity(item: Item) -> bytes:
    """The account and the transaction hash: the hash alone does not commit to the sender."""
    return item.account + content_of(item).txid


def intent(item: Item) -> Hashable:
    """What is wanted, without what changes at a retry: the account, and the type with its fields."""
    return item.account, content_of(item).transaction.body


def parts(_item: Item) -> Sequence[Hashable]:
    """One item is one payment."""
    return ()


def account(item: Item, contents: VaultContents) -> Account:
    """The account that *item* names, if this vault holds it for the item's network."""
    content = content_of(item)
    held = next((one for one in contents.accounts if one.address == item.account), None)
    if held is None:
        raise BadInput(UNKNOWN_ACCOUNT, f"no account {content.sender.text} on this device", where="account")
    asked = content.transaction.network
    if held.network is not asked:
        what = f'account "{held.label}" is of the {held.network.value} network, the request of {asked.value}'
        raise BadInput(WRONG_NETWORK, what, where="fields.network")
    return held


def check(_item: Item, _account: Held, _now: int | None) -> None:
    """Nothing more: the rules of the chain were applied when the item was read."""


def sign(item: Item, account: Held, session: Session) -> bytes:
    """The signature r | s | recid over the SHA-256 of the rebuilt preimage (facts: Signing)."""
    if not isinstance(account, Account):
        raise RuntimeError("a payment service's account signs no Warthog transaction")
    session.keyring.add(account)
    return session.keyring.sign(item.account, content_of(item).txid)


def mark(_item: Item, _output: bytes) -> int | None:
    """A signature can be given again: it is the same."""
    return None


def content_of(item: Item) -> WarthogContent:
    """The item's content, which its kind says is Warthog's."""
    if not isinstance(item.content, WarthogContent):
        raise RuntimeError(f"{item.content.kind} is not Warthog's")
    return item.content
