"""Replies of the defi network's node (v0.10), as recorded."""

from coldtusk_online.json_reader import JsonReader
from coldtusk_online.services.warthog import replies
from coldtusk_online.services.warthog.answers import AssetInfo, Balance, Creation, Head, Seen
from coldtusk_shared import limits
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.asset import AssetHash
from coldtusk_shared.services.warthog.preimage import Txid
from coldtusk_shared.services.warthog.price import LimitPrice

_PRICE_BYTES = 3
_CREATION = "assetCreation"


def head(data: JsonReader) -> Head:
    """GET /chain/head."""
    return replies.head(data.member("chainHead"), data.member("synced").flag())


def minimum_fee(data: JsonReader) -> int:
    """GET /transaction/minfee."""
    fee = data.member("minFee")
    return replies.minimum_fee(_wart(fee), fee.member("E8"))


def wart_balance(data: JsonReader, account: Address) -> Balance:
    """GET /account/:a/wart_balance."""
    account_id(data, account)
    amounts = data.member("wart")
    return Balance(*(_wart(amounts.member(name)) for name in ("total", "locked", "mempool")))


def token_balance(data: JsonReader, account: Address, spec: str) -> Balance:
    """GET /account/:a/balance/:spec, *spec* being ``asset:HASH`` or ``liquidity:HASH``."""
    account_id(data, account)
    if data.member("token", "spec").text() != spec:
        raise data.member("token", "spec").unfit("another token than the one asked for")
    amounts = data.member("balance")
    return Balance(*(_units(amounts.member(name)) for name in ("total", "locked", "mempool")))


def account_id(data: JsonReader, account: Address) -> int | None:
    """Every balance names the account: None for an address that the chain has not seen."""
    named = data.member("account")
    if named.is_null:
        return None
    replies.same_account(account, named.member("address"))
    return named.member("accountId").integer(limits.U64)


def looked_up(data: JsonReader) -> Seen:
    """GET /transaction/lookup/:hash."""
    mined = data.member("mined")
    height = None if mined.is_null else mined.member("block", "height").integer(limits.U32)
    return _seen(data, height, replies.confirmations(data.member("confirmations"), height is not None))


def pending(data: JsonReader) -> list[Seen]:
    """GET /account/:a/mempool."""
    return [_seen(entry, None, 0) for entry in data.elements()]


def block_hash(data: JsonReader) -> bytes:
    """GET /chain/block/:height/hash."""
    return data.octets(replies.HASH_BYTES)


def asset(data: JsonReader) -> AssetInfo:
    """GET /asset/lookup/:hash, and one match of /asset/complete."""
    decimals = data.member("decimals").integer(limits.ASSET_DECIMALS)
    if data.member("totalSupply", "decimals").integer(limits.ASSET_DECIMALS) != decimals:
        raise data.member("totalSupply", "decimals").unfit("not the asset's decimals")
    return AssetInfo(
        hash=AssetHash(data.member("hash").octets(replies.HASH_BYTES)),
        name=data.member("name").text(limits.LABEL_BYTES),
        decimals=decimals,
        supply=_units(data.member("totalSupply")),
        owner_account_id=data.member("ownerAccountId").integer(limits.U64),
    )


def assets(data: JsonReader) -> list[AssetInfo]:
    """GET /asset/complete."""
    return [asset(match) for match in data.member("matches").elements()]


def rounded_fee(data: JsonReader) -> int:
    """GET /tools/encode16bit/from_e8/:e8."""
    return _wart(data.member("rounded"))


def price(data: JsonReader) -> tuple[LimitPrice, LimitPrice]:
    """GET /tools/parse_price/:price/:decimals: floor and ceil."""
    floor, ceil = (data.member(name, "hex").octets(_PRICE_BYTES) for name in ("floor", "ceil"))
    return LimitPrice.from_bytes(floor), LimitPrice.from_bytes(ceil)


def _seen(entry: JsonReader, height: int | None, count: int) -> Seen:
    common = entry.member("transaction", "signedCommon")
    kind = entry.member("type").text(limits.LABEL_BYTES)
    return Seen(
        txid=Txid(entry.member("transaction", "hash").octets(replies.HASH_BYTES)),
        sender=replies.address(common.member("originAddress")),
        kind=kind,
        height=height,
        confirmations=count,
        fee_e8=_wart(common.member("fee")),
        nonce_id=common.member("nonceId").integer(limits.U32),
        pin_height=common.member("pinHeight").integer(limits.U32),
        creation=_creation(entry.member("transaction", "data")) if kind == _CREATION else None,
    )


def _creation(data: JsonReader) -> Creation:
    supply = data.member("supply")
    return Creation(
        name=data.member("name").text(limits.LABEL_BYTES),
        decimals=supply.member("decimals").integer(limits.ASSET_DECIMALS),
        supply=_units(supply),
    )


def _wart(amount: JsonReader) -> int:
    return replies.wart(amount.member("E8"), amount.member("str"))


def _units(amount: JsonReader) -> int:
    value = amount.member("u64").integer(limits.U64)
    replies.check_text(amount.member("str"), value, amount.member("decimals").integer(limits.ASSET_DECIMALS))
    return value
