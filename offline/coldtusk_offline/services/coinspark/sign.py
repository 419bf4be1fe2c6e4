"""CoinSpark's answer: the whole body with the API key in it, built from the typed fields and nothing else.

There is nothing to sign: the key is a bearer secret. What leaves this leaf is encrypted to the request's one-time key.
"""

import hashlib
from collections.abc import Hashable, Sequence

from coldtusk_offline import service_accounts
from coldtusk_offline.contents import VaultContents
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services import Held
from coldtusk_offline.session import Session
from coldtusk_offline.utc import shown
from coldtusk_shared import cbor
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.request import Item
from coldtusk_shared.services.coinspark import output
from coldtusk_shared.services.coinspark.body import body
from coldtusk_shared.services.coinspark.content import SYSTEM, CoinSparkContent

EXPIRED = Code("coinspark.expiry-past", "give an expiry in the future, or none: this asset would be expired when made")


def identity(item: Item) -> bytes:
    """The kind, the account and all parameters: the payment id apart, they make the body."""
    content = content_of(item)
    return hashlib.sha256(cbor.encode([content.kind, item.account, content.fields()])).digest()


def intent(item: Item) -> Hashable:
    """What is wanted: the same asset twice would cost twice."""
    content = content_of(item)
    return content.kind, item.account, cbor.encode(content.intent())


def parts(_item: Item) -> Sequence[Hashable]:
    """One item is one payment."""
    return ()


def account(item: Item, contents: VaultContents) -> ServiceAccount:
    """The account whose API key *item* asks for."""
    return service_accounts.find(contents.services, SYSTEM, item.account)


def check(item: Item, _account: Held, now: int | None) -> None:
    """Refuse an asset that would be expired when it is made.

    :raises Refused: ``coinspark.expiry-past``.
    """
    if now is None:
        raise RuntimeError("a request to a service is checked with the confirmed time")
    expiry = content_of(item).asset.expiry
    if expiry is not None and expiry <= now:
        what = f"it expires {shown(expiry)}, and it is {shown(now)}"
        raise Refused(EXPIRED, what, where="fields.expiry_timestamp")


def sign(item: Item, account: Held, _session: Session) -> bytes:
    """The output with the exact body; the caller encrypts it."""
    if not isinstance(account, ServiceAccount):
        raise RuntimeError("a Warthog account has no API key")
    (key,) = account.secrets
    return output.encode(body(item.payment_id, key.reveal().decode(), content_of(item).given))


def mark(_item: Item, _output: bytes) -> int | None:
    """Nothing of it is given once only; a released key is not given again at all."""
    return None


def content_of(item: Item) -> CoinSparkContent:
    """The item's content, which its kind says is CoinSpark's."""
    if not isinstance(item.content, CoinSparkContent):
        raise RuntimeError(f"{item.content.kind} is not CoinSpark's")
    return item.content
