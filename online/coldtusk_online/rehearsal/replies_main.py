"""What the main network's node (v0.8) answers: recorded shapes, keys sorted, one blank of indentation.

A waiting transaction in ``transaction/lookup`` was not recorded. The v0.8 sources
(``State::api_get_tx``, ``jsonmsg::to_json_visit``) show it as a mined one with 0 confirmations and
block height 0; so does this. ``chain/block/:h/hash`` follows the same sources.
"""

import json
from collections.abc import Callable, Mapping

from coldtusk_online.rehearsal import work
from coldtusk_online.rehearsal.forms import Json
from coldtusk_online.rehearsal.mempool import LISTED, Entry
from coldtusk_online.rehearsal.node import Mined, RehearsalNode
from coldtusk_online.rehearsal.numbers import (
    fee_code,
    read_funds,
    read_hex,
    read_u64,
    round_fee,
    write_address,
    write_funds,
)
from coldtusk_online.rehearsal.reasons import Reason, Rejection
from coldtusk_online.rehearsal.state import WART
from coldtusk_online.rehearsal.targets import account_of, block_of
from coldtusk_online.rehearsal.transactions import WartTransfer

Handler = Callable[[RehearsalNode, Mapping[str, str]], Json]


def encode(reply: Json) -> bytes:
    """The bytes of a reply, as this node's library writes them."""
    return json.dumps(reply, indent=1, sort_keys=True, ensure_ascii=False).encode()


def _head(node: RehearsalNode, _: Mapping[str, str]) -> Json:
    return {
        "difficulty": work.DIFFICULTY,
        "hash": node.chain.block_hash(node.height).hex(),
        "height": node.height,
        "is_janushash": True,
        "pinHash": node.pin_hash.hex(),
        "pinHeight": node.pin_height,
        "synced": True,
        "worksum": float(work.worksum(node.height)),
        "worksumHex": work.worksum_hex(node.height),
    }


def _min_fee(node: RehearsalNode, _: Mapping[str, str]) -> Json:
    e8 = node.min_fee_e8
    return {"16bit": fee_code(e8), "E8": e8, "amount": write_funds(e8)}


def _round_e8(_: RehearsalNode, path: Mapping[str, str]) -> Json:
    return _rounded(read_u64(path["e8"]))


def _round_text(_: RehearsalNode, path: Mapping[str, str]) -> Json:
    e8 = read_funds(path["text"])
    if e8 is None:
        raise Rejection(Reason.BAD_FUNDS)
    return _rounded(e8)


def _rounded(e8: int) -> Json:
    rounded = round_fee(e8)
    return {
        "16bit": fee_code(e8),
        "originalAmount": write_funds(e8),
        "originalE8": e8,
        "roundedAmount": write_funds(rounded),
        "roundedE8": rounded,
    }


def _version(_: RehearsalNode, __: Mapping[str, str]) -> Json:
    return work.version(0, 8, 20, "54403b86")


def _balance(node: RehearsalNode, path: Mapping[str, str]) -> Json:
    account = account_of(node.state, path["account"])
    if account is None:
        return {"accountId": None, "address": None, "balance": "0", "balanceE8": 0}
    e8 = node.state.total(account, WART)
    address = node.state.address(account)
    shown = write_address(address) if address is not None else None
    return {"accountId": account, "address": shown, "balance": write_funds(e8), "balanceE8": e8}


def _lookup(node: RehearsalNode, path: Mapping[str, str]) -> Json:
    found = node.find(read_hex(path["hash"], 32, Reason.BAD_HEX))
    mined = found if isinstance(found, Mined) else None
    entry = found.entry if isinstance(found, Mined) else found
    place: dict[str, Json] = {
        "blockHeight": mined.height if mined else 0,
        "confirmations": node.height - mined.height + 1 if mined else 0,
        "type": "Transfer",
    }
    return {"transaction": {**_transfer(entry), **place}}


def _mempool(node: RehearsalNode, _: Mapping[str, str]) -> Json:
    return {"data": [_transfer(entry) for entry in node.mempool.newest()[:LISTED]]}


def _transfer(entry: Entry) -> dict[str, Json]:
    body = entry.tx.body
    if not isinstance(body, WartTransfer):
        raise RuntimeError("only transfers of WART exist on the main network")
    return {
        "amount": write_funds(body.e8),
        "amountE8": body.e8,
        "fee": write_funds(entry.tx.fee_e8),
        "feeE8": entry.tx.fee_e8,
        "fromAddress": write_address(entry.sender),
        "nonceId": entry.tx.nonce_id,
        "pinHeight": entry.tx.pin_height,
        "toAddress": write_address(body.to),
        "txHash": entry.hash.hex(),
    }


def _block_hash(node: RehearsalNode, path: Mapping[str, str]) -> Json:
    return {"hash": block_of(node.chain, path["height"]).hex()}


ROUTES: dict[str, Handler] = {
    "/chain/head": _head,
    "/chain/block/:height/hash": _block_hash,
    "/transaction/minfee": _min_fee,
    "/transaction/mempool": _mempool,
    "/transaction/lookup/:hash": _lookup,
    "/account/:account/balance": _balance,
    "/tools/encode16bit/from_e8/:e8": _round_e8,
    "/tools/encode16bit/from_string/:text": _round_text,
    "/tools/version": _version,
}
