"""Every recorded reply of both networks' nodes, served on a loopback socket and read by the client."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coldtusk_online.base_url import BaseUrl
from coldtusk_online.http import HttpClient
from coldtusk_online.services.warthog.answers import Accepted, Rejected
from coldtusk_online.services.warthog.node import Node
from coldtusk_shared.errors import BadInput, OutcomeUnknown, Outside
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.preimage import Txid
from tests.simulators.scripted_server import ScriptedServer, Visit, answering_paths, reply

VECTORS = Path(__file__).parents[3] / "vectors" / "warthog"


def _load(name: str, key: str) -> list[dict[str, Any]]:
    recorded: list[dict[str, Any]] = json.loads((VECTORS / name).read_text(encoding="utf-8"))[key]
    return recorded


_MAIN, _DEFI = _load("node_replies_main.json", "replies"), _load("node_replies.json", "replies")
_ADDS = _load("add_replies.json", "cases")
_RECORDED = [(Network.MAIN, case) for case in _MAIN if case["method"] == "GET"] + [(Network.DEFI, c) for c in _DEFI]

Case = tuple[re.Pattern[str], Callable[[Node, re.Match[str]], Any], Callable[[Any], Any]]
"""A path, the call that asks for it, and what of the recorded data the call must give."""


def _triple(amounts: Any, key: str) -> tuple[int, int, int]:
    return amounts["total"][key], amounts["locked"][key], amounts["mempool"][key]


def _balance(balance: Any) -> tuple[int, int, int]:
    return balance.total, balance.locked, balance.mempool


def _seen_defi(data: Any) -> tuple[Any, ...]:
    common, mined = data["transaction"]["signedCommon"], data.get("mined")
    return (
        data["transaction"]["hash"],
        common["originAddress"],
        data["type"],
        mined and mined["block"]["height"],
        data.get("confirmations", 0),
        common["fee"]["E8"],
        common["nonceId"],
        common["pinHeight"],
    )


def _seen_main(data: Any) -> tuple[Any, ...]:
    height, count = data.get("blockHeight"), data.get("confirmations", 0)
    names = ("feeE8", "nonceId", "pinHeight")
    return (data["txHash"], data["fromAddress"], "wartTransfer", height, count, *(data[name] for name in names))


def _seen(seen: Any) -> tuple[Any, ...]:
    return (
        seen.txid.hex(),
        seen.sender.text,
        seen.kind,
        seen.height,
        seen.confirmations,
        seen.fee_e8,
        seen.nonce_id,
        seen.pin_height,
    )


def _head(head: Any) -> tuple[Any, ...]:
    return head.pin_height, head.pin_hash.hex(), head.length, head.synced


def _asset(info: Any) -> tuple[Any, ...]:
    return info.hash.hex(), info.name, info.decimals, info.supply, info.owner_account_id


def _asset_data(data: Any) -> tuple[Any, ...]:
    return data["hash"], data["name"], data["decimals"], data["totalSupply"]["u64"], data["ownerAccountId"]


_H = "([0-9a-f]{64})"
_A = "([0-9a-f]{48})"


def _case(path: str, ask: Callable[[Node, re.Match[str]], Any], expected: Callable[[Any], Any]) -> Case:
    return re.compile(path), ask, expected


_CASES: dict[Network, list[Case]] = {
    Network.MAIN: [
        _case(
            "/chain/head",
            lambda node, m: _head(node.head()),
            lambda d: (d["pinHeight"], d["pinHash"], d["height"], d["synced"]),
        ),
        _case("/transaction/minfee", lambda node, m: node.minimum_fee(), lambda d: d["E8"]),
        _case(
            f"/account/{_A}/balance",
            lambda node, m: _balance(node.wart_balance(Address.parse(m[1]))),
            lambda d: (d["balanceE8"], 0, 0),
        ),
        _case(
            f"/transaction/lookup/{_H}",
            lambda node, m: _seen(node.lookup(Txid(bytes.fromhex(m[1])))),
            lambda d: _seen_main(d["transaction"]),
        ),
        _case(
            "/tools/encode16bit/from_e8/([0-9]+)",
            lambda node, m: node.round_fee_hint(int(m[1])),
            lambda d: d["roundedE8"],
        ),
    ],
    Network.DEFI: [
        _case(
            "/chain/head",
            lambda node, m: _head(node.head()),
            lambda d: (*(d["chainHead"][name] for name in ("pinHeight", "pinHash", "height")), d["synced"]),
        ),
        _case("/transaction/minfee", lambda node, m: node.minimum_fee(), lambda d: d["minFee"]["E8"]),
        _case(
            f"/account/{_A}/wart_balance",
            lambda node, m: _balance(node.wart_balance(Address.parse(m[1]))),
            lambda d: _triple(d["wart"], "E8"),
        ),
        _case(
            f"/account/{_A}/balance/(asset|liquidity):{_H}",
            lambda node, m: _balance(node.token_balance(Address.parse(m[1]), bytes.fromhex(m[3]), m[2] == "liquidity")),
            lambda d: _triple(d["balance"], "u64"),
        ),
        _case(
            f"/account/{_A}/mempool",
            lambda node, m: [_seen(seen) for seen in node.pending_of(Address.parse(m[1]))],
            lambda d: [_seen_defi(entry) for entry in d],
        ),
        _case(f"/asset/lookup/{_H}", lambda node, m: _asset(node.asset(bytes.fromhex(m[1]))), _asset_data),
        _case(
            "/asset/complete\\?namePrefix=([A-Za-z0-9]{1,5})",
            lambda node, m: [_asset(info) for info in node.assets_named(m[1])],
            lambda d: [_asset_data(match) for match in d["matches"]],
        ),
        _case("/chain/block/([0-9]+)/hash", lambda node, m: (node.block_hash(int(m[1])) or b"").hex(), lambda d: d),
        _case(f"/transaction/lookup/{_H}", lambda node, m: _seen(node.lookup(Txid(bytes.fromhex(m[1])))), _seen_defi),
        _case(
            "/tools/encode16bit/from_e8/([0-9]+)",
            lambda node, m: node.round_fee_hint(int(m[1])),
            lambda d: d["rounded"]["E8"],
        ),
        _case(
            "/tools/parse_price/([0-9]+(?:\\.[0-9]+)?)/([0-9]|1[0-8])",
            lambda node, m: tuple(price.to_bytes().hex() for price in node.price_hint(m[1], int(m[2]))),
            lambda d: (d["floor"]["hex"], d["ceil"]["hex"]),
        ),
    ],
}


def _served(body: str) -> Callable[[Visit], None]:
    def script(visit: Visit) -> None:
        visit.request()
        visit.send(reply(body.encode(), "Connection: close"))
        visit.hold()

    return script


def _asked() -> list[Any]:
    """Every recorded GET that the client can make, with the call for it."""
    found = []
    for network, recorded in _RECORDED:
        for place, (path, ask, expected) in enumerate(_CASES[network]):
            match = path.fullmatch(recorded["path"])
            if match is not None and recorded["status"] == 200:
                name = f"{network.value}-{place}-{recorded['path'][:40]}"
                found.append(pytest.param(network, recorded, match, ask, expected, id=name))
    return found


@pytest.mark.parametrize(("network", "recorded", "match", "ask", "expected"), _asked())
def test_recorded_get(
    network: Network,
    recorded: dict[str, Any],
    match: re.Match[str],
    ask: Callable[[Node, re.Match[str]], Any],
    expected: Callable[[Any], Any],
) -> None:
    """The client reads out of it what a plain JSON reader finds there; the node's errors are errors or "none"."""
    answer = json.loads(recorded["reply"])
    with ScriptedServer(_served(recorded["reply"])) as server:
        node = Node(BaseUrl.parse(server.url), network, HttpClient())
        if answer["code"] == 0:
            assert expected(answer["data"]) == ask(node, match)
        else:
            _check_error(node, match, ask, answer)


def _check_error(
    node: Node, match: re.Match[str], ask: Callable[[Node, re.Match[str]], Any], answer: dict[str, Any]
) -> None:
    try:
        found = ask(node, match)
    except BadInput:  # our own rules refuse the address before anybody is asked
        assert 71 == answer["code"]
    except Outside as error:
        assert "node.error" == error.code.name
        assert f'number {answer["code"]}, the node says "{answer["error"]}"' in error.what
    except AttributeError:  # there is nothing to take apart: not found
        assert answer["code"] in (56, 57, 185)
    else:
        assert (found, answer["code"]) in (([], 122), ("", 56))


def test_everything_is_asked() -> None:
    """Each call of the client met at least one recorded reply, on each network."""
    ids = [str(param.id) for param in _asked()]
    for network, cases in _CASES.items():
        for place in range(len(cases)):
            assert any(name.startswith(f"{network.value}-{place}-") for name in ids), (network, place)


@pytest.mark.parametrize(
    ("network", "recorded"),
    [
        *((Network.DEFI, case) for case in _ADDS if case["name"] != "final: mine"),
        *((Network.MAIN, case) for case in _MAIN if case["method"] == "POST" and case["status"] == 200),
    ],
)
def test_recorded_add(network: Network, recorded: dict[str, Any]) -> None:
    """Every recorded answer to a submission is taken or refused, with the node's own number and words."""
    answer = json.loads(recorded["reply"])
    with ScriptedServer(_served(recorded["reply"])) as server:
        result = Node(BaseUrl.parse(server.url), network, HttpClient()).add(b"{}")
    if answer["code"] == 0:
        assert Accepted(Txid(bytes.fromhex(answer["data"]["txHash"]))) == result
    else:
        assert isinstance(result, Rejected)
        assert (answer["code"], answer["error"]) == (result.error.number, result.error.text)
        assert result.error.meaning is not None


def test_error_inside_data() -> None:
    """A reply that the real node gives elsewhere: code 0 around an error. After a submission it says nothing."""
    recorded = next(case["reply"] for case in _ADDS if case["name"] == "final: mine")
    with ScriptedServer(_served(recorded)) as server, pytest.raises(OutcomeUnknown) as caught:
        Node(BaseUrl.parse(server.url), Network.DEFI, HttpClient()).add(b"{}")
    assert "node.add-unknown" == caught.value.code.name


def test_main_mempool() -> None:
    """On the main network the pending transactions of one sender are picked out of the whole list."""
    recorded = next(case["reply"] for case in _MAIN if case["path"] == "/transaction/mempool")
    entries = json.loads(recorded)["data"]["data"]
    sender, other = Address.parse(entries[0]["fromAddress"]), Address.parse(entries[0]["toAddress"])
    with ScriptedServer(_served(recorded)) as server:
        node = Node(BaseUrl.parse(server.url), Network.MAIN, HttpClient())
        assert [_seen_main(entry) for entry in entries] == [_seen(seen) for seen in node.pending_of(sender)]
        assert [] == node.pending_of(other)


@pytest.mark.parametrize("network", Network)
def test_version_that_is_not_told(network: Network) -> None:
    """Public nodes drop that question: then the shape of the head is the evidence."""
    recorded = {case["path"]: case["reply"] for case in (_MAIN if network is Network.MAIN else _DEFI)}
    with ScriptedServer(answering_paths({"/chain/head": recorded["/chain/head"].encode()})) as server:
        assert Node(BaseUrl.parse(server.url), network, HttpClient()).dialect_check().version is None


def test_version_that_was_never_tried() -> None:
    """The right shape and a version that nobody tried: node.dialect, naming both versions."""
    recorded = {case["path"]: case["reply"].encode() for case in _DEFI}
    info = recorded["/tools/info"].replace(b'"minor":10', b'"minor":11')
    bodies = {"/chain/head": recorded["/chain/head"], "/tools/info": info}
    with ScriptedServer(answering_paths(bodies)) as server, pytest.raises(Outside) as caught:
        Node(BaseUrl.parse(server.url), Network.DEFI, HttpClient()).dialect_check()
    assert ("node.dialect", "v0.11.13 is not v0.10 of defi") == (caught.value.code.name, caught.value.what)


@pytest.mark.parametrize(
    ("network", "path", "version"),
    [(Network.MAIN, "/tools/version", "v0.8.20"), (Network.DEFI, "/tools/info", "v0.10.13")],
)
def test_dialect(network: Network, path: str, version: str) -> None:
    """The recorded nodes pass the check of their own network and fail that of the other one: node.dialect."""
    recorded = {case["path"]: case["reply"] for case in (_MAIN if network is Network.MAIN else _DEFI)}
    recorded = {name: recorded[name] for name in ("/chain/head", path)}

    def script(visit: Visit) -> None:
        body = recorded.get(visit.request().split(b" ")[1].decode())
        if body is not None and body.startswith("{"):
            visit.send(reply(body.encode()))

    with ScriptedServer(script) as server:
        spoken = Node(BaseUrl.parse(server.url), network, HttpClient()).dialect_check()
        assert version == str(spoken.version)
        other = next(name for name in Network if name is not network)
        with pytest.raises(Outside) as caught:
            Node(BaseUrl.parse(server.url), other, HttpClient()).dialect_check()
    assert ("node.dialect", server.url) == (caught.value.code.name, caught.value.where)
