"""Payment services against ``messages.cddl``, rule by rule: each command's fields, and what a device gives."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from coldtusk_shared import cbor, command, services
from coldtusk_shared.command import Command
from coldtusk_shared.errors import BadInput
from coldtusk_shared.services.coinpayments import content as coinpayments
from coldtusk_shared.services.coinpayments import output as coinpayments_output
from coldtusk_shared.services.coinpayments.commands import COMMANDS
from coldtusk_shared.services.coinpayments.payments import MASS_WITHDRAWAL, ROW
from coldtusk_shared.services.coinrpc import body as coinrpc_body
from coldtusk_shared.services.coinrpc import output as coinrpc_output
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from coldtusk_shared.services.coinsoftworks import output as coinsoftworks_output
from coldtusk_shared.services.coinspark import commands as coinspark_commands
from coldtusk_shared.services.coinspark import output as coinspark_output
from tests.shared.alterations import altered, with_texts
from tests.shared.cddl_judge import disagreement, fits
from tests.shared.service_samples import ACCOUNTS, ASSET, BITCOIN, CALLS, Call
from tests.shared.service_vectors import A_BALANCE, A_WITHDRAWAL, COINPAYMENTS_BODY, COINRPC_BODY, OUTPUTS, PLAINTEXTS

_VALUES: dict[str, Any] = {
    "accepted": 2,
    "add_tx_fee": True,
    "address": BITCOIN,
    "all": True,
    "amount": "12.50",
    "auto_confirm": False,
    "buyer_email": "o'neil+7@mail.example.com",
    "buyer_name": "Zoë Müller",
    "cancel_url": "https://shop.example",
    "coin": "BTC",
    "coupon": "GIFT-2026/7",
    "currency": "USDT.TRC20",
    "currency1": "EUR",
    "currency2": "LTCT",
    "custom": "order 7 & 8",
    "dest_tag": "1207",
    "domain": "supplier.crypto",
    "eip55": True,
    "email": "info@shop.example",
    "from": "BTC",
    "full": False,
    "id": "CWAB1CDEFGH2IJKLM3NOPQRS4T",
    "invoice": "1207",
    "ipn_url": "https://shop.example:8443/ipn?shop=7",
    "item_name": "給与 № 3",
    "item_number": "A-7",
    "label": "shop 7",
    "limit": 100,
    "merchant": "0123456789abcdef0123456789abcdef",
    "name": "$shop",
    "newer": 1_767_225_600,
    "note": "Märzrechnung, 1/2",
    "num": 3,
    "pbntag": "$shop_7",
    "short": True,
    "start": 0,
    "success_url": "https://shop.example/thanks",
    "tagid": "CTAG7",
    "to": "LTC",
    "txid": "CPAB1CDEFGH2|CPAB1CDEFGH3",
    "url": "https://shop.example/",
    "years": 1,
}
"""A value for each field of CoinPayments, by its name."""
_SINGLE = {"get_tx_info": {"txid": "CPAB1CDEFGH2"}}
_OTHER_SERVICES = ("coinrpc/get_balance", "coinpayments/", "coinpayments", "coinpayments/Balances", "coinpayments/send")


def _samples(one: Command) -> Iterator[dict[int, Any]]:
    """All fields of *one* at once; where one of several is to be given, each of these in turn."""
    values = {field.name: _SINGLE.get(one.name, {}).get(field.name, _VALUES[field.name]) for field in one.fields}
    alternatives = [name for group in one.one_of for name in group]
    assert len(one.one_of) <= 1
    for chosen in alternatives or [""]:
        kept = {name: value for name, value in values.items() if name == chosen or name not in alternatives}
        yield {field.key: kept[field.name] for field in one.fields if field.name in kept}


def _fields(name: str) -> list[dict[int, Any]]:
    if name == MASS_WITHDRAWAL.name:
        return [{1: list(_samples(ROW))}]
    return list(_samples(COMMANDS[name]))


def _request(kind: str, account: bytes, fields: Any) -> bytes:
    item = {1: kind, 2: bytes(16), 3: account, 4: fields}
    return cbor.encode({1: 1, 2: bytes(16), 3: 0, 4: [2, 0], 5: "", 6: "", 7: [item]})


def _refusal(read: Callable[..., object], *arguments: object) -> str:
    try:
        read(*arguments)
    except BadInput as error:
        return error.code.name
    return ""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_coinpayments(name: str) -> None:
    """All its fields fit, in the code and in the CDDL; with a further key they fit in neither."""
    kind, account = f"coinpayments/{name}", ACCOUNTS["coinpayments"]
    for fields in _fields(name):
        content = coinpayments.parse(kind, account, fields, {}, "item")
        assert fields == content.fields()
        assert fits(_request(kind, account, fields), "request")
        more = {**fields, 1 + max(fields, default=0): "more"}
        assert "field.unknown" == _refusal(coinpayments.parse, kind, account, more, {}, "item")
        assert not fits(_request(kind, account, more), "request")


@pytest.mark.parametrize("name", [name for name in COMMANDS if _fields(name) != [{}]])
def test_fields_of_coinpayments(name: str) -> None:
    """Each field of each command removed, of another type, past its bounds: the code takes nothing more."""
    kind, wrong = f"coinpayments/{name}", []
    for what, payload in altered(cbor.encode(_fields(name)[0])):
        value = cbor.decode(payload)
        code = _refusal(coinpayments.parse, kind, b"key", value, {}, "item")
        wrong += disagreement(what, fits(payload, name.replace("_", "-")), code)
    assert [] == wrong


_FORMS = {
    **{
        name.replace("_", "-"): Call(f"coinpayments/{name}", _fields(name)[-1]) for name in COMMANDS if _fields(name)[0]
    },
    "create-asset": CALLS["coinspark-create_asset-full"],
    "rpc-call": CALLS["coinrpc-send"],
    "execute": CALLS["coinsoftworks-execute"],
}
"""The rule of each kind's fields, and a call that has them."""
_WORDS = """
0 00 0.0 0.10 00.1 .5 1. +1 -1 1e3 0x1 1,5 1/2 NaN Infinity 1_000 \u0661 1\u00a0
a A _ - . $ $$ $a $a.b a$ #a ~ ! " \\ | A|B A|A |A A|B| a..b a.b. .a a-.b us uk U+
BTC BTC. .BTC USDT.TRC20 btc BTC/EUR
a@b a@b. a@-b @b a@ a@b@c a+7@b.c a'b@c "a"@b a@B.c
https:// https://a https://a/ https://a: https://a:0 https://a:99999/ https://a:999999/ https://-a https://a-/
https://a/~ https://a/" https://a/# https://a?b https://a/?b=c#d https://A/ https://a/\u00e4 https://u@a/ https://[::1]/
http://a/ HTTPS://a/ https://a.b/c https://a.b/c/ https://a.b/coinspark/c/ https://a.b/c/d/ https://a.b/C/ https://a.b//
https://a/c/ https://a..b/c/ https://a.b/../ https://1.2.3.999/c/
https://1.2.3.4/c/ https://a_b.c/d/ http://a.b/c|d http://a.b/c{d} http://a.b/c%20d
/ /a /a/ a/b //a /a//b /. /.. /a/.. /{key} /{key}/{key} /{id} /{key}/{id} /{ /a?b /a%20 /A.b~c
__proto__ constructor 7 -7 a7 7a status result.status a.b.c.d a.b.c.d.e Done|Completed Done|Done a\u00e4
\u202ea a\u0301 e\u0336\u0336\u0336\u0336\u0336 \u200b \ud55c\uae00
"""
_TEXTS = (*_WORDS.split(), "", " ", " a", "a ", "a b", "a\nb", "a\n", "\x7f", "Done | Failed")
"""Texts of all kinds, beside what the forms take and past it."""
_MANY, _PART = 400, 5 if len(_TEXTS) % 5 else 7


@pytest.mark.parametrize("rule", _FORMS)
def test_texts(rule: str) -> None:
    """Each text of each call in turn replaced by these: the code takes nothing that the CDDL refuses.

    Of a call with many fields each gets a part of them, another one each.
    """
    call, wrong = _FORMS[rule], []
    account = ACCOUNTS[call.kind.partition("/")[0]]
    altered = list(with_texts(cbor.encode(call.fields), _TEXTS))
    step = 1 if len(altered) <= _MANY else _PART
    for what, payload in altered[::step]:
        code = _refusal(services.load(call.kind).parse, call.kind, account, cbor.decode(payload), {}, "item")
        wrong += disagreement(what, fits(payload, rule), code)
    assert [] == wrong


def test_no_value_is_left_over() -> None:
    """Each value has its field, and each field its value."""
    names = {field.name for one in (*COMMANDS.values(), ROW) for field in one.fields}
    assert names == set(_VALUES)


@pytest.mark.parametrize("kind", _OTHER_SERVICES)
def test_other_kinds(kind: str) -> None:
    """The CDDL knows no further command."""
    assert not fits(_request(kind, b"key", {}), "request")


def test_all_parameters_of_coinspark_are_in_the_vectors() -> None:
    """The full golden request has every parameter of the table."""
    full = CALLS["coinspark-create_asset-full"].fields
    assert {field.key for field in coinspark_commands.CREATE_ASSET.fields} == set(full) > set(ASSET)
    assert ASSET == command.encode(
        coinspark_commands.CREATE_ASSET, command.read(coinspark_commands.CREATE_ASSET, ASSET, "")
    )


_PARTS: dict[str, tuple[str, bytes, Callable[[bytes], object]]] = {
    "coinpayments": ("coinpayments-output", OUTPUTS["coinpayments"], coinpayments_output.parse),
    "coinrpc": ("coinrpc-output", OUTPUTS["coinrpc"], coinrpc_output.parse),
    "coinspark": ("coinspark-output", PLAINTEXTS["coinspark"], coinspark_output.parse),
    "coinsoftworks": ("coinsoftworks-output", PLAINTEXTS["coinsoftworks"], coinsoftworks_output.parse),
    "coinsoftworks-execute": (
        "coinsoftworks-output",
        PLAINTEXTS["coinsoftworks-execute"],
        coinsoftworks_output.parse,
    ),
}
"""Rule, sample and reader of what a device gives."""


@pytest.mark.parametrize(("rule", "sample", "parse"), _PARTS.values(), ids=_PARTS)
def test_outputs(rule: str, sample: bytes, parse: Callable[[bytes], object]) -> None:
    """Each key removed, each type changed, each bound passed: the readers take nothing that the CDDL refuses."""
    assert fits(sample, rule) and not _refusal(parse, sample)
    wrong = []
    for what, payload in altered(sample):
        wrong += disagreement(what, fits(payload, rule), _refusal(parse, payload))
    for what, payload in with_texts(sample, _TEXTS):
        wrong += disagreement(what, fits(payload, rule), _refusal(parse, payload))
    assert [] == wrong


@pytest.mark.parametrize("name", PLAINTEXTS)
def test_a_plaintext_is_no_open_output(name: str) -> None:
    """What holds a secret does not fit where all may see it."""
    results = [{1: bytes(16), 2: 1, 3: PLAINTEXTS[name]}]
    receipt = {1: bytes(16), 2: bytes(32), 3: True, 4: 1, 5: bytes(32), 6: [bytes(32)]}
    opened: dict[int, Any] = {1: 1, 2: bytes(16), 3: bytes(32), 4: results, 5: receipt}
    assert not fits(cbor.encode(opened), "response")
    assert fits(cbor.encode({**opened, 4: [{1: bytes(16), 2: 1, 3: OUTPUTS["coinrpc"]}]}), "response")


def test_the_golden_outputs_are_what_the_code_builds() -> None:
    """The bodies that were written down by hand are those of the items."""
    withdrawal, balance = A_WITHDRAWAL.items[0], A_BALANCE.items[0]
    assert isinstance(withdrawal.content, coinpayments.CoinPaymentsContent)
    assert isinstance(balance.content, CoinRpcContent)
    assert COINPAYMENTS_BODY == withdrawal.content.body(1_767_225_600_000)
    built = coinrpc_body.body(balance.payment_id, balance.content.method, balance.content.params)
    assert COINRPC_BODY == built
