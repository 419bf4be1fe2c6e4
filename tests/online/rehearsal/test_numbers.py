"""The node's own number formats, against the reference node's vectors."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_online.rehearsal import jsonreader
from coldtusk_online.rehearsal.numbers import (
    U64_MAX,
    bracket,
    fee_code,
    fee_value,
    read_funds,
    read_price,
    round_fee,
    write_funds,
)
from coldtusk_online.rehearsal.reasons import Reason, Rejection
from coldtusk_online.rehearsal.transactions import signer
from coldtusk_online.rehearsal.wire import read_transaction
from coldtusk_shared.services.warthog.network import Network
from tests.online.rehearsal.desk import vectors

SIGNED: list[dict[str, Any]] = vectors("transactions.json")["vectors"]


@pytest.mark.parametrize("vector", SIGNED, ids=lambda vector: str(vector["type"]))
@pytest.mark.parametrize("form", ["json", "nodeJson"])
def test_the_reference_nodes_transactions(vector: dict[str, Any], form: str) -> None:
    """Both JSON forms hash to the recorded hash and recover to the recorded address."""
    tx = read_transaction(Network.DEFI, json.dumps(vector[form]).encode())
    digest = tx.digest(bytes.fromhex(vector["pinHash"]))
    assert vector["sha256"] == digest.hex()
    assert vector["address"][:40] == signer(tx.signature, digest).hex()


@given(st.integers(1, U64_MAX))
def test_a_fee_rounds_down_to_what_16_bits_hold(e8: int) -> None:
    """Never above, never by more than one part in 1024, and stable."""
    rounded = round_fee(e8)
    assert rounded <= e8 < rounded + max(1, rounded >> 10) + 1
    assert rounded == fee_value(fee_code(rounded))


@given(st.integers(0, U64_MAX), st.integers(0, 18))
def test_what_the_node_writes_it_reads(units: int, decimals: int) -> None:
    """Amounts of any token, but that 20 digits are the most it reads."""
    text = write_funds(units, decimals)
    assert read_funds(text, decimals) == units or len(text) > 20


@given(st.integers(1, 10**18), st.integers(0, 18))
def test_a_price_lies_in_its_bracket(price: int, decimals: int) -> None:
    """Floor and ceil are neighbours around the value, or equal to it."""
    value = read_price(f"{price}e-9", decimals)
    low, high = bracket(value)
    assert low.usable and high.usable
    steps = (high.exponent - low.exponent) * 0x8000 + high.mantissa - low.mantissa
    assert steps in (0, 1)


def test_hostile_json_is_unreadable_and_no_crash() -> None:
    """Depth, infinities, endless digits and half surrogates."""
    for raw in (b"[" * 100_000, b"1e999", b"NaN", b"-Infinity", b"1" * 5000, b'"\xed\xa0\x80"', b"\xff"):
        with pytest.raises(jsonreader.Unreadable):
            jsonreader.parse(raw)


def test_numbers_convert_as_recorded() -> None:
    """uint64 wraps and truncates, uint32 takes true, strings are no numbers."""
    assert [1, 1, U64_MAX, 0, U64_MAX, None, None] == [
        jsonreader.as_u64(jsonreader.parse(raw))
        for raw in (b"1", b"1.9", b"-1", b"-0", b"18446744073709551616", b"true", b'"1"')
    ]
    assert [0, 96, 1, None] == [
        jsonreader.as_u32(jsonreader.parse(raw)) for raw in (b"4294967296", b"96.0", b"true", b"null")
    ]


def test_an_error_of_defi_alone_has_no_number_on_main() -> None:
    """Asking for one is our own mistake."""
    with pytest.raises(RuntimeError):
        Reason.BAD_PRICE.number(Network.MAIN)
    assert "RuntimeError" not in str(Rejection(Reason.BAD_PRICE))
