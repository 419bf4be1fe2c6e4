"""Malformed replies: whatever a node says, the client gives a value of the right type or an error with a code."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from coldtusk_online.base_url import BaseUrl
from coldtusk_online.http import HttpClient
from coldtusk_online.services.warthog.node import Node
from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, OutcomeUnknown, Outside
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.preimage import Txid
from tests.simulators.scripted_server import ScriptedServer, Visit, answering, reply

VECTORS = Path(__file__).parents[3] / "vectors" / "warthog"


def _recorded(name: str) -> dict[str, Any]:
    """The last good reply to each path."""
    replies = json.loads((VECTORS / name).read_text(encoding="utf-8"))["replies"]
    return {case["path"]: json.loads(case["reply"]) for case in replies if case["reply"].startswith("{")}


REPLIES = {Network.MAIN: _recorded("node_replies_main.json"), Network.DEFI: _recorded("node_replies.json")}
MAIN_SENDER = Address.parse("3e6f0080bb8aa745b5eb0ffea58d6c2f4b8b5b1513829d5c")
MAIN_TX = "12903ab140edd27006d2c485c7738fe10937f291f0f48d31c27de442ebf8a052"
SENDER = Address.parse("a3ef89f3533453ec864992d0ecea47e70e56c638a2fef9fa")
ASSET = "f482f1e9a5c8ad5a5058829af9dae0427170adc2b5b87c68ff66c2d716a39774"
TRANSFER = "216219815105a21dbd8995ba5fb480469be92d489d6698a741a567ea3f299abf"

Call = Callable[[Node], Any]
CALLS: dict[str, tuple[Network, str, Call]] = {
    "main head": (Network.MAIN, "/chain/head", Node.head),
    "main fee": (Network.MAIN, "/transaction/minfee", Node.minimum_fee),
    "main balance": (
        Network.MAIN,
        f"/account/{MAIN_SENDER.text}/balance",
        lambda node: node.wart_balance(MAIN_SENDER),
    ),
    "main lookup": (
        Network.MAIN,
        f"/transaction/lookup/{MAIN_TX}",
        lambda node: node.lookup(Txid(bytes.fromhex(MAIN_TX))),
    ),
    "main mempool": (Network.MAIN, "/transaction/mempool", lambda node: node.pending_of(MAIN_SENDER)),
    "main rounding": (Network.MAIN, "/tools/encode16bit/from_e8/9999", lambda node: node.round_fee_hint(9999)),
    "head": (Network.DEFI, "/chain/head", Node.head),
    "fee": (Network.DEFI, "/transaction/minfee", Node.minimum_fee),
    "balance": (
        Network.DEFI,
        f"/account/{SENDER.text}/wart_balance",
        lambda node: node.wart_balance(SENDER),
    ),
    "token": (
        Network.DEFI,
        f"/account/{SENDER.text}/balance/asset:{ASSET}",
        lambda node: node.token_balance(SENDER, bytes.fromhex(ASSET), False),
    ),
    "transfer": (
        Network.DEFI,
        f"/transaction/lookup/{TRANSFER}",
        lambda node: node.lookup(Txid(bytes.fromhex(TRANSFER))),
    ),
    "creation": (
        Network.DEFI,
        f"/transaction/lookup/{ASSET}",
        lambda node: node.lookup(Txid(bytes.fromhex(ASSET))),
    ),
    "asset": (Network.DEFI, f"/asset/lookup/{ASSET}", lambda node: node.asset(bytes.fromhex(ASSET))),
    "assets": (Network.DEFI, "/asset/complete?namePrefix=TOK", lambda node: node.assets_named("TOK")),
    "hash": (Network.DEFI, "/chain/block/1/hash", lambda node: node.block_hash(1)),
    "rounding": (Network.DEFI, "/tools/encode16bit/from_e8/9999", lambda node: node.round_fee_hint(9999)),
    "price": (Network.DEFI, "/tools/parse_price/0.1/4", lambda node: node.price_hint("0.1", 4)),
}
WRONG: tuple[Any, ...] = (None, True, -1, 1.5, 10**30, 2**64, "", "x", "00" * 32, [], {}, ["x"])


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every value inside, the containers too."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in inner:
        yield from _leaves(member, (*path, key))


def _replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    changed = copy.deepcopy(value)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = new
    return changed


def _served(bodies: Iterator[bytes]) -> Callable[[Visit], None]:
    def script(visit: Visit) -> None:
        visit.request()
        visit.send(reply(next(bodies)))

    return script


def _ask(name: str, answer: Any) -> Any:
    network, _, call = CALLS[name]
    with ScriptedServer(answering(json.dumps(answer).encode())) as server:
        return call(Node(BaseUrl.parse(server.url), network, HttpClient()))


@pytest.mark.parametrize("name", CALLS)
def test_any_field_wrong(name: str) -> None:
    """Each field in turn gets values that it never has: an error with a code, or a value of the right type."""
    network, path, call = CALLS[name]
    answer = REPLIES[network][path]
    wrong = [_replaced(answer, leaf, new) for leaf in list(_leaves(answer))[:40] for new in WRONG]
    right = type(_ask(name, answer))
    codes = set()
    with ScriptedServer(_served(json.dumps(body).encode() for body in wrong)) as server:
        node = Node(BaseUrl.parse(server.url), network, HttpClient())
        for _ in wrong:
            try:
                assert isinstance(call(node), right)
            except Outside as error:
                codes.add(error.code.name)
    assert "node.reply" in codes
    assert codes <= {"node.reply", "node.error"}


def _changed(name: str, *changes: tuple[str, Any]) -> Any:
    """The recorded reply to the call *name* with changes at dotted paths."""
    network, path, _ = CALLS[name]
    answer = REPLIES[network][path]
    for dotted, new in changes:
        answer = _replaced(answer, tuple(int(key) if key.isdigit() else key for key in dotted.split(".")), new)
    return answer


_OTHER = "34dd616f729b41a463ca877186d898af87260d0037436f93"


@pytest.mark.parametrize(
    ("name", "change", "field"),
    [
        ("main head", ("data.pinHeight", 33), "data.pinHeight"),
        ("main head", ("data.pinHeight", 64), "data.pinHeight"),
        ("main head", ("data.pinHash", "AB" * 32), "data.pinHash"),
        ("main head", ("data.height", 2**32), "data.height"),
        ("main head", ("data.height", 43.0), "data.height"),
        ("head", ("data.synced", 1), "data.synced"),
        ("head", ("data.chainHead.pinHash", "ab" * 31), "data.chainHead.pinHash"),
        ("fee", ("data.minFee.E8", 1000447), "data.minFee.str"),
        ("fee", ("data.minFee.str", "0.01000449"), "data.minFee.str"),
        ("fee", ("data.minFee.str", "1e-2"), "data.minFee.str"),
        ("fee", ("data.minFee.str", "0.010004480"), "data.minFee.str"),
        ("main fee", ("data.amount", "-0.01000448"), "data.amount"),
        ("balance", ("data.wart.locked.E8", -1), "data.wart.locked.E8"),
        ("balance", ("data.account.address", _OTHER), "data.account.address"),
        ("balance", ("data.account.address", SENDER.text[:-1] + "0"), "data.account.address"),
        ("main balance", ("data.address", _OTHER), "data.address"),
        ("main balance", ("data.address", None), "data.address"),
        ("token", ("data.token.spec", f"liquidity:{ASSET}"), "data.token.spec"),
        ("token", ("data.account.address", _OTHER), "data.account.address"),
        ("token", ("data.balance.total.decimals", 3), "data.balance.total.str"),
        ("token", ("data.balance.total.decimals", 19), "data.balance.total.decimals"),
        ("transfer", ("data.transaction.signedCommon.originAddress", SENDER.text[:40]), "originAddress"),
        ("transfer", ("data.confirmations", 0), "data.confirmations"),
        ("transfer", ("data.mined", None), "data.confirmations"),
        ("transfer", ("data.transaction.signedCommon.nonceId", 2**32), "nonceId"),
        ("main lookup", ("data.transaction.confirmations", 0), "data.transaction.confirmations"),
        ("main lookup", ("data.transaction.toAddress", "x"), "data.transaction.toAddress"),
        ("creation", ("data.transaction.data.supply.decimals", 19), "data.transaction.data.supply.decimals"),
        ("creation", ("data.transaction.data.name", "x" * 65), "data.transaction.data.name"),
        ("asset", ("data.decimals", 5), "data.totalSupply.decimals"),
        ("asset", ("data.hash", "00" * 32), "data.hash"),
        ("transfer", ("data.transaction.hash", "00" * 32), "the hash is of another transaction"),
        ("price", ("data.floor.hex", "7fff49"), "mantissa"),
        ("price", ("data.ceil.hex", "800080"), "exponent"),
        ("price", ("data.ceil.hex", "80000000"), "data.ceil.hex"),
        ("hash", ("data", {"hash": "00" * 32}), "data"),
        ("head", ("code", "0"), "code"),
        ("head", ("code", -1), "code"),
        ("head", ("error", "and data"), "both data and an error"),
    ],
)
def test_malformed(name: str, change: tuple[str, Any], field: str) -> None:
    """One field is not as it must be: node.reply names it, the node and the question."""
    with pytest.raises(Outside) as caught:
        _ask(name, _changed(name, change))
    assert "node.reply" == caught.value.code.name
    assert field in caught.value.what
    assert caught.value.where.startswith("http://127.0.0.1:")


def test_zero_minimum_fee() -> None:
    """No fee is below 1: a node that asks for none is not believed."""
    with pytest.raises(Outside) as caught:
        _ask("fee", _changed("fee", ("data.minFee.E8", 0), ("data.minFee.str", "0")))
    assert "node.reply" == caught.value.code.name


@pytest.mark.parametrize("body", [b"<html></html>", b"", b"\xff", b'{"code":0,"code":0,"data":{}}', b"[" * 100])
def test_no_json(body: bytes) -> None:
    """A page of a proxy with status 200, and worse: an error for a question, unknown after a submission."""
    with ScriptedServer(answering(body)) as server:
        node = Node(BaseUrl.parse(server.url), Network.DEFI, HttpClient())
        with pytest.raises(Outside) as caught:
            node.head()
        assert "node.reply" == caught.value.code.name
        with pytest.raises(OutcomeUnknown) as unknown:
            node.add(b"{}")
        assert "node.add-unknown" == unknown.value.code.name


@pytest.mark.parametrize(
    "answer",
    [
        {"code": 0},
        {"code": 0, "data": {}},
        {"code": 0, "data": {"txHash": "ab"}},
        {"code": 0, "data": {"txHash": "AB" * 32}},
        {"code": 0, "error": "none"},
        {"code": 0, "data": {"txHash": "ab" * 32}, "error": "but"},
        {"code": 22, "data": {"txHash": "ab" * 32}, "error": "Insufficient balance"},
        {"code": 22},
        {"code": 22, "error": 22},
        {"code": 22, "error": "x" * (limits.TEXT_BYTES + 1)},
        {"code": 22.0, "error": "Insufficient balance"},
        {"data": {"txHash": "ab" * 32}},
        [],
    ],
)
def test_foreign_answer_to_a_submission(answer: Any) -> None:
    """An answer that is neither a hash nor an error says nothing: node.add-unknown, and it was asked once."""
    with ScriptedServer(answering(json.dumps(answer).encode())) as server, pytest.raises(OutcomeUnknown) as caught:
        Node(BaseUrl.parse(server.url), Network.DEFI, HttpClient()).add(b"{}")
    assert ("node.add-unknown", 1) == (caught.value.code.name, server.visits)


@pytest.mark.parametrize("name", ["transfer", "asset", "hash", "main lookup"])
def test_another_error_is_not_absence(name: str) -> None:
    """Only the number that says so means that there is nothing: any other is node.error."""
    with pytest.raises(Outside) as caught:
        _ask(name, {"code": 22, "error": "Insufficient balance"})
    assert "node.error" == caught.value.code.name


def test_hostile_error_text() -> None:
    """The node's words are quoted: no escape sequence of it reaches a terminal; the number stays."""
    answer = {"code": 22, "error": "\x1b[2J\u202esent"}
    with pytest.raises(Outside) as caught:
        _ask("head", answer)
    assert "node.error" == caught.value.code.name
    assert "number 22" in caught.value.what
    assert caught.value.what.isascii()
    assert caught.value.what.isprintable()


def test_assets_are_not_on_main() -> None:
    """Nothing is asked of a main network's node that it does not know."""
    with ScriptedServer(answering(b"")) as server:
        node = Node(BaseUrl.parse(server.url), Network.MAIN, HttpClient())
        asks: list[Callable[[], object]] = [
            lambda: node.asset(bytes(32)),
            lambda: node.assets_named("A"),
            lambda: node.token_balance(SENDER, bytes(32), False),
            lambda: node.price_hint("1", 8),
        ]
        for ask in asks:
            with pytest.raises(BadInput) as caught:
                ask()
            assert "warthog.type-not-on-network" == caught.value.code.name
    assert 0 == server.visits


@pytest.mark.parametrize("prefix", ["", "TOOLONG", "A&x", "A/..", "\u00e4"])
def test_prefix_that_is_no_name(prefix: str) -> None:
    """The path is not URL-decoded by the node, so nothing but a name goes into it."""
    with ScriptedServer(answering(b"")) as server, pytest.raises(BadInput):
        Node(BaseUrl.parse(server.url), Network.DEFI, HttpClient()).assets_named(prefix)
    assert 0 == server.visits


def test_price_that_is_no_decimal() -> None:
    """Nor anything but a plain decimal and a number of decimals."""
    with ScriptedServer(answering(b"")) as server:
        node = Node(BaseUrl.parse(server.url), Network.DEFI, HttpClient())
        for price, decimals in (("1e3", 8), ("1/2", 8), ("1", 19)):
            with pytest.raises(BadInput):
                node.price_hint(price, decimals)
    assert 0 == server.visits


def test_amount_of_an_asset_without_decimals() -> None:
    """Older nodes write a dot behind it."""
    amount = {"str": "7.", "u64": 7, "decimals": 0}
    answer = _changed("token", ("data.balance.total", amount), ("data.balance.mempool", {**amount, "str": "7"}))
    found = _ask("token", answer)
    assert (7, 7) == (found.total, found.mempool)


@pytest.mark.parametrize(
    ("name", "account", "absent", "number"),
    [("main balance", MAIN_SENDER, "data.accountId", 1), ("balance", SENDER, "data.account", 1)],
)
def test_account_number(name: str, account: Address, absent: str, number: int) -> None:
    """The account's number, None if the chain has not seen the address, an error if it is of another one."""
    network = CALLS[name][0]
    for answer, expected in ((_changed(name), number), (_changed(name, (absent, None)), None)):
        with ScriptedServer(answering(json.dumps(answer).encode())) as server:
            assert expected == Node(BaseUrl.parse(server.url), network, HttpClient()).account_id(account)


def test_other_kinds() -> None:
    """A kind that is none of the seven keeps the node's own word, and has no creation."""
    seen = _ask("transfer", _changed("transfer", ("data.type", "match")))
    assert ("match", None) == (seen.kind, seen.creation)


def test_free_is_never_negative() -> None:
    """A node that locks more than there is leaves nothing."""
    answer = _changed("balance", ("data.wart.locked", {"str": "184467440737.09551615", "E8": limits.U64}))
    assert 0 == _ask("balance", answer).free
