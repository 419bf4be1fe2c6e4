"""What the CoinSpark stand-in computes itself: rounding, metadata, the asset hash, addresses; against the libraries."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_online.rehearsal.payments.coinspark_address import (
    CoinSparkAddress,
    NoAddress,
    read_address,
    write_address,
)
from coldtusk_online.rehearsal.payments.coinspark_asset import (
    AssetText,
    NoAsset,
    asset_hash,
    metadata,
    place_bytes,
    rounded,
)

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "payments"
DOCUMENTED = "ssw5De84Cm5BynnWsuF9cXZmFp4bb3fNEeqvh"
BITCOIN = "1LBXAvwFtvJni74suNHKX1apMMoR8zQbgT"


def _recorded(part: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((VECTORS / "coinspark.json").read_text(encoding="utf-8"))[part]
    return rows


def test_rounding_as_the_libraries_round() -> None:
    """Every recorded value within the bounds; above them the libraries clamp, and the service refuses before."""
    most = {"raw_quantity": (1000, 10**14), "charge_flat_raw_qty": (100, 5000)}
    rows = [row for row in _recorded("rounding") if row["in"] <= most[row["field"]][1]]
    for row in rows:
        made = rounded(row["in"], row["rounding"], most[row["field"]][0])
        assert (row["mantissa"], row["exponent"], row["actual"]) == (made.mantissa, made.exponent, made.actual), row
    assert len(rows) > 60


def test_metadata_as_the_libraries_write_it() -> None:
    """The recorded geneses, with a hash of 0, 1, 2, ...; one has no room for it."""
    for row in _recorded("genesis"):
        quantity = rounded(row["raw_quantity"], row["rounding"], 1000)
        flat = rounded(row["charge_flat"], row["rounding"], 100)
        assert (row["actual_quantity"], row["actual_flat"]) == (quantity.actual, flat.actual)
        place, hashed = place_bytes(row["url"]), bytes(range(32))
        if row["valid"]:
            assert row["metadata_hex"] == metadata(quantity, flat, row["bps"], place, hashed).hex()
        else:
            with pytest.raises(NoAsset):
                metadata(quantity, flat, row["bps"], place, hashed)


def test_the_asset_hash_as_the_libraries_make_it() -> None:
    """Trimmed texts, scaled numbers, the contract."""
    for row in _recorded("asset_hash"):
        names = ("name", "issuer", "description", "units", "issue_date", "expiry_date")
        texts = {name: row[name] for name in names}
        rate, multiple = Decimal(str(row["interest_rate"])), Decimal(str(row["multiple"]))
        text = AssetText(rate=rate, multiple=multiple, contract=row["contract"].encode(), **texts)
        assert row["hash"] == asset_hash(text).hex()


def test_places_by_hand() -> None:
    """The longest suffix counts, https and /coinspark/ have marks of their own, an IPv4 host has no text."""
    assert 1 << 6 | 11 == place_bytes("https://www.example.co.uk/a/")[0]
    assert place_bytes("http://x.com/a/")[1:] != place_bytes("https://x.com/a/")[1:]
    assert place_bytes("http://x.com/coinspark/a/")[1:] != place_bytes("http://x.com/a/")[1:]
    assert bytes([63 | 0x40, 10, 1, 2, 3]) == place_bytes("https://10.1.2.3/a/")[:5]
    assert 1 + 4 + 2 == len(place_bytes("http://10.1.2.3/a/"))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.com/a/",
        "http://user@x.com/a/",
        "http://x.com:80/a/",
        "http://x.com/A/",
        "http://X.com/a/",
        "http://x.com/a",
        "http://x.com/a/b/",
        "http://x.com/a/?q",
        "http://x.com/" + "a" * 25 + "/",
        "http://" + "a" * 29 + ".com/a/",
    ],
)
def test_places_that_cannot_be_packed(url: str) -> None:
    """Another scheme, a user, a port, upper case, no path, two parts, a query, too long."""
    with pytest.raises(NoAsset):
        place_bytes(url)


def test_the_documents_address() -> None:
    """It takes assets and holds a bitcoin address with a right checksum."""
    assert CoinSparkAddress(BITCOIN, 1, 0) == read_address(DOCUMENTED)
    assert DOCUMENTED == write_address(CoinSparkAddress(BITCOIN, 1, 0))


@given(st.integers(0, 58**4 - 1).map(lambda number: number | 1), st.integers(0, 58**5 - 1))
def test_addresses_come_back(flags: int, reference: int) -> None:
    """Whatever the flags and the reference."""
    address = CoinSparkAddress(BITCOIN, flags, reference)
    assert address == read_address(write_address(address))


@given(st.integers(1, len(DOCUMENTED) - 1), st.integers(1, 57))
def test_no_typo_passes(place: int, by: int) -> None:
    """Each wrong character is seen by the inner checksum or the flag."""
    letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    other = letters[(letters.index(DOCUMENTED[place]) + by) % 58]
    with pytest.raises(NoAddress):
        read_address(DOCUMENTED[:place] + other + DOCUMENTED[place + 1 :])


@pytest.mark.parametrize(
    "text",
    ["", "s", "x" + DOCUMENTED[1:], DOCUMENTED[:-1], DOCUMENTED + "1", "s0l" + DOCUMENTED[3:], "s" * 100]
    + [write_address(CoinSparkAddress(BITCOIN, flags, 0)) for flags in (0, 2)]
    + [write_address(CoinSparkAddress("1" + BITCOIN, 1, 0))],
)
def test_what_is_no_address(text: str) -> None:
    """Another letter first, too short or long, letters that base 58 has not, no flag for assets, a zero too many."""
    with pytest.raises(NoAddress):
        read_address(text)
