"""All recorded POSTs of the two reference nodes, rebuilt with a key and a chain of our own."""

import json
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from coldtusk_online.rehearsal.differences import CASES
from coldtusk_online.rehearsal.reasons import Rejection
from coldtusk_online.rehearsal.transactions import ORDER, signer
from coldtusk_online.rehearsal.wire import read_transaction
from coldtusk_shared.services.warthog.network import Network
from tests.online.rehearsal.desk import WART, Desk, get, new_node, post, vectors
from tests.simulators.warthog_wallet import MIN_FEE, Value, Wallet

RECORDED = vectors("add_replies.json")["cases"]
RECORDED_MAIN = [case for case in vectors("node_replies_main.json")["replies"] if case["method"] == "POST"]

SENDER_THEN = "a3ef89f3533453ec864992d0ecea47e70e56c638a2fef9fa"
PAYEE_THEN = "34dd616f729b41a463ca877186d898af87260d0037436f93"
SENDER_THEN_MAIN = "3e6f0080bb8aa745b5eb0ffea58d6c2f4b8b5b1513829d5c"
PAYEE_THEN_MAIN = "ba3d1236427c8ef6e83107d08519ffc482749e855339dd7f"

SENDER, PAYEE, STRANGER = Wallet("sender"), Wallet("payee"), Wallet("stranger")

SIGNED_OTHERWISE: dict[str, dict[str, Value]] = {
    "signature tampered amount (wrong hash)": {"wartE8": 1},
    "wartE8 -1": {"wartE8": 1},
    "wartE8 2^64 (json big)": {"wartE8": 0},
    "nonceId -1": {"nonceId": 1},
    "bad sig tampered": {"amountE8": 1},
}
"""Where the recording signed another value than the one it sent."""

HIGH = ORDER // 2 + 1


def _high_s(raw: bytes) -> bytes:
    s = ORDER - int.from_bytes(raw[32:64], "big")
    return raw[:32] + s.to_bytes(32, "big") + bytes([raw[64] ^ 1])


def _recid(number: int) -> Callable[[bytes], bytes]:
    return lambda raw: raw[:64] + bytes([number])


MANGLED: dict[str, Callable[[bytes], bytes]] = {
    "signature all zero": lambda raw: bytes(65),
    "high-s signature": _high_s,
    "high s": _high_s,
    "recid wrong (flipped)": lambda raw: raw[:64] + bytes([raw[64] ^ 1]),
    **{f"recid {number}": _recid(number) for number in (2, 3, 4, 27, 28, 255)},
    "s = order": lambda raw: raw[:32] + ORDER.to_bytes(32, "big") + raw[64:],
    "r = 0": lambda raw: bytes(32) + raw[32:],
    "r >= order": lambda raw: b"\xff" * 32 + raw[32:],
}

SPELT: dict[str, Callable[[str], Value]] = {
    "signature 64 bytes": lambda text: text[:128],
    "signature 66 bytes": lambda text: text + "00",
    "signature odd hex": lambda text: text[:129],
    "signature not hex": lambda text: "z" * 130,
    "signature number": lambda text: 5,
    "signature uppercase hex": str.upper,
    "signature 0x prefix": lambda text: "0x" + text,
    "sig short": lambda text: "ab",
}


def _as_signed(name: str, request: dict[str, Any]) -> dict[str, Value]:
    """The values that go into the signed bytes: what the node reads, or any where it refuses before."""
    kind = request.get("type")
    known = kind if kind in ("tokenTransfer", "limitSwap", "liquidityDeposit") else None
    known = kind if kind in ("liquidityWithdrawal", "cancelation", "assetCreation") else known
    e8 = request.get("wartE8", request.get("amountE8", _funds(request.get("wartStr", request.get("amount")))))
    return {
        "type": known or "wartTransfer",
        "pinHeight": _whole(request.get("pinHeight"), 32),
        "nonceId": _whole(request.get("nonceId"), 32),
        "feeE8": _whole(request.get("feeE8", _funds(request.get("feeStr", request.get("fee")))), 64),
        "toAddr": _hex(request.get("toAddr"), 48),
        "wartE8": _whole(e8, 64),
        "assetHash": _hex(request.get("assetHash"), 64),
        "isLiquidity": request.get("isLiquidity") is True,
        "isBuy": request.get("isBuy") is True,
        "amountU64": _whole(request.get("amountU64"), 64),
        "amountE8": _whole(request.get("amountE8"), 64),
        "limit": _hex(request.get("limit"), 6),
        "cancelHeight": _whole(request.get("cancelHeight"), 32),
        "cancelNonceId": _whole(request.get("cancelNonceId"), 32),
        "supplyU64": _whole(request.get("supplyU64"), 64),
        "decimals": _whole(request.get("decimals"), 8),
        "name": name if re.fullmatch("[A-Za-z0-9]{1,5}", name := str(request.get("name"))) else "X",
    }


def _whole(value: object, bits: int) -> int:
    return int(value) & (2**bits - 1) if isinstance(value, int | float) else 0


def _funds(text: object) -> int:
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]*\.?[0-9]*", text) or not text.strip("."):
        return 0
    return int(Decimal(text) * WART) % 2**64


def _hex(text: object, digits: int) -> str:
    given = text if isinstance(text, str) else ""
    return given[:digits] if re.fullmatch(f"[0-9a-fA-F]{{{digits},}}", given) else "0" * digits


class Rebuilder:
    """Our own chain in the state that the recording had, and its requests with our keys."""

    def __init__(self) -> None:
        self.node = new_node(Network.DEFI, 90, SENDER.address)
        self.desk = Desk(self.node, SENDER)
        self.asset = self.desk.mined(type="assetCreation", name="TOK", decimals=4, supplyU64=800_000_000_000)
        self.desk.mined(type="liquidityDeposit", assetHash=self.asset, amountU64=1_000_000, wartE8=WART)
        self.node.mine(103 - self.node.height, SENDER.address)

    def replace(self, text: str) -> str:
        """The recorded request with our addresses and our asset."""
        then = next(case["request"]["assetHash"] for case in RECORDED if case["name"] == "tokenTransfer ok")
        pairs = {SENDER_THEN: SENDER.address, PAYEE_THEN: PAYEE.address, then: self.asset}
        for old, new in pairs.items():
            text = text.replace(old, new).replace(old.upper(), new.upper())
        return text

    def with_balance(self, name: str, request: dict[str, Any]) -> dict[str, Any]:
        """The three cases that were recorded about the exact balance, about ours."""
        total = self.desk.wart()[0]
        wanted = {
            "wart > balance": total + 1,
            "wart == balance (fee not covered)": total,
            "wart balance minus fee, but others pending": total - MIN_FEE,
        }
        return {**request, "wartE8": wanted[name]} if name in wanted else request

    def pin_hash(self, name: str, height: int) -> bytes:
        """The hash that *name* signs under."""
        if name in ("wrong pinHash in signature", "wrong pin") or height > self.node.height:
            return b"\x01" * 32
        return self.node.chain.block_hash(height)

    def rebuilt(self, case: dict[str, Any]) -> tuple[bytes, str]:
        """The body to send, and the hash that it must get if it is taken."""
        name, request = case["name"], case["request"]
        if isinstance(request, str):
            return self.rebuilt_text(name, request)
        ours = self.with_balance(name, json.loads(self.replace(json.dumps(request))))
        digest, signature = self.signature(name, ours)
        if "signature65" in ours:
            ours["signature65"] = SPELT.get(name, str)(signature)
        return json.dumps(ours).encode(), digest.hex()

    def rebuilt_text(self, name: str, text: str) -> tuple[bytes, str]:
        """The same for a body that is no plain object: only its signature changes."""
        ours = self.replace(text)
        if name == "invalid utf8":
            return ours.encode("latin-1"), ""
        found = re.search(r"\{.*\}", ours, re.DOTALL)
        try:
            request = json.loads(found[0]) if found else {}
        except ValueError:
            request = {}
        digest, signature = self.signature(name, request)
        return ours.replace(request.get("signature65", "no signature"), signature).encode(), digest.hex()

    def signature(self, name: str, request: dict[str, Any]) -> tuple[bytes, str]:
        """The hash and the signature, with what the case does to it."""
        signed = {**_as_signed(name, request), **SIGNED_OTHERWISE.get(name, {})}
        wallet = STRANGER if name == "signed by key without account" else SENDER
        digest, signature = wallet.sign(self.pin_hash(name, int(signed["pinHeight"])), signed)
        return digest, MANGLED.get(name, bytes)(bytes.fromhex(signature)).hex()


def _replies() -> list[tuple[str, dict[str, Any], dict[str, Any], str]]:
    """Name, recorded reply, our reply and the hash that we signed, for every case in its order."""
    rebuilder = Rebuilder()
    return [(case["name"], json.loads(case["reply"]), *_reply(rebuilder, case)) for case in RECORDED]


def _reply(rebuilder: Rebuilder, case: dict[str, Any]) -> tuple[dict[str, Any], str]:
    mine = f"/debug/fakemine/{SENDER.address}"
    if case["name"] == "final: mine":
        return get(rebuilder.node, mine), ""
    if case["name"] == "dup: same tx after mined":
        get(rebuilder.node, mine)
    body, digest = rebuilder.rebuilt(case)
    return post(rebuilder.node, body), digest


@pytest.fixture(scope="module")
def replies() -> list[tuple[str, dict[str, Any], dict[str, Any], str]]:
    """One run through all recorded cases."""
    return _replies()


def _same(theirs: dict[str, Any], ours: dict[str, Any]) -> bool:
    if theirs["code"] == 0 and ours["code"] == 0:
        return {key: type(value) for key, value in theirs["data"].items()} == {
            key: type(value) for key, value in ours["data"].items()
        } and theirs["data"].get("code") == ours["data"].get("code")
    return theirs == ours


def test_every_recorded_case_is_rebuilt(replies: list[Any]) -> None:
    """None of the 239 is left out."""
    assert len(replies) == 239


def test_code_and_text_are_the_real_nodes_but_for_the_named_differences(replies: list[Any]) -> None:
    """A case differs if and only if the table of differences names it."""
    differing = {name for name, theirs, ours, _ in replies if not _same(theirs, ours)}
    assert set(CASES) == differing, [reply for reply in replies if reply[0] in differing ^ set(CASES)]


def test_a_named_difference_names_one_case() -> None:
    """No name in the table stands for two recorded cases."""
    counted = Counter(case["name"] for case in RECORDED)
    assert dict.fromkeys(CASES, 1) == {name: counted[name] for name in CASES}


def test_what_is_taken_gets_the_hash_of_the_signed_bytes(replies: list[Any]) -> None:
    """The reply names the SHA-256 of the bytes that the wallet signed."""
    taken = [(ours["data"]["txHash"], digest) for _, _, ours, digest in replies if "txHash" in ours.get("data", {})]
    assert len(taken) >= 60
    assert [digest for _, digest in taken] == [tx_hash for tx_hash, _ in taken]


@pytest.mark.parametrize("case", [case for case in RECORDED if case["request"]], ids=lambda case: str(case["name"]))
def test_recorded_bodies_are_read_as_recorded(case: dict[str, Any]) -> None:
    """The recorded bytes themselves: what reading alone refuses has the recorded code."""
    request = case["request"]
    raw = (json.dumps(request) if isinstance(request, dict) else request).encode()
    try:
        read_transaction(Network.DEFI, raw)
    except Rejection as no:
        expected = json.loads(case["reply"])
        assert case["name"] in CASES or no.reason.number(Network.DEFI) == expected["code"]


MAIN_HEIGHT = 43
MAIN_PIN_HASH = bytes.fromhex("fbfe5a2208d5f5cdb3416f57a26b9caf4c7c701275d158ee68c8f663ca0d3b5c")


def test_recorded_main_transfers_have_the_recorded_hash_and_sender() -> None:
    """The main recording kept its pin: its own bytes hash and recover as recorded."""
    for case in RECORDED_MAIN:
        reply = json.loads(case["reply"])
        if reply["code"] == 0:
            tx = read_transaction(Network.MAIN, json.dumps(case["request"]).encode())
            assert reply["data"]["txHash"] == tx.digest(MAIN_PIN_HASH).hex()
            assert SENDER_THEN_MAIN[:40] == signer(tx.signature, tx.digest(MAIN_PIN_HASH)).hex()


def test_main_replies_are_the_recorded_ones() -> None:
    """Every recorded POST of the main network, in order, with our key: same code and text, no difference at all."""
    node = new_node(Network.MAIN, MAIN_HEIGHT, SENDER.address)
    for case in RECORDED_MAIN:
        recorded, ours = json.loads(case["reply"]), post(node, _rebuilt_main(node.chain.block_hash(32), case))
        assert recorded["code"] == ours["code"], case["name"]
        assert recorded.get("error") == ours.get("error"), case["name"]


def _rebuilt_main(pin_hash: bytes, case: dict[str, Any]) -> bytes:
    name, request = case["name"], case["request"]
    if not isinstance(request, dict) or not request:
        return json.dumps(request).encode() if isinstance(request, dict) else str(request).encode()
    text = json.dumps(request).replace(SENDER_THEN_MAIN, SENDER.address).replace(PAYEE_THEN_MAIN, PAYEE.address)
    ours = json.loads(text)
    signed = {**_as_signed(name, ours), "type": "wartTransfer"}
    signed["wartE8"] = ours["wartE8"] if "amountE8" not in ours and "amount" not in ours else signed["wartE8"]
    if name == "bad sig tampered":
        signed["wartE8"] = 1
    used = b"\x01" * 32 if name == "wrong pin" else pin_hash
    signature = SENDER.sign(used, signed)[1]
    mangled = MANGLED.get(name, bytes)(bytes.fromhex(signature)).hex()
    return json.dumps({**ours, "signature65": SPELT.get(name, str)(mangled)}).encode()
