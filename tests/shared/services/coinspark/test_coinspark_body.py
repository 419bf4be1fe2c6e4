"""The body: exact, and the same for every reader of JSON."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import cbor, limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.request import PaymentId
from coldtusk_shared.services.coinspark import json_text, output
from coldtusk_shared.services.coinspark.body import body
from coldtusk_shared.services.coinspark.json_text import Number
from tests.shared.services.coinspark.asset_samples import KEY, OPTIONAL, REQUIRED, asset
from tests.simulators.programs import node

_ID = PaymentId(bytes(range(16)))
_NUMBERS = {"display_multiple", "rounding", "send_btc", "fee_btc"}
_NODE = """
const lines = require("fs").readFileSync(0, "utf8").trim().split("\\n");
console.log(JSON.stringify(lines.map((line) => JSON.parse(line))));
"""


def by_node(bodies: list[bytes]) -> list[Any]:
    """What another language's parser makes of *bodies*."""
    found: list[Any] = json.loads(node(_NODE, b"\n".join(bodies)))
    return found


def as_json(given: dict[str, Any]) -> dict[str, Any]:
    """*given* as a plain reader of JSON sees it."""
    return {name: float(value) if name in _NUMBERS else value for name, value in given.items()}


def test_the_documents_example() -> None:
    """Every byte: the document's members in its order, numbers as they were approved."""
    made = body(_ID, KEY, asset().given).decode("ascii")
    assert (
        '{"id":"000102030405060708090a0b0c0d0e0f","method":"coinspark_create_asset","params":{'
        '"key":"f8sK30M394dS04LkdpWf","testnet":false,"asset_url":"http://www.example.com/vouchers/",'
        '"contract_url":"http://www.example.com/vouchers/contract.pdf","issuer":"John Smith Restaurants",'
        '"issuer_address":"123 Cookery Street\\nLondon\\nEC2V 6DN\\nUnited Kingdom",'
        '"name":"Voucher for John Smith Restaurants","name_short":"John Smith Voucher","description":"Voucher for the '
        "purchase of food and drink at any branch of John Smith Restaurants in the European Union. Breakfasts are "
        'excluded.","raw_quantity":100000000,"display_multiple":0.01,"value_per_unit":"1 Euro",'
        '"send_to_address":"ssw5De84Cm5BynnWsuF9cXZmFp4bb3fNEeqvh","rounding":1}}'
    ) == made


@pytest.mark.parametrize("rounding", ["-1", "0", "1"])
def test_node_reads_the_same(rounding: str) -> None:
    """JavaScript's parser finds every parameter, of its type; nothing that was left out is there."""
    hostile = {"name": 'a"b\\c/d<e>\N{EURO SIGN}\N{GRINNING FACE}', "rounding": rounding}
    contents = [asset(**hostile), asset(**OPTIONAL, **hostile)]
    expected = [{**REQUIRED, **hostile}, {**REQUIRED, **OPTIONAL, **hostile}]
    for found, given_ in zip(by_node([body(_ID, KEY, one.given) for one in contents]), expected, strict=True):
        assert {"id", "method", "params"} == set(found)
        assert {"key": KEY, **as_json(given_)} == found["params"]


decimals = st.integers(1, 10**14 - 1).flatmap(
    lambda digits: st.integers(0, 6).map(lambda places: f"{Decimal(digits).scaleb(-places):f}")
)


@given(decimals)
def test_multiples_are_exact(multiple: str) -> None:
    """The decimal text itself stands in the body: it never was a float."""
    made = json.loads(body(_ID, KEY, asset(display_multiple=multiple).given), parse_float=str, parse_int=str)
    assert multiple == made["params"]["display_multiple"]


def test_the_longest_body_fits() -> None:
    """All texts at their caps, in letters whose escapes are the longest, and the longest key."""
    text = "\N{LATIN SMALL LETTER E WITH ACUTE}" * (limits.COINSPARK_TEXT_BYTES // 2)
    names = ("issuer", "issuer_address", "name", "name_short", "value_per_unit", "governing_law")
    texts = dict.fromkeys((*names, "residents", "prohibited"), text)
    url = f"https://example.com/{'a' * (limits.SERVICE_URL_BYTES - 20)}"
    longest = {**OPTIONAL, **texts, "contract_url": url, "contract_template": url, "description": text * 2}
    made = body(_ID, '"' * limits.SERVICE_SECRET_BYTES[1], asset(**longest).given)
    assert len(made) <= limits.SERVICE_BODY_BYTES < limits.OUTPUT_BYTES
    assert made == output.parse(output.encode(made))


def test_a_body_beyond_its_cap() -> None:
    """Our own misuse: no bound of the parameters lets it happen."""
    with pytest.raises(RuntimeError):
        body(_ID, "a" * limits.SERVICE_BODY_BYTES, asset().given)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({}, "field.missing"),
        ({1: b""}, "field.wrong-length"),
        ({1: bytes(limits.SERVICE_BODY_BYTES + 1)}, "field.wrong-length"),
        ({1: "secret"}, "field.wrong-type"),
        ({1: b"secret", 2: 1}, "field.unknown"),
        ([b"secret"], "field.wrong-type"),
    ],
    ids=str,
)
def test_outputs_refused(value: Any, code: str) -> None:
    """An output of another form; what it holds is not in the error."""
    with pytest.raises(BadInput) as caught:
        output.parse(cbor.encode(value))
    assert code == caught.value.code.name
    assert "secret" not in caught.value.line()


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.just(Number("1.50"))),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=8,
)


def plain(value: Any) -> Any:
    """*value* with numbers as Python's reader finds them."""
    if isinstance(value, Number):
        return Decimal(value.text)
    if isinstance(value, list):
        return [plain(one) for one in value]
    return {name: plain(one) for name, one in value.items()} if isinstance(value, dict) else value


@given(values)
def test_json_round_trip(value: Any) -> None:
    """Python's own reader gives the same values; every byte is ASCII."""
    text = json_text.encode(value)
    assert text.isascii()
    assert plain(value) == json.loads(text, parse_float=Decimal)


@pytest.mark.parametrize(
    "text", ["", "+1", "01", "1.", ".5", "1e999", "1e", "NaN", "Infinity", "0x1", "1 ", "1,0", "9" * 41, "--1", "1_0"]
)
def test_numbers_refused(text: str) -> None:
    """What JSON does not have, and exponents that would fill the memory."""
    with pytest.raises(BadInput) as caught:
        Number(text)
    assert "coinspark.json.number" == caught.value.code.name
