"""The nodes' error numbers, against everything that was recorded."""

import json
from pathlib import Path
from typing import Any

import pytest

from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.node_errors import NUMBERS, Meaning, NodeError, meaning

_VECTORS = Path(__file__).parents[3] / "vectors" / "warthog"
_RECORDED = {
    "node_replies.json": ("replies", Network.DEFI),
    "add_replies.json": ("cases", Network.DEFI),
    "node_replies_main.json": ("replies", Network.MAIN),
}
_TEXTS = {
    "address not found": Meaning.ADDRESS_NOT_FOUND,
    "asset hash not found": Meaning.ASSET_NOT_FOUND,
    "asset id not found": Meaning.ASSET_ID_NOT_FOUND,
    "cannot cancel future transactions": Meaning.CANCEL_FUTURE,
    "cannot parse asset decimals": Meaning.CANNOT_PARSE_DECIMALS,
    "cannot parse asset units": Meaning.CANNOT_PARSE_SUPPLY,
    "cannot parse buy flag": Meaning.CANNOT_PARSE_BUY_FLAG,
    "cannot parse cancel height": Meaning.CANNOT_PARSE_CANCEL_HEIGHT,
    "cannot parse cancel nonce": Meaning.CANNOT_PARSE_CANCEL_NONCE,
    "cannot parse hash": Meaning.CANNOT_PARSE_HASH,
    "cannot parse hexadecimal input": Meaning.CANNOT_PARSE_HEX,
    "cannot parse liquidity flag": Meaning.CANNOT_PARSE_LIQUIDITY_FLAG,
    "cannot parse nonce": Meaning.CANNOT_PARSE_NONCE,
    "cannot parse signature": Meaning.CANNOT_PARSE_SIGNATURE,
    "corrupted signature": Meaning.CORRUPTED_SIGNATURE,
    "duplicate transaction nonce": Meaning.DUPLICATE_NONCE,
    "inexact fee not allowed": Meaning.INEXACT_FEE,
    "insufficient balance": Meaning.INSUFFICIENT_BALANCE,
    "insufficient token balance": Meaning.INSUFFICIENT_TOKEN_BALANCE,
    "invalid address": Meaning.INVALID_ADDRESS,
    "invalid amount": Meaning.INVALID_AMOUNT,
    "invalid api arguments": Meaning.INVALID_ARGUMENTS,
    "invalid asset name": Meaning.INVALID_ASSET_NAME,
    "invalid fee": Meaning.INVALID_FEE,
    "invalid height": Meaning.INVALID_HEIGHT,
    "invalid price": Meaning.INVALID_PRICE,
    "invalid transaction message type": Meaning.INVALID_TYPE,
    "invalid transaction pin": Meaning.INVALID_PIN,
    "malformed funds data": Meaning.MALFORMED_FUNDS,
    "malformed token specification": Meaning.MALFORMED_TOKEN,
    "not found": Meaning.NOT_FOUND,
    "self send transaction not allowed": Meaning.SELF_SEND,
    "token not found": Meaning.TOKEN_NOT_FOUND,
    "transaction fee below threshold": Meaning.FEE_BELOW_MINIMUM,
    "transactions cannot send 0 tokens": Meaning.ZERO_AMOUNT,
    "transactions cannot send 0 wart": Meaning.ZERO_AMOUNT,
    "wart amount cannot be 0": Meaning.ZERO_AMOUNT,
}
"""The nodes' own words, in lower case: 187 says the same as 188 and is the only number apart from its text."""
_NEVER_ASKED = {70}
"""Invalid private key: a key is never sent to a node."""


def _recorded(file: str) -> set[tuple[int, str]]:
    part, _ = _RECORDED[file]
    bodies = [row["reply"] for row in json.loads((_VECTORS / file).read_text())[part]]
    replies: list[dict[str, Any]] = [json.loads(body) for body in bodies if body and body.startswith("{")]
    return {(reply["code"], reply["error"]) for reply in replies if reply["code"]}


@pytest.mark.parametrize("file", _RECORDED)
def test_recorded_errors(file: str) -> None:
    """Each error that a node gave has the meaning of its words."""
    network = _RECORDED[file][1]
    found = {number: (meaning(network, number), text) for number, text in _recorded(file) if number not in _NEVER_ASKED}
    assert found
    for number, (ours, text) in found.items():
        expected = Meaning.CANCEL_SELF if number == 187 else _TEXTS[text.lower()]
        assert (number, expected) == (number, ours)


@pytest.mark.parametrize(
    ("kind", "main", "defi"),
    [
        (Meaning.DUPLICATE_NONCE, 27, 26),
        (Meaning.INVALID_PIN, 30, 29),
        (Meaning.NOT_PIN_HEIGHT, 66, 65),
        (Meaning.SELF_SEND, 83, 82),
        (Meaning.ZERO_AMOUNT, 85, 84),
        (Meaning.INVALID_ADDRESS, 72, 71),
        (Meaning.ADDRESS_NOT_FOUND, 101, 122),
        (Meaning.FEE_BELOW_MINIMUM, 209, 217),
        (Meaning.INVALID_FEE, 202, 130),
        (Meaning.INEXACT_FEE, 203, 302),
        (Meaning.INVALID_AMOUNT, 204, 303),
        (Meaning.CANNOT_PARSE_SIGNATURE, 205, 304),
        (Meaning.INSUFFICIENT_BALANCE, 22, 22),
        (Meaning.CORRUPTED_SIGNATURE, 23, 23),
        (Meaning.NOT_FOUND, 57, 56),
        (Meaning.INVALID_HEIGHT, 73, 72),
        (Meaning.INVALID_ARGUMENTS, 95, 94),
    ],
)
def test_the_networks_differ(kind: Meaning, main: int, defi: int) -> None:
    """The pairs of the facts: the same number is another error on the other network."""
    assert (kind, kind) == (meaning(Network.MAIN, main), meaning(Network.DEFI, defi))


def test_every_meaning_has_a_number() -> None:
    """No meaning is out of reach."""
    assert set(Meaning) == {kind for numbers in NUMBERS.values() for kind in numbers.values()}


@pytest.mark.parametrize("number", [0, -1, 24, 999, 2**64])
def test_unknown_numbers(number: int) -> None:
    """A number that nobody recorded means nothing; success is no error either."""
    assert [None, None] == [meaning(network, number) for network in Network]


def test_number_and_text_are_kept() -> None:
    """What the operator sees names the meaning, the number and the node's own words, quoted."""
    known = NodeError(Network.DEFI, 26, "Duplicate transaction nonce")
    assert 'duplicate nonce (number 26, the node says "Duplicate transaction nonce")' == str(known)
    hostile = NodeError(Network.MAIN, 26, "ok\x1b[2J\nall fine")
    assert 'unknown error (number 26, the node says "ok\\x1b[2J\\nall fine")' == str(hostile)
