"""Commands as tables: read strictly from a message, typed by a person, and shown."""

from fractions import Fraction
from typing import Any

import pytest

from coldtusk_shared import cbor, command, command_screen, forms
from coldtusk_shared.command import Command, Field
from coldtusk_shared.errors import BadInput
from coldtusk_shared.risk import Risk
from coldtusk_shared.screen import render
from coldtusk_shared.value import Currency, Value

SEND = Command(
    "send",
    Risk.MOVES_MONEY,
    (
        Field(1, "amount", forms.amount(), required=True),
        Field(2, "address", forms.ADDRESS, label="To"),
        Field(3, "tag", forms.ADDRESS),
        Field(4, "note", forms.text()),
        Field(5, "confirm_automatically", forms.FLAG),
        Field(6, "count", forms.uint(1, 5)),
    ),
    one_of=(("address", "tag"),),
)
GIVEN: dict[int, Any] = {1: "0.10", 2: "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", 4: 'by "me"', 5: False, 6: 2}


def test_read_and_encoded_again() -> None:
    """The fields by name, in the order of the table; encoded they are the same map."""
    fields = command.read(SEND, GIVEN, "item.fields")
    assert ["amount", "address", "note", "confirm_automatically", "count"] == list(fields)
    assert GIVEN == command.encode(SEND, fields)


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({1: None}, "field.required", "item.fields"),
        ({3: "x"}, "field.one-of", "item.fields"),
        ({2: None}, "field.one-of", "item.fields"),
        ({7: "x"}, "field.unknown", "item.fields"),
        ({1: 0.1}, "field.wrong-type", "item.fields.amount"),
        ({6: 6}, "field.out-of-range", "item.fields.count"),
    ],
)
def test_refused(change: dict[int, Any], code: str, where: str) -> None:
    """Missing, unknown, of the wrong kind, none or two of one group."""
    given = {key: value for key, value in {**GIVEN, **change}.items() if value is not None}
    with pytest.raises(BadInput) as refused:
        command.read(SEND, given, "item.fields")
    assert (code, where) == (refused.value.code.name, refused.value.where)


def test_typed() -> None:
    """In any order; the result has the order of the table."""
    fields = command.typed(SEND, [("note", 'by "me"'), ("address", "1Boat"), ("amount", "0.1"), ("count", "5")])
    assert {"amount": "0.1", "address": "1Boat", "note": 'by "me"', "count": 5} == dict(fields)
    assert "amount" == next(iter(fields))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([("amount", "1"), ("amount", "1"), ("tag", "x")], "field.not-of-command"),
        ([("amount", "1"), ("tag", "x"), ("payee", "y")], "field.not-of-command"),
        ([("tag", "x")], "field.required"),
    ],
)
def test_mistyped(given: list[tuple[str, str]], code: str) -> None:
    """A field twice, a field that the command does not have, a field that it must have."""
    with pytest.raises(BadInput) as refused:
        command.typed(SEND, given)
    assert code == refused.value.code.name


def test_same() -> None:
    """Equal for what means the same."""
    fields, others = (command.read(SEND, {**GIVEN, 1: amount}, "") for amount in ("0.10", "0.1"))
    assert cbor.encode(command.same(SEND, fields)) == cbor.encode(command.same(SEND, others))


def test_screen() -> None:
    """Free text is quoted, a long id stands in groups of four, a flag is a word, a long name is cut at its column."""
    assert render(command_screen.lines(SEND, command.read(SEND, GIVEN, ""))) == "\n".join(
        [
            "amount      0.10",
            "To          1Boa tSLR HtKN ngkd XEeo bR76 b53L ETtp",
            "            yT",
            'note        "by \\"me\\""',
            "confirm_aut no",
            "count       2",
        ]
    )


def test_totals() -> None:
    """By currency, exactly, and how many amounts are not said."""
    btc, ltc = Currency("coinpayments", "BTC"), Currency("coinpayments", "LTC")
    values = [Value(btc, Fraction(1, 10), "a"), Value(btc, Fraction(2, 10), "b"), Value(ltc, Fraction(5), None)]
    shown = render(command_screen.totals([*values, Value(btc, None, "c")]))
    assert shown == "\n".join(
        [
            "All amounts 0.3 BTC",
            "            5 LTC",
            "            and 1 of which the request does not say the amount",
        ]
    )
    assert [] == command_screen.totals([])
