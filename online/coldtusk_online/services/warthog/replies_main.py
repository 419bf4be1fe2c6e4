"""Replies of the main network's node (v0.8), as recorded.

Two shapes come from its sources instead (``State::api_get_tx``, ``to_json(const Hash&)``): a pending transaction is
looked up with 0 confirmations at height 0, and a block's hash is an object.
"""

from coldtusk_online.json_reader import JsonReader
from coldtusk_online.services.warthog import replies
from coldtusk_online.services.warthog.answers import Balance, Head, Seen
from coldtusk_shared import limits
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.preimage import Txid

_KINDS = {"Transfer": "wartTransfer"}


def head(data: JsonReader) -> Head:
    """GET /chain/head."""
    return replies.head(data, data.member("synced").flag())


def minimum_fee(data: JsonReader) -> int:
    """GET /transaction/minfee."""
    return replies.minimum_fee(replies.wart(data.member("E8"), data.member("amount")), data.member("E8"))


def wart_balance(data: JsonReader, account: Address) -> Balance:
    """GET /account/:a/balance."""
    account_id(data, account)
    return Balance(replies.wart(data.member("balanceE8"), data.member("balance")), 0, 0)


def account_id(data: JsonReader, account: Address) -> int | None:
    """GET /account/:a/balance: None for an address that the chain has not seen."""
    if data.member("accountId").is_null:
        return None
    replies.same_account(account, data.member("address"))
    return data.member("accountId").integer(limits.U64)


def looked_up(data: JsonReader) -> Seen:
    """GET /transaction/lookup/:hash."""
    entry = data.member("transaction")
    height = entry.member("blockHeight").integer(limits.U32)
    count = replies.confirmations(entry.member("confirmations"), height > 0)
    kind = entry.member("type").text(limits.LABEL_BYTES)
    return _seen(entry, _KINDS.get(kind, kind), height or None, count)


def pending(data: JsonReader) -> list[Seen]:
    """GET /transaction/mempool."""
    return [_seen(entry, "wartTransfer", None, 0) for entry in data.member("data").elements()]


def block_hash(data: JsonReader) -> bytes:
    """GET /chain/block/:height/hash."""
    return data.member("hash").octets(replies.HASH_BYTES)


def rounded_fee(data: JsonReader) -> int:
    """GET /tools/encode16bit/from_e8/:e8."""
    return replies.wart(data.member("roundedE8"), data.member("roundedAmount"))


def _seen(entry: JsonReader, kind: str, height: int | None, count: int) -> Seen:
    replies.wart(entry.member("amountE8"), entry.member("amount"))
    replies.address(entry.member("toAddress"))
    return Seen(
        txid=Txid(entry.member("txHash").octets(replies.HASH_BYTES)),
        sender=replies.address(entry.member("fromAddress")),
        kind=kind,
        height=height,
        confirmations=count,
        fee_e8=replies.wart(entry.member("feeE8"), entry.member("fee")),
        nonce_id=entry.member("nonceId").integer(limits.U32),
        pin_height=entry.member("pinHeight").integer(limits.U32),
        creation=None,
    )
