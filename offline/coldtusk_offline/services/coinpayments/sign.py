"""CoinPayments: the body is built from the typed fields, gets a nonce of its own, and is MACed once.

The nonce is above every one that the journal knows of the key. Whoever is asked for the same payment again gets the
recorded output: a second nonce would be a second payment.
"""

import hashlib
from collections.abc import Hashable, Sequence

from coldtusk_offline import service_accounts
from coldtusk_offline.contents import VaultContents
from coldtusk_offline.mac import Digest, mac_of
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services import Held
from coldtusk_offline.services.coinpayments import settings
from coldtusk_offline.session import Session
from coldtusk_shared import cbor
from coldtusk_shared.request import Item
from coldtusk_shared.services.coinpayments import output
from coldtusk_shared.services.coinpayments.content import CoinPaymentsContent, wanted
from coldtusk_shared.services.coinpayments.output import Output
from coldtusk_shared.services.coinpayments.payments import ROW, WITHDRAWAL
from coldtusk_shared.services.coinpayments.values import SYSTEM

_IDENTITY = b"coldtusk/v1/coinpayments-identity\0"


def identity(item: Item) -> bytes:
    """The command, the key and every field."""
    content = content_of(item)
    return hashlib.sha256(_IDENTITY + cbor.encode([content.kind, item.account, content.fields()])).digest()


def intent(item: Item) -> Hashable:
    """What is wanted, without notes and the like."""
    return cbor.encode(content_of(item).intent())


def parts(item: Item) -> Sequence[Hashable]:
    """Each row of a mass withdrawal, as the withdrawal alone would be: another mass may hold it again."""
    alone = f"{SYSTEM}/{WITHDRAWAL.name}"
    return [cbor.encode([alone, item.account, wanted(ROW, row)]) for row in content_of(item).rows]


def account(item: Item, contents: VaultContents) -> ServiceAccount:
    """The account that *item* names."""
    return service_accounts.find(contents.services, SYSTEM, item.account)


def check(item: Item, account: Held, _now: int | None) -> None:
    """Nothing more than that the enrolled facts can be read: all fields were checked when the item was read."""
    content_of(item)
    settings.first_nonce(_service(account))


def sign(item: Item, account: Held, session: Session) -> bytes:
    """Nonce, body and HMAC-SHA512 (facts: CoinPayments)."""
    held = _service(account)
    nonce = session.next_number(held.key, settings.first_nonce(held))
    body = content_of(item).body(nonce)
    (private_key,) = held.secrets
    return output.encode(Output(nonce, body, mac_of(private_key, body, Digest.SHA512)))


def mark(_item: Item, given: bytes) -> int | None:
    """The nonce: it is given once only."""
    return output.parse(given).nonce


def content_of(item: Item) -> CoinPaymentsContent:
    """The item's content, which its kind says is CoinPayments'."""
    if not isinstance(item.content, CoinPaymentsContent):
        raise RuntimeError(f"{item.content.kind} is not CoinPayments'")
    return item.content


def _service(account: Held) -> ServiceAccount:
    if not isinstance(account, ServiceAccount):
        raise RuntimeError("a Warthog account signs no call of CoinPayments")
    return account
