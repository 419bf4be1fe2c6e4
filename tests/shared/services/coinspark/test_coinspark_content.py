"""The parameters of a creation: read strictly, checked together, refused before anybody is asked."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import cbor, command, limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.risk import Risk
from coldtusk_shared.services.coinspark import content
from coldtusk_shared.services.coinspark.commands import ALWAYS_SENT, COMMANDS, CREATE_ASSET, DEFAULTS
from coldtusk_shared.value import Currency
from tests.shared.services.coinspark.asset_samples import (
    ACCOUNT,
    ADDRESS,
    KIND,
    LEFT_OUT,
    OPTIONAL,
    REQUIRED,
    asset,
    bitcoin_address,
    wire,
)
from tests.shared.services.coinspark.test_coinspark_address import written

_TESTNET = written(bitcoin_address(0x6F, bytes(range(20))), [1], [])
_LONG = "a" * (limits.COINSPARK_TEXT_BYTES + 1)


def test_the_documents_parameters() -> None:
    """Every parameter of the document is in the table once, and each is required, always sent or has a default."""
    names = [field.name for field in CREATE_ASSET.fields]
    assert sorted({**REQUIRED, **OPTIONAL}) == sorted(names)
    required = {field.name for field in CREATE_ASSET.fields if field.required}
    assert set(REQUIRED) == required | set(ALWAYS_SENT)
    assert set(OPTIONAL) == set(DEFAULTS) == set(names) - set(REQUIRED)
    assert list(range(1, 25)) == [field.key for field in CREATE_ASSET.fields]


def test_required_alone() -> None:
    """The document's example; what is left out costs what the service takes by default."""
    found = asset()
    assert (KIND, "coinspark/main", ("coinspark/main", REQUIRED["asset_url"])) == (found.kind, found.scope, found.slot)
    assert found.not_after is None
    assert found.releases
    assert Risk.RELEASES_SECRET is found.risk
    assert wire() == found.fields()
    assert {} == found.evidence()
    assert (10_000, 10_000, 1, None) == (
        found.asset.send_e8,
        found.asset.fee_e8,
        found.asset.outputs,
        found.asset.expiry,
    )
    assert Fraction(1_000_000) == found.asset.displayed


def test_everything_given() -> None:
    """All parameters; the same bytes again."""
    found = asset(**OPTIONAL)
    assert cbor.encode(wire(**OPTIONAL)) == cbor.encode(found.fields())
    assert (50_000, 20_000, 4, 1_731_847_656) == (
        found.asset.send_e8,
        found.asset.fee_e8,
        found.asset.outputs,
        found.asset.expiry,
    )
    assert (8, 125) == (found.asset.genesis.flat.actual, found.asset.genesis.basis_points)


def test_values() -> None:
    """The bitcoin that is sent has the asset's recipient as its payee, the fee has none."""
    sent, fee = asset(send_btc="0.0005").values()
    bitcoin = Currency("coinspark/main", "BTC")
    assert (bitcoin, Fraction(5, 10_000), ADDRESS) == (sent.currency, sent.amount, sent.payee)
    assert (bitcoin, Fraction(1, 10_000), None) == (fee.currency, fee.amount, fee.payee)


def test_intent() -> None:
    """Two ways to write one number are one intent; another account is another."""
    assert asset(display_multiple="0.01").intent() == asset(display_multiple="0.010").intent()
    assert asset(name="Other").intent() != asset().intent()
    other = content.parse(KIND, bytes(16), wire(), {}, "item")
    assert other.intent() != asset().intent()


def test_testnet() -> None:
    """The test network has a scope of its own, and addresses of its own."""
    found = asset(testnet=True, send_to_address=_TESTNET)
    assert "coinspark/testnet" == found.scope
    assert found.asset.address.testnet


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"raw_quantity": 0}, "coinspark.quantity", "raw_quantity"),
        ({"raw_quantity": 10**14 + 1}, "coinspark.quantity", "raw_quantity"),
        ({"charge_flat_raw_qty": 5001}, "coinspark.flat-charge", "charge_flat_raw_qty"),
        ({"charge_basis_points": 251}, "coinspark.basis-points", "charge_basis_points"),
        ({"rounding": "2"}, "field.out-of-range", "rounding"),
        ({"rounding": 1}, "field.wrong-type", "rounding"),
        ({"rounding": LEFT_OUT}, "field.required", ""),
        ({"testnet": LEFT_OUT}, "field.required", ""),
        ({"testnet": 0}, "field.wrong-type", "testnet"),
        ({"testnet": True}, "coinspark.address.network", "send_to_address"),
        ({"send_to_address": _TESTNET}, "coinspark.address.network", "send_to_address"),
        ({"send_to_address": ADDRESS[:-1] + "w"}, "coinspark.address.checksum", "send_to_address"),
        ({"asset_url": "https://user@example.com/a/"}, "coinspark.url.user", "asset_url"),
        ({"asset_url": "https://Example.com/a/"}, "coinspark.url.upper-case", "asset_url"),
        (
            {"asset_url": "https://a-quite-long-domain-name.io/a-long-name/"},
            "coinspark.metadata.hash-short",
            "asset_url",
        ),
        ({"asset_url": "https://example.com/a/ "}, "field.characters", "asset_url"),
        ({"contract_url": "https://user@example.com/a.pdf"}, "coinspark.contract-url", "contract_url"),
        ({"contract_url": "https://Example.com/a.pdf"}, "coinspark.contract-url", "contract_url"),
        ({"contract_url": "https://example.com/a.pdf#b"}, "coinspark.contract-url", "contract_url"),
        ({"contract_url": "https://example.com/<a>"}, "coinspark.contract-url", "contract_url"),
        ({"contract_url": "ftp://example.com/a"}, "coinspark.contract-url", "contract_url"),
        ({"contract_template": "de"}, "coinspark.contract-template", "contract_template"),
        ({"contract_template": "http://example.com/a"}, "coinspark.contract-template", "contract_template"),
        ({"name": " Voucher"}, "coinspark.text-ends", "name"),
        ({"name": "Voucher "}, "coinspark.text-ends", "name"),
        ({"name": ""}, "field.empty", "name"),
        ({"name": "Voucher\n"}, "text.character", "name"),
        ({"name": "Voucher\N{RIGHT-TO-LEFT OVERRIDE}"}, "text.character", "name"),
        ({"name": "Cafe\N{COMBINING ACUTE ACCENT}"}, "text.not-nfc", "name"),
        ({"name": _LONG}, "text.too-long", "name"),
        ({"issuer_address": "London\n\nUK"}, "coinspark.lines", "issuer_address"),
        ({"issuer_address": "London\n"}, "coinspark.lines", "issuer_address"),
        ({"issuer_address": ""}, "coinspark.lines", "issuer_address"),
        ({"issuer_address": "\n".join("a" * (limits.COINSPARK_LINES + 1))}, "coinspark.lines", "issuer_address"),
        ({"issuer_address": _LONG}, "coinspark.lines", "issuer_address"),
        ({"issuer_address": "London\r\nUK"}, "text.character", "issuer_address"),
        ({"issuer_address": "London\n UK"}, "coinspark.text-ends", "issuer_address"),
        ({"issuer_address": 5}, "field.wrong-type", "issuer_address"),
        ({"display_multiple": "0"}, "amount.zero", "display_multiple"),
        ({"display_multiple": "0.0000001"}, "decimal.digits", "display_multiple"),
        ({"display_multiple": "1e2"}, "decimal.form", "display_multiple"),
        ({"display_multiple": "NaN"}, "decimal.form", "display_multiple"),
        ({"display_multiple": "-1"}, "decimal.form", "display_multiple"),
        ({"display_multiple": "123456789012345"}, "decimal.digits", "display_multiple"),
        ({"display_multiple": 100}, "field.wrong-type", "display_multiple"),
        ({"send_btc": "0.1000001"}, "coinspark.btc", "send_btc"),
        ({"fee_btc": "0.1000001"}, "coinspark.btc", "fee_btc"),
        ({"fee_btc": "0.000000001"}, "decimal.digits", "fee_btc"),
        ({"send_btc": "0.00000545"}, "coinspark.dust", "send_btc"),
        ({"send_btc": "0.00001", "num_outputs": 2}, "coinspark.dust", "send_btc"),
        ({"raw_quantity": 3, "num_outputs": 4}, "coinspark.outputs", "num_outputs"),
        ({"num_outputs": 0}, "field.out-of-range", "num_outputs"),
        ({"num_outputs": limits.COINSPARK_OUTPUTS + 1}, "field.out-of-range", "num_outputs"),
        ({"confirmations": 0}, "field.out-of-range", "confirmations"),
        ({"confirmations": limits.COINSPARK_CONFIRMATIONS + 1}, "field.out-of-range", "confirmations"),
        ({"expiry_timestamp": 0}, "field.out-of-range", "expiry_timestamp"),
        ({"expiry_timestamp": limits.COINSPARK_EXPIRY + 1}, "field.out-of-range", "expiry_timestamp"),
    ],
)
def test_refused(changes: dict[str, Any], code: str, field: str) -> None:
    """Each slip has its code and names its field."""
    with pytest.raises(BadInput) as caught:
        asset(**changes)
    where = f"item.fields.{field}" if field else "item.fields"
    assert (code, where) == (caught.value.code.name, caught.value.where)


def test_the_most() -> None:
    """The caps themselves are taken."""
    most = asset(
        send_btc="0.1",
        fee_btc="0.10000000",
        num_outputs=limits.COINSPARK_OUTPUTS,
        confirmations=limits.COINSPARK_CONFIRMATIONS,
        expiry_timestamp=limits.COINSPARK_EXPIRY,
        raw_quantity=10**14,
        display_multiple="99999999.999999",
        name=_LONG[1:],
        description="a" * limits.TEXT_BYTES,
        issuer_address="\n".join("a" * limits.COINSPARK_LINES),
    )
    assert (limits.COINSPARK_BTC_E8, limits.COINSPARK_BTC_E8) == (most.asset.send_e8, most.asset.fee_e8)


@pytest.mark.parametrize(
    ("kind", "account", "evidence", "code"),
    [
        ("coinspark/transfer", ACCOUNT, {}, "kind.not-supported"),
        ("other/create_asset", ACCOUNT, {}, "kind.not-supported"),
        (KIND, ACCOUNT[1:], {}, "field.wrong-length"),
        (KIND, ACCOUNT, {1: 1}, "field.unknown"),
        (KIND, ACCOUNT, None, "field.wrong-type"),
    ],
)
def test_items_refused(kind: str, account: bytes, evidence: Any, code: str) -> None:
    """Another command, another account, and evidence where there is none."""
    with pytest.raises(BadInput) as caught:
        content.parse(kind, account, wire(), evidence, "item")
    assert code == caught.value.code.name


def test_unknown_field() -> None:
    """A parameter that nobody knows is never passed on."""
    with pytest.raises(BadInput) as caught:
        content.parse(KIND, ACCOUNT, {**wire(), 99: 1}, {}, "item")
    assert "field.unknown" == caught.value.code.name


values = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 2**64 - 1), st.binary(max_size=8), st.text(max_size=12), st.just([1])
)


@given(st.sampled_from([field.key for field in CREATE_ASSET.fields]), values)
def test_any_value_is_refused_or_comes_back(key: int, value: Any) -> None:
    """Nothing but BadInput, whatever stands in a field; what is taken is encoded the same."""
    fields = {**wire(**OPTIONAL), key: value}
    try:
        found = content.parse(KIND, ACCOUNT, cbor.decode(cbor.encode(fields)), {}, "item")
    except BadInput as error:
        assert error.where.startswith("item.fields")
        return
    assert fields == found.fields()


def test_typed_by_a_person() -> None:
    """Texts of the command line give the same fields; an address's lines are written as in the document."""
    texts = {name: str(value) for name, value in REQUIRED.items()} | {"testnet": "no"}
    texts["issuer_address"] = texts["issuer_address"].replace("\n", "\\n")
    found = command.typed(COMMANDS["create_asset"], list(texts.items()))
    assert REQUIRED == dict(found)
