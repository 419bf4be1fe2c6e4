"""CoinRPC's item: on the wire and back, what it moves, what it wants, and what is refused when it is read."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coldtusk_shared import cbor, limits, services, typed_table
from coldtusk_shared.command import Command
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.errors import BadInput
from coldtusk_shared.risk import Risk
from coldtusk_shared.screen import render
from coldtusk_shared.services.coinrpc import content, describe, output
from coldtusk_shared.services.coinrpc import methods as tables
from coldtusk_shared.services.coinrpc.content import CoinRpcContent
from coldtusk_shared.services.coinrpc.output import Output
from coldtusk_shared.services.coinrpc.safe_json import Params
from coldtusk_shared.table_fields import Column, Kind
from coldtusk_shared.typed_table import Row
from coldtusk_shared.value import Currency, Value
from tests.shared.services.coinrpc.rpc_samples import (
    KEY,
    RECIPIENT,
    SEND_AT,
    balance,
    call,
    methods,
    params,
    paying,
    wire,
)

SEND = Row(
    "send",
    Risk.MOVES_MONEY,
    (
        Column("recipient", Kind.ADDRESS, required=True, label="To"),
        Column("amount", Kind.AMOUNT, required=True),
        Column("currency", Kind.CURRENCY),
        Column("final", Kind.FLAG),
    ),
).command


def refused(fields: Any, kind: str = content.KIND, account: bytes = KEY, evidence: Any = None) -> tuple[str, str]:
    """How the reader refuses an item."""
    with pytest.raises(BadInput) as caught:
        content.parse(kind, account, fields, {} if evidence is None else evidence, "item")
    return caught.value.code.name, caught.value.where


@given(methods, params, st.integers(0, limits.COINRPC_TIME), st.integers(*limits.SEND_WINDOW_SECONDS))
def test_round_trip(method: str, given_params: Params, send_at: int, window: int) -> None:
    """On the wire and back, with the order of the parameters."""
    made = CoinRpcContent(KEY, method, given_params, send_at, window)
    fields = cbor.decode(cbor.encode(made.fields()))
    assert made == services.load(made.kind).parse(made.kind, KEY, fields, {}, "item")
    assert given_params == made.params


def test_what_it_says_of_itself() -> None:
    """Kind, scope, deadline, slot."""
    made = paying()
    assert ("coinrpc/call", "coinrpc", "merchant-1207") == (made.kind, made.scope, made.key)
    assert NotAfter(Deadline.UTC, SEND_AT + 30) == made.not_after
    assert (False, {}) == (made.releases, made.evidence())
    assert made.slot == paying().slot != paying(send_at=SEND_AT + 1).slot


def test_risk() -> None:
    """Only get_balance is known to read."""
    assert (Risk.READS, Risk.MOVES_MONEY) == (balance().risk, call("get_transaction").risk)


def test_values() -> None:
    """Amount, currency and payee under usual names; an amount that is none is not said; a read moves nothing."""
    bitcoin = Currency("coinrpc", "BTC")
    assert (Value(bitcoin, Fraction(1, 10), RECIPIENT),) == paying().values()
    assert (Value(bitcoin, None, RECIPIENT),) == paying("all").values()
    assert (Value(bitcoin, None, RECIPIENT),) == paying("0.0").values()
    assert (Value(Currency("coinrpc", "of the wallet of merchant-1207"), None, None),) == call("sweep").values()
    assert () == balance().values()


@pytest.mark.parametrize(
    ("more", "amount", "currency", "payee"),
    [
        ([("value", "1000")], None, "BTC", RECIPIENT),
        ([("to", "x")], Fraction(1, 10), "BTC", None),
        ([("coin", "ETH")], None, "of the wallet of merchant-1207", RECIPIENT),
    ],
)
def test_values_of_two_names(
    more: list[tuple[str, str]], amount: Fraction | None, currency: str, payee: str | None
) -> None:
    """Of two usual names only the service knows which counts: no total, payee or currency is taken from either."""
    both = call("send", *paying().params, *more)
    assert (Value(Currency("coinrpc", currency), amount, payee),) == both.values()


@pytest.mark.parametrize("text", ["BTC, checked by this device", "a" * 25, '"', " BTC"])
def test_values_of_a_currency_that_is_none(text: str) -> None:
    """A sentence of the host is no currency, and what it counts is not added to anything."""
    odd = call("send", ("amount", "1"), ("currency", text))
    assert (Value(Currency("coinrpc", "of the wallet of merchant-1207"), None, None),) == odd.values()


def test_intent() -> None:
    """The same amount written otherwise and another time are the same wish; another payee is not."""
    assert paying("0.10").intent() == paying("0.1", send_at=SEND_AT + 600).intent()
    assert paying().intent() != call("send", ("recipient", "x"), ("amount", "0.10"), ("currency", "BTC")).intent()
    assert paying().intent() != paying(account=b"other").intent()
    assert call("send", ("sum", "0.10")).intent() == call("send", ("sum", "0.1")).intent()
    assert call("send", ("tag", "007")).intent() != call("send", ("tag", "7")).intent()


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({1: 5}, "field.wrong-type", "item.fields.method"),
        ({1: "a b"}, "field.characters", "item.fields.method"),
        ({1: "a/b"}, "coinrpc.json.slash", "item.fields.method"),
        ({1: "__proto__"}, "field.characters", "item.fields.method"),
        ({2: {}}, "field.wrong-type", "item.fields.params"),
        ({2: [["a"]]}, "field.wrong-type", "item.fields.params"),
        ({2: ["a"]}, "field.wrong-type", "item.fields.params"),
        ({2: [["a", 1]]}, "coinrpc.json.not-text", "item.fields.params.a"),
        ({2: [["a", True]]}, "coinrpc.json.not-text", "item.fields.params.a"),
        ({2: [["a", "1/2"]]}, "coinrpc.json.slash", "item.fields.params.a"),
        ({2: [["a", "\u202e1"]]}, "coinrpc.json.character", "item.fields.params.a"),
        ({2: [["1", "a"]]}, "coinrpc.json.integer-name", "item.fields.params"),
        ({2: [["a", "1"], ["a", "2"]]}, "coinrpc.json.twice", "item.fields.params"),
        ({2: [[f"p{n}", "x"] for n in range(33)]}, "field.out-of-range", "item.fields.params"),
        ({3: limits.COINRPC_TIME + 1}, "field.out-of-range", "item.fields.send_at"),
        ({3: -1}, "field.out-of-range", "item.fields.send_at"),
        ({4: limits.SEND_WINDOW_SECONDS[0] - 1}, "field.out-of-range", "item.fields.window"),
        ({4: limits.SEND_WINDOW_SECONDS[1] + 1}, "field.out-of-range", "item.fields.window"),
        ({5: 1}, "field.unknown", "item.fields"),
    ],
)
def test_bad_fields(change: dict[int, Any], code: str, where: str) -> None:
    """Each refused where it stands, before anybody is asked."""
    assert (code, where) == refused({**wire(paying()), **change})


@pytest.mark.parametrize("text", [b"", b"a b", b"\xff", b"a\n", b"k" * 65])
def test_bad_keys(text: bytes) -> None:
    """The account becomes a header: nothing that could end one."""
    assert ("coinrpc.key", "item.account") == refused(wire(paying()), account=text)


def test_other_items() -> None:
    """Another command, a field too few, evidence."""
    assert ("kind.not-supported", "item.kind") == refused(wire(paying()), kind="coinrpc/send")
    assert ("field.missing", "item.fields.window") == refused({1: "m", 2: [], 3: 1})
    assert ("field.unknown", "item.evidence") == refused(wire(paying()), evidence={1: 1})


def test_the_built_in_method() -> None:
    """Its parameters are known: nothing else passes for a harmless question."""
    assert ("field.not-of-command", "item.fields.params") == refused({**wire(balance()), 2: [["amount", "1"]]})
    assert ("field.characters", "item.fields.params.currency") == refused({**wire(balance()), 2: [["currency", "btc"]]})
    assert () == content.parse(content.KIND, KEY, wire(call("get_balance")), {}, "").params


def test_typed() -> None:
    """Parameters as the table has them: texts for the service become values."""
    given_params = (("recipient", RECIPIENT), ("amount", "0.10"), ("final", "1"))
    expected = {"recipient": RECIPIENT, "amount": "0.10", "final": True}
    assert expected == tables.typed(SEND, given_params, "")


@pytest.mark.parametrize(
    ("given_params", "code", "where"),
    [
        ((("amount", "1"), ("recipient", "x")), "coinrpc.params.order", "p"),
        ((("recipient", "x"),), "field.required", "p"),
        ((("recipient", "x"), ("amount", "1e1")), "decimal.form", "p.amount"),
        ((("recipient", "x"), ("amount", "0")), "amount.zero", "p.amount"),
        ((("recipient", "x"), ("amount", "1"), ("final", "yes")), "table.wire", "p.final"),
        ((("recipient", "x"), ("amount", "1"), ("other", "1")), "field.not-of-command", "p"),
        ((("recipient", "a b"), ("amount", "1")), "field.characters", "p.recipient"),
    ],
)
def test_not_of_the_table(given_params: Params, code: str, where: str) -> None:
    """Names, order, forms and what is required."""
    with pytest.raises(BadInput) as caught:
        tables.typed(SEND, given_params, "p")
    assert (code, where) == (caught.value.code.name, caught.value.where)


@pytest.mark.parametrize(
    ("toml", "code", "where"),
    [
        ('name = "get_balance"\nrisk = "moves money"', "coinrpc.table.built-in", "t.method[0]"),
        ('name = "m"\nrisk = "reads"\nfield = [{name="u", form="url"}]', "coinrpc.table.url", "t.method[0]"),
        (
            'name = "m"\nrisk = "reads"\nfield = [{name="u", form="choice", choices=["a/b"]}]',
            "coinrpc.json.slash",
            "t.method[0].u",
        ),
        (
            'name = "m"\nrisk = "reads"\nfield = [{name="1", form="text"}]',
            "coinrpc.json.integer-name",
            "t.method[0].field[0].name",
        ),
    ],
)
def test_bad_tables(toml: str, code: str, where: str) -> None:
    """What a table may not say of CoinRPC."""
    with pytest.raises(BadInput) as caught:
        tables.check_table(typed_table.parse_toml(f"[[method]]\n{toml}\n".encode(), "t", tables.SHAPE), "t")
    assert (code, where) == (caught.value.code.name, caught.value.where)


def test_output() -> None:
    """What the device gives, and back."""
    made = Output(SEND_AT, b"{}", bytes(range(32)))
    assert made == output.parse(output.encode(made))


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({1: limits.COINRPC_TIME + 1}, "field.out-of-range", "o.timestamp"),
        ({2: ""}, "field.wrong-type", "o.body"),
        ({2: b""}, "field.wrong-length", "o.body"),
        ({2: bytes(limits.SERVICE_BODY_BYTES + 1)}, "field.wrong-length", "o.body"),
        ({3: bytes(31)}, "field.wrong-length", "o.hmac"),
        ({4: 1}, "field.unknown", "o"),
    ],
)
def test_bad_outputs(change: dict[int, Any], code: str, where: str) -> None:
    """Each part strictly."""
    with pytest.raises(BadInput) as caught:
        output.parse(cbor.encode({1: SEND_AT, 2: b"{}", 3: bytes(32), **change}), "o")
    assert (code, where) == (caught.value.code.name, caught.value.where)


def shown(made: CoinRpcContent, known: Command | None) -> str:
    """The lines on a screen."""
    return render(describe.describe(made, {KEY: "shop"}, known))


def test_lines_of_a_known_method() -> None:
    """Typed, under the labels of the table."""
    expected = """\
Do          CoinRPC: send -- MOVES MONEY
Account     "shop"
            API key merchant-1207
To          1Lbc fr7s AHTD 9Cgd Qo3H TMTk V8LK 4ZnX
            71
amount      0.10
currency    BTC
Send at     2026-11-20 11:45:00 UTC, timestamp 1795175100
Window      30 s: never sent from 2026-11-20 11:45:30 UTC on"""
    assert expected == shown(paying(), SEND)


def test_lines_of_an_unknown_method() -> None:
    """As they come, quoted."""
    expected = """\
Do          CoinRPC: send -- NOT ENROLLED: COUNTS AS MOVING MONEY
Account     "shop"
            API key merchant-1207
Params      note = "\\" -- approved"
            amount = "1"
Send at     2026-11-20 11:45:00 UTC, timestamp 1795175100
Window      30 s: never sent from 2026-11-20 11:45:30 UTC on"""
    assert expected == shown(call("send", ("note", '" -- approved'), ("amount", "1")), None)


def test_lines_without_parameters() -> None:
    """It is said that there are none; the latest time is one."""
    made = call("get_balance", account=b"other", send_at=limits.COINRPC_TIME, window=300)
    text = shown(made, tables.GET_BALANCE)
    assert "Do          CoinRPC: get_balance -- reads\nAccount     API key other\nParams      none\n" in text
    assert "never sent from 9999-12-31 23:51:40 UTC on" in text
