"""What the defi network's node (v0.10) answers: recorded shapes, compact JSON."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from coldtusk_online.rehearsal import forms, work
from coldtusk_online.rehearsal.forms import Json
from coldtusk_online.rehearsal.node import RehearsalNode
from coldtusk_online.rehearsal.numbers import bracket, read_funds, read_hex, read_price, read_u64, round_fee
from coldtusk_online.rehearsal.reasons import Reason, Rejection
from coldtusk_online.rehearsal.state import WART, AccountId, TokenId
from coldtusk_online.rehearsal.targets import WART_SPEC, account_of, block_of, token_of
from coldtusk_online.rehearsal.transaction_json import listed, looked_up

Handler = Callable[[RehearsalNode, Mapping[str, str]], Json]


def encode(reply: Json) -> bytes:
    """The bytes of a reply, as this node's library writes them."""
    return json.dumps(reply, separators=(",", ":"), ensure_ascii=False).encode()


def _head(node: RehearsalNode, _: Mapping[str, str]) -> Json:
    head: dict[str, Json] = {
        "hash": node.chain.block_hash(node.height).hex(),
        "height": node.height,
        "difficulty": work.DIFFICULTY,
        "is_janushash": True,
        "pinHeight": node.pin_height,
        "worksum": work.worksum(node.height),
        "worksumHex": work.worksum_hex(node.height),
        "pinHash": node.pin_hash.hex(),
        "hashrate": work.UNKNOWN_HASHRATE,
    }
    return {"chainHead": head, "synced": True}


def _min_fee(node: RehearsalNode, _: Mapping[str, str]) -> Json:
    return {"minFee": forms.fee(node.min_fee_e8)}


def _round_e8(_: RehearsalNode, path: Mapping[str, str]) -> Json:
    return _rounded(read_u64(path["e8"]))


def _round_text(_: RehearsalNode, path: Mapping[str, str]) -> Json:
    e8 = read_funds(path["text"])
    if e8 is None:
        raise Rejection(Reason.BAD_FUNDS)
    return _rounded(e8)


def _rounded(e8: int) -> Json:
    return {"original": forms.wart(e8), "rounded": forms.fee(round_fee(e8))}


def _parse_price(_: RehearsalNode, path: Mapping[str, str]) -> Json:
    decimals = read_u64(path["decimals"])
    if decimals > 18:
        raise Rejection(Reason.BAD_DECIMALS)
    low, high = bracket(read_price(path["price"], decimals))
    return {"decimals": decimals, "floor": forms.price(low, decimals), "ceil": forms.price(high, decimals)}


def _version(_: RehearsalNode, __: Mapping[str, str]) -> Json:
    return work.version(0, 10, 13, "1e22f5d8")


def _info(node: RehearsalNode, path: Mapping[str, str]) -> Json:
    seconds = max(0, node.clock() - node.started)
    since = datetime.fromtimestamp(node.started, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    minutes, hours, days = seconds // 60 % 60, seconds // 3600 % 24, seconds // 86400
    uptime: dict[str, Json] = {
        "since": {"UTC": since, "timestamp": node.started},
        "seconds": seconds,
        "formatted": f"{days}d {hours}h {minutes}m {seconds % 60}s",
    }
    stores: dict[str, Json] = {f"{name}DBPath": "rehearsal" for name in ("chain", "peers", "rxtx")}
    return {"dbSize": 0, **stores, "version": _version(node, path), "uptime": uptime}


def _lookup(node: RehearsalNode, path: Mapping[str, str]) -> Json:
    found = node.find(read_hex(path["hash"], 32, Reason.BAD_HEX))
    return looked_up(found, node.state, node.chain)


def _mempool(node: RehearsalNode, _: Mapping[str, str]) -> Json:
    return [listed(entry, node.state) for entry in node.mempool.newest()]


def _account_mempool(node: RehearsalNode, path: Mapping[str, str]) -> Json:
    account = account_of(node.state, path["account"])
    if account is None:
        raise Rejection(Reason.UNKNOWN_ADDRESS)
    return [listed(entry, node.state) for entry in node.mempool.of(account)]


def _wart_balance(node: RehearsalNode, path: Mapping[str, str]) -> Json:
    account = account_of(node.state, path["account"])
    amounts: dict[str, Json] = {key: forms.wart(value) for key, value in _held(node, account, WART).items()}
    return {"wart": amounts, "account": _named(node, account)}


def _token_balance(node: RehearsalNode, path: Mapping[str, str]) -> Json:
    asset, liquidity = token_of(node.state, path["token"])
    account = account_of(node.state, path["account"])
    token, name, spec, decimals = WART, "WART", WART_SPEC, 8
    if asset is not None:
        token, name = (asset.liquidity if liquidity else asset.token), asset.name
        spec = f"{'liquidity' if liquidity else 'asset'}:{asset.hash.hex()}"
        decimals = 8 if liquidity else asset.decimals
    shown = decimals if account is not None else 0
    amounts: dict[str, Json] = {key: forms.units(value, shown) for key, value in _held(node, account, token).items()}
    return {
        "balance": amounts,
        "token": {"id": token, "spec": spec, "name": name, "decimals": decimals},
        "lookupTrace": None if account is None else {"fails": [], "snapshotHeight": None},
        "account": _named(node, account),
    }


def _held(node: RehearsalNode, account: AccountId | None, token: TokenId) -> dict[str, int]:
    if account is None:
        return {"total": 0, "locked": 0, "mempool": 0}
    return {
        "total": node.state.total(account, token),
        "locked": node.state.locked(account, token),
        "mempool": node.mempool.locked(account, token),
    }


def _named(node: RehearsalNode, account: AccountId | None) -> Json:
    address = None if account is None else node.state.address(account)
    return None if account is None or address is None else forms.account(account, address)


def _asset(node: RehearsalNode, path: Mapping[str, str]) -> Json:
    if len(path["asset"]) != 64:
        wanted = read_u64(path["asset"])
        for asset in node.state.assets.values():
            if asset.id == wanted:
                return forms.full_asset(asset)
        raise Rejection(Reason.UNKNOWN_ASSET_ID)
    return forms.full_asset(node.state.asset(read_hex(path["asset"], 32, Reason.BAD_ARGUMENTS)))


def _complete(node: RehearsalNode, path: Mapping[str, str]) -> Json:
    name, digits = path.get("namePrefix", ""), path.get("hashPrefix", "")
    matches: list[Json] = [
        forms.full_asset(asset)
        for asset in sorted(node.state.assets.values(), key=lambda asset: (asset.name, asset.hash))
        if asset.name.lower().startswith(name.lower()) and asset.hash.hex().startswith(digits.lower())
    ]
    return {"matches": matches, "hashPrefix": digits, "namePrefix": name}


def _block_hash(node: RehearsalNode, path: Mapping[str, str]) -> Json:
    return block_of(node.chain, path["height"]).hex()


ROUTES: dict[str, Handler] = {
    "/chain/head": _head,
    "/chain/block/:height/hash": _block_hash,
    "/transaction/minfee": _min_fee,
    "/transaction/mempool": _mempool,
    "/transaction/lookup/:hash": _lookup,
    "/account/:account/mempool": _account_mempool,
    "/account/:account/wart_balance": _wart_balance,
    "/account/:account/balance/:token": _token_balance,
    "/asset/lookup/:asset": _asset,
    "/asset/complete": _complete,
    "/tools/encode16bit/from_e8/:e8": _round_e8,
    "/tools/encode16bit/from_string/:text": _round_text,
    "/tools/parse_price/:price/:decimals": _parse_price,
    "/tools/version": _version,
    "/tools/info": _info,
}
