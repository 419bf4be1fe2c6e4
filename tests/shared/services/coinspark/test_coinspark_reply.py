"""What the service made: the asset's hash, the metadata of the chain, the fields of the page."""

import hashlib
import json
from dataclasses import replace
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.coinspark import reply
from coldtusk_shared.services.coinspark.asset_hash import Hashed, asset_hash
from coldtusk_shared.services.coinspark.json_text import Json, Number
from coldtusk_shared.services.coinspark.page import page_json
from coldtusk_shared.services.coinspark.reply import Page
from tests.shared.services.coinspark.asset_samples import REQUIRED, VECTORS, asset
from tests.simulators.programs import node

_TXID = "1856ebbfd8f993ae9133af7538bd0498d7babffda5344dfc704e4762a21081d3"
_PAGE = Page(
    name=REQUIRED["name"],
    issuer=REQUIRED["issuer"],
    description=REQUIRED["description"],
    units="1 Euro",
    multiple=Number("0.01"),
    issue_date="2014-11-20T12:24:50+00:00",
    expiry_date="",
    interest_rate=Number("0"),
    genesis_txid=_TXID,
    name_short=REQUIRED["name_short"],
    contract_url=REQUIRED["contract_url"],
)
"""The document's example of a reply."""
_CONTRACT = b"%PDF-1.4 a contract \x00\xff"
_TEXTS = ("name", "issuer", "description", "units", "issue_date", "expiry_date")
texts = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
numbers = st.fractions(-100, 100)


def by_hand(parts: list[str], contract: bytes) -> str:
    """The hash by the facts, from texts that need no trimming."""
    return hashlib.sha256("".join(f"{part}\0" for part in parts).encode() + contract + b"\0").hexdigest()


@pytest.mark.parametrize("row", VECTORS["asset_hash"], ids=lambda row: row["name"])
def test_library_rows(row: dict[str, Any]) -> None:
    """The public libraries' hash; the rates of the file are exact decimals."""
    rates: dict[str, Any] = {name: Fraction(str(row[name])) for name in ("interest_rate", "multiple")}
    hashed = Hashed(**{name: row[name] for name in _TEXTS}, **rates)
    assert row["hash"] == asset_hash(hashed, row["contract"].encode()).hex()


@given(st.lists(texts, min_size=6, max_size=6), numbers, numbers, st.binary(max_size=20))
def test_hash_by_hand(parts: list[str], rate: Fraction, multiple: Fraction, contract: bytes) -> None:
    """The same bytes, hashed by the test; trimming knows four characters only."""
    trimmed = [part.strip(" \t\r\n") for part in parts]
    rounded = [str(floor(number * 1_000_000 + Fraction(1, 2))) for number in (rate, multiple)]
    named: dict[str, Any] = dict(zip(_TEXTS, parts, strict=True))
    found = asset_hash(Hashed(**named, interest_rate=rate, multiple=multiple), contract)
    assert by_hand([*trimmed, *rounded], contract) == found.hex()


def test_node_hashes_the_same() -> None:
    """Another language's SHA-256 over the example."""
    program = """
    const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
    const hash = require("crypto").createHash("sha256");
    for (const text of given.texts) hash.update(Buffer.from(text, "utf8")).update(Buffer.from([0]));
    hash.update(Buffer.from(given.contract, "hex")).update(Buffer.from([0]));
    console.log(hash.digest("hex"));
    """
    parts = [_PAGE.name, _PAGE.issuer, _PAGE.description, "1 Euro", _PAGE.issue_date, "", "0", "10000"]
    given_ = json.dumps({"texts": parts, "contract": _CONTRACT.hex()}).encode()
    assert node(program, given_).strip() == asset_hash(_PAGE.hashed, _CONTRACT).hex()


def test_a_zero_byte() -> None:
    """Two texts could be read as three: nothing is hashed."""
    with pytest.raises(BadInput) as caught:
        asset_hash(replace(_PAGE, name="a\0b").hashed, _CONTRACT)
    assert "coinspark.hash.nul" == caught.value.code.name


def test_made() -> None:
    """The metadata that the genesis transaction must hold, and its script."""
    content = asset()
    made = reply.made(content, _PAGE, _CONTRACT)
    assert asset_hash(_PAGE.hashed, _CONTRACT) == made.asset_hash
    left = content.asset.genesis.hash_bytes
    assert made.metadata.endswith(made.asset_hash[:left])
    assert bytes.fromhex("6a28") + made.metadata == made.script
    assert 42 == len(made.script)


def test_nothing_differs() -> None:
    """The document's reply to the document's request."""
    assert () == reply.differences(asset(), _PAGE, _TXID)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "Other"),
        ("issuer", "Other"),
        ("description", ""),
        ("units", "2 Euro"),
        ("multiple", Number("0.1")),
        ("interest_rate", Number("1")),
        ("expiry_date", "2014-11-20T12:24:50+00:00"),
        ("genesis_txid", "00"),
        ("name_short", "Other"),
        ("contract_url", "http://www.example.com/other"),
    ],
)
def test_differences(name: str, value: Any) -> None:
    """Each field that is ours is compared."""
    changed: Any = replace(_PAGE, **{name: value})
    (found,) = reply.differences(asset(), changed, _TXID)
    answered = value.text if isinstance(value, Number) else value
    assert (name, answered) == (found.name, found.answered)


@pytest.mark.parametrize(
    "text", ["2024-11-17T12:47:36+00:00", "2024-11-17T12:47:36Z", "2024-11-17T13:47:36+01:00", "2024-11-17 12:47:36"]
)
def test_one_moment_in_several_forms(text: str) -> None:
    """An expiry is compared as a moment; numbers are compared by value."""
    page = replace(_PAGE, expiry_date=text, multiple=Number("1e-2"), interest_rate=Number("0.0"))
    assert () == reply.differences(asset(expiry_timestamp=1_731_847_656), page, _TXID)


def test_page_json() -> None:
    """Safe inside HTML: none of the document's four characters, and no others that HTML could take for its own."""
    hostile = "</script><!-- (a) & 'b' \u2028 \x7f \N{GRINNING FACE} -->"
    urls = ["https://a.example/(b)"]
    fields: dict[str, Json] = {"name": hostile, "multiple": Number("0.0100"), "coinspark_tracker_url": urls, "x": None}
    made = page_json(fields)
    assert not set(b"()<>&'\x7f") & set(made)
    assert made.isascii()
    assert b'"multiple":0.0100' in made
    assert b"\\u003c/script\\u003e" in made
    found = json.loads(made)
    assert {**fields, "multiple": 0.01} == found


@given(st.dictionaries(st.text(), st.text()))
def test_page_round_trip(fields: dict[str, str]) -> None:
    """Whatever the service says comes back from any reader of JSON."""
    assert fields == json.loads(page_json(fields))
