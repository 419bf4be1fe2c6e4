"""CoinRPC: the body is built from the typed fields, and MACed with the time at which it is sent.

Nothing is given once only: the same call gets the same HMAC again. A call is bound to its time, so a call that missed
it is dead, and a new one needs a new request.
"""

import hashlib
from collections.abc import Hashable, Sequence

from coldtusk_offline import service_accounts
from coldtusk_offline.contents import VaultContents
from coldtusk_offline.mac import Digest, mac_of
from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services import Held
from coldtusk_offline.services.coinrpc import settings
from coldtusk_offline.session import Session
from coldtusk_shared import cbor, limits
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.request import Item
from coldtusk_shared.services.coinrpc import methods, output
from coldtusk_shared.services.coinrpc.body import body, message
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from coldtusk_shared.services.coinrpc.describe import moment
from coldtusk_shared.services.coinrpc.output import Output
from coldtusk_shared.services.coinrpc.values import SYSTEM

FAR_AHEAD = Code("coinrpc.too-far-ahead", "have the call made again with a nearer send time, or compare your watch")
OVER = Code("coinrpc.window-over", "have the call made again with a later send time: this one can no longer be sent")

_IDENTITY = b"coldtusk/v1/coinrpc-identity\0"


def identity(item: Item) -> bytes:
    """The key, the method, every parameter and the send time."""
    content = content_of(item)
    return hashlib.sha256(_IDENTITY + cbor.encode([content.kind, item.account, content.fields()])).digest()


def intent(item: Item) -> Hashable:
    """What is called, whenever it is sent."""
    return cbor.encode(content_of(item).intent())


def parts(_item: Item) -> Sequence[Hashable]:
    """One item is one payment."""
    return ()


def account(item: Item, contents: VaultContents) -> ServiceAccount:
    """The account that *item* names."""
    return service_accounts.find(contents.services, SYSTEM, item.account)


def check(item: Item, account: Held, now: int | None) -> None:
    """Refuse a send time too far away or over, and parameters that are not those of the enrolled table.

    :raises Refused: ``coinrpc.too-far-ahead``, ``coinrpc.window-over``.
    :raises BadInput: what :func:`methods.typed` raises.
    """
    if now is None:
        raise RuntimeError("a call of CoinRPC is checked with the confirmed time")
    content = content_of(item)
    _check_time(content, now)
    known = settings.methods_of(service(account)).get(content.method)
    if known is not None:
        methods.typed(known, content.params, "fields.params")


def sign(item: Item, account: Held, _session: Session) -> bytes:
    """Send time, body and HMAC-SHA256 over both (facts: CoinRPC)."""
    content = content_of(item)
    made = body(item.payment_id, content.method, content.params)
    (secret,) = service(account).secrets
    mac = mac_of(secret, message(made, content.send_at), Digest.SHA256)
    return output.encode(Output(content.send_at, made, mac))


def mark(_item: Item, _output: bytes) -> int | None:
    """An HMAC can be given again: it is the same."""
    return None


def content_of(item: Item) -> CoinRpcContent:
    """The item's content, which its kind says is CoinRPC's."""
    if not isinstance(item.content, CoinRpcContent):
        raise RuntimeError(f"{item.content.kind} is not CoinRPC's")
    return item.content


def service(account: Held) -> ServiceAccount:
    """*account*, which is one at a service."""
    if not isinstance(account, ServiceAccount):
        raise RuntimeError("a Warthog account signs no call of CoinRPC")
    return account


def _check_time(content: CoinRpcContent, now: int) -> None:
    ahead = content.send_at - now
    if ahead > limits.SEND_AHEAD_SECONDS:
        what = f"it is sent {moment(content.send_at)}, more than {limits.SEND_AHEAD_SECONDS} s from {moment(now)}"
        raise Refused(FAR_AHEAD, what, where="fields.send_at")
    if now >= content.not_after.value:
        what = f"its window ended {moment(content.not_after.value)}, and it is {moment(now)}"
        raise Refused(OVER, what, where="fields.send_at")
