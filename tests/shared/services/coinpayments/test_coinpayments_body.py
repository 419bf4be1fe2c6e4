"""The exact body: order, encoding, and that every decoder gives the fields again."""

import hashlib
import hmac
import json
import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import command as commands
from coldtusk_shared.services.coinpayments.body import HIGHEST_NONCE, body
from coldtusk_shared.services.coinpayments.commands import COMMANDS
from tests.shared.services.coinpayments.call_samples import (
    ADDRESS,
    FULL,
    KEY,
    NONCE,
    VECTORS,
    call,
    mass,
    parsed,
    wire,
    withdrawal,
)
from tests.simulators.programs import node

OURS = {
    "rates": parsed("rates", wire("rates", {"short": True, "accepted": 2}), b"pub_key_1"),
    "withdrawal_default_auto_confirm": parsed(
        "create_withdrawal",
        wire(
            "create_withdrawal", {"amount": "0.00100000", "currency": "BTC", "address": ADDRESS, "auto_confirm": True}
        ),
        b"pub_key_1",
    ),
    "withdrawal_no_auto_confirm": parsed(
        "create_withdrawal",
        wire(
            "create_withdrawal", {"amount": "0.00100000", "currency": "BTC", "address": ADDRESS, "auto_confirm": False}
        ),
        b"pub_key_1",
    ),
    "mass": parsed(
        "create_mass_withdrawal",
        {
            1: [
                wire("row", {"amount": "0.1", "currency": "LTCT", "address": "addr1"}),
                wire("row", {"amount": "0.2", "currency": "LTCT", "pbntag": "$tag", "dest_tag": "77"}),
            ]
        },
        b"pub_key_1",
    ),
    "convert": parsed("convert", wire("convert", {"amount": "1", "from": "BTC", "to": "LTC"}), b"pub_key_1"),
    "tx_multi": parsed("get_tx_info_multi", wire("get_tx_info_multi", {"txid": "T1|T2"}), b"pub_key_1"),
    "callback": parsed(
        "get_callback_address",
        wire("get_callback_address", {"currency": "BTC", "ipn_url": "https://example.test/ipn?a=1&b=2"}),
        b"pub_key_1",
    ),
    "transfer": parsed(
        "create_transfer",
        wire("create_transfer", {"amount": "1", "currency": "LTC", "merchant": "d0f1", "auto_confirm": True}),
        b"pub_key_1",
    ),
    "doc": parsed("get_callback_address", wire("get_callback_address", {"currency": "BTC"}), b"your_api_public_key"),
}
"""What we make for what the peers sent, by the vector's case. Others hold what we refuse: 1e-7, None, a line end."""
REFUSED = {"types", "create_withdrawal#2", "create_withdrawal#3"}


def as_ours(case: str) -> Any:
    """The content for a vector's *case*."""
    return OURS[case.partition("#")[0]]


def expected(vector: dict[str, Any]) -> dict[str, str]:
    """The fields that a peer sent, and a nonce, which no peer's vector of these has."""
    return {**dict(parse_qsl(vector["body"], keep_blank_values=True)), "nonce": str(NONCE)}


COMPARED = [vector for vector in VECTORS if vector["case"] not in REFUSED]


@pytest.mark.parametrize("vector", COMPARED, ids=lambda vector: f"{vector['peer']} {vector['case']}")
def test_ours_decodes_to_the_fields_that_the_peer_sent(vector: dict[str, Any]) -> None:
    """Read as PHP does: the same names and texts, once each."""
    decoded = parse_qsl(as_ours(vector["case"]).body(NONCE).decode(), strict_parsing=True, keep_blank_values=True)
    assert expected(vector) == dict(decoded)
    assert len(dict(decoded)) == len(decoded)


def test_node_decodes_ours_to_the_fields_that_the_peers_sent() -> None:
    """The same by another language's URLSearchParams."""
    bodies = [as_ours(vector["case"]).body(NONCE).decode() for vector in COMPARED]
    script = "console.log(JSON.stringify(JSON.parse(process.argv[1]).map(b => [...new URLSearchParams(b)])))"
    decoded = [dict(pairs) for pairs in json.loads(node(script, b"", json.dumps(bodies)))]
    assert [expected(vector) for vector in COMPARED] == decoded


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['peer']} {vector['case']}")
def test_the_hmac_is_that_of_the_exact_bytes(vector: dict[str, Any]) -> None:
    """HMAC-SHA512 over the body as it was sent, whatever its order and encoding."""
    mac = hmac.new(vector["secret"].encode(), vector["body"].encode(), hashlib.sha512)
    assert vector["expected"] == mac.hexdigest()


def test_node_agrees_on_every_hmac() -> None:
    """The given bodies and ours, by Node's crypto in one run."""
    pairs = [(vector["secret"], vector["body"]) for vector in VECTORS]
    pairs += [("s\u00e9cret/+=1", call(name).body(NONCE).decode()) for name in FULL]
    script = (
        "const c = require('crypto'); console.log(JSON.stringify(JSON.parse(process.argv[1])"
        ".map(([k, b]) => c.createHmac('sha512', k).update(b).digest('hex'))))"
    )
    told = json.loads(node(script, b"", json.dumps(pairs)))
    assert [hmac.new(key.encode(), text.encode(), "sha512").hexdigest() for key, text in pairs] == told


def test_bytes_of_a_withdrawal() -> None:
    """The whole body, once written out: main fields, then the table's order, whatever the message's."""
    assert (
        f"version=1&key={KEY}&cmd=create_withdrawal&nonce={NONCE}&format=json&amount=0.10&currency=BTC"
        f"&address={ADDRESS}&auto_confirm=0&note=50%25%20%2B%20%C3%A9%20%28~%21%2A%27%29"
    ).encode() == withdrawal(note="50% + \u00e9 (~!*')").body(NONCE)


def test_bytes_of_a_mass_withdrawal() -> None:
    """Names are encoded as values are."""
    assert (
        f"version=1&key={KEY}&cmd=create_mass_withdrawal&nonce=7&format=json"
        "&wd%5Bwd1%5D%5Bamount%5D=0.1&wd%5Bwd1%5D%5Bcurrency%5D=LTCT&wd%5Bwd1%5D%5Baddress%5D=addr1"
        "&wd%5Bwd2%5D%5Bamount%5D=0.2&wd%5Bwd2%5D%5Bcurrency%5D=LTCT&wd%5Bwd2%5D%5Bpbntag%5D=%24tag"
        "&wd%5Bwd2%5D%5Bdest_tag%5D=77"
    ).encode() == mass().body(7)


@pytest.mark.parametrize("name", sorted(FULL))
def test_every_field_of_every_command_arrives(name: str) -> None:
    """Flags as 1 and 0, numbers in digits, texts as they are."""
    sent = {field: str(int(value) if isinstance(value, bool) else value) for field, value in FULL[name].items()}
    main = {"version": "1", "key": KEY, "cmd": name, "nonce": str(NONCE), "format": "json"}
    assert {**main, **sent} == dict(parse_qsl(call(name).body(NONCE).decode(), strict_parsing=True))


@given(note=st.text(min_size=1, max_size=200), nonce=st.integers(0, HIGHEST_NONCE))
def test_any_text_comes_back_and_only_safe_bytes_are_sent(note: str, nonce: int) -> None:
    """Whatever reaches the encoder (the forms refuse a lot of it), nothing of it can end a field."""
    made = body(KEY, COMMANDS["create_withdrawal"], {"note": note.encode("utf-8", "replace").decode()}, (), nonce)
    assert re.fullmatch(rb"[A-Za-z0-9._~=&%-]+", made)
    assert note.encode("utf-8", "replace").decode() == dict(parse_qsl(made.decode()))["note"]


@given(amounts=st.lists(st.from_regex(r"[1-9][0-9]{0,9}(\.[0-9]{1,8})?", fullmatch=True), min_size=1, max_size=20))
def test_rows_come_back_from_the_message(amounts: list[str]) -> None:
    """Encoded and read again they are the same, and so are their bytes."""
    made = mass(*({"amount": amount, "currency": "BTC", "address": ADDRESS} for amount in amounts))
    again = parsed("create_mass_withdrawal", made.fields())
    assert made == again
    assert made.body(1) == again.body(1)


def test_fields_come_back_from_the_message() -> None:
    """For every command."""
    for name in FULL:
        made = call(name)
        assert made == parsed(name, made.fields())
        assert commands.encode(made.command, made.given) == made.fields()


@pytest.mark.parametrize("nonce", [-1, HIGHEST_NONCE + 1])
def test_a_nonce_out_of_range_is_our_fault(nonce: int) -> None:
    """Nobody types one."""
    with pytest.raises(RuntimeError, match="no nonce"):
        withdrawal().body(nonce)
